import { createHash } from 'node:crypto'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { ERROR_PARAMETER } from '#connections/authorization/authorization.ts'
import { withResult } from '#connections/authorization/return-to.ts'
import { MILLISECONDS_PER_MINUTE, MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { AppContext } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { sessionUrl } from './create.ts'
import { openSession, type OpenedSession, type OpenSessionDeps } from './open.ts'
import { SESSION_MINUTES } from './session.ts'

/**
 * The way to a provider and back, by a link: the browser that goes there keeps the link in a cookie of its own for that
 * one trip, so that only the same browser comes back, whoever else is signed in to it.
 */

export interface TripDeps extends OpenSessionDeps {
  readonly publicUrl: string
}

const MAXIMUM_AGE_SECONDS = (SESSION_MINUTES * MILLISECONDS_PER_MINUTE) / MILLISECONDS_PER_SECOND
/** Characters of the state's digest: enough to tell the trips of one browser apart. */
const TRIP_CHARACTERS = 16

/** Notes in the browser that it sets out by this link. */
export function beginTrip(
  c: AppContext,
  {
    publicUrl,
    token,
    authorizeUrl,
  }: { readonly publicUrl: string; readonly token: string; readonly authorizeUrl: string },
): void {
  const state = new URL(authorizeUrl).searchParams.get('state') ?? ''
  setCookie(c, cookieName(publicUrl, state), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure(publicUrl),
    maxAge: MAXIMUM_AGE_SECONDS,
  })
}

/** Ends a trip: connects with what came back, and gives where the browser is led with how it ended. */
export type FinishTrip = (principal: Principal, alongside: OpenedSession['use']) => Promise<string>

export interface ReturnedTrip {
  /** Where the browser is led: on to the product where something was connected, else to the link's page, which says why not. */
  readonly end: (finish: FinishTrip) => Promise<string>
}

/** The link that this browser set out by, where it comes back from that trip; its cookie is done with. */
export async function returnedTrip(deps: TripDeps, c: AppContext, provider: string): Promise<ReturnedTrip | null> {
  const { publicUrl } = deps
  const state = new URL(c.req.url).searchParams.get('state') ?? ''
  const name = cookieName(publicUrl, state)
  const token = getCookie(c, name)
  if (token === undefined) return null
  deleteCookie(c, name, { path: '/', secure: isSecure(publicUrl) })
  const session = await openSession(deps, { token, provider })
  if (session === null) return null
  const page = sessionUrl({ publicUrl, provider, token, language: session.row.language })
  return {
    async end(finish) {
      // A link that is over by now connects nothing, so nothing is asked of the provider either.
      if (session.standing !== 'open') return page
      const address = await finish(session.principal, session.use)
      const error = new URL(address).searchParams.get(ERROR_PARAMETER)
      return error === null ? address : withResult(page, { [ERROR_PARAMETER]: error })
    },
  }
}

function cookieName(publicUrl: string, state: string): string {
  const trip = createHash('sha256').update(state).digest('hex').slice(0, TRIP_CHARACTERS)
  return `${isSecure(publicUrl) ? '__Host-' : ''}chaveiro_connect_${trip}`
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:')
}
