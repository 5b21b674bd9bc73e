import type { StreamEvent } from '@chaveiro/sdk'
import { describe, expect, test } from 'vitest'
import {
  EMPTY_TURN,
  missingConnection,
  placeOf,
  textOfMessage,
  turnOfMessage,
  withEvent,
  type CallPart,
  type Turn,
} from './turn.ts'

const turnOf = (events: readonly StreamEvent[], from: Turn = EMPTY_TURN) => events.reduce(withEvent, from)

const MODEL = { id: 'embedded/router-1', is_llm: false }
const OUTPUT = {
  text: '- Weekly',
  result: { results: [{ id: 'a' }] },
  connection: { id: 1, provider: 'acme', label: 'Aurora' },
  duration_ms: 24,
}
const START = { type: 'start', messageId: '2', messageMetadata: { agent_id: 1, thread_id: 7, run_id: 9, model: MODEL } }
const FINISH = {
  type: 'finish',
  messageMetadata: { model: MODEL, status: 'succeeded', usage: { total_tokens: 15 } },
}
const CALL = { toolCallId: 'c', toolName: 'acme_search' }
const ASKED = [
  START,
  { type: 'tool-input-start', ...CALL },
  { type: 'tool-input-available', ...CALL, input: { query: 'x' } },
]
const WAITS = [...ASKED, { type: 'tool-approval-request', approvalId: '3', toolCallId: 'c' }]

const callIn = (turn: Turn) => turn.parts.find((part): part is CallPart => part.kind === 'call')

describe('a turn that is heard live', () => {
  test('holds what was called, said and used', () => {
    const turn = turnOf([
      ...ASKED,
      { type: 'tool-output-available', toolCallId: 'c', output: OUTPUT },
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'Found ' },
      { type: 'text-delta', id: 't', delta: 'one.' },
      FINISH,
    ])
    expect(turn.parts).toEqual([
      {
        kind: 'call',
        id: 'c',
        tool: 'acme_search',
        input: { query: 'x' },
        state: 'succeeded',
        output: { text: '- Weekly', result: OUTPUT.result, connection: 'Aurora', milliseconds: 24, isEarlier: false },
        failure: null,
        approvalId: null,
      },
      { kind: 'text', id: 't', text: 'Found one.' },
    ])
    expect(turn).toMatchObject({ status: 'succeeded', model: { isLlm: false }, tokens: 15 })
  })

  test('waits for a decision, and goes on with it', () => {
    const waiting = turnOf(WAITS)
    expect(callIn(waiting)).toMatchObject({ state: 'waiting', approvalId: 3 })
    const response = { type: 'tool-approval-response', approvalId: '3' }
    expect(callIn(turnOf([START, { ...response, approved: true }], waiting))?.state).toBe('running')
    expect(callIn(turnOf([START, { ...response, approved: false }], waiting))?.state).toBe('denied')
    expect(turnOf([{ ...response, approvalId: '4', approved: true }], waiting)).toEqual(waiting)
  })

  test('names the connection that is missing, whichever event comes first', () => {
    const failed = {
      type: 'data-tool-failure',
      data: { tool_call_id: 'c', provider: 'acme', code: 'not_connected', detail: 'Connect first.' },
    }
    const error = { type: 'tool-output-error', toolCallId: 'c', errorText: 'not_connected: Connect first. http://x' }
    for (const order of [
      [failed, error],
      [error, failed],
    ]) {
      const turn = turnOf([...ASKED, ...order])
      expect(missingConnection(turn)?.failure).toEqual({
        code: 'not_connected',
        detail: 'Connect first.',
        provider: 'acme',
      })
    }
    expect(missingConnection(turnOf([...ASKED, error]))).toBeUndefined()
  })

  test('that is told anew from its start does not double its calls', () => {
    expect(turnOf(ASKED, turnOf(WAITS)).parts).toHaveLength(1)
  })

  test('is not changed by what is not known', () => {
    const turn = turnOf(WAITS)
    expect(withEvent(turn, { type: 'data-weather', data: 1 })).toBe(turn)
    expect(withEvent(turn, { type: 'constructor' })).toBe(turn)
  })
})

test('a call that the user wrote on past was not denied, and the turn not stopped', () => {
  const call = (id: string) => ({ type: 'tool-acme_search', toolCallId: id, input: {}, state: 'output-denied' })
  const metadata = { status: 'stopped', model: MODEL, left_open_calls: ['b'] }
  const turn = turnOfMessage({ parts: [call('a'), call('b')], metadata })
  expect(turn.status).toBe('left_open')
  expect(turn.parts).toMatchObject([{ state: 'denied' }, { state: 'left_open' }])
})

describe('a turn that was stored', () => {
  const stored = (part: object) =>
    turnOfMessage({ parts: [{ type: 'step-start' }, part], metadata: { status: 'waiting', model: MODEL } })
  const CALLED = { type: 'tool-acme_search', toolCallId: 'c', input: { query: 'x' } }

  test.each([
    [{ state: 'output-available', output: OUTPUT }, { state: 'succeeded' }],
    [
      { state: 'approval-requested', approval: { id: '3' } },
      { state: 'waiting', approvalId: 3 },
    ],
    [
      { state: 'output-denied', approval: { id: '3' } },
      { state: 'denied', approvalId: 3 },
    ],
    [
      { state: 'output-error', errorText: 'not_found: There is none.' },
      { state: 'failed', failure: { code: 'not_found', detail: 'There is none.', provider: null } },
    ],
    [
      { state: 'output-error', errorText: 'Broken' },
      { state: 'failed', failure: { code: 'internal_error', detail: 'Broken', provider: null } },
    ],
    [{ state: 'input-available' }, { state: 'running' }],
  ])('reads the call %j', (more, expected) => {
    const turn = stored({ ...CALLED, ...more })
    expect(callIn(turn)).toMatchObject({ tool: 'acme_search', ...expected })
    expect(turn.status).toBe('waiting')
  })

  test('is what it was when it was heard', () => {
    const live = turnOf([...ASKED, { type: 'tool-output-available', toolCallId: 'c', output: OUTPUT }])
    expect(callIn(stored({ ...CALLED, state: 'output-available', output: OUTPUT }))).toEqual(callIn(live))
  })

  test('of another shape shows what can be shown', () => {
    expect(turnOfMessage({ parts: [null, 3, { type: 'text' }], metadata: {} }).parts).toEqual([
      { kind: 'text', id: 'text-2', text: '' },
    ])
  })
})

test('the first event says where an answer belongs', () => {
  expect(placeOf(START)).toEqual({ messageId: 2, threadId: 7, runId: 9 })
  expect(placeOf(FINISH)).toBeNull()
  expect(placeOf({ type: 'start' })).toBeNull()
})

test('what a person wrote is its text', () => {
  expect(textOfMessage({ parts: [{ type: 'text', text: 'a' }, { type: 'file' }, { type: 'text', text: 'b' }] })).toBe(
    'a\nb',
  )
})
