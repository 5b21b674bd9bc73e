import { request } from '@octokit/request'
import { setTimeout as sleep } from 'node:timers/promises'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { withDeadline } from '#kernel/deadline.ts'
import { EgressError } from '#kernel/egress-error.ts'
import { wholeText } from '#kernel/egress-response.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential, ProviderAccess } from '#providers/contract.ts'
import { webAddress } from './addresses.ts'
import {
  ConnectionFault,
  faultOf,
  readProblem,
  requestedWait,
  turnedAway,
  writeProblem,
  type Fault,
  type Operation,
} from './errors.ts'
import { wordsIn, type Words } from './words.ts'

/** The one version that every request names; answers are shaped for it. */
const API_VERSION = '2022-11-28'

/** GitHub gives up on its side after ten seconds; a whole call gets twenty. */
const REQUEST_TIMEOUT_MS = 15_000

/** The longest wait that a caller would not notice as a hang; above it the caller is told the seconds. */
const LONGEST_WAIT_SECONDS = 2

/** Pause before a read is tried again after a 5xx or a broken connection. */
const READ_RETRY_MS = 250

/** GitHub's request client, typed by its published description. */
export type GitHub = typeof request

/** What every answer has, next to its data. */
export interface Answer {
  readonly status: number
  readonly data: unknown
}

/** Requests to GitHub for one call, with the credential of that call and no other. */
export interface GitHubApi {
  /** Where GitHub's pages are, for the addresses that people paste: `https://github.com`. */
  readonly web: string
  /** In the language of the caller. */
  readonly words: Words
  /** A request that changes nothing. Tried a second time after a short limit, a 5xx or a broken connection. */
  readonly read: <T extends Answer>(send: (github: GitHub) => Promise<T>, operation: Operation) => Promise<Outcome<T>>
  /** A request that changes something: sent once, except when GitHub turned it away untouched and named a short wait. */
  readonly write: <T extends Answer>(send: (github: GitHub) => Promise<T>, operation: Operation) => Promise<Outcome<T>>
}

/** What time it is, and how time passes; tests put their own. */
export interface Time {
  readonly now: () => Date
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

const realTime: Time = {
  now: () => new Date(),
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
}

type Attempt<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly fault: Fault }

/** Binds GitHub's client to one call. */
export function createGitHubApi(access: ProviderAccess, time: Time = realTime): GitHubApi {
  const { signal } = access
  const web = webAddress(access.apiUrl)
  const token = tokenOf(access.credential)
  const words = wordsIn(access.language)
  if (token === undefined) return { web, words, read: async () => noToken, write: async () => noToken }
  const github = clientOf(access, token)

  async function attempt<T extends Answer>(
    send: (client: GitHub) => Promise<T>,
    operation: Operation,
    waitAfter: (fault: Fault, now: Date) => number | undefined,
  ): Promise<Attempt<T>> {
    signal.throwIfAborted()
    const first = await tryOnce(() => send(github), operation)
    const wait = first.ok ? undefined : waitAfter(first.fault, time.now())
    if (wait === undefined) return first
    signal.throwIfAborted()
    await time.pause(wait, signal)
    return tryOnce(() => send(github), operation)
  }

  return {
    web,
    words,
    read: async (send, operation) => {
      const last = await attempt(send, operation, waitBeforeRead)
      if (last.ok) return success(last.answer)
      signal.throwIfAborted()
      return { ok: false, problem: readProblem(last.fault, operation, time.now()) }
    },
    write: async (send, operation) => {
      const last = await attempt(send, operation, waitBeforeWrite)
      if (last.ok) return success(last.answer)
      // Also when the caller has left: a change under way must not be taken for one that never happened.
      return { ok: false, problem: writeProblem(last.fault, operation, time.now()) }
    },
  }
}

const noToken = failure('reauthorize', 'This connection holds no GitHub token. Do not retry; connect GitHub again.')

function clientOf(access: ProviderAccess, token: string): GitHub {
  return request.defaults({
    baseUrl: access.apiUrl,
    headers: {
      accept: 'application/vnd.github+json',
      'x-github-api-version': API_VERSION,
      // GitHub refuses requests without one; the client's own would tell the version of the runtime.
      'user-agent': 'chaveiro',
    },
    request: {
      fetch: (url: string, init: RequestInit) => exchange(access, token, url, init),
      // The client would print notes on deprecation, and with them paths, to the console.
      log: { warn: () => undefined },
    },
  })
}

async function tryOnce<T extends Answer>(send: () => Promise<T>, operation: Operation): Promise<Attempt<T>> {
  try {
    const answer = await send()
    // The client gives back as text whatever is not the JSON that it says it is.
    const isCut = operation.text !== true && typeof answer.data !== 'object'
    return isCut ? { ok: false, fault: { kind: 'unreadable', reason: 'the body is not JSON' } } : { ok: true, answer }
  } catch (error) {
    const fault = faultOf(error)
    if (fault === undefined) throw error
    return { ok: false, fault }
  }
}

/** Sends one request and reads the whole answer, so that time and abort bound the body too. */
async function exchange(access: ProviderAccess, token: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await withDeadline(REQUEST_TIMEOUT_MS, access.signal, async (signal) => {
      const response = await access.fetch(url, {
        method: init.method ?? 'GET',
        headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` },
        body: init.body ?? null,
        signal,
      })
      const text = await wholeText(response)
      const { status, headers } = response
      return new Response(status === 204 ? null : text, { status, headers })
    })
  } catch (error) {
    throw faultOfExchange(error, access.signal)
  }
}

function faultOfExchange(error: unknown, signal: AbortSignal): ConnectionFault {
  if (error instanceof EgressError) {
    const kind = error.mayHaveArrived ? (error.code === 'timeout' ? 'timeout' : 'connection') : 'unsent'
    return new ConnectionFault(kind, `${error.code} ${error.reason}`)
  }
  const isLate = !signal.aborted && error instanceof Error && error.name === 'TimeoutError'
  return new ConnectionFault(isLate ? 'timeout' : 'connection', error instanceof Error ? error.name : 'unknown')
}

function waitBeforeRead(fault: Fault, now: Date): number | undefined {
  if (turnedAway(fault)) return waitBeforeWrite(fault, now)
  const passing =
    fault.kind === 'connection' || fault.kind === 'unsent' || (fault.kind === 'answer' && fault.status >= 500)
  return passing ? READ_RETRY_MS : undefined
}

function waitBeforeWrite(fault: Fault, now: Date): number | undefined {
  if (fault.kind !== 'answer' || !turnedAway(fault)) return undefined
  const seconds = requestedWait(fault, now)
  return seconds <= LONGEST_WAIT_SECONDS ? seconds * MILLISECONDS_PER_SECOND : undefined
}

function tokenOf(credential: Credential): string | undefined {
  const token = credential['api_key'] ?? credential['access_token']
  return typeof token === 'string' && token !== '' ? token : undefined
}
