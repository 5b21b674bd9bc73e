import { randomUUID } from 'node:crypto'
import { inputRequired, inputResponse, type InputRequiredResult } from '@modelcontextprotocol/server'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { CallAnswer, CallProgress, CallQuestion, WaitingCaller } from '#providers/waiting-caller.ts'
import type { ToolCallAnswer } from '#tools/tool-call.ts'
import type { Exchange } from './source.ts'
import { createWaitingRoom, type Waiting } from './waiting-room.ts'

/**
 * Calls of MCP clients that may have something to say while they run: progress goes out on the stream of the very message
 * that called, a question to the user of that client alone. Where a question goes out as the answer to the message
 * (2026-07-28), the call waits here, in this process, for the message that brings the user's answer.
 */
export interface RunningCalls {
  /** Makes the call; comes to its end, or to the first question. */
  readonly begin: (exchange: Exchange, make: MakeCall) => Promise<CallStep>
  /** Goes on with the call whose question the client has put to its user. */
  readonly goOn: (exchange: Exchange) => Promise<CallStep>
  /** Ends those of principals that are not to be served any more. */
  readonly endWhere: (isOver: (principal: Principal) => Promise<boolean>, userId: number | null) => Promise<void>
  /** Ends those that wait for an answer. */
  readonly close: () => void
}

export type MakeCall = (caller: WaitingCaller, signal: AbortSignal) => Promise<Outcome<ToolCallAnswer>>
export type CallStep = Outcome<ToolCallAnswer | InputRequiredResult>

/** Milliseconds for a person to answer one question; the server at the other end seldom waits longer. */
const ANSWER_MS = 120_000
/** Name of the question in the round trip. */
const QUESTION = 'question'

interface Running {
  readonly principal: Principal
  readonly controller: AbortController
  /** The client's message that is being answered; another one after each question. */
  exchange: Exchange
  ended: Promise<Outcome<ToolCallAnswer>>
  asked: PromiseWithResolvers<Asked>
  /** Questions go out one after the other. */
  turn: Promise<unknown>
}

interface Asked {
  readonly question: CallQuestion
  readonly answer: (answer: CallAnswer) => void
}

export function createRunningCalls(answerMs = ANSWER_MS): RunningCalls {
  const room = createWaitingRoom(answerMs)
  const waitingOf = new WeakMap<Waiting, Running>()

  /** Leaves the call waiting, and gives the question to the client. */
  async function hand(running: Running, { question, answer }: Asked): Promise<InputRequiredResult> {
    const questionId = randomUUID()
    const requestState = await running.exchange.mintState({ kind: 'question', questionId })
    const stop = () => running.controller.abort(new DOMException('Nobody waits for the call any more.', 'AbortError'))
    const waiting = { principal: running.principal, answer, stop }
    waitingOf.set(waiting, running)
    room.enter(questionId, waiting)
    return inputRequired({ inputRequests: { [QUESTION]: requestOf(question) }, requestState })
  }

  async function step(running: Running, exchange: Exchange): Promise<CallStep> {
    running.exchange = exchange
    const { signal } = exchange.context.mcpReq
    const leave = () => running.controller.abort(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
    const asked = running.asked.promise.then((question) => ({ question }))
    const outcome = await Promise.race([running.ended, asked])
    if (!('question' in outcome)) return outcome
    running.asked = Promise.withResolvers()
    // The message of 2026-07-28 ends here, the call does not. An older one stays open until the call's end.
    if (isModern(exchange)) signal.removeEventListener('abort', leave)
    return success(await hand(running, outcome.question))
  }

  return {
    begin(exchange, make) {
      const running = newRunning(exchange)
      running.ended = make(
        callerOf(running, () => room.isFull()),
        running.controller.signal,
      )
      // Nobody may be there to hear of it, where its client has gone meanwhile.
      running.ended.catch(() => {})
      return step(running, exchange)
    },
    async goOn(exchange) {
      const waiting = room.take(exchange.state?.questionId ?? '', exchange.principal)
      const running = waiting === undefined ? undefined : waitingOf.get(waiting)
      if (running === undefined) return failure('cancelled', NO_LONGER)
      // First the message that waits for the call, then what makes it go on.
      const next = step(running, exchange)
      waiting?.answer(answerIn(exchange))
      return next
    },
    endWhere: room.endWhere,
    close: room.close,
  }
}

const NO_LONGER =
  'The call that asked this no longer waits for the answer. Look at what it has done before you send it again.'

function newRunning(exchange: Exchange): Running {
  return {
    principal: exchange.principal,
    controller: new AbortController(),
    exchange,
    ended: Promise.resolve(failure('cancelled', 'The call was stopped.')),
    asked: Promise.withResolvers(),
    turn: Promise.resolve(),
  }
}

function isModern({ context }: Exchange): boolean {
  return context.mcpReq.envelope !== undefined
}

/** What the client brought back; a message without an answer is one that was closed. */
function answerIn({ context }: Exchange): CallAnswer {
  const given = inputResponse(context.mcpReq.inputResponses, QUESTION)
  if (given.kind !== 'elicit') return { action: 'cancel' }
  return { action: given.action, ...(given.content === undefined ? {} : { content: given.content }) }
}

/** @param isFull whether no more calls may wait */
function callerOf(running: Running, isFull: () => boolean): WaitingCaller {
  return {
    ask: (question) => ask(running, question, isFull),
    ...(tokenOf(running.exchange) === undefined ? {} : { onProgress: (report) => tell(running, report) }),
  }
}

/** @returns null where this client cannot ask it */
function ask(running: Running, question: CallQuestion, isFull: () => boolean): Promise<CallAnswer | null> {
  const next = running.turn.then(async () => {
    const can = running.exchange.clientCan(question.kind === 'form' ? 'elicit_form' : 'elicit_url')
    if (!can || isFull() || running.controller.signal.aborted) return null
    const answered = Promise.withResolvers<CallAnswer>()
    running.asked.resolve({ question, answer: answered.resolve })
    return answered.promise
  })
  running.turn = next.catch(() => {})
  return next
}

function tokenOf({ context }: Exchange): string | number | undefined {
  return context.mcpReq._meta?.progressToken
}

/** On the stream of the message that is being answered, under the token that its client chose. */
function tell({ exchange }: Running, report: CallProgress): void {
  const progressToken = tokenOf(exchange)
  if (progressToken === undefined) return
  const params = { ...report, progressToken }
  // Nobody listens where the client has gone: then there is nothing to tell.
  exchange.context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
}

function requestOf(question: CallQuestion) {
  const { message } = question
  if (question.kind === 'url') return inputRequired.elicitUrl({ message, url: question.url })
  return inputRequired.elicit({ message, requestedSchema: question.schema as never })
}
