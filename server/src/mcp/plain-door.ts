import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseJson } from '#kernel/json.ts'
import { problemBody, PROBLEMS, type Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { requestIdOf } from '#kernel/request.ts'
import type { AnswerPlainly } from './answer-plainly.ts'
import { MESSAGE_LIMITS } from './message.ts'
import { plainMessage, type PlainMessage } from './plain-message.ts'
import type { Sessions } from './sessions.ts'
import type { Asking } from './source.ts'
import { toolsetOf } from './toolset.ts'

/**
 * The short way for what nearly all traffic consists of: a plain message with a token that is right is answered straight
 * at the socket. Everything else, and above all everything that is wrong, takes the long way through the router, from the
 * start, as if this door were not there: it refuses nothing and changes nothing before it knows that it can answer.
 */

export interface PlainDoorDeps {
  readonly answer: AnswerPlainly
  /** The principal of a token that there is nothing to say against, counted as one request. */
  readonly admit: (token: string, path: string) => Promise<Principal | undefined>
  /** The token of an `Authorization` header. */
  readonly bearerOf: (header: string) => string | undefined
  readonly isOwnHost: (host: string) => boolean
  readonly sessions: Pick<Sessions, 'knows'>
  readonly providers: readonly string[]
  /** Headers of every answer: names and values by turns. */
  readonly headers: readonly string[]
  /** What to tell of something that was thrown. */
  readonly problemOf: (error: unknown, requestId: string) => Problem
  readonly noteAnswer: (answered: AnsweredMessage) => void
}

export interface AnsweredMessage {
  readonly requestId: string
  readonly path: string
  /** As the router names it. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
  readonly userId: number | undefined
}

export interface PlainDoor {
  /** Answers the request or passes it on, whole. */
  readonly enter: (incoming: IncomingMessage, outgoing: ServerResponse, passOn: () => void) => void
  /** Who asks in a request that was passed on after it had been counted, and what its call has led to. */
  readonly begunBy: (incoming: IncomingMessage) => Asking | undefined
}

/** Bytes of a message that is read here; what is larger, a page's text for example, has time for the long way. */
const LARGEST_BODY = 64 * 1024
const PATH = /^\/mcp(?:\/([\w-]*))?$/
/** Headers by which a request is more than a plain message of a program. */
const UNUSUAL_HEADERS = ['origin', 'cookie', 'content-encoding', 'transfer-encoding', 'expect', 'upgrade'] as const

export function createPlainDoor(deps: PlainDoorDeps): PlainDoor {
  const begun = new WeakMap<IncomingMessage, Asking>()

  /** Null once answered; else who asks, where that is known and counted. */
  async function answerOrLeave(visit: Visit): Promise<Asking | undefined | null> {
    const { head, incoming, outgoing, requestId } = visit
    const principal = await deps.admit(head.token, head.path)
    if (principal === undefined) return undefined
    const asking: Asking = { principal, toolset: head.toolset, requestId }
    const message = readMessage(incoming, await readBody(incoming))
    if (message === null || !mayAsk(deps.sessions, asking, head, message)) return asking
    const answer = await deps.answer(asking, message, () => signalOf(outgoing))
    if (typeof answer !== 'string') return answer
    send(deps, visit, { status: 200, type: 'application/json', text: answer, userId: principal.userId })
    return null
  }

  return {
    enter(incoming, outgoing, passOn) {
      const head = headOf(deps, incoming)
      if (head === null) return passOn()
      const requestId = requestIdOf(textOf(incoming, 'x-request-id'))
      const visit = { head, incoming, outgoing, requestId, startedAt: performance.now() }
      answerOrLeave(visit).then(
        (asking) => {
          if (asking === null) return
          if (asking !== undefined) begun.set(incoming, asking)
          renameRequest(incoming, requestId)
          passOn()
        },
        (error: unknown) => sendProblem(deps, visit, error),
      )
    },
    begunBy: (incoming) => begun.get(incoming),
  }
}

/** It goes on under the id that its call, if one was made, is on record with. */
function renameRequest({ rawHeaders }: IncomingMessage, requestId: string): void {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-request-id')
  rawHeaders.splice(at === -1 ? rawHeaders.length : at, at === -1 ? 0 : 2, 'x-request-id', requestId)
}

interface Visit {
  readonly head: Head
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly requestId: string
  readonly startedAt: number
}

interface Head {
  readonly headers: IncomingMessage['headers']
  readonly path: string
  readonly token: string
  readonly toolset: Asking['toolset']
}

/** What the request line and the headers say, where nothing about them is unusual. */
function headOf(deps: PlainDoorDeps, incoming: IncomingMessage): Head | null {
  const { headers, method, url: path = '' } = incoming
  const match = method === 'POST' ? PATH.exec(path) : null
  if (match === null || !isUsual(incoming) || !deps.isOwnHost(headers.host ?? '')) return null
  const token = deps.bearerOf(headers.authorization ?? '')
  const toolset = toolsetOf(match[1], deps.providers)
  return token === undefined || !toolset.ok ? null : { headers, path, token, toolset: toolset.value }
}

/** Each header once, none of the unusual ones, and a body of a length that was declared. */
function isUsual({ headers, rawHeaders }: IncomingMessage): boolean {
  const length = headers['content-length']
  if (length === undefined || Number(length) > LARGEST_BODY) return false
  if (UNUSUAL_HEADERS.some((name) => headers[name] !== undefined)) return false
  return rawHeaders.length === 2 * Object.keys(headers).length
}

function textOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** Never resolves where the client goes before it has sent all of it: then there is nobody to answer. */
function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    incoming.on('error', () => {})
  })
}

