import { QueryClient, queryOptions } from '@tanstack/react-query'
import { ChaveiroError, createClient, type SignedIn } from '@chaveiro/sdk'

/** The server that this page came from, with the session of the browser's cookie. */
export const client = createClient({ baseUrl: window.location.origin })

/** Milliseconds in which an answer counts as new: a page that is opened again within them shows no second loading. */
const FRESH_MS = 10_000
const RETRIES = 2

/** Tokens and sessions that no longer open: the answer is to sign in. */
const SIGNED_OUT_STATUS = 401
const SERVER_FAULT_STATUS = 500

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < RETRIES && isPassing(error),
      // A server that is away must be told of, not waited for in silence.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

/** Whether asking again may help: nobody answered, or the server is in trouble. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ChaveiroError) || error.status > SERVER_FAULT_STATUS
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ChaveiroError && error.status === SIGNED_OUT_STATUS && error.code !== 'invalid_credentials'
}

/** Lists of an account are small; this many are asked for at once. */
const PAGE_SIZE = 200

/** Who is signed in. */
export type SignedInUser = Pick<SignedIn, 'session' | 'user'>

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: (): Promise<SignedInUser | null> => client.auth.session(),
  staleTime: Infinity,
})

/** Null: nobody is. */
export function keepSession(signedIn: SignedInUser | null): void {
  queryClient.setQueryData(['session'], signedIn)
}

/** Of the request that deletes one's own account: until its answer is there, others are already told that nobody is signed in. */
export const DELETION_KEY = ['deletion']

export const signUpOfferQuery = queryOptions({
  queryKey: ['sign-up'],
  queryFn: () => client.auth.signUpOffer(),
})

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async () => (await client.providers.list()).providers,
  staleTime: Infinity,
})

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async () => (await client.connections.list()).connections,
})

export const serversQuery = queryOptions({
  queryKey: ['connections', 'servers'],
  queryFn: async () => (await client.servers.list()).servers,
})

export const toolsQuery = queryOptions({
  queryKey: ['tools'],
  queryFn: async () => (await client.tools.list()).tools,
})

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async () => (await client.models.list()).models,
  staleTime: Infinity,
})

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: async () => (await client.agents.list({ limit: PAGE_SIZE })).agents,
})

export const threadsQuery = queryOptions({
  queryKey: ['threads'],
  queryFn: async () => (await client.threads.list({ limit: PAGE_SIZE })).threads,
})

export const approvalQuery = (id: number) =>
  queryOptions({ queryKey: ['approvals', id], queryFn: () => client.approvals.get(id) })

export const meSessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await client.me.sessions()).sessions,
})
