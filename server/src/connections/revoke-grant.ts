import * as oauth from 'oauth4webapi'
import { withDeadline } from '#kernel/deadline.ts'
import type { Log } from '#kernel/log.ts'
import type { Outcome } from '#kernel/problem.ts'
import { oauthMethodOf, type Credential, type ProviderAccess } from '#providers/contract.ts'
import { clientAuthOf, type AuthorizationClient } from './authorization/protocol.ts'
import { ownClient, type GrantDeps } from './renew-grant.ts'
import { refreshTokenOf, textOf } from './renewal.ts'

/**
 * Ends a grant at its provider. Never throws, and never takes long: what it cannot end, the user is told to end.
 * @returns true where the provider says that the grant has ended
 */
export type RevokeGrant = (provider: string, credential: Credential) => Promise<boolean>

/** Milliseconds: a person waits for the answer to a disconnect. */
const REVOCATION_MS = 5_000

export function createRevokeGrant(
  deps: GrantDeps & {
    readonly log: Pick<Log, 'warn'>
    readonly checkBlock: (provider: string) => Outcome<null>
  },
): RevokeGrant {
  return async (provider, credential) => {
    if (!deps.checkBlock(provider).ok) return false
    try {
      return await withDeadline(REVOCATION_MS, undefined, (signal) => revoke(deps, { provider, credential, signal }))
    } catch (error) {
      deps.log.warn({ provider, error }, 'A grant could not be revoked')
      return false
    }
  }
}

interface Revocation {
  readonly provider: string
  readonly credential: Credential
  readonly signal: AbortSignal
}

async function revoke(deps: GrantDeps, { provider: id, credential, signal }: Revocation): Promise<boolean> {
  const provider = deps.registry.provider(id)
  if (provider === undefined) return false
  const edge = deps.edges.of(provider)
  const own = ownClient(id, credential)
  if (own !== null) return revokeAtOwn(own, { ...edge, credential, signal })
  const end = oauthMethodOf(provider)?.revoke
  if (end === undefined) return false
  const app = await deps.findApp(id)
  if (!app.ok || app.value === null) return false
  const outcome = await end({ ...edge, credential, signal, app: app.value })
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
