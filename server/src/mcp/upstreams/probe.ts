import {
  Client,
  extractWWWAuthenticateParams,
  StreamableHTTPClientTransport,
  type FetchLike,
} from '@modelcontextprotocol/client'
import { withDeadline } from '#kernel/deadline.ts'
import { EgressError } from '#kernel/egress-error.ts'
import type { GuardedFetch } from '#kernel/egress.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { shownText } from '#kernel/shown-text.ts'
import { VERSION } from '#kernel/version.ts'
import { speaksOldTransport } from './old-transport.ts'

/** Asks an address whether an MCP server is there, of either era of the protocol, and whether it lets us in. */

/** Milliseconds for the whole conversation: a person is waiting. */
const PROBE_MS = 12_000
/** Characters of a server's own name and version. */
const NAME_CHARACTERS = 60
const HTTP_UNAUTHORIZED = 401
const HTTP_FORBIDDEN = 403

export interface ServerIdentity {
  /** As the server calls itself, cleaned for showing; empty where it says nothing that can be shown. */
  readonly name: string
  readonly version: string
}

/** What the server said of authorization (RFC 6750 3, RFC 9728 5.1). Its words: to be judged, not followed. */
export interface Challenge {
  readonly status: typeof HTTP_UNAUTHORIZED | typeof HTTP_FORBIDDEN
  readonly resourceMetadata?: string
  readonly scope?: string
  readonly error?: string
}

export type Probed =
  | { readonly kind: 'open'; readonly server: ServerIdentity }
  | { readonly kind: 'challenged'; readonly challenge: Challenge }

export interface ProbeOptions {
  readonly fetch: GuardedFetch
  readonly url: string
  /** Sent as a bearer token; none where absent. */
  readonly token?: string
  readonly signal?: AbortSignal
  /** Milliseconds for the whole conversation, in place of what a person waits for. */
  readonly withinMs?: number
}

/**
 * One conversation, in bounded time. Fails with `unusable_server` where something else answers than an MCP server, with
 * `provider_unavailable` where nothing does, with `invalid_request` where the address may not be called.
 */
export async function probe(options: ProbeOptions): Promise<Outcome<Probed>> {
  const watched = watch(options.fetch)
  try {
    const server = await withDeadline(options.withinMs ?? PROBE_MS, options.signal, (signal) =>
      greet(options, watched.fetch, signal),
    )
    return success({ kind: 'open', server })
  } catch (error) {
    options.signal?.throwIfAborted()
    const challenge = watched.challenge()
    if (challenge !== undefined) return success({ kind: 'challenged', challenge })
    const isOld =
      watched.refusal() === undefined && (await speaksOldTransport({ ...options, status: watched.status() }))
    return probeFailure(error, { ...watched, isOld: isOld || isOldAddress(options.url) })
  }
}

async function greet({ url, token }: ProbeOptions, fetch: FetchLike, signal: AbortSignal): Promise<ServerIdentity> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    ...(token === undefined ? {} : { authProvider: { token: async () => token } }),
    // Nothing is worth coming back for.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
    },
  })
  const client = new Client(
    { name: 'chaveiro', version: VERSION },
    { capabilities: {}, versionNegotiation: { mode: 'auto' } },
  )
  const leave = () => void client.close().catch(() => undefined)
  signal.addEventListener('abort', leave, { once: true })
  try {
    await client.connect(transport)
    const said = client.getServerVersion()
    return {
      name: shownText(said?.title ?? said?.name ?? '', NAME_CHARACTERS),
      version: shownText(said?.version ?? '', NAME_CHARACTERS),
    }
  } finally {
    await client.close().catch(() => undefined)
  }
}

interface Watched {
  readonly fetch: FetchLike
  readonly challenge: () => Challenge | undefined
  /** Of the last answer; null before the first. */
  readonly status: () => number | null
  /** What our own side said of the last attempt: the library wraps it in words of its own. */
  readonly refusal: () => EgressError | undefined
}

/** Keeps what the library does not hand out: the challenge of an answer, and why there was none. */
function watch(reach: GuardedFetch): Watched {
  let challenge: Challenge | undefined
  let refusal: EgressError | undefined
  let status: number | null = null
  return {
    challenge: () => challenge,
    refusal: () => refusal,
    status: () => status,
    async fetch(input, init) {
      try {
        const response = await reach(input, init)
        challenge = challengeOf(response) ?? challenge
        status = response.status
        return response
      } catch (error) {
        if (error instanceof EgressError) refusal = error
        throw error
      }
    },
  }
}

/** @returns undefined where the answer says nothing of authorization */
export function challengeOf(response: Response): Challenge | undefined {
  const { status } = response
  if (status !== HTTP_UNAUTHORIZED && status !== HTTP_FORBIDDEN) return undefined
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(response)
  return {
    status,
    ...(resourceMetadataUrl === undefined ? {} : { resourceMetadata: resourceMetadataUrl.href }),
    ...(scope === undefined ? {} : { scope }),
    ...(error === undefined ? {} : { error }),
  }
}

function probeFailure(
  error: unknown,
  { refusal, isOld }: Watched & { readonly isOld: boolean },
): ReturnType<typeof failure> {
  const ours = refusal()
  if (ours?.code === 'egress_refused') {
    return failure('invalid_request', 'That address, or one that it leads to, is not called from here.', {
      path: 'url',
      reason: ours.reason,
    })
  }
  const isSilence = (ours !== undefined && ours.code !== 'too_large') || isTimeout(error)
  // The library's own words may repeat the address, which may hold a key.
  const reason = ours === undefined ? nameOf(error) : `${ours.code} ${ours.reason}`
  if (isSilence) {
    return failure('provider_unavailable', 'Nothing answers at that address in time. Nothing was stored.', { reason })
  }
  const detail = isOld ? OLD_TRANSPORT : 'What answers at that address is no MCP server.'
  return failure('unusable_server', `${detail} Nothing was stored.`, { reason })
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name
}

const OLD_TRANSPORT =
  'That address is one of the transport of 2024 (HTTP+SSE), which is not spoken here. Use the server’s address for Streamable HTTP: most have one that ends with /mcp instead.'

/** As the servers of that transport have it by custom. */
function isOldAddress(url: string): boolean {
  return new URL(url).pathname.replace(/\/+$/, '').endsWith('/sse')
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError'
}
