import { CONNECT_ERRORS, CONNECTED_PARAMETER, ERROR_PARAMETER } from '#connections/authorization/authorization.ts'
import type { ConnectError } from '#connections/authorization/authorization.ts'
import { withError } from '#connections/authorization/endings.ts'
import { withResult } from '#connections/authorization/return-to.ts'
import { openSession, type OpenedSession, type OpenSessionDeps } from '#connections/sessions/open.ts'
import { SESSION_PARAMETER } from '#connections/sessions/session.ts'
import { beginTrip } from '#connections/sessions/trip.ts'
import type { AppContext } from '#kernel/http.ts'
import { PROBLEMS, type Outcome, type Problem } from '#kernel/problem.ts'
import { readForm } from '#oauth/pages/form.ts'
import { languageFor, sendPage } from '#oauth/pages/send.ts'
import { keyFieldsOf, type Provider } from '#providers/contract.ts'
import { leavingPage, overPage, sessionPage } from './session-page.ts'
import { refuse, type PageDependencies } from './visit.ts'

/** What connecting by a link came to. */
export type SessionStep =
  | { readonly kind: 'connected'; readonly connectionId: number; readonly label: string }
  /** The person decides there. */
  | { readonly kind: 'authorize'; readonly address: string }

export interface SessionPageDependencies extends OpenSessionDeps {
  readonly browser: Pick<PageDependencies['browser'], 'refuseForeign' | 'person'>
  /** Whether the operator's app at the provider is set. */
  readonly isAppSet: (provider: string) => Promise<boolean>
  readonly publicUrl: string
  /** Connects with a key, or begins the way to the provider, for the user of the link. It is used up where something is stored. */
  readonly connectBySession: (
    session: OpenedSession,
    request: {
      readonly provider: Provider
      /** By the names of the provider's fields; null to go to the provider, or to the remote server. */
      readonly typed: Readonly<Record<string, string>> | null
      readonly requestId: string
    },
  ) => Promise<Outcome<SessionStep>>
  /** Ends a link that is not wanted. */
  readonly endSession: (session: OpenedSession) => Promise<boolean>
}

/** The token of a link in the address, or null where somebody came without one. */
export function sessionIn(c: AppContext): string | null {
  return c.req.query(SESSION_PARAMETER) ?? null
}

/** The page of a link. It knows no session of this server: whoever holds the link is shown whose account it is for. */
export async function showSession(
  parts: SessionPageDependencies,
  c: AppContext,
  provider: Provider,
): Promise<Response> {
  const session = await opened(parts, c, provider)
  return session.standing === 'open' ? show(parts, c, { provider, session, problem: null }) : over(c, session)
}

export async function takeSessionForm(
  parts: SessionPageDependencies,
  c: AppContext,
  provider: Provider,
): Promise<Response> {
  if (!parts.browser.refuseForeign(c).ok) return refuse(c, 'foreign')
  const form = await readForm(c)
  if (form === null) return refuse(c, 'bad_form')
  const session = await opened(parts, c, provider)
  if (session.standing !== 'open') return over(c, session)
  const step = form.field('step')
  if (step === 'cancel') return cancel(parts, c, { provider, session })
  if (!['authorize', 'connect', 'server'].includes(step)) return refuse(c, 'bad_form')
  const names = keyFieldsOf(provider).map(({ name }) => name)
  const typed = step === 'connect' ? Object.fromEntries(names.map((name) => [name, form.field(name)])) : null
  const done = await parts.connectBySession(session, { provider, typed, requestId: c.get('requestId') })
  if (done.ok) return leave(parts, c, { provider, session, step: done.value })
  const again = await opened(parts, c, provider)
  if (again.standing !== 'open') return over(c, again)
  return show(parts, c, { provider, session: again, problem: done.problem })
}

type Standing = OpenedSession | { readonly standing: 'unknown' }

async function opened(parts: SessionPageDependencies, c: AppContext, provider: Provider): Promise<Standing> {
  const session = await openSession(parts, { token: sessionIn(c) ?? '', provider: provider.id })
  return session ?? { standing: 'unknown' }
}

interface Place {
  readonly provider: Provider
  readonly session: OpenedSession
}

async function show(
  parts: SessionPageDependencies,
  c: AppContext,
  { provider, session, problem }: Place & { readonly problem: Problem | null },
): Promise<Response> {
  const { row, token } = session
  const person = await parts.browser.person(row.user_id)
  if (person === null) return over(c, { standing: 'unknown' })
  const page = sessionPage({
    language: languageFor(c),
    address: `${c.req.path}?${new URLSearchParams({ [SESSION_PARAMETER]: token }).toString()}`,
    provider,
    serverUrl: row.server_url,
    person,
    returnTo: row.return_to,
    isAppSet: await parts.isAppSet(provider.id),
    problem,
    error: problem === null ? errorOf(c) : null,
  })
  return sendPage(c, page, problem === null ? 200 : (PROBLEMS[problem.code].status as 400))
}

function leave(
  { publicUrl }: SessionPageDependencies,
  c: AppContext,
  { provider, session, step }: Place & { readonly step: SessionStep },
): Response {
  const { row, token } = session
  const language = languageFor(c)
  if (step.kind === 'authorize') {
    beginTrip(c, { publicUrl, token, authorizeUrl: step.address })
    const name = row.server_url === null ? provider.name : new URL(row.server_url).host
    return sendPage(c, leavingPage({ language, kind: 'provider', name, forwardTo: step.address }))
  }
  const forwardTo = withResult(row.return_to, { [CONNECTED_PARAMETER]: String(step.connectionId) })
  return sendPage(c, leavingPage({ language, kind: 'connected', name: step.label, forwardTo }))
}

async function cancel(parts: SessionPageDependencies, c: AppContext, { session }: Place): Promise<Response> {
  await parts.endSession(session)
  const forwardTo = withError(session.row.return_to, errorOf(c) ?? 'denied')
  return sendPage(c, leavingPage({ language: languageFor(c), kind: 'cancelled', name: '', forwardTo }))
}

/** Gone or never there: both are refused, and say how to go on. */
function over(c: AppContext, session: Standing): Response {
  const language = languageFor(c)
  if (session.standing === 'unknown' || session.standing === 'open') {
    return sendPage(c, overPage({ language, standing: 'unknown', returnTo: null }), 404)
  }
  const { return_to: address } = session.row
  const returnTo = session.standing === 'expired' ? withError(address, 'expired') : address
  return sendPage(c, overPage({ language, standing: session.standing, returnTo }), 410)
}

function errorOf(c: AppContext): ConnectError | null {
  const given = c.req.query(ERROR_PARAMETER)
  return CONNECT_ERRORS.find((error) => error === given) ?? null
}