function readMessage(incoming: IncomingMessage, body: Buffer): PlainMessage | null {
  // The router's socket library takes a body from here where it was taken off the socket already.
  Object.assign(incoming, { rawBody: body })
  const parsed = parseJson(body, MESSAGE_LIMITS)
  return parsed.ok ? plainMessage(incoming.headers, parsed.value) : null
}

/** Whether the token reads at all, and a message of a session brings an id that is this user's; one without needs none. */
function mayAsk(
  sessions: PlainDoorDeps['sessions'],
  asking: Asking,
  { headers }: Head,
  { era }: PlainMessage,
): boolean {
  if (!asking.principal.scopes.has('tools:read')) return false
  const id = headers['mcp-session-id']
  return id === undefined || (era === 'legacy' && typeof id === 'string' && sessions.knows(asking, id))
}

/** Aborts when the client has gone before it was answered. */
function signalOf(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort()
  })
  return controller.signal
}

interface Sent {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly userId: number | undefined
  readonly retryAfterSeconds?: number
}

function send(deps: PlainDoorDeps, { head, outgoing, requestId, startedAt }: Visit, sent: Sent): void {
  const { status, type, text, userId } = sent
  const headers = ['x-request-id', requestId, 'content-type', type, 'content-length', String(Buffer.byteLength(text))]
  if (sent.retryAfterSeconds !== undefined) headers.push('retry-after', String(sent.retryAfterSeconds))
  outgoing.writeHead(status, [...deps.headers, ...headers])
  outgoing.end(text)
  const route = head.toolset.name === '' ? '/mcp' : '/mcp/:toolset'
  const milliseconds = performance.now() - startedAt
  deps.noteAnswer({ requestId, path: head.path, route, status, milliseconds, userId })
}

/** What was thrown is thrown by a call that may have begun, so it must not be made again by the long way. */
function sendProblem(deps: PlainDoorDeps, visit: Visit, error: unknown): void {
  const problem = deps.problemOf(error, visit.requestId)
  send(deps, visit, {
    status: PROBLEMS[problem.code].status,
    type: 'application/problem+json',
    text: JSON.stringify(problemBody(problem, visit.requestId)),
    userId: undefined,
    ...(problem.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: problem.retryAfterSeconds }),
  })
}
