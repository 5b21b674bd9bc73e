import * as oauth from 'oauth4webapi'
import { withDeadline } from '#kernel/deadline.ts'
import type { Transaction } from '#db/database.ts'
import type { Log } from '#kernel/log.ts'
import type { Outcome } from '#kernel/problem.ts'
import { oauthMethodOf, type Credential, type ProviderAccess } from '#providers/contract.ts'
import { clientAuthOf, type AuthorizationClient } from './authorization/protocol.ts'
import { ownClient, type GrantDeps } from './renew-grant.ts'
import type { ConnectionRow } from './connection.ts'
import { refreshTokenOf, textOf } from './renewal.ts'
import { hasLiveGrant } from './store.ts'

/** Whose access it was. Its row is gone by then, or holds another grant. */
export type EndedAccess = Pick<ConnectionRow, 'provider'> & {
  /** At the provider; null where it is not known. */
  readonly account_id: string | null
}

/**
 * Ends access at its provider: the whole grant, or its tokens alone where another connection here lives on a grant of the
 * same account, whoever's it is. Never throws, and never takes long: what it cannot end, the user is told to end.
 * @returns true where the provider says that it has ended
 */
export type RevokeGrant = (ended: EndedAccess, credential: Credential) => Promise<boolean>

/** Milliseconds: a person waits for the answer to a disconnect. */
const REVOCATION_MS = 5_000

export interface RevokeDeps extends GrantDeps {
  readonly log: Pick<Log, 'warn'>
  readonly checkBlock: (provider: string) => Outcome<null>
  /** A transaction that sees the connections of all users; what it tells reaches no user. */
  readonly acrossUsers: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>
}

export function createRevokeGrant(deps: RevokeDeps): RevokeGrant {
  return async (ended, credential) => {
    const { provider } = ended
    if (!deps.checkBlock(provider).ok) return false
    try {
      return await withDeadline(REVOCATION_MS, undefined, (signal) => revoke(deps, { ended, credential, signal }))
    } catch (error) {
      deps.log.warn({ provider, error }, 'A grant could not be revoked')
      return false
    }
  }
}

interface Revocation {
  readonly ended: EndedAccess
  readonly credential: Credential
  readonly signal: AbortSignal
}

async function revoke(deps: RevokeDeps, { ended, credential, signal }: Revocation): Promise<boolean> {
  const { provider: id, account_id: accountId } = ended
  const provider = deps.registry.provider(id)
  if (provider === undefined) return false
  const edge = deps.edges.of(provider)
  const own = ownClient(id, credential)
  if (own !== null) return revokeAtOwn(own, { ...edge, credential, signal })
  const end = oauthMethodOf(provider)?.revoke
  if (end === undefined) return false
  const app = await deps.findApp(id)
  if (!app.ok || app.value === null) return false
  const isShared = accountId === null || (await deps.acrossUsers((tx) => hasLiveGrant(tx, id, accountId)))
  const outcome = await end({ ...edge, credential, signal, app: app.value, extent: isShared ? 'tokens' : 'grant' })
  return outcome.ok
}

/** RFC 7009. A server that takes the refresh token ends the access tokens with it. */
async function revokeAtOwn(
  client: AuthorizationClient,
  access: Pick<ProviderAccess, 'credential' | 'fetch' | 'signal'>,
): Promise<boolean> {
  const { credential, signal } = access
  const endpoint = textOf(credential['revocation_endpoint'])
  const token = refreshTokenOf(credential) ?? textOf(credential['access_token'])
  if (endpoint === null || token === null) return false
  const answer = await oauth.revocationRequest(
    { issuer: client.issuer ?? new URL(endpoint).origin, revocation_endpoint: endpoint },
    { client_id: client.clientId },
    clientAuthOf(client),
    token,
    {
      // Whether an address may be called, and over which scheme, is the guarded fetch's to say.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (url, { body, ...init }) =>
        access.fetch(url, { ...init, body: String(body) } as RequestInit),
      signal,
    },
  )
  await oauth.processRevocationResponse(answer)
  return true
}
