import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { letIn, registerTestClient } from '../support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { createWholeApp, tenantKey, type Answer, type TestUser, type WholeApp } from '../support/whole-app.ts'

/**
 * Every operation of the API with every id that it takes: another user's, and one that does not exist. Both must be
 * refused with the same bytes. The list is read from the API's own description, so that no operation can be forgotten.
 */

const MISSING_ID = 2_000_000_000

interface Tenant extends TestUser {
  readonly ids: Readonly<Record<Kind, number>>
}

type Kind = 'connection' | 'agent' | 'thread' | 'run' | 'approval' | 'token' | 'session' | 'client'

/** What the id in a path means, by the path up to it. */
const KIND_OF_PATH: Record<string, Kind | 'administration'> = {
  '/api/mcp/connections/{id}': 'connection',
  '/api/mcp/servers/{id}': 'connection',
  '/api/mcp/servers/{id}/changes': 'connection',
  '/api/mcp/servers/{id}/accept': 'connection',
  '/api/mcp/servers/{id}/refresh': 'connection',
  '/api/agents/{id}': 'agent',
  '/api/threads/{id}': 'thread',
  '/api/runs/{id}': 'run',
  '/api/approvals/{id}': 'approval',
  '/api/tokens/{id}': 'token',
  '/api/me/sessions/{id}': 'session',
  '/api/clients/{id}': 'client',
  '/api/admin/users/{id}': 'administration',
  '/api/invitations/{id}': 'administration',
}

/** Bodies that would be accepted if the id were the caller's own. */
const BODY_OF: Record<string, unknown> = {
  'patch /api/mcp/connections/{id}': { label: 'taken' },
  'patch /api/agents/{id}': { name: 'taken' },
  'put /api/agents/{id}/policies': { tool: 'notion_search_pages', decision: 'deny' },
  'patch /api/threads/{id}': { title: 'taken' },
  'post /api/approvals/{id}': { decision: 'approve' },
  'post /api/mcp/servers/{id}/accept': { digests: ['0'.repeat(64)] },
}

interface Operation {
  readonly method: string
  readonly path: string
}

describeOnEachEngine('every operation with every id', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let aurora: Tenant
  let boreal: Tenant
  let operations: Operation[]

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    await app.signUp('Owner', 'owner@example.com')
    aurora = await settle(app, 'Ana', 'ana@aurora.example', 'Estúdio Aurora')
    boreal = await settle(app, 'Ana', 'ana@boreal.example', 'Boreal Advocacia')
    const document = (await app.request('GET', '/openapi.json')).json() as {
      paths: Record<string, Record<string, unknown>>
    }
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path })),
    )
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  function comparable(answer: Answer): string {
    return `${answer.status} ${answer.text.replace(/"request_id":"[^"]*"/, '')}`
  }

  it('knows what every id in every path means', () => {
    const withId = operations.filter(({ path }) => path.includes('{id}'))
    expect(withId.length).toBeGreaterThanOrEqual(12)
    for (const { path } of withId) expect(KIND_OF_PATH[kindPath(path)], path).toBeDefined()
  })

  it('answers another user’s id in a path as one that does not exist', async () => {
    const before = await stateOf(app, boreal)
    let compared = 0
    for (const { method, path } of operations) {
      const kind = KIND_OF_PATH[kindPath(path)]
      if (!path.includes('{id}') || kind === undefined || kind === 'administration') continue
      const body = BODY_OF[`${method} ${path}`]
      const ask = (id: number) =>
        app.request(method.toUpperCase(), path.replace('{id}', String(id)), {
          token: aurora.token,
          ...(body === undefined ? {} : { body }),
        })
      const foreign = comparable(await ask(boreal.ids[kind]))
      expect(foreign, `${method} ${path}`).toBe(comparable(await ask(MISSING_ID)))
      expect(foreign, `${method} ${path}`).toMatch(/^404 /)
      compared += 1
    }
    expect(compared).toBeGreaterThanOrEqual(10)
    expect(await stateOf(app, boreal)).toEqual(before)
  })

  it('answers another user’s id in a query or a body as one that does not exist', async () => {
    const attempts: ((ids: Record<Kind, number>) => Promise<Answer>)[] = [
      (ids) => app.request('GET', `/api/mcp/notion/status?connection_id=${ids.connection}`, { token: aurora.token }),
      (ids) =>
        app.request('GET', `/api/mcp/notion/status?check=true&connection_id=${ids.connection}`, {
          token: aurora.token,
        }),
      (ids) =>
        app.request('DELETE', `/api/mcp/notion/disconnect?connection_id=${ids.connection}`, { token: aurora.token }),
      (ids) =>
        app.request('POST', '/api/tools/notion_list_users/call', {
          token: aurora.token,
          body: { arguments: {}, connection_id: ids.connection },
        }),
      (ids) =>
        app.request('POST', '/api/agents/chat', { token: aurora.token, body: { agent_id: ids.agent, message: 'oi' } }),
      (ids) =>
        app.request('POST', '/api/agents/chat', {
          token: aurora.token,
          body: { agent_id: aurora.ids.agent, thread_id: ids.thread, message: 'oi' },
        }),
    ]
    const missing = Object.fromEntries(Object.keys(boreal.ids).map((kind) => [kind, MISSING_ID])) as Record<
      Kind,
      number
    >
    for (const [index, attempt] of attempts.entries()) {
      const foreign = comparable(await attempt(boreal.ids))
      expect(foreign, `attempt ${index}`).toBe(comparable(await attempt(missing)))
      expect(foreign, `attempt ${index}`).toMatch(/^404 /)
    }
  })

  it('lists only what is the caller’s own', async () => {
    const lists = [
      '/api/mcp/connections',
      '/api/agents',
      '/api/threads',
      '/api/approvals',
      '/api/tokens',
      '/api/clients',
      '/api/activity',
      '/api/activity/export',
      '/api/usage?by=client',
    ]
    for (const path of lists) {
      const mine = await app.request('GET', path, { token: aurora.token })
      expect(mine.status, path).toBe(200)
      expect(mine.text, path).not.toMatch(/Boreal|CANARY-BOREAL/)
    }
  })

  it('keeps administration from users', async () => {
    const administration = operations.filter(({ path }) => /^\/api\/(admin|invitations)(\/|$)/.test(path))
    expect(administration.length).toBeGreaterThanOrEqual(8)
    for (const { method, path } of administration) {
      const answer = await app.request(method.toUpperCase(), path.replace('{id}', String(boreal.id)), {
        token: aurora.token,
        ...(method === 'get' || method === 'delete' ? {} : { body: {} }),
      })
      expect(answer.status, `${method} ${path}`).toBe(403)
    }
  })

  it('lets nobody in without a token', async () => {
    const open = /^\/api\/auth\//
    const guarded = operations.filter(({ path }) => path.startsWith('/api/') && !open.test(path))
    expect(guarded.length).toBeGreaterThanOrEqual(30)
    for (const { method, path } of guarded) {
      const answer = await app.request(
        method.toUpperCase(),
        path.replace(/\{[^}]+\}/g, '1'),
        method === 'get' || method === 'delete' ? {} : { body: {} },
      )
      expect(answer.status, `${method} ${path}`).toBe(401)
    }
  })

  describe('through the tools', () => {
    it('reads nothing of another workspace, even by its ids', async () => {
      const hits = await app.request('POST', '/api/tools/notion_search_pages/call', {
        token: boreal.token,
        body: { arguments: { query: 'reunião' } },
      })
      const ids = [...new Set(hits.text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? [])]
      expect(ids.length).toBeGreaterThan(1)
      for (const id of ids.slice(0, 4)) {
        for (const [tool, argument] of [
          ['notion_read_page', 'page_id'],
          ['notion_read_page_content', 'page_id'],
          ['notion_get_block_children', 'block_id'],
          ['notion_archive_page', 'page_id'],
        ] as const) {
          const answer = await app.request('POST', `/api/tools/${tool}/call`, {
            token: aurora.token,
            body: { arguments: { [argument]: id } },
          })
          expect(answer.status, tool).toBe(404)
          expect(answer.text).not.toMatch(/CANARY-BOREAL/)
        }
      }
    })
  })

  it('writes no key, token, password or content into the log', () => {
    const log = app.logLines.join('')
    expect(app.logLines.length).toBeGreaterThan(50)
    for (const secret of [aurora.token, boreal.token, aurora.password, 'ntn_', 'CANARY-', 'chv_']) {
      expect(log).not.toContain(secret)
    }
  })
})

