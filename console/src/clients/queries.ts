import { queryOptions } from '@tanstack/react-query'
import { client } from '../api.ts'

export const clientsQuery = queryOptions({
  queryKey: ['clients'],
  queryFn: () => client.clients.list(),
})

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async () => (await client.tokens.list()).tokens,
})
