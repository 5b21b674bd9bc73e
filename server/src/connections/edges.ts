import type { Egress } from '#kernel/egress.ts'
import { ProblemError, type Outcome } from '#kernel/problem.ts'
import type { BoundFetch, Provider } from '#providers/contract.ts'

/** Where a provider is reached, and the only way there: a fetch that knows its hosts and no other. */
export interface Edge {
  readonly apiUrl: string
  readonly fetch: BoundFetch
}

export interface Edges {
  readonly of: (provider: Provider) => Edge
}

/**
 * One edge for each provider, made once: all users share its sockets, none its credential.
 * @param checkBlock fails while the owner has cut a provider off; then its fetch throws that problem and sends nothing
 */
export function createEdges(
  egress: Egress,
  providers: readonly Provider[],
  { apiUrls, checkBlock }: { apiUrls: ReadonlyMap<string, string>; checkBlock: (provider: string) => Outcome<null> },
): Edges {
  const edges = new Map(
    providers.map((provider) => {
      const own = apiUrls.get(provider.id)
      const hosts = own === undefined ? provider.apiHosts : [new URL(own).host]
      const isOpen = provider.reach === 'any_public_host'
      const reach = isOpen ? egress.open().fetch : egress.bind({ hosts, purpose: 'provider' })
      const fetch: BoundFetch = async (input, init) => {
        const allowed = checkBlock(provider.id)
        if (!allowed.ok) throw new ProblemError(allowed.problem)
        return reach(input, init)
      }
      return [provider.id, { apiUrl: own ?? provider.apiUrl, fetch }]
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
