import type { ProviderApps } from '#connections/authorization/apps.ts'
import type { AuthorizationDeps } from '#connections/authorization/authorization.ts'
import { authorizationRoutes } from '#connections/authorization/routes.ts'
import { connectionRoutes } from '#connections/routes.ts'
import type { Identity } from '#identity/identity.ts'
import type { AppRouter } from '#kernel/http.ts'
import { administrationRoutes } from '#operations/administration.ts'
import { providerAppRoutes } from '#operations/provider-apps.ts'

/** The routes by which users connect, and by which the operator makes it possible and looks after what is sealed. */
export function connectionFeatures(
  deps: AuthorizationDeps & { readonly apps: ProviderApps },
  identity: Pick<Identity, 'requireScope' | 'resolve'>,
): AppRouter[] {
  const parts = { ...deps, requireScope: identity.requireScope, resolve: identity.resolve }
  return [connectionRoutes(parts), authorizationRoutes(parts), administrationRoutes(parts), providerAppRoutes(parts)]
}
