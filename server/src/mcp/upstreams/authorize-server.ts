import type { AuthorizationDeps } from '#connections/authorization/authorization.ts'
import type { AuthorizeView } from '#connections/authorization/authorize.ts'
import { authorizationUrl, newCodeVerifier, newState } from '#connections/authorization/protocol.ts'
import { readReturnTo } from '#connections/authorization/return-to.ts'
import { beginTransaction } from '#connections/authorization/transactions.ts'
import { connectUrl } from '#connections/connection.ts'
import { withDeadline } from '#kernel/deadline.ts'
import type { OpenEgress } from '#kernel/egress.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { discover, type Discovered } from './discover.ts'
import type { Challenge } from './probe.ts'
import { scopesToAsk } from './scopes.ts'
import { UPSTREAM } from './provider-id.ts'
import { ownDocuments, register, type RegisteredClient } from './register.ts'
import { clientOfTrip, tripContents, type Trip } from './trip.ts'

export interface ServerDeps extends AuthorizationDeps {
  /** The way to servers that users name, and to those that these name. */
  readonly servers: OpenEgress
  /** Asks a server that has just been connected for its tools. Its failure ends nothing: they are asked for again. */
  readonly onConnected?: (principal: Principal, connectionId: number, requestId: string) => Promise<void>
}

/** For greeting a server and for its documents: what is longer or slower is no server that a person wants to wait for. */
export const MEETING_LIMITS = {
  headersMs: 8_000,
  bodyMs: 8_000,
  totalMs: 12_000,
  streamMs: 12_000,
  responseBytes: 1024 * 1024,
}

/** Milliseconds for all documents of a server together, and for the registration: a person waits. */
const DISCOVERY_MS = 25_000

export interface AuthorizeServerInput {
  readonly url: string
  readonly challenge: Challenge
  /** What `endingsOf` said before the server was asked anything. */
  readonly begunAfter: number
  readonly label?: string
  readonly returnTo?: string
  /** The connection that is renewed, and what it was allowed before. */
  readonly renews?: { readonly id: number; readonly scopes: readonly string[] }
}

/** Begins the round trip to whoever gives tokens for a server. The user's browser goes to the address of the answer. */
export async function authorizeServer(
  deps: ServerDeps,
  principal: Principal,
  input: AuthorizeServerInput,
): Promise<Outcome<AuthorizeView>> {
  const returnTo = readReturnTo(input.returnTo ?? connectUrl(deps.publicUrl, UPSTREAM), deps)
  if (!returnTo.ok) return returnTo
  const met = await meet(deps, input)
  if (!met.ok) return met
  const { server, client } = met.value
  const trip: Trip = {
    url: input.url,
    ...(input.label === undefined ? {} : { label: input.label }),
    ...(input.renews === undefined ? {} : { renews: input.renews.id }),
    server,
    client,
    scopes: scopesToAsk(server, input.renews?.scopes ?? []),
    state: newState(),
    codeVerifier: newCodeVerifier(),
    returnTo: returnTo.value,
  }
  const url = await authorizationUrl(clientOfTrip(trip), {
    redirectUri: client.redirectUri,
    state: trip.state,
    codeVerifier: trip.codeVerifier,
    scopes: trip.scopes,
    // Without it a server of OpenID Connect gives no refresh token (Core 11).
    ...(trip.scopes.includes('offline_access') ? { parameters: { prompt: 'consent' } } : {}),
  })
  if (!url.ok) return url
  const expiresAt = await beginTransaction(deps, principal, {
    provider: UPSTREAM,
    state: trip.state,
    contents: tripContents(trip),
    begunAfter: input.begunAfter,
  })
  return success({ authorize_url: url.value, expires_at: expiresAt.toISOString() })
}

interface Met {
  readonly server: Discovered
  readonly client: RegisteredClient
}

async function meet(
  { servers, apps, publicUrl }: Pick<ServerDeps, 'servers' | 'apps' | 'publicUrl'>,
  { url, challenge }: AuthorizeServerInput,
): Promise<Outcome<Met>> {
  try {
    return await withDeadline(DISCOVERY_MS, undefined, async (signal) => {
      const server = await discover(servers, { url, challenge }, signal)
      if (!server.ok) return server
      const registration = { apps, egress: servers, publicUrl, documentUrl: ownDocuments(publicUrl) }
      const client = await register(registration, server.value, signal)
      return client.ok ? success({ server: server.value, client: client.value }) : client
    })
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    return failure('provider_unavailable', 'The server took too long to say how to sign in. Nothing was stored.')
  }
}
