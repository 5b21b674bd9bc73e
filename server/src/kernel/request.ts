import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { MiddlewareHandler } from 'hono'
import { sendProblem, type AppContext, type AppEnv } from './http.ts'
import { readJson } from './json.ts'
import type { Problem } from './problem.ts'

/** What every request goes through before a route sees it. */

/** A caller's own request id is taken over if it is harmless in headers and logs. */
const REQUEST_ID = /^[\w.-]{8,64}$/

/** The caller's own id where it is well formed, else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Names the request, for the answer, the log and the audit events. */
export const requestId: MiddlewareHandler<AppEnv> = async (c, next) => {
  const id = requestIdOf(c.req.header('x-request-id'))
  c.set('requestId', id)
  await withHeaders(c, [['x-request-id', id]], next)
}

/**
 * Headers for whatever the rest answers, where it does not set them itself. On a socket they are set before: changing an
 * answer afterwards makes a copy of it for each header, which costs more than all else that a short request does.
 */
export async function withHeaders(
  c: AppContext,
  headers: readonly (readonly [string, string])[],
  next: () => Promise<void>,
): Promise<void> {
  const outgoing = (c.env as NodeBindings | undefined)?.outgoing
  for (const [name, value] of headers) outgoing?.setHeader(name, value)
  await next()
  if (outgoing !== undefined) return
  for (const [name, value] of headers) if (!c.res.headers.has(name)) c.header(name, value)
}

/** The socket as @hono/node-server hands it over; absent in tests without a port. */
interface NodeBindings {
  readonly outgoing?: { readonly setHeader: (name: string, value: string) => unknown }
  readonly incoming?: IncomingMessage
}

/** The message of the socket that a request came by; undefined in tests without a port. */
export function incomingOf(c: AppContext): IncomingMessage | undefined {
  return (c.env as NodeBindings | undefined)?.incoming
}

/**
 * Finds the caller's address. X-Forwarded-For counts only as far as the operator says that proxies of theirs wrote it:
 * what stands further left comes from the caller and may be anything.
 * @param trustedHops proxies in front of us
 */
export function clientAddress(trustedHops: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const socket = incomingOf(c)?.socket?.remoteAddress ?? 'unknown'
    const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
    c.set('clientAddress', trustedHops === 0 ? socket : forwarded.at(-trustedHops) || socket)
    await next()
  }
}

export interface OwnAddresses {
  readonly publicUrl: string
  readonly allowedHosts: readonly string[]
}

/** A page on another site can make a browser send these only with the attacker's own name in Host. */
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Probes come with whatever Host the infrastructure makes up, and learn nothing. */
const PROBE_PATHS = new Set(['/healthz', '/readyz'])

/** Made for programs that run in other sites' pages, and used without cookies: public documents, and the token endpoints of OAuth. */
const OPEN_PATHS =
  /^\/(\.well-known\/(oauth-authorization-server|openid-configuration|oauth-protected-resource(\/[\w/-]*)?)|oauth\/(token|register|revoke|jwks))$/

/** Whether a `Host` is one of ours. A page of another site can only send its own: no DNS rebinding. */
export function ownHosts(own: OwnAddresses): (host: string) => boolean {
  const hosts = new Set([new URL(own.publicUrl).host, ...own.allowedHosts])
  return (host) => hosts.has(host) || LOOPBACK_NAMES.has(nameOf(host))
}

/** Answers only under our own names and to our own pages: no requests from foreign sites. */
export function ownHostAndOrigin(own: OwnAddresses): MiddlewareHandler<AppEnv> {
  const isOwn = ownHosts(own)
  const publicOrigin = new URL(own.publicUrl).origin
  return async (c, next) => {
    if (PROBE_PATHS.has(c.req.path)) return next()
    const host = c.req.header('host') ?? new URL(c.req.url).host
    if (!isOwn(host)) {
      return refuse(
        c,
        'This server does not answer under that name. The operator can add it to CHAVEIRO_ALLOWED_HOSTS.',
      )
    }
    const origin = OPEN_PATHS.test(c.req.path) ? undefined : c.req.header('origin')
    if (
      origin !== undefined &&
      origin !== publicOrigin &&
      origin !== `http://${host}` &&
      origin !== `https://${host}`
    ) {
      return refuse(c, 'Requests from pages of other sites are not accepted.')
    }
    return next()
  }
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

function refuse(c: AppContext, detail: string): Response {
  const problem: Problem = { code: 'forbidden', detail }
  return sendProblem(c, problem)
}

/** PostgreSQL's text holds no NUL, and no honest address does either. */
export const plainAddress: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (/%00|\0/.test(c.req.url))
    return sendProblem(c, { code: 'invalid_request', detail: 'The address holds a NUL character.' })
  return next()
}

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Where others than JSON bodies come, which are bounded there: JSON-RPC has its own errors, and pages and OAuth send forms. */
const OWN_BODY_PATHS = /^\/(mcp|oauth|approvals|connect|clients)(\/|$)/

/**
 * Reads a JSON body once, with its bounds, and leaves it where the validation of the routes looks for it. A request
 * without a body goes on: whether one is needed is the route's matter.
 */
export const jsonBodies: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (OWN_BODY_PATHS.test(c.req.path)) return next()
  if (!METHODS_WITH_BODY.has(c.req.method) || !hasBody(c)) return next()
  const body = await readJson(c.req.raw)
  if (!body.ok) return sendProblem(c, body.problem)
  c.req.bodyCache.text = Promise.resolve(JSON.stringify(body.value)) as never
  return next()
}

/** A body always shows in the headers of a real request; only a request without a socket (a test) has to be asked. */
function hasBody(c: AppContext): boolean {
  const length = c.req.header('content-length')
  if (length !== undefined) return length !== '0'
  if (c.req.header('transfer-encoding') !== undefined) return true
  return incomingOf(c) === undefined && c.req.raw.body !== null
}
