import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ConnectionUse } from '@chaveiro/sdk'
import { agentsQuery, client } from '../api.ts'
import { clientsQuery, tokensQuery } from '../clients/queries.ts'
import { useWords } from '../language.ts'

const usesQuery = queryOptions({
  queryKey: ['connections', 'uses'],
  queryFn: async () => (await client.connections.uses()).uses,
})

/** Which agents and clients worked with a connection lately, by their names. */
export function UsedBy({ id }: { readonly id: number }) {
  const { t } = useWords()
  const uses = useQuery(usesQuery)
  const nameOf = useNames()
  if (uses.data === undefined) return uses.isError ? '–' : '…'
  const names = uses.data.filter(({ connection_id: used }) => used === id).map(nameOf)
  return names.length === 0 ? t('connection.used_by_nobody') : [...new Set(names)].join(', ')
}

function useNames(): (use: ConnectionUse) => string {
  const { t } = useWords()
  const agents = useQuery(agentsQuery)
  const clients = useQuery(clientsQuery)
  const tokens = useQuery(tokensQuery)
  const unnamed = {
    agent: 'connection.by_agent',
    client: 'connection.by_client',
    token: 'connection.by_token',
  } as const
  const named = { agent: agents.data, client: clients.data?.clients, token: tokens.data }
  return ({ kind, id }) => {
    if (kind === 'you') return t('connection.by_you')
    const own: readonly Named[] = named[kind] ?? []
    return own.find((each) => String(each.id) === id)?.name ?? t(unnamed[kind])
  }
}

interface Named {
  readonly id: number
  readonly name: string
}
