import { connectUrl } from '#connections/connection.ts'
import { loadConnections } from '#connections/list.ts'
import type { Database } from '#db/database.ts'
import type { Identity } from '#identity/identity.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AppRouter } from '#kernel/http.ts'
import type { AuthorizationServer } from '#oauth/authorization-server.ts'
import { clientRoutes } from '#oauth/grants/client-routes.ts'
import type { OwnConnection } from '#oauth/interactions/consent.ts'
import { interactionRoutes } from '#oauth/interactions/routes.ts'
import type { Registry } from '#providers/registry.ts'

/** Where users let clients in and out, with what these pages show of other features. */

export interface ClientAccessParts {
  readonly server: AuthorizationServer
  readonly identity: Pick<Identity, 'browser' | 'requireScope'>
  readonly database: Database
  readonly registry: Registry
  readonly clock: Clock
  readonly publicUrl: string
  readonly authSecret: string
}

export function clientAccessRoutes({ identity, database, registry, ...parts }: ClientAccessParts): AppRouter[] {
  const { publicUrl } = parts
  const providers = registry.providers.map(({ id, name }) => ({ name, connectUrl: connectUrl(publicUrl, id) }))
  const connectionsOf = async (userId: number): Promise<OwnConnection[]> => {
    const rows = await loadConnections({ database }, userId)
    return rows.map(({ id, provider, label, status, is_active }) => ({
      id,
      provider: registry.provider(provider)?.name ?? provider,
      label,
      isActive: status === 'connected' && is_active,
    }))
  }
  return [
    interactionRoutes({ ...parts, browser: identity.browser, connectionsOf, providers }),
    clientRoutes({ ...parts, requireScope: identity.requireScope }),
  ]
}
