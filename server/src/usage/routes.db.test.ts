import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

/** What the routes of activity and usage take and refuse, and that what was just done is part of their answers. */

let database: TestDatabase
let app: WholeApp
let user: TestUser

beforeAll(async () => {
  database = await openTestDatabase('pglite')
  app = await createWholeApp(database)
  user = await app.signUp('Ana', 'ana@example.com')
  const body = { api_key: tenantKey(app.emulator, 'Estúdio Aurora') }
  await app.request('POST', '/api/mcp/notion/connect', { token: user.token, body })
})
afterAll(async () => {
  await app.close()
  await database.close()
})

const get = (path: string) => app.request('GET', path, { token: user.token })

async function call(token: string): Promise<void> {
  const body = { arguments: { query: 'Wi-Fi' } }
  const answer = await app.request('POST', '/api/tools/notion_search_pages/call', { token, body })
  expect(answer.status).toBe(200)
}

describe('a call', () => {
  it('is counted and shown at once, under the token that made it', async () => {
    const made = await app.request('POST', '/api/tokens', { token: user.token, body: { name: 'ci' } })
    const { id, token } = made.json() as { id: number; token: string }
    await call(token)
    const usage = (await get('/api/usage?by=client')).json()
    expect(usage['groups']).toMatchObject([{ key: `api_token:${id}`, calls: 1, errors: 0 }])
    expect(usage['buckets']).toHaveLength(8)
    const one = await get(`/api/usage?via=api_token&via_id=${id}&tool=notion_search_pages&provider=notion`)
    expect(one.json()['totals']).toMatchObject({ calls: 1, runs: null })
    const events = (await get(`/api/activity?via=api_token&via_id=${id}&except=credential.used`)).json()
    expect(events['events']).toMatchObject([{ type: 'tool.called', actor: { via_id: String(id) } }])
  })

  it('is in the file that its filters lead to', async () => {
    const csv = await get('/api/activity/export?format=csv&tool=notion_search_pages&type=tool.called')
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="chaveiro-activity.csv"')
    expect(csv.headers.get('cache-control')).toBe('no-store')
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(2)
    const json = (await get('/api/activity/export?type=tool.called,connection.created')).json()
    expect(json['events']).toMatchObject([{ type: 'tool.called' }, { type: 'connection.created' }])
  })
})

describe('what is asked for', () => {
  it('is seven days in days, or three in hours, and says so', async () => {
    expect((await get('/api/usage')).json()).toMatchObject({ interval: 'day', time_zone: 'UTC', by: 'provider' })
    const range = 'from=2026-11-20T00:00:00Z&to=2026-11-23T00:00:00-00:00'
    const usage = (await get(`/api/usage?${range}&time_zone=America/Sao_Paulo&by=tool`)).json()
    expect(usage).toMatchObject({ from: '2026-11-20T00:00:00.000Z', interval: 'hour', time_zone: 'America/Sao_Paulo' })
    expect(usage['buckets']).toHaveLength(72)
  })

  it.each([
    ['/api/usage?time_zone=Nowhere/Atlantis', 'time_zone'],
    ['/api/usage?time_zone=%2B03:00', 'time_zone'],
    ['/api/usage?from=2026-11-20T00:00:00Z&to=2026-11-20T00:00:00Z', 'to'],
    ['/api/usage?from=2024-11-20T00:00:00Z&to=2026-11-20T00:00:00Z', 'from'],
    ['/api/usage?from=2026-09-20T00:00:00Z&to=2026-11-20T00:00:00Z&interval=hour', 'from'],
    ['/api/usage?from=2026-11-20', 'from'],
    ['/api/usage?by=user', 'by'],
    ['/api/usage?via_id=1', 'via_id'],
    ['/api/usage?agent_id=99999999999', 'agent_id'],
    ['/api/usage?user_id=2', 'user_id'],
    ['/api/activity?type=tool.called,nothing', 'type.1'],
    ['/api/activity?except=', 'except.0'],
    ['/api/activity?to=yesterday', 'to'],
    ['/api/activity?via_id=1', 'via_id'],
    ['/api/activity?user_id=2', 'user_id'],
    ['/api/activity/export?format=xlsx', 'format'],
    ['/api/activity/export?limit=5', 'limit'],
  ])('is refused with the place of the fault: %s', async (path, fault) => {
    const answer = await get(path)
    expect([answer.status, answer.json()]).toMatchObject([400, { code: 'invalid_request', path: fault }])
  })

  it.each(['/api/usage', '/api/activity', '/api/activity/export'])('needs its scope: %s', async (path) => {
    const body = { name: 'chat', scopes: ['chat'] }
    const { token } = (await app.request('POST', '/api/tokens', { token: user.token, body })).json()
    const answer = await app.request('GET', path, { token: String(token) })
    expect([answer.status, answer.json()]).toMatchObject([403, { code: 'insufficient_scope' }])
  })
})
