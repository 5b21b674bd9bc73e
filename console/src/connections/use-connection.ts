import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Connection } from '@chaveiro/sdk'
import { client, connectionsQuery } from '../api.ts'

/** What can be done with a connection from its card. */
export function useConnection({ connection_id: id, provider }: Connection) {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: connectionsQuery.queryKey })
  const test = useMutation({
    mutationFn: () => client.connections.status(provider, { connection_id: id, check: true }),
    onSettled: refresh,
  })
  const change = useMutation({
    mutationFn: (changed: { readonly label?: string; readonly is_default?: true }) =>
      client.connections.change(id, changed),
    onSuccess: refresh,
  })
  return { test, change }
}
