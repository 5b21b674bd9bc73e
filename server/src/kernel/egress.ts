import { createDispatchers, type Dispatchers, type Resolve } from './egress-dispatcher.ts'
import { EgressError } from './egress-error.ts'
import { exchange, type ExchangeLimits, type RawAnswer } from './egress-exchange.ts'
import { crossOriginHeaders, prepareRequest, type PreparedRequest } from './egress-request.ts'
import { buildResponse, decompress } from './egress-response.ts'
import {
  checkTarget,
  createBinding,
  hostKeys,
  PUBLIC_PORTS,
  type Binding,
  type EgressPurpose,
  type Target,
} from './egress-target.ts'

/**
 * The one way out. Every call to a third party is made here: resolved once, checked, connected to the address that was
 * checked, and bounded in redirects, bytes and time. Nothing else in the server opens a connection to another host.
 */

/** As the global `fetch`: resolves to a `Response` for every status, throws {@link EgressError} or the abort reason. */
export type GuardedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface EgressLimits extends ExchangeLimits {
  readonly connectMs: number
  /** Followed for GET and HEAD; the answer to anything else is returned as it is. */
  readonly redirects: number
}

/** For an address that somebody named: above what such a call needs, below what a person waits for. */
export const EGRESS_LIMITS: EgressLimits = {
  connectMs: 5_000,
  headersMs: 10_000,
  bodyMs: 15_000,
  totalMs: 20_000,
  streamMs: 300_000,
  responseBytes: 1024 * 1024,
  redirects: 3,
}

/** Lists of full pages pass a megabyte, and slow searches ten seconds; the deadline of each call is the pipeline's. */
const API_LIMITS: Partial<EgressLimits> = {
  headersMs: 60_000,
  bodyMs: 30_000,
  totalMs: 90_000,
  responseBytes: 8 * 1024 * 1024,
}

/** A model thinks before it answers, and answers for minutes. */
const MODEL_LIMITS: Partial<EgressLimits> = {
  headersMs: 120_000,
  bodyMs: 120_000,
  totalMs: 300_000,
  streamMs: 900_000,
  responseBytes: 16 * 1024 * 1024,
}

const LIMITS_BY_PURPOSE: Partial<Record<EgressPurpose, Partial<EgressLimits>>> = {
  provider: API_LIMITS,
  remote_server: API_LIMITS,
  model: MODEL_LIMITS,
}

export interface EgressOptions {
  /** `host` or `host:port` of the operator's own choice: may be private and plain HTTP, for bindings that declare it. */
  readonly allowedHosts?: readonly string[]
  /** Likewise for the remote servers that users name, and for what those name in turn. */
  readonly remoteHosts?: readonly string[]
  /** Ports that any other host may be called on; 443 and 8443 where not given. */
  readonly publicPorts?: readonly number[]
  /** In place of the limits above, for every purpose. */
  readonly limits?: Partial<EgressLimits>
  /** Replaces the system's resolver. */
  readonly resolve?: Resolve
  /** Further certificate authorities (PEM) for `allowedHosts`. */
  readonly certificateAuthorities?: string
}

export interface EgressDeclaration {
  /** `host` or `host:port`: the only ones that this fetch reaches, redirects included. */
  readonly hosts: readonly string[]
  readonly purpose: EgressPurpose
  /** Where this work needs other limits, for example a model's long stream. */
  readonly limits?: Partial<Omit<EgressLimits, 'connectMs'>>
}

/** The way to the servers that users name: any public host, and those that the operator allowed for it. */
export interface OpenEgress {
  readonly fetch: GuardedFetch
  /** False for an address that would be refused before anything is resolved: for one that only a browser will go to. */
  readonly allows: (address: string) => boolean
}

export interface Egress {
  /** A fetch for a fixed set of hosts. Make it once and keep it; a credential goes only through one of these. */
  readonly bind: (declaration: EgressDeclaration) => GuardedFetch
  /** For an address that a user or another server named: any public host, never a private one. */
  readonly fetch: GuardedFetch
  readonly open: (limits?: EgressDeclaration['limits']) => OpenEgress
  readonly close: () => Promise<void>
}

