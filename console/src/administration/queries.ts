import { queryOptions } from '@tanstack/react-query'
import type { DenialsQuery } from '@chaveiro/sdk'
import { client } from '../api.ts'

/** Users of one page. */
const PAGE_SIZE = 50

export const usersQuery = (search: string, cursor: number | null) =>
  queryOptions({
    queryKey: ['admin', 'users', search, cursor],
    queryFn: () =>
      client.admin.users.list({
        limit: PAGE_SIZE,
        ...(search === '' ? {} : { search }),
        ...(cursor === null ? {} : { cursor }),
      }),
  })

/** Where everything about users is kept, whatever was looked for. */
export const USERS_KEY = ['admin', 'users']

export const invitationsQuery = queryOptions({
  queryKey: ['admin', 'invitations'],
  queryFn: async () => (await client.invitations.list()).invitations,
})

export const instanceQuery = queryOptions({
  queryKey: ['admin', 'instance'],
  queryFn: () => client.admin.instance.get(),
  staleTime: 0,
})

export const alertsQuery = queryOptions({
  queryKey: ['admin', 'alerts'],
  queryFn: async () => (await client.admin.denials.alerts()).alerts,
  staleTime: 0,
})

/** The filter of the list of denials. */
export type DenialsFilter = Pick<DenialsQuery, 'type' | 'user_id' | 'address'>

export const appsQuery = queryOptions({
  queryKey: ['admin', 'apps'],
  queryFn: async () => (await client.admin.providerApps.list()).apps,
})

export const blocksQuery = queryOptions({
  queryKey: ['admin', 'blocks'],
  queryFn: async () => (await client.admin.providerBlocks.list()).blocks,
})

export const keysQuery = queryOptions({
  queryKey: ['admin', 'keys'],
  queryFn: () => client.admin.keys.get(),
  staleTime: 0,
})
