import type { ProviderApps } from '#connections/authorization/apps.ts'
import { authorizationRoutes } from '#connections/authorization/routes.ts'
import { connectionRoutes } from '#connections/routes.ts'
import type { Identity } from '#identity/identity.ts'
import type { AppRouter } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import type { Principal } from '#kernel/principal.ts'
import { changeRoutes, refreshTools, type ChangeRouteDeps } from '#mcp/upstreams/change-routes.ts'
import { serverRoutes } from '#mcp/upstreams/routes.ts'
import type { ServerDeps } from '#mcp/upstreams/authorize-server.ts'
import { administrationRoutes } from '#operations/administration.ts'
import { cutOffRoutes } from '#operations/cut-off-routes.ts'
import { providerAppRoutes } from '#operations/provider-apps.ts'

type ChangeRouteParts = Omit<ChangeRouteDeps, 'requireScope'> & { readonly log: Pick<Log, 'warn'> }

/** The routes by which users connect, and by which the operator makes it possible and looks after what is sealed. */
export function connectionFeatures(
  deps: ServerDeps & ChangeRouteParts & { readonly apps: ProviderApps },
  identity: Pick<Identity, 'requireScope' | 'resolve'>,
): AppRouter[] {
  const parts = {
    ...deps,
    requireScope: identity.requireScope,
    resolve: identity.resolve,
    onConnected: async (principal: Principal, connectionId: number, requestId: string) => {
      await refreshTools(deps, principal, { connectionId, requestId }).catch((error: unknown) =>
        deps.log.warn({ error, request_id: requestId }, 'The tools of a new remote server could not be listed'),
      )
    },
  }
  return [
    // Before those of providers, whose paths fit its own too.
    changeRoutes(parts),
    serverRoutes(parts),
    connectionRoutes(parts),
    authorizationRoutes(parts),
    administrationRoutes(parts),
    cutOffRoutes(parts),
    providerAppRoutes(parts),
  ]
}
