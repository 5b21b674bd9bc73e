import type { UIMessage } from 'ai'
import { describe, expect, it } from 'vitest'
import type { RunRow } from '#agents/runs/run.ts'
import { chatAnswer } from './chat-answer.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const RUN: RunRow = {
  user_id: 1,
  id: 3,
  thread_id: 2,
  agent_id: 4,
  status: 'succeeded',
  model: 'scripted/one',
  is_llm: true,
  attempt: 1,
  steps: 1,
  input_tokens: 10,
  output_tokens: 5,
  cost_usd: null,
  error_code: null,
  error_detail: null,
  stop_requested_at: null,
  heartbeat_at: NOW,
  started_at: NOW,
  finished_at: NOW,
}

function answerOf(parts: unknown[], run: Partial<RunRow> = {}) {
  const message = { id: '9', role: 'assistant', parts } as UIMessage
  return chatAnswer({ ...RUN, ...run }, message, [], NOW)
}

const call = (more: Record<string, unknown>) => ({ type: 'tool-acme_read', toolCallId: 'c', input: { id: 1 }, ...more })

describe('the answer of a chat', () => {
  it('is what was said last, and what it cost', () => {
    const parts = [
      { type: 'step-start' },
      { type: 'text', text: 'Let me see.' },
      { type: 'step-start' },
      { type: 'text', text: 'It is ' },
      { type: 'text', text: 'there.' },
    ]
    expect(answerOf(parts)).toEqual({
      agent_id: 4,
      thread_id: 2,
      run_id: 3,
      status: 'succeeded',
      message: 'It is there.',
      tool_calls: [],
      model: { id: 'scripted/one', is_llm: true },
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15, cost_usd: null },
    })
  })

  it('falls back on an earlier step where the last one said nothing', () => {
    const parts = [{ type: 'step-start' }, { type: 'text', text: 'I will.' }, { type: 'step-start' }]
    expect(answerOf(parts).message).toBe('I will.')
    expect(answerOf([]).message).toBe('')
  })

  it.each([
    [{ state: 'output-available', output: { result: [1], duration_ms: 4 } }, 'succeeded', [1], 4],
    [
      { state: 'output-error', errorText: 'not_found: Gone: for good.' },
      'failed',
      { code: 'not_found', detail: 'Gone: for good.' },
      null,
    ],
    [
      { state: 'output-error', errorText: 'Something else' },
      'failed',
      { code: 'internal_error', detail: 'Something else' },
      null,
    ],
    [{ state: 'output-denied' }, 'denied', null, null],
    [{ state: 'approval-requested', approval: { id: '1' } }, 'waiting', null, null],
    [{ state: 'input-available' }, 'failed', null, null],
  ])('shows a call in state %j', (part, status, result, duration) => {
    expect(answerOf([call(part)]).tool_calls).toEqual([
      { id: 'c', name: 'acme_read', arguments: { id: 1 }, status, result, duration_ms: duration },
    ])
  })

  it('names every call that failed with its code, although the run as a whole succeeded', () => {
    const parts = [
      call({ state: 'output-error', errorText: 'not_found: Gone.' }),
      call({ toolCallId: 'd', state: 'output-available', output: { result: 1, duration_ms: 2 } }),
      call({ toolCallId: 'e', state: 'output-denied' }),
    ]
    const answer = answerOf(parts)
    expect([answer.status, answer.failed_tools]).toEqual([
      'succeeded',
      [{ id: 'c', name: 'acme_read', code: 'not_found', detail: 'Gone.' }],
    ])
    expect(answerOf(parts.slice(1))).not.toHaveProperty('failed_tools')
    expect(answerOf(parts)).not.toHaveProperty('missing_tools')
  })

  it('names what is not connected, once, with the link', () => {
    const failed = {
      tool_call_id: 'c',
      tool: 'acme_read',
      provider: 'acme',
      code: 'reauthorize',
      detail: 'Connect again.',
      duration_ms: 2,
      connect_url: 'https://chaveiro.example/c',
    }
    const parts = [
      call({ state: 'output-error', errorText: 'reauthorize: Connect again. https://chaveiro.example/c' }),
      { type: 'data-tool-failure', id: 'c', data: failed },
    ]
    expect(answerOf(parts)).toMatchObject({
      code: 'reauthorize',
      provider: 'acme',
      connect_url: 'https://chaveiro.example/c',
      tool_calls: [{ status: 'failed', result: { code: 'reauthorize', detail: 'Connect again.' }, duration_ms: 2 }],
    })
  })

  it('says at which limit the run ended', () => {
    const run = { status: 'failed', error_code: 'step_limit', error_detail: 'Eight steps.' } as const
    expect(answerOf([], run)).toMatchObject({ status: 'failed', error: { code: 'step_limit', detail: 'Eight steps.' } })
  })
})
