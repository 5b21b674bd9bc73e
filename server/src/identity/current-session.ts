import type { Caller, IdentityDependencies } from './dependencies.ts'
import { libraryHeaders } from './session.ts'
import { openSessionToken } from './session-token.ts'
import { findSession, type SessionRow } from './session-store.ts'

export interface CurrentSession {
  readonly session: SessionRow
  /** Set where the session was just extended. */
  readonly cookies: readonly string[]
}

/** The session of a signed token that was found valid, extended where it is due. */
export async function currentSession(
  deps: IdentityDependencies,
  caller: Caller,
  signedToken: string,
): Promise<CurrentSession | null> {
  const headers = libraryHeaders(caller, { publicUrl: deps.publicUrl, signedToken })
  const answer = await deps.library.api.getSession({ headers, asResponse: true })
  const token = openSessionToken(signedToken, deps.authSecret)
  const session = token === null ? undefined : await findSession(token, deps.database.login)
  return session === undefined ? null : { session, cookies: answer.headers.getSetCookie() }
}
