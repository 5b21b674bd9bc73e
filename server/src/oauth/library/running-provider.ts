import type { Provider } from 'oidc-provider'
import type { ClientIdentity } from '#oauth/authorization-server.ts'
import type { NodeHandler } from './bridge.ts'
import { createProvider, type ProviderDeps } from './provider.ts'
import { currentSigningKeys, type SigningKeyDeps, type SigningKeys } from '#oauth/tokens/signing-keys.ts'

/** The library with the keys of the hour. It takes its key when it is made, so another key is another instance of it. */
export interface RunningProvider {
  readonly provider: () => Provider
  readonly handler: () => NodeHandler
  readonly keys: () => SigningKeys
  /** How a client came to be known, told by its id. */
  readonly kindOf: (clientId: string) => ClientIdentity['kind']
  /** Looks whether the keys are still the right ones; at most one look at a time. */
  readonly refresh: () => Promise<void>
}

export async function startProvider(deps: ProviderDeps & SigningKeyDeps): Promise<RunningProvider> {
  let current = assemble(deps, await currentSigningKeys(deps))
  let looking: Promise<void> | undefined
  async function look(): Promise<void> {
    const keys = await currentSigningKeys(deps)
    if (kidsOf(keys) !== kidsOf(current.keys)) current = assemble(deps, keys)
  }
  return {
    provider: () => current.provider,
    handler: () => current.handler,
    keys: () => current.keys,
    kindOf(clientId) {
      if (deps.clients.some(({ metadata }) => metadata.client_id === clientId)) return 'pre_registered'
      return clientId.startsWith('https://') ? 'metadata_document' : 'dynamic'
    },
    refresh() {
      looking ??= look().finally(() => {
        looking = undefined
      })
      return looking
    },
  }
}

function assemble(deps: ProviderDeps, keys: SigningKeys) {
  const provider = createProvider(deps, keys)
  return { keys, provider, handler: provider.callback() }
}

function kidsOf({ published }: SigningKeys): string {
  return published.map(({ kid }) => kid).join(' ')
}
