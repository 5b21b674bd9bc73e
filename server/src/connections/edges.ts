import type { Egress } from '#kernel/egress.ts'
import type { BoundFetch, Provider } from '#providers/contract.ts'

/** Where a provider is reached, and the only way there: a fetch that knows its hosts and no other. */
export interface Edge {
  readonly apiUrl: string
  readonly fetch: BoundFetch
}

export interface Edges {
  readonly of: (provider: Provider) => Edge
}

/** One edge for each provider, made once: all users share its sockets, none its credential. */
export function createEdges(
  egress: Egress,
  providers: readonly Provider[],
  apiUrls: ReadonlyMap<string, string>,
): Edges {
  const edges = new Map(
    providers.map((provider) => {
      const own = apiUrls.get(provider.id)
      const hosts = own === undefined ? provider.apiHosts : [new URL(own).host]
      return [provider.id, { apiUrl: own ?? provider.apiUrl, fetch: egress.bind({ hosts, purpose: 'provider' }) }]
    }),
  )
  return {
    of(provider) {
      const edge = edges.get(provider.id)
      if (edge === undefined) throw new Error(`No edge for provider ${provider.id}`)
      return edge
    },
  }
}
