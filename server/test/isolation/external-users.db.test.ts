import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { connectMcpClient } from '../support/mcp-client.ts'
import { startIssuer, TEST_AUDIENCE, type RunningIssuer } from '../support/trusted-issuer.ts'
import { createWholeApp, tenantKey, type WholeApp } from '../support/whole-app.ts'

/**
 * A product brings its own users: two issuers on real sockets that call their user by the same subject, each with a
 * workspace of the same titles. Whatever a token reaches, it is its own user's.
 */

const CALLS = 100
const GREETING = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }

describeOnEachEngine('users that issuers bring', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let issuers: RunningIssuer[]
  let names: string[]

  beforeAll(async () => {
    database = await open()
    issuers = [await startIssuer(), await startIssuer({ algorithm: 'RS256' })]
    app = await createWholeApp(database, {
      CHAVEIRO_TRUSTED_ISSUERS: JSON.stringify(issuers.map(({ issuer }) => ({ issuer, audience: TEST_AUDIENCE }))),
    })
    names = ['Estúdio Aurora', 'Boreal Advocacia']
    for (const [index, name] of names.entries()) {
      const body = { api_key: tenantKey(app.emulator, name) }
      const connected = await app.request('POST', '/api/mcp/notion/connect', { token: await tokenOf(index), body })
      expect(connected.status).toBe(200)
    }
  })
  afterAll(async () => {
    await app.close()
    await Promise.all(issuers.map((issuer) => issuer[Symbol.asyncDispose]()))
    await database.close()
  })

  const tokenOf = async (index: number, claims: Record<string, unknown> = {}): Promise<string> => {
    const issuer = issuers[index]
    if (issuer === undefined) throw new TypeError('no such issuer')
    return issuer.mint({ sub: 'ana', email: 'ana@example.com', ...claims })
  }
  const workspaceOver = async (path: 'api' | 'legacy' | 'modern', token: string): Promise<string> => {
    if (path === 'api') {
      const called = await app.request('POST', '/api/tools/notion_get_bot_user/call', {
        token,
        body: { arguments: {} },
      })
      return called.text
    }
    const client = await connectMcpClient(app, { token, era: path })
    const answer = await client.callTool({ name: 'notion_get_bot_user', arguments: {} })
    await client.close()
    return JSON.stringify(answer)
  }

  it.each(['api', 'legacy', 'modern'] as const)('reach their own workspace, and no other (%s)', async (path) => {
    const answers = await Promise.all([0, 1].map(async (index) => workspaceOver(path, await tokenOf(index))))
    for (const [index, answer] of answers.entries()) {
      expect(answer).toContain(names[index])
      expect(answer).not.toContain(names[1 - index])
    }
  })

  it('are not mixed up by many calls at once', async () => {
    const tokens = await Promise.all([tokenOf(0), tokenOf(1)])
    for (let round = 0; round < CALLS / 4; round += 1) {
      const answers = await Promise.all([0, 1, 0, 1].map((index) => workspaceOver('api', tokens[index] ?? '')))
      for (const [index, answer] of answers.entries()) expect(answer).toContain(names[index % 2])
    }
  })

  it('have nothing where they connected nothing', async () => {
    const called = await app.request('POST', '/api/tools/notion_get_bot_user/call', {
      token: await tokenOf(0, { sub: 'bruno' }),
      body: { arguments: {} },
    })
    expect(called.json()).toMatchObject({ code: 'not_connected' })
  })

  it('keep what is theirs with their next token, and lose /mcp with their account', async () => {
    const token = await tokenOf(0, { sub: 'short stay' })
    const client = await connectMcpClient(app, { token, era: 'legacy' })
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
    await database.asOwner('update users set banned = true where id = (select max(id) from users)')
    await expect.poll(async () => (await app.request('GET', '/api/me', { token })).status, { timeout: 1_000 }).toBe(401)
    await expect(client.listTools()).rejects.toThrow()
    await client.close().catch(() => undefined)
  })

  it('go on with their session at /mcp by their next token, which opens it to nobody else', async () => {
    const send = async (token: string, method: string, session?: string) =>
      app.request('POST', '/mcp', {
        token,
        headers: {
          accept: 'application/json, text/event-stream',
          ...(session === undefined ? {} : { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' }),
        },
        body: { jsonrpc: '2.0', id: 1, method, params: method === 'initialize' ? GREETING : {} },
      })
    const greeted = await send(await tokenOf(0), 'initialize')
    const session = greeted.headers.get('mcp-session-id') ?? ''
    expect(session).not.toBe('')
    const next = await send(await tokenOf(0, { jti: 'next' }), 'tools/list', session)
    expect([next.status, next.text.includes('notion_get_bot_user')]).toEqual([200, true])
    for (const other of [await tokenOf(1), await tokenOf(0, { sub: 'bruno' })])
      expect((await send(other, 'tools/list', session)).status).toBe(404)
  })

  it('are refused at /mcp as at the API, with the way to a token', async () => {
    const token = await tokenOf(0, { aud: 'https://other.example' })
    for (const path of ['/mcp', '/api/tools']) {
      const refused = await app.request(path === '/mcp' ? 'POST' : 'GET', path, {
        token,
        headers: { accept: 'application/json, text/event-stream' },
        ...(path === '/mcp' ? { body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } } : {}),
      })
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toContain('invalid_token')
    }
  })

  it('appear in no log with their tokens', async () => {
    const token = await tokenOf(1)
    await workspaceOver('api', token)
    await app.request('GET', '/api/me', { token: `${token.slice(0, -4)}AAAA` })
    const [, payload = '', signature = ''] = token.split('.')
    const log = app.logLines.join('\n')
    for (const secret of [payload, signature]) expect(log).not.toContain(secret)
  })
})
