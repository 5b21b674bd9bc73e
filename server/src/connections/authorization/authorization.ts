import type { ConnectionDeps } from '#connections/connection.ts'
import type { ProviderApps } from './apps.ts'

/** What the way to a provider and back works with, and the words that say how it ended. */

export interface AuthorizationDeps extends ConnectionDeps {
  readonly apps: Pick<ProviderApps, 'find'>
  /** The origins that a user may be led back to. */
  readonly returnOrigins: ReadonlySet<string>
}

/**
 * Why nothing was connected: the value of `connect_error` where the user is led back to, which the page turns into a
 * sentence. Stable, for clients branch on them.
 */
export const CONNECT_ERRORS = [
  'denied',
  'refused_by_provider',
  'wrong_issuer',
  'malformed',
  'unknown',
  'expired',
  'other_browser',
  'other_provider',
  'changed',
  'signed_out',
  'not_configured',
  'app_refused',
  'provider_unavailable',
  'credential_rejected',
  'other_account',
  'too_many',
  'rate_limited',
  'blocked',
  'ended',
  'failed',
] as const

export type ConnectError = (typeof CONNECT_ERRORS)[number]

/** Names of the query parameters that a user is led back with. */
export const CONNECTED_PARAMETER = 'connected'
export const ERROR_PARAMETER = 'connect_error'
