import type { Caller, IdentityDependencies } from './dependencies.ts'
import { libraryHeaders } from './session.ts'
import { openSessionToken } from './session-token.ts'
import { findSession } from './session-store.ts'

/** Ends the session of a signed token, if there is one. @returns the cookies that clear the browser's own. */
export async function endSession(
  deps: IdentityDependencies,
  caller: Caller,
  signedToken: string | undefined,
): Promise<string[]> {
  const token = signedToken === undefined ? null : openSessionToken(signedToken, deps.authSecret)
  const session = token === null ? undefined : await findSession(token, deps.database.login)
  const headers = libraryHeaders(
    caller,
    session === undefined || signedToken === undefined ? undefined : { publicUrl: deps.publicUrl, signedToken },
  )
  const answer = await deps.library.api.signOut({ headers, asResponse: true })
  if (session !== undefined) {
    await deps.audit.record({
      userId: session.id,
      type: 'user.signed_out',
      outcome: 'success',
      actor: { kind: 'user', user_id: session.id, address: caller.address },
      target: { kind: 'session', id: session.session_id },
      requestId: caller.requestId,
    })
  }
  return answer.headers.getSetCookie()
}
