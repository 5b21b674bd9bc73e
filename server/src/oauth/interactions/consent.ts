import type { ClientGrant, ClientScope, Consent, PendingAuthorization } from '#oauth/authorization-server.ts'

/**
 * What a user is offered and what they agreed to. Consent is asked for every time, with a click: a client that was let in before
 * finds its earlier connections filled in, never an answer given for its user. For programs on the user's own machine RFC 8252
 * 8.6 demands it, since any program can come with another's identifier; for the others one rule is easier to trust than two,
 * and costs little, for refresh tokens keep the question rare.
 */

/** A connection as consent needs it. */
export interface OwnConnection {
  readonly id: number
  /** Name of the provider, for people. */
  readonly provider: string
  readonly label: string
  readonly isActive: boolean
}

/** What is filled in when the question is first shown. */
export interface Offer {
  /** The user let this very client in before. */
  readonly isKnown: boolean
  readonly scopes: ReadonlySet<ClientScope>
  /** Null: all of them, later ones too. */
  readonly connectionIds: ReadonlySet<number> | null
}

/** Everything that is asked for, with the connections of the last time. Those that no longer exist are left out. */
export function offerOf(
  pending: PendingAuthorization,
  grants: readonly ClientGrant[],
  connections: readonly OwnConnection[],
): Offer {
  const earlier = grants.find(({ clientId }) => clientId === pending.client.id)
  const kept = (earlier?.connectionIds ?? []).filter((id) => connections.some((connection) => connection.id === id))
  const connectionIds = earlier === undefined || earlier.connectionIds === null ? null : new Set(kept)
  return { isKnown: earlier !== undefined, scopes: new Set(pending.scopes), connectionIds }
}

/** What came back from the page. */
export interface SentConsent {
  readonly access: string
  readonly scopes: readonly string[]
  readonly connections: readonly string[]
}

export type Agreed =
  | { readonly ok: true; readonly consent: Consent }
  /** `lacks_connection`: some were to be chosen, and none was. `malformed`: this did not come from our page. */
  | { readonly ok: false; readonly reason: 'lacks_connection' | 'malformed' }

/** Nothing that was not asked for, and no connection that is not the user's, whatever was sent. */
export function agreedTo(
  sent: SentConsent,
  asked: { readonly userId: number; readonly scopes: readonly ClientScope[] },
  connections: readonly OwnConnection[],
): Agreed {
  const { userId } = asked
  const scopes = asked.scopes.filter((scope, index) => index === 0 || sent.scopes.includes(scope))
  if (sent.access === 'all') return { ok: true, consent: { userId, scopes, connectionIds: null } }
  if (sent.access !== 'some') return { ok: false, reason: 'malformed' }
  const own = new Set(connections.map(({ id }) => String(id)))
  if (!sent.connections.every((id) => own.has(id))) return { ok: false, reason: 'malformed' }
  if (sent.connections.length === 0) return { ok: false, reason: 'lacks_connection' }
  const connectionIds = [...new Set(sent.connections)].map(Number)
  return { ok: true, consent: { userId, scopes, connectionIds } }
}
