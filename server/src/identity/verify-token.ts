import { timingSafeEqual } from 'node:crypto'
import { SCOPES, type Principal, type Scope } from '#kernel/principal.ts'
import { success, type Problem } from '#kernel/problem.ts'
import { API_TOKEN_PREFIX, hashToken, isWellFormedApiToken } from './api-token.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { openSessionToken } from './session-token.ts'
import { findApiToken, type ApiTokenOwner } from './api-token-store.ts'
import { findSession } from './session-store.ts'
import { isBanned, scopesOf } from './user.ts'

/** A token's principal, or why there is none, with the user whose token it was where that is known. */
export type Verdict =
  | { readonly ok: true; readonly value: Principal; readonly apiToken?: ApiTokenOwner }
  | { readonly ok: false; readonly problem: Problem; readonly userId?: number }

const UNKNOWN: Verdict = refused('invalid_token', 'This token is not known here. Sign in again or make a new one.')
const SUSPENDED = 'The account of this token is suspended. Ask the administrator of this instance.'

/** Tells the kinds of token apart by their looks, then asks the one place that knows that kind. */
export async function verifyToken(deps: IdentityDependencies, token: string, path?: string): Promise<Verdict> {
  if (token.startsWith(API_TOKEN_PREFIX)) return verifyApiToken(deps, token)
  const verifier = deps.bearerVerifiers?.find(({ recognises }) => recognises(token))
  if (verifier !== undefined) return verifier.verify(token, path)
  return verifySessionToken(deps, token)
}

async function verifyApiToken(deps: IdentityDependencies, token: string): Promise<Verdict> {
  const hash = hashToken(token)
  const known = deps.tokenCache.get(hash)
  if (known === undefined && !isWellFormedApiToken(token)) {
    return refused('malformed_token', 'This API token is incomplete or mistyped: its checksum does not fit.')
  }
  const row = known ?? (await lookUp(deps, hash))
  if (row === undefined || !timingSafeEqual(Buffer.from(row.token_hash), Buffer.from(hash))) return UNKNOWN
  const now = deps.clock.now()
  if (row.revoked_at !== null) {
    return refused('revoked_token', 'This API token was revoked. Make a new one.', row.user_id)
  }
  if (row.expires_at !== null && row.expires_at <= now) {
    return refused('expired_token', 'This API token has expired. Make a new one.', row.user_id)
  }
  if (isBanned(row, now)) return refused('revoked_token', SUSPENDED, row.user_id)
  const most = scopesOf(row.role)
  const scopes = new Set(SCOPES.filter((scope: Scope) => row.scopes.includes(scope) && most.has(scope)))
  const via = { kind: 'api_token', id: String(row.id) } as const
  return { ok: true, value: { userId: row.user_id, role: row.role, scopes, via }, apiToken: row }
}

async function lookUp(deps: IdentityDependencies, hash: string): Promise<ApiTokenOwner | undefined> {
  const keep = deps.tokenCache.beginLookup()
  const row = await deps.database.asSystem('authenticate API token', (tx) => findApiToken(hash, tx))
  if (row !== undefined) keep(hash, row)
  return row
}

async function verifySessionToken(deps: IdentityDependencies, signed: string): Promise<Verdict> {
  if (!signed.includes('.')) {
    return refused('malformed_token', 'This is neither an API token nor a signed session token.')
  }
  const token = openSessionToken(signed, deps.authSecret)
  const row = token === null ? undefined : await findSession(token, deps.database.login)
  if (row === undefined) return UNKNOWN
  const now = deps.clock.now()
  if (row.expires_at <= now) return refused('expired_token', 'The session has ended. Sign in again.', row.id)
  if (isBanned(row, now)) return refused('revoked_token', SUSPENDED, row.id)
  const via = { kind: 'session', id: String(row.session_id) } as const
  return success({ userId: row.id, role: row.role, scopes: scopesOf(row.role), via })
}

function refused(code: Problem['code'], detail: string, userId?: number): Verdict {
  return { ok: false, problem: { code, detail }, ...(userId === undefined ? {} : { userId }) }
}
