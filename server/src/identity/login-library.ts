import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { bearer } from 'better-auth/plugins'
import type { Clock } from '#kernel/clock.ts'
import type { Database } from '#db/database.ts'
import type { Passwords } from './passwords.ts'
import { findUser } from './store.ts'
import { isBanned } from './user.ts'

/** better-auth on our tables. Only its functions are called: none of its routes is mounted. */

/** A session ends this long after it was last extended. */
const SESSION_SECONDS = 7 * 24 * 3_600
/** A session is extended at most once in this time, when the client asks for it. */
const SESSION_EXTENSION_SECONDS = 24 * 3_600
export const PASSWORD_MINIMUM_LENGTH = 8
/** Longer ones cost hashing time and protect no better. */
export const PASSWORD_MAXIMUM_LENGTH = 128
/** How the library learns the caller's address: from us, not from a header that the caller wrote. */
export const ADDRESS_HEADER = 'x-chaveiro-client-address'
const BANNED_CODE = 'USER_BANNED'

export interface LoginLibraryOptions {
  readonly database: Database
  readonly clock: Clock
  /** Signs session tokens and cookies; at least 32 characters. */
  readonly authSecret: string
  readonly publicUrl: string
  readonly passwords: Passwords
  readonly log: { readonly warn: (fields: object, message: string) => void }
}

/** `__Host-` binds the cookie to this very host over TLS; plain HTTP (development) cannot have it. */
export function sessionCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-chaveiro_session' : 'chaveiro_session'
}

/** The library's models on our tables. */
const tables = {
  user: {
    modelName: 'users',
    fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
  session: {
    modelName: 'sessions',
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'user_logins',
    fields: {
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  verification: {
    modelName: 'verifications',
    fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
  },
}

export type LoginLibrary = ReturnType<typeof createLoginLibrary>

export function createLoginLibrary(options: LoginLibraryOptions) {
  return betterAuth({
    appName: 'Chaveiro',
    baseURL: options.publicUrl,
    basePath: '/api/auth',
    // Named as a list, because the library prefers one from the environment to a single secret.
    secrets: [{ version: 1, value: options.authSecret }],
    database: { db: options.database.login, type: 'postgres' },
    telemetry: { enabled: false },
    // Its messages name e-mail addresses; ours are recorded by the use cases.
    logger: { level: 'error', log: (_level, message) => options.log.warn({ library: 'better-auth' }, message) },
    // Ours, which hold across replicas.
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_MINIMUM_LENGTH,
      maxPasswordLength: PASSWORD_MAXIMUM_LENGTH,
      password: options.passwords,
    },
    plugins: [bearer({ requireSignature: true })],
    user: tables.user,
    session: { ...tables.session, expiresIn: SESSION_SECONDS, updateAge: SESSION_EXTENSION_SECONDS },
    account: { ...tables.account, encryptOAuthTokens: true },
    verification: tables.verification,
    advanced: {
      // The schema is checked by our own migrations, once, at start.
      database: { generateId: 'serial', validateSchema: false },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      ...cookieOptions(options.publicUrl),
    },
    databaseHooks: { session: { create: { before: refuseBanned(options) } } },
  })
}

function cookieOptions(publicUrl: string) {
  return {
    // Off, for it would put `__Secure-` before our own prefix; `secure` is set below.
    useSecureCookies: false,
    cookiePrefix: 'chaveiro',
    cookies: { session_token: { name: sessionCookieName(publicUrl) } },
    defaultCookieAttributes: {
      httpOnly: true,
      sameSite: 'lax' as const,
      secure: isSecure(publicUrl),
      path: '/',
    },
  }
}

/** Runs after the password was found right, so that a ban tells nothing to who does not know it. */
function refuseBanned({ database, clock }: LoginLibraryOptions) {
  return async (session: { userId: string | number }): Promise<void> => {
    const user = await findUser(Number(session.userId), database.login)
    if (user === undefined || isBanned(user, clock.now())) {
      throw new APIError('FORBIDDEN', { code: BANNED_CODE, message: 'Suspended' })
    }
  }
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https://')
}
