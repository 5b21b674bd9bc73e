import { scheduleMaintenance } from './maintenance.ts'
import type { BearerVerifier } from '#identity/dependencies.ts'
import { addressKey, type Limits } from '#kernel/limits.ts'
import { createAccessTokenVerifier } from '#oauth/tokens/access-token-verifier.ts'
import { denyInteraction, grantInteraction } from '#oauth/interactions/answer.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { createGrantCache } from '#oauth/grants/grant-cache.ts'
import { endByAccessToken, isGrantAlive, listClientGrants, revokeClientGrant } from '#oauth/grants/grants.ts'
import { readInteraction } from '#oauth/interactions/interaction.ts'
import type { ProviderDeps } from '#oauth/library/provider.ts'
import { registerClient } from '#oauth/clients/register.ts'
import { revokeToken } from '#oauth/tokens/revoke.ts'
import { protocolRoutes } from './routes.ts'
import { startProvider } from '#oauth/library/running-provider.ts'
import type { SigningKeyDeps } from '#oauth/tokens/signing-keys.ts'

/** The parts of the authorization server, put together. */

export interface AuthorizationServerOptions extends Omit<ProviderDeps, 'mayFetch'>, SigningKeyDeps {
  readonly limits: Limits
  readonly log: {
    readonly warn: (fields: object, message: string) => void
    readonly error: (fields: object, message: string) => void
  }
}

/** The server, and what recognises its access tokens: identity is given that. */
export interface AuthorizationServerParts {
  readonly server: AuthorizationServer
  readonly verifier: BearerVerifier
}

/** @throws where the key that signs access tokens does not open. */
export async function createAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServerParts> {
  const running = await startProvider({
    ...options,
    mayFetch: async (address) => (await options.limits.clientDocuments.take(addressKey(address))).ok,
  })
  const grants = createGrantCache(options)
  const deps = { ...options, running, grants }
  const maintenance = await scheduleMaintenance(deps)
  const server: AuthorizationServer = {
    routes: () =>
      protocolRoutes({
        ...deps,
        register: (c) => registerClient(deps, c),
        revoke: (c, form) =>
          revokeToken(
            { ...deps, endByAccessToken: (token, clientId) => endByAccessToken(deps, token, clientId) },
            c,
            form,
          ),
      }),
    interaction: (c, uid) => readInteraction(deps, c, uid),
    grantInteraction: (c, uid, consent) => grantInteraction(deps, c, uid, consent),
    denyInteraction: (c, uid) => denyInteraction(deps, c, uid),
    listGrants: (userId) => listClientGrants(deps, userId),
    revokeGrant: (principal, id, requestId) => revokeClientGrant(deps, principal, id, requestId),
    stillValid: (principal) => isGrantAlive(deps, principal),
    close: maintenance.stop,
  }
  return { server, verifier: createAccessTokenVerifier(deps) }
}
