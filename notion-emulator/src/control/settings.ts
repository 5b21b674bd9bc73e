import { defaultSettings, type RateLimitSettings, type Settings } from '../core/settings.ts'
import {
  array,
  boolean,
  failureMessage,
  literal,
  nullable,
  number,
  object,
  optional,
  uuid,
  type Check,
} from '../validation/check.ts'

/** Settings that `configure` takes. */
export type SettingsChange = Partial<Omit<Settings, 'rateLimit'>>

/** What the type of the default does not tell. */
const CHOICES: Record<string, Check> = {
  accessTtlMs: nullable(number),
  searchLimit: nullable(number),
  blocked: array(uuid),
  oauthErrorBody: literal('both', 'notion', 'oauth'),
  revocationEnds: literal('token', 'authorization'),
}

function checkLike(defaults: object): Check {
  const members = Object.entries(defaults).map(([name, value]) => {
    const check = CHOICES[name] ?? (typeof value === 'boolean' ? boolean : value === null ? nullable(number) : number)
    return [name, optional(check)]
  })
  return object(Object.fromEntries(members) as Record<string, Check>, true)
}

/** The settings as given. Throws a TypeError for one that there is not, and for a value of another type. */
export function checkedSettings(given: object): SettingsChange {
  const { rateLimit: _rateLimit, ...defaults } = defaultSettings()
  return checked(defaults, given)
}

/** The limits as given. Throws a TypeError like `checkedSettings`. */
export function checkedLimits(given: object): Partial<RateLimitSettings> {
  return checked(defaultSettings().rateLimit, given)
}

function checked<T extends object>(defaults: T, given: object): Partial<T> {
  const findings = checkLike(defaults)(given, 'body')
  if (findings !== null) throw new TypeError(failureMessage('body', findings))
  return given as Partial<T>
}
