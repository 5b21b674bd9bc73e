import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChaveiroError, createClient, type Client, type StreamEvent } from '../../../sdk/src/index.ts'
import { letIn, registerTestClient } from '../support/consent-browser.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { createWholeApp, tenantKey, type WholeApp } from '../support/whole-app.ts'

/** The published client against the server: what it can say, and what it hears. */

const ADDRESS = 'http://localhost:8001'
const STREAM = 'text/event-stream'

/** One of each, for whatever tells events and calls from others. */
const NARROWED = {
  provider: 'notion',
  tool: 'x',
  agent_id: 1,
  via: 'session',
  via_id: '1',
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T00:00:00Z',
} as const

/** Every method of the client, once, with what it needs to send its request. */
const METHODS: Readonly<Record<string, (client: Client) => unknown>> = {
  'auth.signUpOffer': (client) => client.auth.signUpOffer(),
  'auth.signUp': (client) => client.auth.signUp({ name: 'Ana', email: 'ana@example.com', password: 'x' }),
  'auth.signIn': (client) => client.auth.signIn({ email: 'ana@example.com', password: 'x' }),
  'auth.signOut': (client) => client.auth.signOut(),
  'auth.session': (client) => client.auth.session(),
  'auth.changePassword': (client) => client.auth.changePassword({ current_password: 'x', new_password: 'y' }),
  'me.get': (client) => client.me.get(),
  'me.rename': (client) => client.me.rename('Ana'),
  'me.changeEmail': (client) => client.me.changeEmail({ email: 'ana@example.com', password: 'x' }),
  'me.deleteAccount': (client) => client.me.deleteAccount({ password: 'x', name: 'Ana' }),
  'me.sessions': (client) => client.me.sessions(),
  'me.endOtherSessions': (client) => client.me.endOtherSessions(),
  'me.endSession': (client) => client.me.endSession(1),
  'tokens.create': (client) => client.tokens.create({ name: 'ci' }),
  'tokens.list': (client) => client.tokens.list(),
  'tokens.revoke': (client) => client.tokens.revoke(1),
  'clients.list': (client) => client.clients.list(),
  'clients.revoke': (client) => client.clients.revoke(1),
  'invitations.create': (client) => client.invitations.create('ana@example.com'),
  'invitations.list': (client) => client.invitations.list(),
  'invitations.withdraw': (client) => client.invitations.withdraw(1),
  'providers.list': (client) => client.providers.list(),
  'connections.list': (client) => client.connections.list(),
  'connections.uses': (client) => client.connections.uses(),
  'connections.get': (client) => client.connections.get(1),
  'connections.change': (client) => client.connections.change(1, { label: 'Work' }),
  'connections.connect': (client) => client.connections.connect('notion', { api_key: 'x' }),
  'connections.authorize': (client) => client.connections.authorize('notion', { return_to: '/', connection_id: 1 }),
  'connections.createSession': (client) =>
    client.connections.createSession({ provider: 'notion', return_to: '/connections' }),
  'connections.status': (client) => client.connections.status('notion', { check: true, connection_id: 1 }),
  'connections.disconnect': (client) => client.connections.disconnect('notion', { connection_id: 1 }),
  'servers.list': (client) => client.servers.list(),
  'servers.presets': (client) => client.servers.presets(),
  'servers.connect': (client) => client.servers.connect({ url: 'https://192.0.2.1/mcp' }),
  'servers.authorize': (client) => client.servers.authorize(1, { scope: 'read', return_to: '/' }),
  'servers.test': (client) => client.servers.test(1),
  'servers.disconnect': (client) => client.servers.disconnect(1),
  'servers.changes': (client) => client.servers.changes(1),
  'servers.accept': (client) => client.servers.accept(1, ['a'.repeat(64)]),
  'servers.refresh': (client) => client.servers.refresh(1),
  'tools.list': (client) => client.tools.list({ provider: 'notion' }),
  'tools.call': (client) => client.tools.call('notion_search_pages', {}, { idempotencyKey: 'k' }),
  'tools.setPolicy': (client) => client.tools.setPolicy('notion_search_pages', null),
  'agents.list': (client) => client.agents.list({ limit: 1, cursor: 1 }),
  'agents.create': (client) => client.agents.create({ name: 'Ana', tools: [] }),
  'agents.get': (client) => client.agents.get(1),
  'agents.change': (client) => client.agents.change(1, { name: 'Ana' }),
  'agents.delete': (client) => client.agents.delete(1),
  'agents.policies': (client) => client.agents.policies(1),
  'agents.setPolicy': (client) => client.agents.setPolicy(1, 'notion_search_pages', 'ask'),
  'models.list': (client) => client.models.list(),
  'chat.send': (client) => client.chat.send({ agent_id: 1, message: 'x' }),
  'chat.stream': (client) => client.chat.stream({ agent_id: 1, message: 'x' }).next(),
  'threads.list': (client) => client.threads.list({ limit: 1, cursor: 1, agent_id: 1, search: 'x' }),
  'threads.get': (client) => client.threads.get(1, { limit: 1, cursor: 1, replaced: true }),
  'threads.rename': (client) => client.threads.rename(1, 'x'),
  'threads.delete': (client) => client.threads.delete(1),
  'runs.get': (client) => client.runs.get(1),
  'runs.stream': (client) => client.runs.stream(1).next(),
  'runs.stop': (client) => client.runs.stop(1),
  'runs.resume': (client) => client.runs.resume(1),
  'runs.resumeAndStream': (client) => client.runs.resumeAndStream(1).next(),
  'approvals.list': (client) => client.approvals.list({ limit: 1, cursor: 1, status: 'pending', thread_id: 1 }),
  'approvals.get': (client) => client.approvals.get(1),
  'approvals.decide': (client) => client.approvals.decide(1, { decision: 'deny' }),
  'approvals.decideAndStream': (client) => client.approvals.decideAndStream(1, { decision: 'deny' }).next(),
  'activity.list': (client) =>
    client.activity.list({ ...NARROWED, limit: 1, cursor: 1, type: 'x', except: 'y', outcome: 'denied' }),
  'activity.export': (client) =>
    client.activity.export({ ...NARROWED, cursor: 1, type: 'x', except: 'y', outcome: 'denied', format: 'csv' }),
  'usage.get': (client) => client.usage.get({ ...NARROWED, interval: 'day', time_zone: 'UTC', by: 'tool' }),
  'admin.users.list': (client) => client.admin.users.list({ limit: 1, cursor: 1, search: 'x' }),
  'admin.users.create': (client) => client.admin.users.create({ name: 'x', email: 'x@example.com', password: 'x' }),
  'admin.users.change': (client) => client.admin.users.change(1, { banned: true }),
  'admin.users.delete': (client) => client.admin.users.delete(1),
  'admin.users.disconnectAll': (client) => client.admin.users.disconnectAll(1),
  'admin.providerBlocks.list': (client) => client.admin.providerBlocks.list(),
  'admin.providerBlocks.get': (client) => client.admin.providerBlocks.get('notion'),
  'admin.providerBlocks.set': (client) => client.admin.providerBlocks.set('notion', 'x'),
  'admin.providerBlocks.lift': (client) => client.admin.providerBlocks.lift('notion'),
  'admin.keys.get': (client) => client.admin.keys.get(),
  'admin.keys.retire': (client) => client.admin.keys.retire('x'),
  'admin.keys.rotate': (client) => client.admin.keys.rotate(),
  'admin.audit.verify': (client) => client.admin.audit.verify(),
  'admin.denials.list': (client) =>
    client.admin.denials.list({ cursor: 1, type: 'access.denied', user_id: 1, address: '192.0.2.1' }),
  'admin.denials.alerts': (client) => client.admin.denials.alerts(),
  'admin.instance.get': (client) => client.admin.instance.get(),
  'admin.providerApps.list': (client) => client.admin.providerApps.list(),
  'admin.providerApps.get': (client) => client.admin.providerApps.get('notion'),
  'admin.providerApps.set': (client) => client.admin.providerApps.set('notion', { client_id: 'x' }),
  'admin.providerApps.delete': (client) => client.admin.providerApps.delete('notion'),
  'admin.connections.export': (client) => client.admin.connections.export(),
  'admin.connections.import': (client) => client.admin.connections.import([]),
}

