import { Hono } from 'hono'
import { CONNECT_ERRORS, CONNECTED_PARAMETER, ERROR_PARAMETER } from '#connections/authorization/authorization.ts'
import type { ConnectError } from '#connections/authorization/authorization.ts'
import type { AppContext, AppEnv } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { PROBLEMS, type Outcome, type Problem } from '#kernel/problem.ts'
import { languageFor, sendPage } from '#oauth/pages/send.ts'
import { keyFieldsOf, type Provider } from '#providers/contract.ts'
import { connectPage, noProviderPage, type OwnConnection } from './connect-page.ts'
import type { Visit } from './parts.ts'
import { sessionIn, showSession, takeSessionForm, type SessionPageDependencies } from './session-routes.ts'
import { back, refuse, showTo, takeForm, type PageDependencies, type SignedForm } from './visit.ts'

export interface ConnectPageDependencies extends PageDependencies, Omit<SessionPageDependencies, 'browser'> {
  readonly provider: (id: string) => Provider | undefined
  readonly connectionsOf: (userId: number, provider: string) => Promise<readonly OwnConnection[]>
  /** Connects with what was typed. */
  readonly connect: (
    principal: Principal,
    request: {
      readonly provider: Provider
      /** By the names of the provider's fields. */
      readonly typed: Readonly<Record<string, string>>
      readonly requestId: string
    },
  ) => Promise<Outcome<{ readonly connection_id: number }>>
}

const PATH = '/connect/:provider'
/** Name of the query parameter with the id of the connection that was just made: worth nothing to anybody else. */
const CONNECTED = CONNECTED_PARAMETER

/** `/connect/{provider}`, where links of clients, agents, tools and products lead: how to get a key, and the form that stores it. */
export function connectPageRoutes(parts: ConnectPageDependencies): Hono<AppEnv> {
  const router = new Hono<AppEnv>()
  router.get(PATH, async (c) => {
    const provider = parts.provider(c.req.param('provider'))
    if (provider === undefined) return missing(c)
    if (sessionIn(c) !== null) return showSession(parts, c, provider)
    return showTo(parts, c, (visit) => show(parts, visit, { provider, problem: null }))
  })
  router.post(PATH, async (c) => {
    const provider = parts.provider(c.req.param('provider'))
    if (provider === undefined) return missing(c)
    if (sessionIn(c) !== null) return takeSessionForm(parts, c, provider)
    return takeForm(parts, c, (sent) => connect(parts, sent, provider))
  })
  return router
}

async function show(
  parts: ConnectPageDependencies,
  visit: Visit,
  { provider, problem }: { readonly provider: Provider; readonly problem: Problem | null },
): Promise<Response> {
  const { c, user } = visit
  const connections = await parts.connectionsOf(user.id, provider.id)
  const made = problem === null ? c.req.query(CONNECTED) : undefined
  const connected = connections.find(({ id, isActive }) => isActive && String(id) === made) ?? null
  const isAppSet = await parts.isAppSet(provider.id)
  const error = problem === null && connected === null ? errorOf(c) : null
  const { publicUrl } = parts
  const page = connectPage(visit, { provider, connections, connected, problem, error, isAppSet, publicUrl })
  return sendPage(c, page, problem === null ? 200 : (PROBLEMS[problem.code].status as 400))
}

async function connect(
  parts: ConnectPageDependencies,
  { form, principal, ...visit }: SignedForm,
  provider: Provider,
): Promise<Response> {
  const { c } = visit
  if (form.field('step') !== 'connect') return refuse(c, 'bad_form')
  const names = keyFieldsOf(provider).map(({ name }) => name)
  const typed = Object.fromEntries(names.map((name) => [name, form.field(name)]))
  const connected = await parts.connect(principal, { provider, typed, requestId: c.get('requestId') })
  if (connected.ok) return back(c, `?${CONNECTED}=${connected.value.connection_id}`)
  return show(parts, visit, { provider, problem: connected.problem })
}

function errorOf(c: AppContext): ConnectError | null {
  const given = c.req.query(ERROR_PARAMETER)
  return CONNECT_ERRORS.find((error) => error === given) ?? null
}

function missing(c: AppContext): Response {
  return sendPage(c, noProviderPage(c.req.path, languageFor(c)), 404)
}
