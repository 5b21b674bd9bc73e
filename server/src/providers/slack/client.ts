import { setTimeout as sleep } from 'node:timers/promises'
import { WebAPIPlatformError, WebAPIRequestError, WebClient, type FetchFunction } from '@slack/web-api'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { withDeadline } from '#kernel/deadline.ts'
import { wholeText } from '#kernel/egress-response.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential, ProviderAccess } from '#providers/contract.ts'
import {
  isPassing,
  platformFault,
  RATE_WINDOW_SECONDS,
  readProblem,
  SlackFault,
  writeProblem,
  type Fault,
  type Operation,
} from './errors.ts'
import { parseRecord } from './json.ts'
import { wordsIn, type Words } from './words.ts'

/** One HTTP exchange. Slack's slowest honest answers (searches) take a few seconds; a whole call gets 20. */
const REQUEST_TIMEOUT_MS = 12_000

/** The longest wait that a caller would not notice as a hang; above it the caller is told the seconds. */
const LONGEST_WAIT_SECONDS = 2

/** Pause before a read is tried again after a 5xx or a broken connection. */
const READ_RETRY_MS = 250

type Request<T> = (slack: WebClient) => Promise<T>

/** Requests to Slack for one call, with the credential of that call and no other. */
export interface SlackApi {
  /** In the language of the caller. */
  readonly words: Words
  /** A request that changes nothing. Tried a second time after a short limit, a 5xx or a broken connection. */
  readonly read: <T>(request: Request<T>, operation: Operation) => Promise<Outcome<T>>
  /** A request that changes something: sent once, whatever comes of it. */
  readonly write: <T>(request: Request<T>, operation: Operation) => Promise<Outcome<T>>
  /** Where the workspace is, for the addresses of messages; undefined where Slack does not tell. Asked for once. */
  readonly teamUrl: () => Promise<string | undefined>
}

type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>
type Attempt<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly fault: Fault }

const pauseFor: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal })

/**
 * Binds Slack's client to one call. The client itself holds no token: it is put on the request at the last moment, so it
 * can be in no object of the client's, and the client's own logger, queue and retries never meet it.
 * @param pause waits between tries; tests put their own
 */
export function createSlackApi(access: ProviderAccess, pause: Pause = pauseFor): SlackApi {
  const token = tokenOf(access.credential)
  if (token === undefined) return unusable
  const { signal } = access
  const slack = clientFor(access, token)

  async function read<T>(request: Request<T>, operation: Operation): Promise<Outcome<T>> {
    signal.throwIfAborted()
    let attempt = await tryOnce(slack, request)
    const wait = attempt.ok ? undefined : waitBeforeRead(attempt.fault)
    if (wait !== undefined) {
      signal.throwIfAborted()
      await pause(wait, signal)
      attempt = await tryOnce(slack, request)
    }
    if (attempt.ok) return success(attempt.answer)
    signal.throwIfAborted()
    return { ok: false, problem: readProblem(attempt.fault, operation) }
  }

  async function write<T>(request: Request<T>, operation: Operation): Promise<Outcome<T>> {
    signal.throwIfAborted()
    const attempt = await tryOnce(slack, request)
    if (attempt.ok) return success(attempt.answer)
    // Also when the caller has left: a message under way must not be taken for one that was never sent.
    return { ok: false, problem: writeProblem(attempt.fault, operation) }
  }

  let team: Promise<string | undefined> | undefined

  async function askTeamUrl(): Promise<string | undefined> {
    const attempt = await tryOnce(slack, (client) => client.auth.test())
    return attempt.ok ? attempt.answer.url : undefined
  }

  return { words: wordsIn(access.language), read, write, teamUrl: () => (team ??= askTeamUrl()) }
}

const noToken = failure('reauthorize', 'This connection holds no Slack token. Do not retry; connect Slack again.')
const unusable: SlackApi = {
  words: wordsIn('en'),
  read: async () => noToken,
  write: async () => noToken,
  teamUrl: async () => undefined,
}

