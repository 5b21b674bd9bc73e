import type { ProviderApps } from '#connections/authorization/apps.ts'
import { authorizationRoutes } from '#connections/authorization/routes.ts'
import { connectionRoutes } from '#connections/routes.ts'
import { connectSessionRoutes } from '#connections/sessions/routes.ts'
import type { Identity } from '#identity/identity.ts'
import type { AppRouter } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import { changeRoutes, type ChangeRouteDeps } from '#mcp/upstreams/change-routes.ts'
import { UPSTREAM } from '#mcp/upstreams/provider-id.ts'
import { serverRoutes } from '#mcp/upstreams/routes.ts'
import { serverAddress } from '#mcp/upstreams/server-address.ts'
import type { ServerDeps } from '#mcp/upstreams/authorize-server.ts'
import { administrationRoutes } from '#operations/administration.ts'
import { cutOffRoutes } from '#operations/cut-off-routes.ts'
import { instanceRoutes, type InstanceDeps } from '#operations/instance.ts'
import { keyRoutes } from '#operations/key-routes.ts'
import { providerAppRoutes } from '#operations/provider-apps.ts'
import { listNewTools } from './connect-by-session.ts'

type ChangeRouteParts = Omit<ChangeRouteDeps, 'requireScope'> & { readonly log: Pick<Log, 'warn'> }

/** The routes by which users connect, and by which the operator makes it possible and looks after what is sealed. */
export function connectionFeatures(
  deps: ServerDeps & ChangeRouteParts & Pick<InstanceDeps, 'facts' | 'rounds'> & { readonly apps: ProviderApps },
  identity: Pick<Identity, 'requireScope' | 'resolve' | 'stillPresent'>,
): AppRouter[] {
  const parts = {
    ...deps,
    requireScope: identity.requireScope,
    resolve: identity.resolve,
    stillValid: identity.stillPresent,
    remote: { provider: UPSTREAM, address: (url: string) => serverAddress(deps.servers, url) },
    onConnected: listNewTools(deps),
  }
  return [
    // Before those of providers, whose paths fit its own too.
    changeRoutes(parts),
    serverRoutes(parts),
    connectionRoutes(parts),
    authorizationRoutes(parts),
    connectSessionRoutes(parts),
    administrationRoutes(parts),
    keyRoutes(parts),
    instanceRoutes(parts),
    cutOffRoutes(parts),
    providerAppRoutes(parts),
  ]
}
