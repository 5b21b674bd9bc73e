import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@notionhq/client'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { withDeadline } from '#kernel/deadline.ts'
import { wholeText } from '#kernel/egress-response.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential, ProviderAccess } from '#providers/contract.ts'
import {
  committedBy,
  ConnectionFault,
  faultOf,
  readProblem,
  requestedWait,
  turnedAway,
  writeProblem,
  type Committed,
  type Fault,
  type Operation,
} from './errors.ts'
import { wordsIn, type Words } from './words.ts'

/** The one version that every request names; answers are shaped for it (no `archived`, `position` instead of `after`). */
const NOTION_VERSION = '2026-03-11'

/** One HTTP exchange. Notion's slowest honest answers (large pages as Markdown) take a few seconds; a whole call gets 20. */
const REQUEST_TIMEOUT_MS = 15_000

/** The client's own timer stops waiting but leaves the request running; ours, which aborts it, comes first. */
const CLIENT_TIMEOUT_MS = REQUEST_TIMEOUT_MS + 5_000

/** The longest wait that a caller would not notice as a hang; above it the caller is told the seconds. */
const LONGEST_WAIT_SECONDS = 2

/** Pause before a read is tried again after a 5xx or a broken connection. */
const READ_RETRY_MS = 250

/** Requests to Notion for one call, with the credential of that call and no other. */
export interface NotionApi {
  /** In the language of the caller. */
  readonly words: Words
  /** A request that changes nothing. Tried a second time after a short limit, a 5xx or a broken connection. */
  readonly read: <T>(request: (notion: Client) => Promise<T>, operation: Operation) => Promise<Outcome<T>>
  /** A request that changes something: sent once, except when Notion turned it away untouched and named a short wait. */
  readonly write: <T>(request: (notion: Client) => Promise<T>, operation: Operation) => Promise<Outcome<Written<T>>>
}

/** Notion may save a change and still answer 503; then only the ids are known. */
export type Written<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | ({ readonly kind: 'committed' } & Committed)

type Pause = (milliseconds: number, signal: AbortSignal) => Promise<unknown>
type Attempt<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly fault: Fault }

const pauseFor: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal })

/** Whose request is being sent, wherever the client is in its own code. */
const sender = new AsyncLocalStorage<Sender>()

interface Sender {
  readonly access: ProviderAccess
  readonly token: string
}

/**
 * Notion's client for one address. It serves all users and holds no key of any: the key comes from the very call that
 * sends, and is put on at the last moment. Without a call there is no key, and nothing is sent. (One client for each call
 * would cost more than all that it does: building one fills two dozen tables.)
 */
function keylessClient(apiUrl: string): Client {
  return new Client({
    baseUrl: apiUrl,
    notionVersion: NOTION_VERSION,
    retry: false,
    timeoutMs: CLIENT_TIMEOUT_MS,
    fetch: (url, init) => exchange(sender.getStore(), url, init),
    // The client would print Notion's messages, and with them titles and ids, to the console.
    logger: () => undefined,
  })
}

/** By address: Notion's own, or the one that the operator names. */
const clients = new Map<string, Client>()

function clientFor(apiUrl: string): Client {
  const client = clients.get(apiUrl) ?? keylessClient(apiUrl)
  clients.set(apiUrl, client)
  return client
}

/**
 * Binds Notion's client to one call.
 * @param pause waits between tries; tests put their own
 */
export function createNotionApi(access: ProviderAccess, pause: Pause = pauseFor): NotionApi {
  const token = tokenOf(access.credential)
  const { signal } = access
  if (token === undefined) return unusable
  const notion = clientFor(access.apiUrl)
  const own: Sender = { access, token }
  const send = <T>(request: (notion: Client) => Promise<T>) => sender.run(own, tryOnce, () => request(notion))

  async function read<T>(request: (notion: Client) => Promise<T>, operation: Operation): Promise<Outcome<T>> {
    signal.throwIfAborted()
    let attempt = await send(request)
    const wait = attempt.ok ? undefined : waitBeforeRead(attempt.fault)
    if (wait !== undefined) {
      signal.throwIfAborted()
      await pause(wait, signal)
      attempt = await send(request)
    }
    if (attempt.ok) return success(attempt.answer)
    signal.throwIfAborted()
    return { ok: false, problem: readProblem(attempt.fault, operation) }
  }

  async function write<T>(request: (notion: Client) => Promise<T>, operation: Operation): Promise<Outcome<Written<T>>> {
    signal.throwIfAborted()
    let attempt = await send(request)
    const wait = attempt.ok ? undefined : waitBeforeWrite(attempt.fault)
    if (wait !== undefined) {
      await pause(wait, signal)
      attempt = await send(request)
    }
    if (attempt.ok) return success({ kind: 'answered', answer: attempt.answer })
    const committed = committedBy(attempt.fault)
    if (committed !== undefined) return success({ kind: 'committed', ...committed })
    // Also when the caller has left: a change under way must not be taken for one that never happened.
    return { ok: false, problem: writeProblem(attempt.fault, operation) }
  }

  return { words: wordsIn(access.language), read, write }
}

const noToken = failure('reauthorize', 'This connection holds no Notion key. Do not retry; connect Notion again.')
const unusable: NotionApi = { words: wordsIn('en'), read: async () => noToken, write: async () => noToken }

async function tryOnce<T>(request: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, answer: await request() }
  } catch (error) {
    const fault = faultOf(error)
    if (fault === undefined) throw error
    return { ok: false, fault }
  }
}

/** Sends one request and reads the whole answer, so that time and abort bound the body too. */
async function exchange(own: Sender | undefined, url: string, init: RequestShape | undefined): Promise<ResponseShape> {
  if (own === undefined) throw new Error('A request to Notion belongs to no call')
  const { access, token } = own
  try {
    return await withDeadline(REQUEST_TIMEOUT_MS, access.signal, async (signal) => {
      const response = await access.fetch(url, {
        method: init?.method ?? 'GET',
        headers: { ...init?.headers, authorization: `Bearer ${token}` },
        body: init?.body ?? null,
        signal,
      })
      const body = await wholeText(response)
      const { ok, status } = response
      return { ok, status, text: async () => body, headers: response.headers }
    })
  } catch (error) {
    const isLate = !access.signal.aborted && error instanceof Error && error.name === 'TimeoutError'
    throw new ConnectionFault(isLate ? 'timeout' : 'connection', reasonOf(error))
  }
}

type ClientFetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>
type RequestShape = NonNullable<Parameters<ClientFetch>[1]>
type ResponseShape = Awaited<ReturnType<ClientFetch>>

function waitBeforeRead(fault: Fault): number | undefined {
  if (turnedAway(fault)) return shortWait(requestedWait(fault))
  const passing = fault.kind === 'connection' || (fault.kind === 'answer' && fault.status >= 500)
  return passing ? READ_RETRY_MS : undefined
}

function waitBeforeWrite(fault: Fault): number | undefined {
  return shortWait(requestedWait(fault))
}

function shortWait(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds <= LONGEST_WAIT_SECONDS ? seconds * MILLISECONDS_PER_SECOND : undefined
}

/** For the log. Names and codes only: a message could repeat what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? ` ${String(cause.code)}` : ''
  return `${error.name}${code}`
}

function tokenOf(credential: Credential): string | undefined {
  const token = credential['api_key'] ?? credential['access_token']
  return typeof token === 'string' && token !== '' ? token : undefined
}
