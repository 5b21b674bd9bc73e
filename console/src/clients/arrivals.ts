import type { AllowedClient, ApiToken } from '@chaveiro/sdk'

/** Clients that were not there when somebody began to look, newest first. */
export function arrivalsSince(known: ReadonlySet<number>, clients: readonly AllowedClient[]): AllowedClient[] {
  return clients.filter(({ id }) => !known.has(id))
}

/** Tokens that came in for the first time since somebody began to look, newest first; `used`: those that had before. */
export function firstUsesSince(used: ReadonlySet<number>, tokens: readonly ApiToken[]): ApiToken[] {
  return tokens.filter(({ id, last_used_at: last }) => last !== null && !used.has(id))
}
