import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import type { Limits } from '#kernel/limits.ts'
import type { Log } from '#kernel/log.ts'
import { createAuthorizationServer, type AuthorizationServerParts } from '#oauth/create-authorization-server.ts'
import { createDocumentFetch } from '#oauth/clients/fetch-document.ts'
import { authSecretOf, type VaultKey } from '#vault/keys.ts'
import { createVault } from '#vault/seal.ts'
import type { Config } from './config.ts'

/** How the authorization server is made of the settings and the parts that everything shares. */

export interface AuthorizationFoundations {
  readonly config: Config
  readonly database: Database
  readonly keys: readonly VaultKey[]
  readonly log: Log
  readonly clock: Clock
  readonly audit: Audit
  readonly egress: Egress
  readonly limits: Limits
}

/** @throws where the key that signs access tokens does not open. */
export async function authorizationOf(shared: AuthorizationFoundations): Promise<AuthorizationServerParts> {
  const { config, keys, clock, egress } = shared
  return createAuthorizationServer({
    ...shared,
    publicUrl: config.publicUrl,
    secret: config.authSecret ?? authSecretOf(keys),
    vault: createVault(keys, clock),
    fetchDocument: createDocumentFetch(egress),
    clients: config.oauthClients,
  })
}
