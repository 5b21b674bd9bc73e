import type { MiddlewareHandler } from 'hono'
import { createAppRouter, type AppContext, type AppEnv, type AppRouter } from '#kernel/http.ts'
import { addressKey, type Limits } from '#kernel/limits.ts'
import { ownOrigin } from './addresses.ts'
import { readText } from './body.ts'
import { callNodeHandler } from '#oauth/library/bridge.ts'
import { authorizationServerDocument, openidDocument, protectedResourceDocument } from './discovery.ts'
import { errorPage } from '#oauth/pages/error.ts'
import { PAGE_HEADERS } from '#oauth/pages/headers.ts'
import { isLoopback } from '#oauth/clients/redirect-uri.ts'
import { PATHS } from '#oauth/library/provider.ts'
import { settleAuthorization, settleResource } from './request-parameters.ts'
import type { RunningProvider } from '#oauth/library/running-provider.ts'

/** The protocol's own addresses. The pages of an interaction are elsewhere. */

export interface RouteDeps {
  readonly publicUrl: string
  readonly running: RunningProvider
  readonly limits: Pick<Limits, 'clientAuthorizations'>
  readonly register: (c: AppContext) => Promise<Response>
  readonly revoke: (c: AppContext, form: URLSearchParams) => Promise<Response>
}

/** A document may be a few minutes old; a change of it comes with a new version of the server. */
const DOCUMENT_CACHE = 'public, max-age=300'
const FORM = 'application/x-www-form-urlencoded'

export function protocolRoutes(deps: RouteDeps): AppRouter {
  const router = createAppRouter()
  const { publicUrl, running } = deps
  for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration', PATHS.token]) {
    router.use(path, crossOrigin)
  }
  for (const path of [PATHS.registration, PATHS.revocation, PATHS.jwks]) router.use(path, crossOrigin)
  router.use('/.well-known/oauth-protected-resource/*', crossOrigin)

  router.get('/.well-known/oauth-authorization-server', (c) => document(c, authorizationServerDocument(publicUrl)))
  router.get('/.well-known/openid-configuration', (c) => document(c, openidDocument(publicUrl)))
  const resource = (c: AppContext, path: string) =>
    document(c, protectedResourceDocument({ resource: ownOrigin(c, publicUrl) + path, issuer: publicUrl }))
  router.get('/.well-known/oauth-protected-resource', (c) => resource(c, '/mcp'))
  router.get('/.well-known/oauth-protected-resource/mcp', (c) => resource(c, '/mcp'))
  router.get('/.well-known/oauth-protected-resource/mcp/:toolset{[a-z0-9][a-z0-9_-]{0,63}}', (c) =>
    resource(c, `/mcp/${c.req.param('toolset')}`),
  )
  router.get(PATHS.jwks, (c) => document(c, { keys: running.keys().published }))

  for (const path of [PATHS.authorization, `${PATHS.authorization}/:uid`]) router.use(path, keepOpener)
  router.get(PATHS.authorization, async (c) => {
    const taken = await deps.limits.clientAuthorizations.take(addressKey(c.get('clientAddress')))
    if (!taken.ok) return tooMany(c, taken.retryAfterSeconds)
    const asked = settleAuthorization(new URL(c.req.url).searchParams, publicUrl)
    const answer = await callProvider(deps, c, { search: `?${asked.toString()}` })
    return heldBack(deps, c, answer, asked.get('client_id') ?? '')
  })
  router.get(`${PATHS.authorization}/:uid`, (c) => callProvider(deps, c, {}))
  router.post(PATHS.token, async (c) => {
    const form = await readForm(c)
    if (form === undefined) return refusedBody(c)
    settleResource(form, publicUrl)
    return callProvider(deps, c, { body: form.toString() })
  })
  router.post(PATHS.revocation, async (c) => {
    const form = await readForm(c)
    return form === undefined ? refusedBody(c) : deps.revoke(c, form)
  })
  router.post(PATHS.registration, (c) => deps.register(c))
  return router
}

/**
 * Anybody can register a client, and a link to us must not lead on to their page before a person was asked (RFC 9700 4.11.2): where a
 * request is refused, the person sees why and where the way back goes. A program on their own machine, and clients that the
 * operator named, are answered at once.
 */
function heldBack({ publicUrl, running }: RouteDeps, c: AppContext, answer: Response, clientId: string): Response {
  const location = answer.headers.get('location')
  if (location === null) return answer
  const target = new URL(location, publicUrl)
  const isOwn = target.origin === ownOrigin(c, publicUrl) || target.origin === new URL(publicUrl).origin
  if (isOwn || isLoopback(target.href) || running.kindOf(clientId) === 'pre_registered') return answer
  const said = new URLSearchParams(target.search === '' ? target.hash.slice(1) : target.search)
  const out = { error: said.get('error') ?? 'invalid_request', error_description: said.get('error_description') ?? '' }
  return c.html(errorPage(out, { href: target.href, host: target.host || target.protocol }), 400, PAGE_HEADERS)
}

/** Lets pages of any origin use what needs no cookie: clients that run in a browser. No credentials of the browser come along. */
const crossOrigin: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method === 'OPTIONS') {
    return c.body(null, 204, {
      ...OPEN,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, MCP-Protocol-Version',
      'access-control-max-age': '3600',
    })
  }
  await next()
  for (const [name, value] of Object.entries(OPEN)) c.header(name, value)
  return undefined
}

/** For clients on the web that open us in a window and wait there for the code: a redirect can cut a window off, too. */
const keepOpener: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next()
  c.header('cross-origin-opener-policy', 'unsafe-none')
}

const OPEN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
  'cross-origin-resource-policy': 'cross-origin',
}

function document(c: AppContext, content: object): Response {
  return c.json(content, 200, { 'cache-control': DOCUMENT_CACHE })
}

async function readForm(c: AppContext): Promise<URLSearchParams | undefined> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== FORM) return undefined
  const text = await readText(c.req.raw)
  return text === undefined ? undefined : new URLSearchParams(text)
}

function tooMany(c: AppContext, retryAfterSeconds: number): Response {
  const page = errorPage({ error: 'temporarily_unavailable', error_description: 'too many requests from this address' })
  return c.html(page, 429, { ...PAGE_HEADERS, 'retry-after': String(retryAfterSeconds) })
}

function refusedBody(c: AppContext): Response {
  const error_description = `send at most 64 kB of ${FORM}`
  return c.json({ error: 'invalid_request', error_description }, 400, { 'cache-control': 'no-store' })
}

interface ProviderCall {
  readonly search?: string
  readonly body?: string
}

/** Headers that the library gets to see. The origin is ours to judge, and a body comes as we have read it. */
const PASSED_HEADERS = ['accept', 'authorization', 'content-type', 'cookie']

export async function callProvider(
  { publicUrl, running }: Pick<RouteDeps, 'publicUrl' | 'running'>,
  c: AppContext,
  call: ProviderCall,
): Promise<Response> {
  const { method, path } = c.req
  return callNodeHandler(
    running.handler(),
    {
      method,
      url: `${ownOrigin(c, publicUrl)}${path}${call.search ?? ''}`,
      headers: passedHeaders(c),
      ...(call.body === undefined ? {} : { body: call.body }),
    },
    { path, requestId: c.get('requestId'), address: c.get('clientAddress'), startedAt: performance.now() },
  )
}

function passedHeaders(c: AppContext): Headers {
  const headers = new Headers()
  for (const name of PASSED_HEADERS) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  return headers
}