/** The client would print requests, and with them what people wrote, to the console. */
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => 'error' as never,
}

/** One client for each call: a queue or a pause of its own can then never hold up, or outlive into, another user's call. */
function clientFor(access: ProviderAccess, token: string): WebClient {
  return new WebClient(undefined, {
    slackApiUrl: `${access.apiUrl}/api/`,
    allowAbsoluteUrls: false,
    logger: silent,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // Ours, which aborts the request too, comes first.
    timeout: 0,
    fetch: (url, init) => exchange(access, token, { url, init }),
  })
}

interface Exchange {
  readonly url: string | URL
  readonly init: Parameters<FetchFunction>[1]
}

/** Sends one request and reads the whole answer, so that time and abort bound the body too. */
async function exchange(access: ProviderAccess, token: string, { url, init }: Exchange): ReturnType<FetchFunction> {
  const { response, body } = await received(access, token, { url, init })
  const fault = faultOfAnswer(response, body)
  if (fault !== undefined) throw new SlackFault(fault)
  const { ok, status, statusText, headers } = response
  return {
    ok,
    status,
    statusText,
    url: String(url),
    headers,
    text: async () => body,
    json: async () => JSON.parse(body) as unknown,
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  }
}

async function received(access: ProviderAccess, token: string, { url, init }: Exchange) {
  try {
    return await withDeadline(REQUEST_TIMEOUT_MS, access.signal, async (signal) => {
      const response = await access.fetch(url, {
        method: init?.method ?? 'POST',
        headers: { ...init?.headers, authorization: `Bearer ${token}` },
        body: typeof init?.body === 'string' ? init.body : null,
        signal,
      })
      return { response, body: await wholeText(response) }
    })
  } catch (error) {
    const isLate = !access.signal.aborted && error instanceof Error && error.name === 'TimeoutError'
    throw new SlackFault({ kind: isLate ? 'timeout' : 'connection', reason: reasonOf(error) })
  }
}

/** Slack answers 200 to everything but its limit; every other status comes from something before it. */
function faultOfAnswer(response: Response, body: string): Fault | undefined {
  const { status } = response
  if (status === 429) return { kind: 'limited', seconds: retryAfter(response), reason: 'HTTP 429' }
  const answer = parseRecord(body)
  if (answer?.['ok'] === false) return platformFault(answer)
  if (status !== 200) return { kind: 'status', reason: `HTTP ${status}` }
  return answer?.['ok'] === true ? undefined : { kind: 'unreadable', reason: 'the body is not an answer of Slack' }
}

async function tryOnce<T>(slack: WebClient, request: Request<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, answer: await request(slack) }
  } catch (error) {
    const fault = faultOf(error)
    if (fault === undefined) throw error
    return { ok: false, fault }
  }
}

/** An error of the client → a fault; undefined: not a failed request, so a bug. */
function faultOf(error: unknown): Fault | undefined {
  if (error instanceof WebAPIRequestError && error.original instanceof SlackFault) return error.original.fault
  if (error instanceof SlackFault) return error.fault
  if (error instanceof WebAPIPlatformError) return platformFault({ ...error.data })
  return undefined
}

function waitBeforeRead(fault: Fault): number | undefined {
  if (fault.kind === 'limited') {
    return fault.seconds <= LONGEST_WAIT_SECONDS ? fault.seconds * MILLISECONDS_PER_SECOND : undefined
  }
  return isPassing(fault) ? READ_RETRY_MS : undefined
}

/** Slack sends whole seconds (docs.slack.dev, "Rate limits"). */
function retryAfter(response: Response): number {
  const header = response.headers.get('retry-after')
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : RATE_WINDOW_SECONDS
}

/** For the log. Names and codes only: a message could repeat what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? ` ${String(cause.code)}` : ''
  return `${error.name}${code}`
}

/** What was pasted, or what was won by OAuth. */
function tokenOf(credential: Credential): string | undefined {
  const token = credential['api_key'] ?? credential['access_token']
  return typeof token === 'string' && token !== '' ? token : undefined
}
