import { describe, expect, it } from 'vitest'
import type { ActivityEvent } from '@chaveiro/sdk'
import { toldEvent } from './events.ts'
import type { Names } from './names.ts'

const names: Names = {
  agent: (id) => `agent ${id}`,
  tool: (name) => `tool ${name}`,
  provider: (id) => `provider ${id}`,
  client: (key) => `client ${key}`,
  choices: { agent: [], client: [], provider: [], tool: [] },
}

const EVENT: ActivityEvent = {
  id: 1,
  type: 'tool.called',
  outcome: 'failure',
  actor: { kind: 'user', via: 'session', via_id: '3' },
  target: {},
  details: {},
  request_id: null,
  at: '2026-11-22T12:00:00.000Z',
}

const told = (event: Partial<ActivityEvent>) => toldEvent({ ...EVENT, ...event }, names, (key) => key)

describe('an event', () => {
  it('says who acted', () => {
    const actors = [
      { kind: 'agent', agent_id: 4, via: 'session', via_id: '3' },
      { kind: 'user', via: 'oauth_client', via_id: '7' },
      { kind: 'user', via: 'api_token', via_id: '7' },
      { kind: 'user', via: 'session', via_id: '3' },
      { kind: 'user', address: '203.0.113.7' },
      { kind: 'system' },
    ].map((actor) => told({ actor }).actor)
    expect(actors).toEqual([
      'agent 4',
      'client oauth_client:7',
      'client api_token:7',
      'actor.you',
      'actor.you',
      'actor.other',
    ])
  })

  it('says what was done to what', () => {
    const target = { kind: 'connection', id: 2, label: 'Aurora', provider: 'example' }
    const { action, target: parts } = told({ target, details: { tool: 'read' } })
    expect([action, parts]).toEqual(['event.tool.called', ['tool read', 'Aurora', 'provider example']])
    expect(told({ type: 'agent.created', target: { kind: 'agent', id: 4 } }).target).toEqual(['agent 4'])
    expect(told({ type: 'of.tomorrow', target: { label: 3, name: '' } })).toMatchObject({
      action: 'of.tomorrow',
      target: [],
    })
  })

  it('says how it ended, and what belongs to it', () => {
    const event = told({
      actor: { kind: 'agent', agent_id: 4, via: 'session', via_id: '3', address: '203.0.113.7' },
      target: { kind: 'approval', id: 9 },
      details: { code: 'not_found', duration_ms: 41, run_id: 5 },
    })
    expect(event).toMatchObject({ code: 'not_found', durationMs: 41, runId: 5, approvalId: 9, via: 'client session' })
    expect(event.address).toBe('203.0.113.7')
    expect(told({ details: { code: 3, run_id: 'x' } })).toMatchObject({ code: undefined, runId: undefined })
  })
})
