import { afterAll, beforeAll, expect, it } from 'vitest'
import { letIn, registerTestClient, type TestClient } from '#test/support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, type Answer, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

describeOnEachEngine('an access token of a client', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let client: TestClient
  let ana: TestUser
  let token = ''
  let refreshToken = ''
  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    client = await registerTestClient(app)
    const tokens = await letIn(app, ana, client)
    token = String(tokens['access_token'])
    refreshToken = String(tokens['refresh_token'])
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const ask = (path: string): Promise<Answer> => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    return app.request('POST', path, { token, body, headers: { accept: 'application/json, text/event-stream' } })
  }

  it('is let in at /mcp and what lies below it', async () => {
    for (const path of ['/mcp', '/mcp/notion']) expect((await ask(path)).status).not.toBe(401)
  })

  it.each([
    '/api/me',
    '/api/tools',
    '/api/tokens',
    '/api/clients',
    '/api/mcp/connections',
    '/api/agents',
    '/api/activity',
  ])('is no key to the API: %s', async (path) => {
    const answer = await app.request('GET', path, { token })
    expect([answer.status, answer.json()['code']]).toEqual([401, 'invalid_token'])
    expect(answer.text).toContain('/mcp')
  })

  it('is refused with the true reason, and recorded for its user', async () => {
    const recorded = await database.asOwner(
      `select details from audit_events where user_id = ${ana.id} and type = 'token.rejected'`,
    )
    expect(recorded).toContainEqual({ details: { reason: 'invalid_token', fingerprint: expect.any(String) } })
    expect(JSON.stringify(recorded)).not.toContain(token)
  })

  it('nor is a refresh token, anywhere', async () => {
    for (const path of ['/api/me', '/mcp']) {
      const answer = await app.request('GET', path, { token: refreshToken })
      expect(answer.status === 401 || answer.status === 405).toBe(true)
    }
    expect((await app.request('GET', '/api/me', { token: refreshToken })).status).toBe(401)
  })

  it('ends with its user: suspended, then deleted', async () => {
    await database.asOwner(`update users set banned = true where id = ${ana.id}`)
    await expect.poll(async () => (await ask('/mcp')).status, { timeout: 1_000, interval: 20 }).toBe(401)
    await database.asOwner(`update users set banned = false where id = ${ana.id}`)
    await expect.poll(async () => (await ask('/mcp')).status, { timeout: 1_000, interval: 20 }).not.toBe(401)
    await database.asOwner(`delete from users where id = ${ana.id}`)
    await expect.poll(async () => (await ask('/mcp')).status, { timeout: 1_000, interval: 20 }).toBe(401)
    expect(await database.asOwner('select 1 from oauth_grants')).toEqual([])
  })
})
