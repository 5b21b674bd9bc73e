import { createAppRouter, type AppRouter } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { accountRoutes } from './account-routes.ts'
import { adminRoutes } from './admin-routes.ts'
import { createBrowserIdentity, type BrowserIdentity } from './browser.ts'
import { createAuthentication, type Authentication } from './authenticate.ts'
import type { IdentityDependencies, IdentityOptions } from './dependencies.ts'
import { createExternalJwtVerifier, type ExternalJwtVerifier } from './external/external-jwt.ts'
import { createLoginLibrary } from './login-library.ts'
import { createPasswords } from './passwords.ts'
import { ownAccountRoutes } from './own-account-routes.ts'
import { authRoutes } from './routes.ts'
import { allowedOrigins } from './same-origin.ts'
import { sessionRoutes } from './session-routes.ts'
import { stillPresent, stillValid } from './still-valid.ts'
import { createTokenCache, type TokenCache } from './token-cache.ts'

export interface Identity extends Authentication {
  /** `/api/auth/*`, `/api/me`, `/api/tokens`, `/api/invitations`, `/api/admin/users`: mount it at the root. */
  readonly routes: () => AppRouter
  /** Whether a principal that came in earlier would still be let in; one query. An ended session does not matter. */
  readonly stillValid: (principal: Principal) => Promise<boolean>
  /** The same, and a session that has ended does matter: for streams. */
  readonly stillPresent: (principal: Principal) => Promise<boolean>
  /** Sessions for pages with forms. */
  readonly browser: BrowserIdentity
}

/** HMAC-SHA256 keys shorter than its output weaken it (RFC 2104 3). */
const AUTH_SECRET_MINIMUM_LENGTH = 32

/** @throws RangeError where the secret is too short to sign with. */
export function createIdentity(options: IdentityOptions): Identity {
  if (options.authSecret.length < AUTH_SECRET_MINIMUM_LENGTH) {
    throw new RangeError(`authSecret needs at least ${AUTH_SECRET_MINIMUM_LENGTH} characters`)
  }
  const passwords = createPasswords(options.passwords)
  const tokenCache = createTokenCache(options.clock)
  const external = externalVerifier(options)
  const forget: TokenCache['forget'] = (userId) => {
    tokenCache.forget(userId)
    external?.forget(userId)
  }
  const stopListening = followChanges(options, forget)
  const deps: IdentityDependencies = {
    ...options,
    passwords,
    bearerVerifiers: [...(options.bearerVerifiers ?? []), ...(external === undefined ? [] : [external])],
    tokenCache: { ...tokenCache, forget },
    library: createLoginLibrary({ ...options, passwords }),
    allowedOrigins: allowedOrigins(options.publicUrl, options.trustedOrigins),
  }
  const authentication = createAuthentication(deps)
  return {
    ...authentication,
    stillValid: (principal) => stillValid(deps, principal),
    stillPresent: (principal) => stillPresent(deps, principal),
    browser: createBrowserIdentity(deps),
    async close() {
      await authentication.close()
      await (
        await stopListening
      )()
    },
    routes() {
      const router = createAppRouter()
      router.route('/', authRoutes(deps, authentication))
      router.route('/', accountRoutes(deps, authentication))
      router.route('/', ownAccountRoutes(deps, authentication))
      router.route('/', sessionRoutes(deps, authentication))
      router.route('/', adminRoutes(deps, authentication))
      return router
    },
  }
}

/** @throws TypeError where issuers are trusted whose keys cannot be asked for */
function externalVerifier(options: IdentityOptions): ExternalJwtVerifier | undefined {
  const { trustedIssuers: issuers = [], egress } = options
  if (issuers.length === 0) return undefined
  if (egress === undefined) throw new TypeError('Trusted issuers need a way to ask for their keys')
  return createExternalJwtVerifier({ ...options, egress, issuers })
}

/** Hears what other replicas change. Where that fails, entries are still kept no longer than a few seconds. */
async function followChanges(
  { database, log }: IdentityOptions,
  forget: TokenCache['forget'],
): Promise<() => Promise<void>> {
  try {
    const stop = await database.listen('principal_changed', (payload) =>
      forget(payload === null ? null : Number(payload)),
    )
    // What changed before somebody listened went unheard.
    forget(null)
    return stop
  } catch (error) {
    log.warn({ error }, 'Changes of tokens on other replicas are not heard; they count after a few seconds')
    return async () => {}
  }
}
