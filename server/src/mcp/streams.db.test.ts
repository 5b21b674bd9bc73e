import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { connectMcpClient } from '#test/support/mcp-client.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

/** What stays open between two requests: who hears of a change, and whose stream ends. */
describeOnEachEngine('streams of the MCP endpoint', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
  })

  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function setPolicy(user: TestUser, tool: string, decision: string | null): Promise<void> {
    const answer = await app.request('PUT', `/api/tools/${tool}/policy`, { token: user.token, body: { decision } })
    expect(answer.status).toBe(200)
  }

  async function listeningClient(user: TestUser, era: 'legacy' | 'modern') {
    let changes = 0
    const client = await connectMcpClient(app, { token: user.token, era })
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      changes += 1
    })
    if (era === 'modern') await client.listen({ toolsListChanged: true })
    return { client, changes: () => changes }
  }

  describe.each(['legacy', 'modern'] as const)('%s', (era) => {
    it('tell a user that their tools have changed, and nobody else', async () => {
      const [of, from] = [await listeningClient(ana, era), await listeningClient(bruno, era)]
      await setPolicy(ana, 'notion_delete_block', 'deny')
      await vi.waitFor(() => expect(of.changes()).toBeGreaterThan(0), { timeout: 5_000 })
      expect(await namesOf(of.client)).not.toContain('notion_delete_block')
      expect(await namesOf(from.client)).toContain('notion_delete_block')
      await setPolicy(bruno, 'notion_update_block', 'deny')
      await vi.waitFor(() => expect(from.changes()).toBe(1), { timeout: 5_000 })
      await setPolicy(ana, 'notion_delete_block', null)
      await setPolicy(bruno, 'notion_update_block', null)
      await Promise.all([of.client.close(), from.client.close()])
    })
  })

  it('tell a user that a service was connected, whose tools alone are listed from then on', async () => {
    const carla = await app.signUp('Carla', 'carla@example.com')
    const [of, from] = [await listeningClient(carla, 'modern'), await listeningClient(bruno, 'modern')]
    const providersOf = async () => new Set((await namesOf(of.client)).map((name) => name.split('_')[0]))
    expect((await providersOf()).size).toBeGreaterThan(1)
    const body = { api_key: tenantKey(app.emulator, 'Estúdio Aurora') }
    await app.request('POST', '/api/mcp/notion/connect', { token: carla.token, body })
    await vi.waitFor(() => expect(of.changes()).toBeGreaterThan(0), { timeout: 5_000 })
    expect(await providersOf()).toEqual(new Set(['notion']))
    expect(from.changes()).toBe(0)
    await Promise.all([of.client.close(), from.client.close()])
  })

  it('end at once where the token is revoked, and leave those of others open', async () => {
    const made = await app.request('POST', '/api/tokens', { token: ana.token, body: { name: 'to be revoked' } })
    const { id, token } = made.json() as { id: number; token: string }
    const open = await listen(app, token)
    const other = await listen(app, bruno.token)
    await app.request('DELETE', `/api/tokens/${id}`, { token: ana.token })
    await expect(open.ended).resolves.toBe('ended')
    expect(other.isOpen()).toBe(true)
    await other.cancel()
  })

  it('end where a person who is signed in signs out', async () => {
    const body = { email: ana.email, password: ana.password }
    const signedIn = await app.request('POST', '/api/auth/sign-in/email', { body })
    const { token } = signedIn.json() as { token: string }
    const open = await listen(app, token)
    const other = await listen(app, ana.token)
    expect((await app.request('POST', '/api/auth/sign-out', { token })).status).toBe(200)
    await expect(open.ended).resolves.toBe('ended')
    expect(other.isOpen()).toBe(true)
    await other.cancel()
  })

  it('are bounded for each user', async () => {
    const streams = []
    const most = 20
    for (let count = 0; count < most; count += 1) streams.push(await listen(app, ana.token))
    const refused = await listenRequest(app, ana.token)
    expect(await refused.json()).toMatchObject({ error: { code: -32_603 } })
    const others = await listen(app, bruno.token)
    expect(others.isOpen()).toBe(true)
    await Promise.all([...streams, others].map((stream) => stream.cancel()))
  })
})

async function namesOf(client: Client): Promise<string[]> {
  return (await client.listTools()).tools.map(({ name }) => name)
}

async function listenRequest(app: WholeApp, token: string): Promise<Response> {
  const method = 'subscriptions/listen'
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return app.house.app.request('http://localhost:8001/mcp', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: { notifications: { toolsListChanged: true }, _meta },
    }),
  })
}

async function listen(app: WholeApp, token: string) {
  const response = await listenRequest(app, token)
  const reader = response.body?.getReader()
  if (reader === undefined) throw new Error('there is no stream')
  let isOpen = true
  const ended = (async () => {
    for (;;) {
      const { done } = await reader.read()
      if (done) break
    }
    isOpen = false
    return 'ended'
  })()
  return { ended, isOpen: () => isOpen, cancel: async () => reader.cancel() }
}
