import type { AuthorizeView } from '#connections/authorization/authorize.ts'
import { connectCredential, rejected, type ConnectInput } from '#connections/connect.ts'
import { unknownConnection, type ConnectionRow } from '#connections/connection.ts'
import { currentOf } from '#connections/refresh.ts'
import { endingsOf } from '#connections/standing.ts'
import { loadConnections } from '#connections/list.ts'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { authorizeServer, type ServerDeps } from './authorize-server.ts'
import { scopesIn } from './discover.ts'
import { both, noteServer, serverViews, type ServerView } from './list-servers.ts'
import { probe, type Challenge } from './probe.ts'
import { UPSTREAM } from './provider-id.ts'
import { serverAddress } from './server-address.ts'

export interface ConnectServerInput {
  readonly url: string
  readonly label?: string
  /** One that the user made at the server, instead of signing in. */
  readonly token?: string
  readonly returnTo?: string
  /** What else is written in the transaction that stores the connection. */
  readonly alongside?: ConnectInput['alongside']
  readonly requestId: string
}

export type ServerConnected =
  | { readonly kind: 'connected'; readonly server: ServerView }
  /** The user has to sign in there first. */
  | { readonly kind: 'authorize'; readonly view: AuthorizeView }

const HTTP_UNAUTHORIZED = 401

/** Connects a remote server by its address: at once where it lets us in, else by a way to sign in. */
export async function connectServer(
  deps: ServerDeps,
  principal: Principal,
  input: ConnectServerInput,
): Promise<Outcome<ServerConnected>> {
  const open = deps.blocks.check(UPSTREAM)
  if (!open.ok) return open
  const address = serverAddress(deps.servers, input.url)
  if (!address.ok) return address
  const allowed = await deps.takeConnect(principal.userId)
  if (!allowed.ok) return allowed
  const begunAfter = await endingsOf(deps, principal.userId)
  const server = { ...input, url: address.value, begunAfter }
  if (server.token !== undefined) return keep(deps, principal, { ...server, method: 'api_key' })

  const refuse = (problem: Problem) =>
    rejected(deps, principal, { provider: UPSTREAM, problem, requestId: input.requestId })
  const challenge = await challengeOf(deps, server.url)
  if (!challenge.ok) return refuse(challenge.problem)
  if (challenge.value === null) return keep(deps, principal, { ...server, method: 'none' })
  const begun = await authorizeServer(deps, principal, { ...server, challenge: challenge.value })
  return begun.ok ? success({ kind: 'authorize', view: begun.value }) : refuse(begun.problem)
}

/** @returns null where the server lets anybody in */
async function challengeOf({ servers }: ServerDeps, url: string): Promise<Outcome<Challenge | null>> {
  const probed = await probe({ fetch: servers.fetch, url })
  if (!probed.ok) return probed
  if (probed.value.kind === 'open') return success(null)
  const { challenge } = probed.value
  if (challenge.status === HTTP_UNAUTHORIZED) return success(challenge)
  return failure('unusable_server', 'The server refuses us and does not say how to sign in. Nothing was stored.')
}

interface Kept extends ConnectServerInput {
  readonly method: 'api_key' | 'none'
  readonly begunAfter: number
}

async function keep(deps: ServerDeps, principal: Principal, kept: Kept): Promise<Outcome<ServerConnected>> {
  const { url, label, token, method, begunAfter, requestId } = kept
  const connected = await connectCredential(deps, principal, {
    provider: UPSTREAM,
    begunAfter,
    credential: { url, ...(token === undefined ? {} : { api_key: token }) },
    ...(label === undefined ? {} : { label }),
    ...(method === 'none' ? { grant: { method, scopes: [] } } : {}),
    alongside: both(
      noteServer(deps, principal.userId, { url, ...(label === undefined ? {} : { label }) }),
      kept.alongside,
    ),
    requestId,
  })
  if (!connected.ok) return connected
  await deps.onConnected?.(principal, connected.value.connection_id, requestId)
  const { servers } = await serverViews(deps, principal)
  const server = servers.find((view) => view.connection_id === connected.value.connection_id)
  return server === undefined ? unknownConnection() : success({ kind: 'connected', server })
}

export interface RenewServerInput {
  readonly id: number
  /** What the server asked for beyond what was allowed (`insufficient_scope`), separated by spaces. */
  readonly scope?: string
  readonly returnTo?: string
  readonly requestId: string
}

/** Signs in again to a server that is connected: what was allowed before is asked for again, and what it lacks. */
export async function renewServer(
  deps: ServerDeps,
  principal: Principal,
  { id, scope, returnTo, requestId }: RenewServerInput,
): Promise<Outcome<AuthorizeView>> {
  const row = await ownServer(deps, principal.userId, id)
  if (row === undefined) return unknownConnection()
  const open = deps.blocks.check(UPSTREAM)
  if (!open.ok) return open
  const allowed = await deps.takeConnect(principal.userId)
  if (!allowed.ok) return allowed
  const begunAfter = await endingsOf(deps, principal.userId)
  const refuse = (problem: Problem) => rejected(deps, principal, { provider: UPSTREAM, problem, requestId })
  const opened = currentOf(deps, principal.userId, row)
  if (!opened.ok) return opened
  // The row has it without its query.
  const url = String(opened.value.credential['url'])
  const challenge = await challengeOf(deps, url)
  if (!challenge.ok) return refuse(challenge.problem)
  if (challenge.value === null) {
    return failure('conflict', 'This server asks for no sign-in. Connect it again with POST /api/mcp/servers.')
  }
  const begun = await authorizeServer(deps, principal, {
    url,
    challenge: challenge.value,
    begunAfter,
    renews: { id, scopes: [...row.scopes, ...(scopesIn(scope) ?? [])] },
    ...(returnTo === undefined ? {} : { returnTo }),
  })
  return begun.ok ? begun : refuse(begun.problem)
}

/** A connection of the user to a remote server. */
export async function ownServer(deps: ServerDeps, userId: number, id: number): Promise<ConnectionRow | undefined> {
  const rows = await loadConnections(deps, userId)
  return rows.find((row) => row.id === id && row.provider === UPSTREAM)
}
