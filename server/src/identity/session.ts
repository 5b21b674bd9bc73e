import type { AppContext } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Caller, IdentityDependencies } from './dependencies.ts'
import { ADDRESS_HEADER, sessionCookieName } from './login-library.ts'
import { openSessionToken } from './session-token.ts'
import { findSession, type SessionRow } from './session-store.ts'

/** Between the login library's answers and ours. */

/** A session as it is handed out: the signed token, and the cookies for a browser. */
export interface IssuedSession {
  readonly token: string
  readonly cookies: readonly string[]
  readonly session: SessionRow
}

/** Longest User-Agent that is kept with a session. */
const USER_AGENT_LENGTH = 256

/** The headers that the library sees: nothing of the request but what it needs. */
export function libraryHeaders(caller: Caller, cookie?: { publicUrl: string; signedToken: string }): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: caller.address })
  if (caller.userAgent !== undefined) headers.set('user-agent', caller.userAgent.slice(0, USER_AGENT_LENGTH))
  if (cookie !== undefined) {
    const value = encodeURIComponent(decodeSigned(cookie.signedToken))
    headers.set('cookie', `${sessionCookieName(cookie.publicUrl)}=${value}`)
  }
  return headers
}

function decodeSigned(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    return token
  }
}

/** Library code → our failure, for the failures that a caller can cause. */
const FAILURES: Readonly<Record<string, ReturnType<typeof failure>>> = {
  INVALID_EMAIL_OR_PASSWORD: failure('invalid_credentials', 'No account has this e-mail address and password.'),
  INVALID_EMAIL: failure('invalid_credentials', 'No account has this e-mail address and password.'),
  PASSWORD_TOO_LONG: failure('invalid_credentials', 'No account has this e-mail address and password.'),
  INVALID_PASSWORD: failure('invalid_credentials', 'The current password is not right. Type it again.'),
  USER_BANNED: failure('forbidden', 'This account is suspended. Ask the administrator of this instance.'),
  UNAUTHORIZED: failure('invalid_token', 'The session has ended. Sign in again.'),
}

/**
 * The session that the library just made.
 * @param kept the signed token of the one that goes on, where it makes none
 * @throws where the library failed in a way that no caller can cause.
 */
export async function issuedSession(
  deps: IdentityDependencies,
  answer: Response,
  kept?: string,
): Promise<Outcome<IssuedSession>> {
  if (!answer.ok) {
    const body = (await answer.json().catch(() => ({}))) as { code?: string }
    const known = FAILURES[body.code ?? '']
    if (known !== undefined) return known
    throw new Error(`The login library answered ${answer.status} ${body.code ?? ''}`)
  }
  const signed = answer.headers.get('set-auth-token') ?? kept ?? null
  const token = signed === null ? null : openSessionToken(signed, deps.authSecret)
  const session = token === null ? undefined : await findSession(token, deps.database.login)
  if (signed === null || session === undefined) throw new Error('The login library gave no session')
  return success({ token: signed, cookies: answer.headers.getSetCookie(), session })
}

/** Hands cookies to the browser with the answer to come. */
export function setCookies(c: AppContext, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
}
