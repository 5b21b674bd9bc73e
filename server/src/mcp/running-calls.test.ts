import { isInputRequiredResult } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { success, type Outcome } from '#kernel/problem.ts'
import type { CallAnswer, WaitingCaller } from '#providers/waiting-caller.ts'
import { answerOf, testExchange, type ExchangeOptions } from '#test/support/exchange.ts'
import type { ToolCallAnswer } from '#tools/tool-call.ts'
import { createRunningCalls, type CallStep } from './running-calls.ts'
import type { Exchange, PendingState } from './source.ts'

afterEach(() => void vi.useRealTimers())

const QUESTION = { kind: 'form', message: 'Which?', schema: { type: 'object', properties: {} } } as const
const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' }

interface Sent {
  readonly notifications: object[]
  readonly states: PendingState[]
  readonly leave: AbortController
}

/** A message of a client, by which what is sent to it and signed for it can be seen. */
function message(options: ExchangeOptions & { token?: string; userId?: number } = {}): { exchange: Exchange } & Sent {
  const notifications: object[] = []
  const states: PendingState[] = []
  const leave = new AbortController()
  const base = testExchange({ abilities: ['elicit_form'], ...options })
  const mcpReq = {
    ...base.context.mcpReq,
    signal: leave.signal,
    envelope: MODERN,
    _meta: options.token === undefined ? undefined : { progressToken: options.token },
    notify: async (notification: object) => void notifications.push(notification),
  }
  const exchange: Exchange = {
    ...base,
    principal: { ...base.principal, userId: options.userId ?? base.principal.userId },
    context: { ...base.context, mcpReq } as unknown as Exchange['context'],
    async mintState(state) {
      states.push(state)
      return 'signed'
    },
  }
  return { exchange, notifications, states, leave }
}

/** The message that brings the answer to the last question of another. */
function reply(to: Sent, action: string, more: { userId?: number; token?: string } = {}) {
  const state = to.states.at(-1)
  if (state === undefined) throw new Error('Nothing was asked.')
  return message({ state, inputResponses: { question: { action, content: { word: 'x' } } }, ...more })
}

/** A call that asks once and ends with the answer, and what it was given. */
function asking() {
  const given: { caller?: WaitingCaller; signal?: AbortSignal; answer?: CallAnswer | null } = {}
  const make = async (caller: WaitingCaller, signal: AbortSignal): Promise<Outcome<ToolCallAnswer>> => {
    Object.assign(given, { caller, signal })
    given.answer = (await caller.ask?.(QUESTION)) ?? null
    return success(answerOf(given.answer?.action ?? 'nobody'))
  }
  return { given, make }
}

function textOf(step: CallStep): string {
  if (!step.ok) return step.problem.code
  return isInputRequiredResult(step.value) ? 'asks' : (step.value as ToolCallAnswer).text
}

describe('a call that asks something', () => {
  it('waits for the message that brings the answer, and goes on with it', async () => {
    const { given, make } = asking()
    const calls = createRunningCalls()
    const first = message()
    expect(textOf(await calls.begin(first.exchange, make))).toBe('asks')
    expect(textOf(await calls.goOn(reply(first, 'accept').exchange))).toBe('accept')
    expect(given.answer).toEqual({ action: 'accept', content: { word: 'x' } })
  })

  it('takes one answer, and none of another user or client', async () => {
    const { make } = asking()
    const calls = createRunningCalls()
    const first = message()
    await calls.begin(first.exchange, make)
    expect(textOf(await calls.goOn(reply(first, 'accept', { userId: 8 }).exchange))).toBe('cancelled')
    const other = reply(first, 'accept').exchange
    const elsewhere = { ...other, principal: { ...other.principal, via: { kind: 'session', id: '1' } as const } }
    expect(textOf(await calls.goOn(elsewhere))).toBe('cancelled')
    expect(textOf(await calls.goOn(reply(first, 'decline').exchange))).toBe('decline')
    expect(textOf(await calls.goOn(reply(first, 'accept').exchange))).toBe('cancelled')
  })

  it('asks nobody where the client cannot', async () => {
    const { given, make } = asking()
    expect(textOf(await createRunningCalls().begin(message({ abilities: [] }).exchange, make))).toBe('nobody')
    expect(given.answer).toBeNull()
  })

  it('does not wait for ever, nor with more others than there is room for', async () => {
    vi.useFakeTimers()
    const calls = createRunningCalls(1_000)
    const { given, make } = asking()
    await calls.begin(message().exchange, make)
    await vi.advanceTimersByTimeAsync(1_001)
    expect(given.answer).toEqual({ action: 'cancel' })
    for (let count = 0; count < 100; count += 1) await calls.begin(message().exchange, asking().make)
    const beyond = asking()
    expect(textOf(await calls.begin(message().exchange, beyond.make))).toBe('nobody')
  })

  it('goes on when its first message has ended, and stops when the client leaves the one that waits', async () => {
    const { given, make } = asking()
    const calls = createRunningCalls()
    const first = message()
    await calls.begin(first.exchange, make)
    first.leave.abort()
    expect(given.signal?.aborted).toBe(false)
    const second = reply(first, 'accept')
    const going = calls.goOn(second.exchange)
    second.leave.abort(new Error('left'))
    expect(given.signal?.aborted).toBe(true)
    await going
  })

  it('ends where its principal is not to be served any more', async () => {
    const { given, make } = asking()
    const calls = createRunningCalls()
    await calls.begin(message({ userId: 5 }).exchange, make)
    await calls.endWhere(async () => true, 6)
    expect(given.signal?.aborted).toBe(false)
    await calls.endWhere(async () => true, 5)
    expect(given.signal?.aborted).toBe(true)
    await expect.poll(() => given.answer).toEqual({ action: 'cancel' })
  })

  it('reports under the token of the message that is being answered', async () => {
    const calls = createRunningCalls()
    const first = message({ token: 'one' })
    await calls.begin(first.exchange, async (caller) => {
      caller.onProgress?.({ progress: 1 })
      await caller.ask?.(QUESTION)
      caller.onProgress?.({ progress: 2, total: 2 })
      return success(answerOf('done'))
    })
    const second = reply(first, 'accept', { token: 'two' })
    await calls.goOn(second.exchange)
    const report = (params: object) => ({ method: 'notifications/progress', params })
    expect(first.notifications).toEqual([report({ progress: 1, progressToken: 'one' })])
    expect(second.notifications).toEqual([report({ progress: 2, total: 2, progressToken: 'two' })])
  })
})
