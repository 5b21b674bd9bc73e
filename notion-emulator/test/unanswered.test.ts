import { describe, expect, it } from 'vitest'
import { NOBODY, raw, testEmulator } from './support/emulator.ts'

/** Agents and their sessions are a product of their own: without it, Notion does not know these addresses. */
const TARGETS = [
  'GET /v1/agents',
  'POST /v1/agents',
  'POST /v1/agents/query',
  `GET /v1/agents/${NOBODY}`,
  `DELETE /v1/agents/${NOBODY}`,
  `POST /v1/agents/${NOBODY}/chat`,
  `GET /v1/agents/${NOBODY}/threads`,
  `GET /v1/threads/${NOBODY}/messages`,
  'POST /v1/sessions',
  'POST /v1/sessions/query',
  `GET /v1/sessions/${NOBODY}`,
  `POST /v1/sessions/${NOBODY}/cancel`,
]

describe('agents and sessions', () => {
  const emulator = testEmulator('tenant-aurora')

  it.each(TARGETS)('are addresses that nobody knows: %s', (target) => {
    const { status, body } = raw(emulator, target, { body: target.startsWith('POST') ? {} : undefined })
    expect({ status, code: body['code'], message: body['message'] }).toEqual({
      status: 400,
      code: 'invalid_request_url',
      message: 'Invalid request URL.',
    })
  })
})
