import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FaultKind } from '@chaveiro/notion-emulator'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  createWholeApp,
  tenantKey,
  type Answer,
  type RequestOptions,
  type TestUser,
  type WholeApp,
} from '../support/whole-app.ts'

/** What bad input gets, over the whole server with the emulated Notion: a status, a stable code, and nothing lost. */
describe('bad input', () => {
  let database: TestDatabase
  let app: WholeApp
  let user: TestUser

  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    app = await createWholeApp(database)
    user = await app.signUp('Ana', 'ana@example.com')
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const ask = (method: string, path: string, options: RequestOptions = {}) =>
    app.request(method, path, { token: user.token, ...options })
  const connect = (body: unknown) => ask('POST', '/api/mcp/notion/connect', { body })
  const connections = async () => (await ask('GET', '/api/mcp/connections')).json()['connections'] as unknown[]

  function expectProblem(answer: Answer, status: number, code: string, more: Record<string, unknown> = {}): void {
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.json()).toMatchObject({
      status,
      code,
      detail: expect.any(String),
      request_id: expect.any(String),
      ...more,
    })
    expect(answer.status).toBe(status)
  }

  /** A body that is not what JSON.stringify makes. */
  async function send(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
    return app.house.app.request(`http://localhost:8001${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', ...headers },
      body,
    })
  }

  describe('connect', () => {
    beforeEach(async () => {
      app.emulator.control.clearFaults()
      await ask('DELETE', '/api/mcp/notion/disconnect')
    })

    it.each([
      ['no key', {}],
      ['a blank key', { api_key: '   ' }],
      ['a number', { api_key: 7 }],
      ['null', { api_key: null }],
      ['an object', { api_key: { $ne: '' } }],
    ])('answers %s with 400 and names the field', async (_name, body) => {
      expectProblem(await connect(body), 400, 'invalid_request', { path: 'api_key' })
      expect(await connections()).toEqual([])
    })

    it('answers a key that Notion refuses with 422, and leaves an older connection working', async () => {
      expectProblem(await connect({ api_key: 'ntn_nobody_knows_this' }), 422, 'credential_rejected')
      expect(await connections()).toEqual([])
      await connect({ api_key: tenantKey(app.emulator, 'Estúdio Aurora') })
      expectProblem(await connect({ api_key: 'ntn_nobody_knows_this' }), 422, 'credential_rejected')
      const answer = await ask('POST', '/api/tools/notion_search_pages/call', {
        body: { arguments: { query: 'Wi-Fi' } },
      })
      expect(answer.status).toBe(200)
    })

    it.each<[string, FaultKind]>([
      ['500', { type: 'internal_server_error' }],
      ['529', { type: 'service_overload' }],
      ['a page instead of JSON', { type: 'html_forbidden' }],
      ['half of an answer', { type: 'truncated_json' }],
      ['a broken connection', { type: 'connection_reset' }],
    ])('answers a Notion that fails (%s) with 503, and stores nothing', async (_name, fault) => {
      app.emulator.control.injectFault({ fault, match: { pathIncludes: '/users/me' }, times: 10 })
      expectProblem(await connect({ api_key: tenantKey(app.emulator, 'Estúdio Aurora') }), 503, 'provider_unavailable')
      expect(await connections()).toEqual([])
    })

    it('answers an unknown provider with 404', async () => {
      expectProblem(await ask('POST', '/api/mcp/nothing/connect', { body: { api_key: 'x' } }), 404, 'not_found')
    })

    it('answers an unknown field with 400 and its path', async () => {
      const body = { api_key: 'ntn_x', user_id: 1 }
      expectProblem(await connect(body), 400, 'invalid_request', { path: 'user_id' })
    })
  })

  describe('bodies', () => {
    it.each([
      ['broken JSON', '{"name": ', 400, 'invalid_json'],
      ['an array', '[]', 400, 'invalid_request'],
      ['a deep one', `{"name":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'invalid_request'],
      ['a member twice', '{"name":"a","name":"b","tools":[]}', 400, 'invalid_request'],
      ['a prototype', '{"__proto__":{"role":"owner"},"name":"a","tools":[]}', 400, 'invalid_request'],
      ['more than a megabyte', `{"name":"${'x'.repeat(1_100_000)}","tools":[]}`, 413, 'body_too_large'],
    ])('answers %s in words', async (_name, body, status, code) => {
      const response = await send('/api/agents', body)
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code])
    })

    it('takes a request that announces JSON and sends none, as many clients do', async () => {
      const headers = { 'content-type': 'application/json' }
      expectProblem(await ask('DELETE', '/api/agents/999999', { headers }), 404, 'not_found')
      expect((await ask('POST', '/api/auth/sign-out', { token: 'none', headers })).status).not.toBe(500)
    })

    it('takes nothing but JSON', async () => {
      const response = await send('/api/agents', 'name=a', { 'content-type': 'application/x-www-form-urlencoded' })
      expect(response.status).toBe(415)
    })

    it('refuses unknown fields with their path', async () => {
      const answer = await ask('POST', '/api/agents', { body: { name: 'a', tools: [], owner_id: 1 } })
      expectProblem(answer, 400, 'invalid_request', { path: 'owner_id' })
    })

    it('names the closest tool for an unknown one', async () => {
      const answer = await ask('POST', '/api/agents', { body: { name: 'a', tools: ['notion_serch_pages'] } })
      expectProblem(answer, 400, 'invalid_request', { detail: expect.stringContaining('notion_search_pages') })
    })
  })

  it.each([
    ['GET', '/api/agents/999999'],
    ['GET', '/api/threads/999999'],
    ['GET', '/api/runs/999999'],
    ['GET', '/api/mcp/connections/999999'],
    ['GET', '/api/mcp/nothing/status'],
    ['DELETE', '/api/mcp/notion/disconnect'],
    ['GET', '/api/nothing'],
  ])('answers %s %s with 404', async (method, path) => {
    expectProblem(await ask(method, path), 404, 'not_found')
  })

  it.each([
    ['GET', '/api/mcp/connections/99999999999'],
    ['GET', '/api/agents/99999999999'],
    ['GET', '/api/activity?provider=%00'],
    ['GET', '/api/activity?cursor=1e400'],
    ['GET', '/api/admin/denials?cursor=9999999999999999999999'],
    ['GET', '/api/threads?limit=99999999999'],
  ])('refuses %s %s instead of asking the database', async (method, path) => {
    expect((await ask(method, path)).status).toBeGreaterThanOrEqual(400)
    expect((await ask(method, path)).status).toBeLessThan(500)
  })

  it.each(['application/vnd.api_1+json', 'multipart/form-data', 'application/json; charset=utf-16'])(
    'never answers a body of type %s with a 500',
    async (type) => {
      for (const path of ['/api/auth/sign-in/email', '/api/agents']) {
        const response = await send(path, '{}', { 'content-type': type })
        expect([400, 415]).toContain(response.status)
      }
    },
  )

  it('keeps exports and imports from an administrator who does not own the instance', async () => {
    const admin = await app.signUp('Admin', 'admin@example.com')
    await ask('PATCH', `/api/admin/users/${admin.id}`, { body: { role: 'admin' } })
    const body = { email: admin.email, password: admin.password }
    const { token } = (await app.request('POST', '/api/auth/sign-in/email', { body })).json() as { token: string }
    expect((await app.request('GET', '/api/admin/keys', { token })).status).toBe(200)
    expectProblem(await app.request('GET', '/api/admin/connections/export', { token }), 403, 'forbidden')
    expect((await ask('GET', '/api/admin/connections/export')).status).toBe(200)
  })

  it.each([
    ['another host', { host: 'evil.example' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
  ])('does not answer under %s', async (_name, headers) => {
    expectProblem(await ask('GET', '/api/me', { headers }), 403, 'forbidden')
  })

  it('goes on answering after all of this', async () => {
    expect((await ask('GET', '/api/me')).status).toBe(200)
    expect(app.logLines.filter((line) => line.includes('A request failed unexpectedly'))).toEqual([])
  })
})
