import { parseId } from '../core/ids.ts'

/** One line of a validation message: `<path> should be <expectation>, instead was `<value>`.` */
export interface Finding {
  path: string
  expectation: string
  value: unknown
}

/** Null when the value fits; one finding when it does not; several when any one of them would mend it. */
export type Check = (value: unknown, path: string) => Finding[] | null

/** Values longer than this are cut in messages. */
const VALUE_LIMIT = 55

/** The message of the real API for these findings. `root` is `body`, `query` or `path`. */
export function failureMessage(root: string, findings: Finding[]): string {
  const lines = findings.map(
    (finding) => `${finding.path} should be ${finding.expectation}, instead was \`${showValue(finding.value)}\`.`,
  )
  return lines.length === 1
    ? `${root} failed validation: ${lines.join('')}`
    : `${root} failed validation. Fix one:\n${lines.join('\n')}`
}

function showValue(value: unknown): string {
  if (value === undefined) return 'undefined'
  const text = shownJson(value)
  return text.length > VALUE_LIMIT ? `${text.slice(0, VALUE_LIMIT)}...` : text
}

/** A value may be nested deeper than the call stack is. */
function shownJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return Array.isArray(value) ? '[...]' : '{...}'
  }
}

function finding(path: string, expectation: string, value: unknown): Finding[] {
  return [{ path, expectation, value }]
}

/** True for a JSON object that is not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function present(value: unknown, path: string, expectation: string): Finding[] | null {
  return value === undefined ? finding(path, 'defined', value) : finding(path, expectation, value)
}

/** Accepts everything, even nothing. */
export const anything: Check = () => null

export const boolean: Check = (value, path) => (typeof value === 'boolean' ? null : present(value, path, 'a boolean'))

export const number: Check = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? null : present(value, path, 'a number')

/** A string of at most `maximum` characters. */
export function string(maximum = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (typeof value !== 'string') return present(value, path, 'a string')
    return value.length > maximum ? finding(`${path}.length`, `≤ \`${maximum}\``, value.length) : null
  }
}

/** A string that passes a test; `expectation` is the test in the words of the message. */
export function worded(test: (text: string) => boolean, expectation: string): Check {
  return (value, path) => {
    if (typeof value !== 'string') return present(value, path, 'a string')
    return test(value) ? null : finding(path, expectation, value)
  }
}

/** An id with or without hyphens. */
export const uuid: Check = (value, path) => {
  if (typeof value !== 'string') return present(value, path, 'a string')
  return parseId(value) === null ? finding(path, 'a valid uuid', value) : null
}

/** One of these exact values. */
export function literal(...allowed: (string | boolean)[]): Check {
  const shown = allowed.map((value) => `\`${JSON.stringify(value)}\``)
  const expectation =
    shown.length <= 2 ? shown.join(' or ') : `${shown.slice(0, -1).join(', ')}, or ${shown.at(-1) ?? ''}`
  return (value, path) => (allowed.some((candidate) => candidate === value) ? null : present(value, path, expectation))
}

/** An integer from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return present(value, path, 'a number')
    if (value > maximum) return finding(path, `≤ \`${maximum}\``, value)
    return value < minimum ? finding(path, `≥ \`${minimum}\``, value) : null
  }
}

/** Absent, or what `check` accepts. */
export function optional(check: Check): Check {
  return (value, path) => (value === undefined ? null : check(value, path))
}

/** Null, or what `check` accepts. */
export function nullable(check: Check): Check {
  return (value, path) => (value === null ? null : check(value, path))
}

/** Must not be there at all. */
export const absent: Check = (value, path) => (value === undefined ? null : finding(path, 'not present', value))

/** A list of at most `maximum` items, each accepted by `item`. */
export function array(item: Check, maximum = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return present(value, path, 'an array')
    if (value.length > maximum) return finding(`${path}.length`, `≤ \`${maximum}\``, value.length)
    for (const [index, entry] of value.entries()) {
      const findings = item(entry, `${path}[${index}]`)
      if (findings !== null) return findings
    }
    return null
  }
}

/** An object with these members. Further members are refused only when `closed`. */
export function object(members: Record<string, Check>, closed = false): Check {
  return (value, path) => {
    if (!isObject(value)) return present(value, path, 'an object')
    for (const [name, check] of Object.entries(members)) {
      const findings = check(value[name], `${path}.${name}`)
      if (findings !== null) return findings
    }
    if (!closed) return null
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name) && value[name] !== undefined)
    return unknown === undefined ? null : finding(`${path}.${unknown}`, 'not present', value[unknown])
  }
}

/** An object whose every member is accepted by `check`. */
export function record(check: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return present(value, path, 'an object')
    for (const [name, entry] of Object.entries(value)) {
      const findings = check(entry, `${path}.${name}`)
      if (findings !== null) return findings
    }
    return null
  }
}

/**
 * An object told apart by which member it has, as blocks and property values are. `type`, when given, must name
 * that member. With none of the members, the message lists them all, as the real API does.
 */
export function variants(members: Record<string, Check>, common: Record<string, Check> = {}): Check {
  const names = Object.keys(members)
  return (value, path) => {
    if (!isObject(value)) return present(value, path, 'an object')
    const name = names.find((candidate) => value[candidate] !== undefined)
    if (name === undefined) {
      return names.map((candidate) => ({ path: `${path}.${candidate}`, expectation: 'defined', value: undefined }))
    }
    const check = members[name] ?? anything
    return (
      check(value[name], `${path}.${name}`) ??
      optional(literal(name))(value['type'], `${path}.type`) ??
      object(common)(value, path)
    )
  }
}

/** Accepted when any alternative accepts; otherwise the first finding of each. */
export function oneOf(...alternatives: Check[]): Check {
  return (value, path) => {
    const all: Finding[] = []
    for (const check of alternatives) {
      const findings = check(value, path)
      if (findings === null) return null
      all.push(...findings.slice(0, 1))
    }
    return all
  }
}
