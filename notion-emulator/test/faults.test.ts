import { APIResponseError, Client, UnknownHTTPResponseError } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, FaultKind } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, clientOf, paragraph, raw, testEmulator, title } from './support/emulator.ts'

describe('injected faults', () => {
  let emulator: Emulator
  let notion: Client

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
    notion = clientOf(emulator, AURORA_BOT)
  })

  async function failure(fault: FaultKind, act: () => Promise<unknown> = () => notion.users.me({})): Promise<unknown> {
    emulator.control.injectFault({ fault })
    return act().then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  it('429 with a time to wait', async () => {
    const error = await failure({ type: 'rate_limited', retryAfterSeconds: 7 })
    expect(error).toBeInstanceOf(APIResponseError)
    const { code, status, headers, additional_data: additional } = error as APIResponseError
    expect([code, status, (headers as Headers).get('retry-after')]).toEqual(['rate_limited', 429, '7'])
    expect(additional).toEqual({ rate_limit_reason: 'public_api_request_rate_limit', retry_after: '7' })
  })

  it('429 without one', async () => {
    const error = await failure({ type: 'rate_limited', retryAfterSeconds: null, reason: 'public_api_request_blocked' })
    expect((error as APIResponseError).headers).toBeInstanceOf(Headers)
    expect(((error as APIResponseError).headers as Headers).has('retry-after')).toBe(false)
    expect((error as APIResponseError).additional_data).toEqual({ rate_limit_reason: 'public_api_request_blocked' })
  })

  it('529', async () => {
    expect(await failure({ type: 'service_overload' })).toMatchObject({ status: 529, code: 'service_overload' })
  })

  it('500, with nothing written', async () => {
    const error = await failure({ type: 'internal_server_error' }, () =>
      notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Zebra') } }),
    )
    expect(error).toMatchObject({ status: 500, code: 'internal_server_error' })
    expect((await notion.search({ query: 'Zebra' })).results).toEqual([])
  })

  it('503 although the write was saved, naming what was saved', async () => {
    const error = await failure({ type: 'unavailable_after_commit' }, () =>
      notion.blocks.children.append({ block_id: AURORA_HOME, children: [paragraph('saved')] }),
    )
    expect(error).toMatchObject({ status: 503, code: 'service_unavailable' })
    const { committed_child_ids: ids } = (error as APIResponseError).additional_data as {
      committed_child_ids: string[]
    }
    expect(await notion.blocks.retrieve({ block_id: ids[0] ?? '' })).toMatchObject({ type: 'paragraph' })
  })

  it('half an answer', async () => {
    const error = await failure({ type: 'truncated_json' })
    expect(error).toBeInstanceOf(SyntaxError)
  })

  it('a page of the proxy instead of an answer', async () => {
    const error = await failure({ type: 'html_forbidden' })
    expect(error).toBeInstanceOf(UnknownHTTPResponseError)
    expect((error as UnknownHTTPResponseError).body).toMatch(/^<!DOCTYPE html>/)
    expect(((error as UnknownHTTPResponseError).headers as Headers).get('cf-ray')).toMatch(/^[0-9a-f]{16}-/)
  })

  it('an answer that comes late, and can be given up', async () => {
    emulator.control.injectFault({ fault: { type: 'slow', delayMs: 60_000 } })
    const signal = AbortSignal.timeout(1)
    await expect(emulator.fetch('https://api.notion.com/v1/users/me', { signal })).rejects.toThrow(/aborted/)
  })

  it.each([true, false])('a connection that breaks, with the write done: %s', async (afterCommit) => {
    const error = await failure({ type: 'connection_reset', afterCommit }, () =>
      notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Zebra') } }),
    )
    expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed' })
    expect((await notion.search({ query: 'Zebra' })).results).toHaveLength(afterCommit ? 1 : 0)
  })

  it.each([
    ['conflict_error', 409],
    ['row_limit_exceeded', 409],
    ['internal_server_error', 500],
    ['bad_gateway', 502],
    ['service_unavailable', 503],
    ['database_connection_unavailable', 503],
    ['gateway_timeout', 504],
    ['unauthorized', 401],
    ['restricted_resource', 403],
  ] as const)('the error %s, with the status %i', (code, status) => {
    emulator.control.injectFault({ fault: { type: 'error', code } })
    const { body, headers } = raw(emulator, 'GET /v1/users/me')
    expect(Object.keys(body)).toEqual(['object', 'status', 'code', 'message', 'request_id'])
    expect(body).toMatchObject({ object: 'error', status, code, request_id: headers['x-notion-request-id'] })
  })

  it('an error in words and with details of its own, before or after the write', async () => {
    const create = () =>
      notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Zebra') } })
    const additionalData = { retry_after: '3', hint: 'x' }
    const fault = { type: 'error', code: 'gateway_timeout', message: 'Too late.', additionalData } as const
    expect(await failure(fault, create)).toMatchObject({ status: 504, message: 'Too late.' })
    expect((await notion.search({ query: 'Zebra' })).results).toEqual([])
    await failure({ ...fault, afterCommit: true }, create)
    expect((await notion.search({ query: 'Zebra' })).results).toHaveLength(1)
    emulator.control.injectFault({ fault })
    const { body, headers } = raw(emulator, 'GET /v1/users/me')
    expect([body['additional_data'], headers['retry-after']]).toEqual([additionalData, '3'])
  })

  it('503 only after what was saved: a request that is refused is refused as ever', () => {
    emulator.control.injectFault({ fault: { type: 'unavailable_after_commit' } })
    expect(raw(emulator, 'POST /v1/pages', { body: { parent: {} } }).status).toBe(400)
  })

  it.each([
    [{ fault: { type: 'flood' } }, 'body.fault.type'],
    [{ fault: { type: 'slow' } }, 'body.fault.delayMs'],
    [{ fault: { type: 'error', code: 'tired' } }, 'body.fault.code'],
    [{ fault: { type: 'internal_server_error', times: 2 } }, 'body.fault.times'],
    [{ match: { path: '/x' }, fault: { type: 'internal_server_error' } }, 'body.match.path'],
    [{ times: -1, fault: { type: 'internal_server_error' } }, 'body.times'],
  ])('are refused where they are none: %j', (fault, path) => {
    expect(() => emulator.control.injectFault(fault as never)).toThrow(path)
    expect(raw(emulator, 'GET /v1/users/me').status).toBe(200)
  })

  it('any other answer', () => {
    emulator.control.injectFault({ fault: { type: 'status', status: 409, body: { code: 'conflict_error' } } })
    const { status, body } = raw(emulator, 'GET /v1/users/me')
    expect([status, body['code']]).toEqual([409, 'conflict_error'])
  })

  it('strike only what they match, as often as they were told, after as many as they let pass', () => {
    const match = { method: 'GET', pathIncludes: '/users', botId: AURORA_BOT }
    emulator.control.injectFault({ match, times: 2, after: 1, fault: { type: 'internal_server_error' } })
    expect(raw(emulator, 'POST /v1/search', { body: {} }).status).toBe(200)
    const statuses = Array.from({ length: 5 }, () => raw(emulator, 'GET /v1/users/me').status)
    expect(statuses).toEqual([200, 500, 500, 200, 200])
  })

  it('can be taken back', () => {
    emulator.control.injectFault({ fault: { type: 'internal_server_error' }, times: 10 })
    emulator.control.clearFaults()
    expect(raw(emulator, 'GET /v1/users/me').status).toBe(200)
  })

  it('are what the official client retries: a read that fails twice succeeds', async () => {
    const auth = emulator.control.mintToken(AURORA_BOT)
    const retry = { maxRetries: 2, initialRetryDelayMs: 1, maxRetryDelayMs: 2 }
    const patient = new Client({ auth, notionVersion: '2026-03-11', fetch: emulator.fetch, retry, logger: () => {} })
    emulator.control.injectFault({ times: 2, fault: { type: 'internal_server_error' } })
    expect(await patient.users.me({})).toMatchObject({ id: AURORA_BOT })
    expect(emulator.control.requests().map((entry) => entry.status)).toEqual([500, 500, 200])
  })
})
