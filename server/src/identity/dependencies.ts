import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import type { Limits } from '#kernel/limits.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Problem } from '#kernel/problem.ts'
import type { TrustedIssuer } from './external/trusted-issuers.ts'
import type { LoginLibrary } from './login-library.ts'
import type { Passwords } from './passwords.ts'
import type { TokenCache } from './token-cache.ts'

/** Who may sign up. The very first one always may, and owns the instance. */
export type SignUpMode = 'open' | 'invitation' | 'closed'

/** Another kind of bearer token (an OAuth access token, an external JWT), verified by whoever issues or trusts it. */
export interface BearerVerifier {
  /** True for tokens that are of this kind by their looks; then only this verifier is asked. */
  readonly recognises: (token: string) => boolean
  /** The principal, or one of the token problems. `path` is what the token is presented to: some are for one endpoint only. */
  readonly verify: (token: string, path?: string) => Promise<BearerVerdict>
}

/** A principal, or why there is none, with the user whose token it was where that is known. */
export type BearerVerdict =
  | { readonly ok: true; readonly value: Principal }
  | { readonly ok: false; readonly problem: Problem; readonly userId?: number }

export interface IdentityOptions {
  readonly database: Database
  readonly audit: Audit
  readonly limits: Limits
  readonly clock: Clock
  readonly log: {
    readonly warn: (fields: object, message: string) => void
    readonly error: (fields: object, message: string) => void
  }
  readonly signUpMode: SignUpMode
  /** Where browsers reach the server, without a path: `https://chaveiro.example.com`. */
  readonly publicUrl: string
  /** Further origins whose pages may use the session cookie; for development. */
  readonly trustedOrigins?: readonly string[]
  /** Signs session tokens. At least 32 characters, the same on every replica; a new one ends every session. */
  readonly authSecret: string
  /** Scrypt by default. */
  readonly passwords?: Passwords
  readonly bearerVerifiers?: readonly BearerVerifier[]
  /** Whose JWTs are accepted besides; their keys are asked for through `egress`. */
  readonly trustedIssuers?: readonly TrustedIssuer[]
  readonly egress?: Egress
  /** Runs before a user and everything they own is deleted, for what must be undone elsewhere; tells what it ended. */
  readonly beforeUserDeleted?: (ending: UserEnding) => Promise<readonly EndedAccess[]>
}

export interface UserEnding {
  readonly userId: number
  /** Who does it, for the record. */
  readonly principal: Principal
  readonly requestId: string
}

/** A connection that was ended, and what its user must still do by hand. */
export interface EndedAccess {
  readonly disconnected: true
  readonly provider: string
  readonly connection_id: number
  readonly label: string
  readonly revoked_at_provider: boolean
  readonly next_step: string
}

/** What the use cases share. */
export interface IdentityDependencies extends IdentityOptions {
  readonly passwords: Passwords
  readonly library: LoginLibrary
  readonly tokenCache: TokenCache
  /** Origins whose pages may use the session cookie. */
  readonly allowedOrigins: ReadonlySet<string>
}

/** Where a request comes from, for limits, the audit log and the session's own record. */
export interface Caller {
  readonly address: string
  readonly userAgent: string | undefined
  readonly requestId: string
}
