import type { ProviderApps } from '#connections/authorization/apps.ts'
import { authorizationRoutes } from '#connections/authorization/routes.ts'
import { connectionRoutes } from '#connections/routes.ts'
import type { Identity } from '#identity/identity.ts'
import type { AppRouter } from '#kernel/http.ts'
import { serverRoutes } from '#mcp/upstreams/routes.ts'
import type { ServerDeps } from '#mcp/upstreams/authorize-server.ts'
import { administrationRoutes } from '#operations/administration.ts'
import { providerAppRoutes } from '#operations/provider-apps.ts'

/** The routes by which users connect, and by which the operator makes it possible and looks after what is sealed. */
export function connectionFeatures(
  deps: ServerDeps & { readonly apps: ProviderApps },
  identity: Pick<Identity, 'requireScope' | 'resolve'>,
): AppRouter[] {
  const parts = { ...deps, requireScope: identity.requireScope, resolve: identity.resolve }
  return [
    // Before those of providers, whose paths fit its own too.
    serverRoutes(parts),
    connectionRoutes(parts),
    authorizationRoutes(parts),
    administrationRoutes(parts),
    providerAppRoutes(parts),
  ]
}
