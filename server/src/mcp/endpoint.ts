import { classifyInboundRequest } from '@modelcontextprotocol/server'
import { actorOf, type Audit } from '#audit/audit.ts'
import { createAppRouter, sendProblem, type AppContext, type AppRouter } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import type { Principal, Scope } from '#kernel/principal.ts'
import { success, type Outcome, type Problem } from '#kernel/problem.ts'
import { incomingOf } from '#kernel/request.ts'
import { sendInsufficientScope, sendUnauthorized } from './challenge.ts'
import { headersOf, inboundOf } from './inbound.ts'
import { receive, requestsIn } from './message.ts'
import type { Modern } from './modern.ts'
import type { PlainDoor } from './plain-door.ts'
import type { Sessions } from './sessions.ts'
import type { Asking } from './source.ts'
import { toolsetOf, type Toolset } from './toolset.ts'

/** `/mcp` and `/mcp/{toolset}`: who asks, what they may, which revision they speak, and then the library. */

export interface EndpointDeps {
  readonly resolve: (c: AppContext) => Promise<Outcome<Principal>>
  readonly audit: Audit
  readonly log: Log
  readonly publicUrl: string
  readonly providers: readonly string[]
  readonly sessions: Sessions
  readonly modern: Modern
  /** Who asks, where the plain door has counted the request already, with what its call has led to. */
  readonly begunBy: PlainDoor['begunBy']
  /** Serves messages of old clients that keep no session. */
  readonly stateless: (request: Request, asking: Asking, message: unknown) => Promise<Response>
  /** True once the process is ending: streams are closed and no more are opened. */
  readonly isClosing: () => boolean
  /** What a message needs, from the tool it calls. A tool that the address does not have needs nothing: it does not exist there. */
  readonly scopesOf: (
    method: string,
    params: Readonly<Record<string, unknown>>,
    asking: Pick<Asking, 'principal' | 'toolset'>,
  ) => Promise<readonly Scope[]>
}

export function mcpRoutes(deps: EndpointDeps): AppRouter {
  const router = createAppRouter()
  for (const path of ['/mcp', '/mcp/']) router.all(path, (c) => answer(deps, c, undefined))
  router.all('/mcp/:toolset', (c) => answer(deps, c, c.req.param('toolset')))
  return router
}

async function answer(deps: EndpointDeps, c: AppContext, toolsetName: string | undefined): Promise<Response> {
  // Before anybody signs in for an address that does not exist.
  const toolset = toolsetOf(toolsetName, deps.providers)
  if (!toolset.ok) return sendProblem(c, toolset.problem)
  // A person has opened the address of clients in a browser: the start page says what it is for.
  if (c.req.method === 'GET' && c.req.header('accept')?.includes('text/html')) return c.redirect('/', SEE_OTHER)
  const asked = await askedBy(deps, c, toolset.value)
  if (!asked.ok) return sendUnauthorized(c, asked.problem, deps.publicUrl)
  const asking = asked.value
  const received = await receive(c.req.raw)
  if (received.kind === 'refused') return received.answer
  const message = received.kind === 'message' ? received.value : undefined
  if (deps.isClosing() && opensStream(c.req.method, message)) return sendProblem(c, CLOSING)
  const missing = await missingScopes(deps, c, asking, message)
  if (missing !== null) return sendInsufficientScope(c, missing, deps.publicUrl)
  return dispatch(deps, c.req.raw, asking, message)
}

/** Who asks: as the plain door found out already, or found out here. */
async function askedBy(deps: EndpointDeps, c: AppContext, toolset: Toolset): Promise<Outcome<Asking>> {
  const incoming = incomingOf(c)
  const begun = incoming === undefined ? undefined : deps.begunBy(incoming)
  if (begun !== undefined) {
    c.set('principal', begun.principal)
    return success(begun)
  }
  const resolved = await deps.resolve(c)
  return resolved.ok ? success({ principal: resolved.value, toolset, requestId: c.get('requestId') }) : resolved
}

const SEE_OTHER = 303

/** A client that opened its stream again at once would keep the process from ending. */
const CLOSING: Problem = {
  code: 'unavailable',
  detail: 'This server is stopping. Open the stream again in a moment.',
  retryAfterSeconds: 2, // about what a restart takes
}

function opensStream(httpMethod: string, message: unknown): boolean {
  return httpMethod === 'GET' || requestsIn(message).some(({ method }) => method === 'subscriptions/listen')
}

/** What the message needs where the principal lacks any of it, else null. Refusals are recorded. */
async function missingScopes(
  deps: EndpointDeps,
  c: AppContext,
  { principal, toolset, requestId }: Asking,
  message: unknown,
): Promise<readonly Scope[] | null> {
  const requests = requestsIn(message)
  const asking = { principal, toolset }
  const each = await Promise.all(requests.map(({ method, params }) => deps.scopesOf(method, params, asking)))
  const needed = new Set<Scope>(each.flat())
  needed.add('tools:read')
  if ([...needed].every((scope) => principal.scopes.has(scope))) return null
  const scopes = [...needed].sort()
  const details = { reason: 'insufficient_scope', scope: scopes.join(' '), path: c.req.path }
  await deps.audit
    .record({
      userId: principal.userId,
      type: 'access.denied',
      outcome: 'denied',
      actor: actorOf(principal),
      details,
      requestId,
    })
    .catch((error: unknown) => deps.log.error({ error }, 'A refusal could not be recorded'))
  return scopes
}

async function dispatch(deps: EndpointDeps, request: Request, asking: Asking, message: unknown): Promise<Response> {
  const route = classifyInboundRequest(inboundOf(request.method, headersOf(request), message))
  if (route.kind !== 'legacy') return deps.modern.serve(request, asking, message)
  if (route.reason === 'initialize') return deps.sessions.open(request, asking, message)
  if (request.headers.has('mcp-session-id')) return deps.sessions.serve(request, asking, message)
  return deps.stateless(request, asking, message)
}
