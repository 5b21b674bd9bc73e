/**
 * Text from outside (a model, a provider) on its way into the database. PostgreSQL stores neither the character NUL nor
 * half of a surrogate pair: a value that holds one is refused whole, with whatever is written beside it.
 */

/** JSON for a jsonb column, with U+FFFD in place of what cannot be stored, at any depth and in keys too. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value).replaceAll(ESCAPE, (escape) => (UNSTORABLE.test(escape) ? REPLACEMENT : escape))
}

/** The same for a text column. */
export function toText(value: string): string {
  return value.toWellFormed().replaceAll('\0', REPLACEMENT)
}

/** The value as it comes back from a jsonb column, for what is compared or digested before it is written. */
export function asStored<T>(value: T): T {
  return JSON.parse(toJsonb(value)) as T
}

const REPLACEMENT = '\uFFFD'
/** Every escape as a whole: after an escaped backslash, `u0000` is text. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/g
/** JSON.stringify escapes NUL, and of surrogates those that have no partner. */
const UNSTORABLE = /^\\u(?:0000|d[89a-f])/