/** Of an operation that answers with JSON or a stream, one method asks for each. */
const STREAMED = ['chat.stream', 'runs.stream', 'runs.resumeAndStream', 'approvals.decideAndStream']

interface Operation {
  readonly method: string
  readonly path: string
  readonly parameters: readonly string[]
}

let database: TestDatabase
let app: WholeApp
let operations: Operation[]

beforeAll(async () => {
  database = await openTestDatabase('pglite')
  app = await createWholeApp(database)
  const document = (await app.request('GET', '/openapi.json')).json() as {
    paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>
  }
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
    })),
  )
})

afterAll(async () => {
  await app.close()
  await database.close()
})

/** Every function that a client offers, by its path. */
function methodNames(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'function' ? [prefix + name] : methodNames(member as object, `${prefix}${name}.`),
  )
}

interface Recorded {
  readonly method: string
  readonly url: URL
  readonly accept: string | null
}

async function requestOf(ask: (client: Client) => unknown): Promise<Recorded> {
  const recorded: Recorded[] = []
  const client = createClient({
    baseUrl: ADDRESS,
    fetch: async (url, init) => {
      const { method, headers, url: address } = new Request(url, init)
      recorded.push({ method, url: new URL(address), accept: headers.get('accept') })
      return new Response('{}')
    },
  })
  await Promise.resolve(ask(client)).catch(() => undefined) // `{}` is no stream
  const [request] = recorded
  if (request === undefined || recorded.length !== 1) throw new Error(`sent ${recorded.length} requests`)
  return request
}

