import type { AllowedClient } from '@chaveiro/sdk'

/** Clients that were not there when somebody began to look, newest first. */
export function arrivalsSince(known: ReadonlySet<number>, clients: readonly AllowedClient[]): AllowedClient[] {
  return clients.filter(({ id }) => !known.has(id))
}