interface Route {
  readonly dispatchers: Dispatchers
  readonly binding: Binding
  readonly limits: EgressLimits
  /** False for models: a stream of events must not wait for a compressor. */
  readonly compress: boolean
}

/** @throws TypeError where an entry of the hosts is no host, for example an address with a path. */
export function createEgress(options: EgressOptions = {}): Egress {
  const { resolve, certificateAuthorities, publicPorts = PUBLIC_PORTS } = options
  const { connectMs } = { ...EGRESS_LIMITS, ...options.limits }
  const rules = {
    allowedHosts: hostKeys(options.allowedHosts ?? []),
    remoteHosts: hostKeys(options.remoteHosts ?? []),
    publicPorts,
  }
  const dispatchers = createDispatchers({ connectMs, resolve, certificateAuthorities })
  const route = (purpose: EgressPurpose, hosts?: readonly string[], more?: Partial<EgressLimits>): Route => {
    const binding = createBinding(rules, purpose, hosts)
    const limits = { ...EGRESS_LIMITS, ...LIMITS_BY_PURPOSE[purpose], ...options.limits, ...more }
    return { dispatchers, binding, limits, compress: purpose !== 'model' }
  }
  return {
    bind: ({ hosts, purpose, limits: more }) => fetchOver(route(purpose, hosts, more)),
    fetch: fetchOver(route('discovery')),
    open(more) {
      const any = route('remote_server', undefined, more)
      return { fetch: fetchOver(any), allows: (address) => isTarget(address, any.binding) }
    },
    async close() {
      await Promise.all([dispatchers.guarded.destroy(), dispatchers.operator.destroy()])
    },
  }
}

function fetchOver(route: Route): GuardedFetch {
  return (input, init) => guardedFetch(route, input, init)
}

function isTarget(address: string, binding: Binding): boolean {
  try {
    return checkTarget(address, binding).url.hash === ''
  } catch {
    return false
  }
}

async function guardedFetch(route: Route, input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const deadline = performance.now() + route.limits.totalMs
  let target = checkTarget(input instanceof Request ? input.url : input, route.binding) // before a byte of the body is read
  let request: PreparedRequest = { ...(await prepareRequest(input, init, route.compress)), url: target.url }
  for (let hop = 0; ; hop += 1) {
    if (hop > 0) target = checkTarget(request.url, route.binding)
    const answer = await send(route, request, { target, deadline })
    const next = redirectTarget(request, answer)
    if (next === undefined) return buildResponse(await decompress(answer, route.limits.responseBytes))
    if (hop === route.limits.redirects) throw new EgressError('egress_refused', 'too_many_redirects', true)
    const isSameOrigin = next.origin === request.url.origin
    request = { ...request, url: next, headers: isSameOrigin ? request.headers : crossOriginHeaders(request.headers) }
  }
}

/** @param trip the target that was checked for this very hop, and the end of the time for all of them */
async function send(
  route: Route,
  request: PreparedRequest,
  { target, deadline }: { readonly target: Target; readonly deadline: number },
): Promise<RawAnswer> {
  const dispatcher = target.isOperatorHost ? route.dispatchers.operator : route.dispatchers.guarded
  const remainingMs = Math.max(deadline - performance.now(), 0)
  return exchange(dispatcher, { ...request, limits: route.limits, remainingMs })
}

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308])

/** Where to go next; undefined where the answer is the caller's to see. */
function redirectTarget(request: PreparedRequest, { status, headers }: RawAnswer): URL | undefined {
  if (!REDIRECT_STATUSES.has(status) || request.redirect === 'manual') return undefined
  if (request.redirect === 'error') throw new EgressError('egress_refused', 'redirect', true)
  if (!['GET', 'HEAD'].includes(request.method) || headers.location === undefined) return undefined
  const next = URL.parse(headers.location, request.url.href)
  if (next === null) throw new EgressError('egress_refused', 'malformed_redirect', true)
  return next
}