/** A path of parts that are all written beats one with a variable, as in the server's router. */
function operationOf({ method, url }: Recorded): Operation | undefined {
  const matching = operations.filter((operation) => {
    const pattern = operation.path.replaceAll(/\{\w+\}/g, '[^/]+')
    return operation.method === method && new RegExp(`^${pattern}$`).test(url.pathname)
  })
  return matching.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

describe('the client and the server’s own description', () => {
  it('have the same operations, each in one method', async () => {
    const reached = new Map<string, string[]>()
    for (const [name, ask] of Object.entries(METHODS)) {
      const request = await requestOf(ask)
      const operation = operationOf(request)
      expect(
        operation,
        `${name} calls ${request.method} ${request.url.pathname}, which is not documented`,
      ).toBeDefined()
      expect(request.accept, name).toBe(STREAMED.includes(name) ? STREAM : 'application/json')
      const key = `${operation?.method} ${operation?.path}`
      reached.set(key, [...(reached.get(key) ?? []), name])
    }
    expect(operations.length).toBeGreaterThan(45)
    for (const { method, path } of operations) {
      const names = reached.get(`${method} ${path}`) ?? []
      const form = path.endsWith('/stream') ? names : names.filter((name) => !STREAMED.includes(name))
      expect(form, `${method} ${path}`).toHaveLength(1)
    }
  })

  it('have the same query parameters', async () => {
    for (const [name, ask] of Object.entries(METHODS)) {
      const request = await requestOf(ask)
      const documented = operationOf(request)?.parameters ?? []
      expect([...request.url.searchParams.keys()].sort(), name).toEqual([...documented].sort())
    }
  })

  it('were compared in every method that the client has', () => {
    expect(methodNames(createClient({ baseUrl: ADDRESS })).sort()).toEqual(Object.keys(METHODS).sort())
  })
})

describe('a user’s whole way through the client', () => {
  const clientWith = (token?: string): Client =>
    createClient({
      baseUrl: ADDRESS,
      ...(token === undefined ? {} : { token }),
      fetch: async (url, init) => app.house.app.fetch(new Request(url, init)),
    })

  async function collect(events: AsyncGenerator<StreamEvent, void>): Promise<StreamEvent[]> {
    const all: StreamEvent[] = []
    for await (const event of events) all.push(event)
    return all
  }

  let client: Client
  let agentId: number
  let pageId: string

  beforeAll(async () => {
    expect(await clientWith().auth.signUpOffer()).toMatchObject({ is_first: true })
    const signedUp = await clientWith().auth.signUp({
      name: 'Ana',
      email: 'ana@example.com',
      password: 'correct horse battery staple',
    })
    client = clientWith(signedUp.token)
    expect(signedUp.user).toEqual(expect.objectContaining({ name: 'Ana', role: 'owner' }))
  })

  it('knows who asks, and lets an API token do the same', async () => {
    expect(await client.me.get()).toMatchObject({ email: 'ana@example.com', via: 'session' })
    expect((await client.me.sessions()).sessions).toMatchObject([{ current: true }])
    expect(await client.me.rename('Ana Aurora')).toMatchObject({ name: 'Ana Aurora' })
    const { token, id } = await client.tokens.create({ name: 'ci', scopes: ['chat'], expires_in_days: 1 })
    expect(await clientWith(token).me.get()).toMatchObject({ via: 'api_token', scopes: ['chat'] })
    expect((await client.tokens.list()).tokens.map((each) => each.id)).toEqual([id])
    expect(await client.tokens.revoke(id)).toEqual({ id, revoked: true })
    expect((await client.auth.session())?.user.email).toBe('ana@example.com')
  })

  it('lists the clients that were let in, and lets one out', async () => {
    const user = { id: 0, token: '', email: 'ana@example.com', password: 'correct horse battery staple' }
    await letIn(app, user, await registerTestClient(app))
    const { clients } = await client.clients.list()
    expect(clients).toMatchObject([{ name: 'Claude Code', scopes: ['tools:read', 'tools:write'], connections: null }])
    const id = clients[0]?.id ?? 0
    expect(await client.clients.revoke(id)).toEqual({ id, revoked: true })
    await expect(client.clients.revoke(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('says what is missing before anything is connected', async () => {
    expect(await client.connections.status('notion')).toMatchObject({ connected: false, status: 'not_connected' })
    const error = await client.tools.call('notion_search_pages', { query: 'x' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ChaveiroError)
    expect(error).toMatchObject({ code: 'not_connected', status: 409 })
    expect((error as ChaveiroError).problem['connect_url']).toContain('http')
  })

  it('connects', async () => {
    const { providers } = await client.providers.list()
    const authorizeUrl = `${ADDRESS}/api/mcp/notion/authorize`
    expect(providers.find(({ id }) => id === 'notion')?.auth).toMatchObject([
      { kind: 'oauth2', configured: false, authorize_url: authorizeUrl },
      { kind: 'api_key', fields: [{ name: 'api_key' }] },
    ])
    const apiKey = tenantKey(app.emulator, 'Estúdio Aurora')
    const connection = await client.connections.connect('notion', { api_key: apiKey, label: 'Work' })
    expect(connection).toMatchObject({ connected: true, label: 'Work', is_default: true })
    expect(await client.connections.get(connection.connection_id)).toEqual(connection)
    expect(await client.connections.change(connection.connection_id, { label: 'Desk' })).toMatchObject({
      label: 'Desk',
    })
    expect((await client.connections.list()).connections).toHaveLength(1)
    const checked = await client.connections.status('notion', { check: true })
    expect(checked).toMatchObject({ connected: true, check: { ok: true } })
  })

  it('calls tools, and never twice under one key', async () => {
    const { tools } = await client.tools.list({ provider: 'notion' })
    expect(tools).toHaveLength(27)
    const options = { idempotencyKey: 'once' }
    const first = await client.tools.call('notion_search_pages', { query: 'Onboarding' }, options)
    const { results } = first.result as { results: { id: string }[] }
    pageId = results[0]?.id ?? ''
    expect(first).toMatchObject({ tool: 'notion_search_pages', connection: { provider: 'notion' } })
    expect(await client.tools.call('notion_search_pages', { query: 'Onboarding' }, options)).toEqual(first)
    const policy = await client.tools.setPolicy('notion_search_pages', 'allow')
    expect(policy).toEqual({ tool: 'notion_search_pages', decision: 'allow', default: 'allow' })
  })

  it('chats, in one answer and as it happens', async () => {
    const tools = ['notion_search_pages', 'notion_archive_page']
    agentId = (await client.agents.create({ name: 'Librarian', tools })).id
    expect(await client.agents.change(agentId, { description: 'Finds' })).toMatchObject({ description: 'Finds' })
    expect((await client.agents.list()).agents).toEqual([await client.agents.get(agentId)])
    const policy = await client.agents.setPolicy(agentId, 'notion_search_pages', 'ask')
    expect(policy).toMatchObject({ decision: 'ask', for_agent: 'ask', for_all: 'allow' })
    expect((await client.agents.policies(agentId)).policies).toContainEqual(policy)
    await client.agents.setPolicy(agentId, 'notion_search_pages', null)
    const [model] = (await client.models.list()).models
    expect(model).toMatchObject({ is_llm: false, is_default: true })

    const message = 'Busque páginas sobre reuniões no meu Notion'
    const answer = await client.chat.send({ agent_id: agentId, message })
    expect(answer).toMatchObject({
      status: 'succeeded',
      tool_calls: [{ name: 'notion_search_pages', status: 'succeeded' }],
    })
    const events = await collect(client.chat.stream({ agent_id: agentId, message, thread_id: answer.thread_id }))
    expect(events[0]?.type).toBe('start')
    expect(events.at(-1)?.type).toBe('finish')
    const thread = await client.threads.get(answer.thread_id)
    expect(thread.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    const runId = thread.messages.at(-1)?.run_id ?? 0
    expect(await client.runs.get(runId)).toMatchObject({ status: 'succeeded', approvals: [] })
    // What is replayed is what was kept: a call's arguments whole, not as they grew.
    const kept = events.filter(({ type }) => type !== 'tool-input-delta')
    expect(await collect(client.runs.stream(runId))).toEqual(kept)
  })

  it('decides about what changes something', async () => {
    const message = `Archive the page ${pageId}`
    const waiting = await client.chat.send({ agent_id: agentId, message })
    expect(waiting.status).toBe('waiting')
    const [approval] = (await client.approvals.list({ status: 'pending' })).approvals
    expect(waiting.approvals).toEqual([approval])
    const id = approval?.id ?? 0
    expect(await client.approvals.get(id)).toMatchObject({ arguments: { page_id: pageId } })
    const seen = approval?.arguments ?? {}
    const decided = await client.approvals.decide(id, { decision: 'approve', arguments: seen })
    expect(decided).toMatchObject({ run_id: waiting.run_id, tool_calls: [{ status: 'succeeded' }] })
    await expect(client.approvals.decide(id, { decision: 'deny' })).rejects.toMatchObject({ code: 'conflict' })

    const again = await client.chat.send({ agent_id: agentId, message: `Archive the page ${pageId}` })
    const denied = client.approvals.decideAndStream(again.approvals?.[0]?.id ?? 0, { decision: 'deny', reason: 'no' })
    expect((await collect(denied)).at(-1)?.type).toBe('finish')
    const third = await client.chat.send({ agent_id: agentId, message })
    expect(await client.runs.stop(third.run_id)).toMatchObject({ status: 'stopped' })
    await expect(client.runs.resume(third.run_id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('shows what was done, and administers', async () => {
    const page = await client.activity.list({ limit: 2, type: 'tool.called' })
    expect(page.events).toHaveLength(2)
    expect(page.next_cursor).toBe(page.events.at(-1)?.id)
    const file = await client.activity.export({ format: 'csv', type: 'tool.called', agent_id: agentId })
    expect(file).toContain('id,at,type,outcome')
    const { totals, groups } = await client.usage.get({ by: 'agent' })
    expect(totals.calls).toBeGreaterThan(2)
    expect(groups.map(({ key }) => key)).toContain(String(agentId))
    const user = await client.admin.users.create({ name: 'Bia', email: 'bia@example.com', password: 'a long phrase' })
    expect(await client.admin.users.change(user.id, { banned: true })).toMatchObject({ banned: true })
    expect((await client.admin.users.list()).users).toHaveLength(2)
    expect(await client.admin.users.delete(user.id)).toEqual({ id: user.id, deleted: true })
    const invitation = await client.invitations.create('caio@example.com')
    expect((await client.invitations.list()).invitations.map(({ id }) => id)).toEqual([invitation.id])
    expect(await client.invitations.withdraw(invitation.id)).toEqual({ id: invitation.id, withdrawn: true })
    // The connection, and the key that signs access tokens.
    expect(await client.admin.keys.get()).toMatchObject({ keys: [{ role: 'primary', rows: 2 }], unbound: 0 })
    expect(await client.admin.keys.rotate()).toMatchObject({ rotated: 0, remaining: 0 })
    const verified = await client.admin.audit.verify()
    expect(verified).toMatchObject({ intact: true, fault: null })
    expect(await client.admin.audit.verify(verified.head)).toMatchObject({ intact: true })
    await expect(clientWith().auth.signIn({ email: 'ana@example.com', password: 'wrong' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    })
    expect((await client.admin.denials.list()).events[0]).toMatchObject({ outcome: 'failure' })
  })

  it('moves connections out and in, and disconnects', async () => {
    const { connections } = await client.admin.connections.export()
    expect(connections).toEqual([expect.objectContaining({ user_email: 'ana@example.com', label: 'Desk' })])
    const { results } = await client.admin.connections.import(connections)
    expect(results).toEqual([expect.objectContaining({ row: 1, outcome: 'exists' })])
    expect(await client.connections.disconnect('notion')).toMatchObject({ disconnected: true, label: 'Desk' })
    const message = 'Find pages about onboarding'
    const answer = await client.chat.send({ agent_id: agentId, message })
    expect(answer).toMatchObject({ code: 'not_connected', provider: 'notion' })
  })

  it('leaves', async () => {
    const [thread] = (await client.threads.list({ agent_id: agentId })).threads
    const id = thread?.id ?? 0
    expect(await client.threads.rename(id, 'Old')).toMatchObject({ title: 'Old' })
    expect(await client.threads.delete(id)).toEqual({ deleted: true, id })
    expect(await client.agents.delete(agentId)).toEqual({ deleted: true, id: agentId })
    const passwords = { current_password: 'correct horse battery staple', new_password: 'another long phrase' }
    const { token } = await client.auth.changePassword(passwords)
    await expect(client.me.get()).rejects.toMatchObject({ status: 401 })
    expect(await clientWith(token).auth.signOut()).toEqual({ success: true })
    const back = await clientWith().auth.signIn({ email: 'ana@example.com', password: passwords.new_password })
    expect(back.user.name).toBe('Ana Aurora')
  })
})
