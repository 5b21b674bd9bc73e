import { failureMessage, object, type Check } from '../validation/check.ts'
import type { Control } from '../control/control.ts'

/** The body of a control request, `{}` when there was none. */
export type Body = Record<string, unknown>

/** One thing that the control plane does. `rest` is what the path has behind the name of the action. */
export type Action = (control: Control, body: Body, rest: string) => unknown

/** A member that must be a text. */
export function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string.`)
  return value
}

/** A number of milliseconds; 0 when left out. */
export function duration(body: Body, name: string): number {
  const value = body[name] ?? 0
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError(`${name} must be a number.`)
  return value
}

/**
 * The body as the functions of `control` take it: `redirect_uris` and `redirectUris` are the same here. Throws a
 * TypeError that names the first member that does not fit.
 */
export function draftOf<T>(members: { [Name in keyof T]-?: Check }, body: Body): T {
  const entries = Object.entries(body).map(([name, value]) => [camelCase(name), value])
  const draft: unknown = Object.fromEntries(entries)
  const findings = object(members, true)(draft, 'body')
  if (findings !== null) throw new TypeError(failureMessage('body', findings))
  return draft as T
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