/** `/api/runs/{id}/stop` → `/api/runs/{id}`. */
function kindPath(path: string): string {
  return path.replace(/(\{id\}).*$/, '$1')
}

async function stateOf(app: WholeApp, tenant: Tenant): Promise<string> {
  const tables = [
    'mcp_connections',
    'agents',
    'threads',
    'messages',
    'approvals',
    'api_tokens',
    'sessions',
    'oauth_grants',
  ]
  const states = await Promise.all(
    tables.map((table) => app.database.asOwner(`select * from ${table} where user_id = ${tenant.id} order by id`)),
  )
  return JSON.stringify(states)
}

/** Gives a user one of everything: a connection, an agent, a thread with a run, a pending approval, a token. */
async function settle(app: WholeApp, name: string, email: string, workspace: string): Promise<Tenant> {
  const user = await app.signUp(name, email)
  const { token } = user
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(method, path, { token, ...(body === undefined ? {} : { body }) })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.json()
  }
  const connection = await ask('POST', '/api/mcp/notion/connect', { api_key: tenantKey(app.emulator, workspace) })
  const agent = await ask('POST', '/api/agents', {
    name: `Agent of ${workspace}`,
    tools: ['notion_search_pages', 'notion_archive_page'],
  })
  const found = await ask('POST', '/api/tools/notion_search_pages/call', { arguments: { query: 'Wi-Fi' } })
  const page = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(JSON.stringify(found))?.[0]
  const chat = await ask('POST', '/api/agents/chat', { agent_id: agent['id'], message: `Arquive a página ${page}` })
  const approvals = chat['approvals'] as { id: number }[] | undefined
  const apiToken = await ask('POST', '/api/tokens', { name: 'test' })
  await letIn(app, user, await registerTestClient(app, `Client of ${workspace}`))
  const clients = await ask('GET', '/api/clients')
  const sessions = await ask('GET', '/api/me/sessions')
  return {
    ...user,
    ids: {
      connection: Number(connection['connection_id']),
      agent: Number(agent['id']),
      thread: Number(chat['thread_id']),
      run: Number(chat['run_id']),
      approval: Number(approvals?.[0]?.id),
      token: Number(apiToken['id']),
      session: Number((sessions['sessions'] as { id: number }[])[0]?.id),
      client: Number((clients['clients'] as { id: number }[])[0]?.id),
    },
  }
}
