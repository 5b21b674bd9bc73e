import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsentBrowser } from '../support/consent-browser.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { connectMcpClient } from '../support/mcp-client.ts'
import { startObedientModel, type ObedientModel } from '../support/obedient-model.ts'
import {
  startGitHub,
  startSlack,
  type GitHubService,
  type Person,
  type Service,
  type SlackService,
} from '../support/service-stage.ts'
import { createWholeApp, type TestUser, type WholeApp } from '../support/whole-app.ts'

/**
 * GitHub and Slack through the whole server, over sockets: connected by key and by OAuth, called by the API, an MCP client
 * and an agent, renewed, dead, and disconnected. Two people with accounts of their own, whose data never meets.
 */

const PEOPLE = ['ana', 'bruno'] as const

let database: TestDatabase
let github: GitHubService
let slack: SlackService
let model: ObedientModel
let app: WholeApp
let users: Record<Person, TestUser>
let browsers: Record<Person, ConsentBrowser>

beforeAll(async () => {
  ;[database, github, slack, model] = await Promise.all([
    openTestDatabase('pglite'),
    startGitHub(),
    startSlack(),
    startObedientModel(),
  ])
  app = await createWholeApp(database, { ...github.environment, ...slack.environment, ...model.environment })
  users = {
    ana: await app.signUp('Ana', 'ana@example.com'),
    bruno: await app.signUp('Bruno', 'bruno@example.com'),
  }
  browsers = { ana: await signedIn(users.ana), bruno: await signedIn(users.bruno) }
})
beforeEach(() => database.asOwner('delete from mcp_connections; delete from authorization_transactions'))
afterAll(async () => {
  await app?.close()
  await Promise.all([github, slack, model].map((each) => each?.[Symbol.asyncDispose]()))
  await database?.close()
})

async function signedIn({ email, password }: TestUser): Promise<ConsentBrowser> {
  const browser = new ConsentBrowser(app)
  const done = await browser.press(await browser.open('/connect/github'), 'sign_in', { email, password })
  expect(done.status).toBe(303)
  return browser
}

async function send(person: Person, method: string, path: string, body?: unknown) {
  const { token } = users[person]
  const answer = await app.request(method, path, { token, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, text: answer.text, body: answer.json() }
}

const callSecret = (service: Service, person: Person, of: Person = person) => {
  const { tool, input } = service.secretOf(of)
  return send(person, 'POST', `/api/tools/${tool}/call`, { arguments: input })
}

/** What a browser does, from the button to the page of the service and back. Gives where it ends. */
async function allow(service: Service, person: Person, at: Person | null = person): Promise<URL> {
  const browser = browsers[person]
  const begun = await browser.send('GET', `/api/mcp/${service.id}/authorize`)
  expect(begun.status).toBe(302)
  service.sit(at)
  const decided = await fetch(begun.leadsTo ?? '', { redirect: 'manual' })
  expect(decided.status).toBe(302)
  const callback = new URL(decided.headers.get('location') ?? '')
  const back = await browser.send('GET', callback.pathname + callback.search)
  return new URL(back.leadsTo ?? '')
}

async function statusOf(service: Service, person: Person) {
  return (await send(person, 'GET', `/api/mcp/${service.id}/status`)).body
}

describe.each(['github', 'slack'] as const)('%s', (id) => {
  let service: Service
  beforeAll(() => {
    service = { github, slack }[id]
  })

  const connectByKey = (person: Person, key = service.keyOf(person)) =>
    send(person, 'POST', `/api/mcp/${id}/connect`, { api_key: key })

  it('is connected by a key that it accepts, and by no other', async () => {
    const wrong = await connectByKey('ana', id === 'github' ? `ghp_${'0'.repeat(36)}` : 'xoxp-0-unknown')
    expect(wrong).toMatchObject({ status: 422, body: { code: 'credential_rejected' } })
    expect(await statusOf(service, 'ana')).toMatchObject({ connected: false })
    expect(await connectByKey('ana')).toMatchObject({ status: 200, body: { connected: true, provider: id } })
    expect(await statusOf(service, 'ana')).toMatchObject({ connected: true, status: 'connected' })
  })

  it('answers the API, an MCP client and an agent with the data of whoever asks, and nobody else’s', async () => {
    const agent = await send('ana', 'POST', '/api/agents', {
      name: `Reader of ${id}`,
      tools: [service.secretOf('ana').tool],
      shared: true,
    })
    expect(await callSecret(service, 'ana')).toMatchObject({ body: { code: 'not_connected' } })
    for (const person of PEOPLE) await connectByKey(person)
    await Promise.all(
      PEOPLE.map(async (person) => {
        const [other = 'ana'] = PEOPLE.filter((each) => each !== person)
        const { tool, input, shows } = service.secretOf(person)
        const direct = await callSecret(service, person)
        expect(direct.body).toMatchObject({ text: expect.stringContaining(shows), source: { kind: 'open_world' } })

        const client = await connectMcpClient(app, { token: users[person].token, era: 'modern' })
        const read = await client.callTool({ name: tool, arguments: { ...input } })
        await client.close()
        expect(JSON.stringify(read.content)).toContain(shows)

        const message = `call ${tool} with ${JSON.stringify(input)}`
        const chat = await send(person, 'POST', '/api/agents/chat', { agent_id: agent.body['id'], message })
        expect(chat.body).toMatchObject({ status: 'succeeded', message: expect.stringContaining(shows) })

        const crossed = await callSecret(service, person, other)
        expect([crossed.status, crossed.body['code']]).toEqual([404, 'not_found'])
        const seen = [direct.text, JSON.stringify(read), chat.text, crossed.text].join()
        expect(seen).not.toContain(service.secretOf(other).shows)
      }),
    )
  })

  it('is connected by allowing it there, and a cancelled visit leaves nothing', async () => {
    service.expires(false)
    expect((await allow(service, 'ana', null)).searchParams.get('connect_error')).toBe('denied')
    expect(await statusOf(service, 'ana')).toMatchObject({ connected: false })
    const ended = await allow(service, 'ana')
    expect(ended.searchParams.get('connected')).toMatch(/^\d+$/)
    const [row] = await database.asOwner('select * from mcp_connections')
    expect(row).toMatchObject({ user_id: users.ana.id, method: 'oauth2', status: 'connected', expires_at: null })
    expect(JSON.stringify(row)).not.toContain(service.lastToken())
    expect((await callSecret(service, 'ana')).text).toContain(service.secretOf('ana').shows)
    expect((await callSecret(service, 'bruno')).body).toMatchObject({ code: 'not_connected' })
  })

  it('renews a token that has ended, once, however many call', async () => {
    service.expires(true)
    await allow(service, 'ana')
    const before = service.lastToken()
    const [row] = await database.asOwner<{ expires_at: Date | null }>('select expires_at from mcp_connections')
    expect(row?.expires_at).not.toBeNull()
    service.letTokensEnd()
    await database.asOwner(`update mcp_connections set expires_at = now() - interval '1 minute'`)
    const answers = await Promise.all(Array.from({ length: 4 }, () => callSecret(service, 'ana')))
    for (const answer of answers) expect(answer.text).toContain(service.secretOf('ana').shows)
    expect(service.tokens()).toHaveLength(1)
    expect(service.lastToken()).not.toBe(before)
  })

  it('says how to go on when what was allowed has ended there, and goes on once it is allowed again', async () => {
    service.expires(true)
    await allow(service, 'ana')
    service.endGrants()
    const dead = await callSecret(service, 'ana')
    expect(dead.body).toMatchObject({ code: 'reauthorize', connect_url: expect.stringContaining(`/connect/${id}`) })
    expect(await statusOf(service, 'ana')).toMatchObject({ status: 'needs_reauthorization' })
    await allow(service, 'ana')
    expect(await statusOf(service, 'ana')).toMatchObject({ status: 'connected' })
    expect((await callSecret(service, 'ana')).text).toContain(service.secretOf('ana').shows)
  })

  it.each([false, true])('ends there too when it is disconnected (tokens that end: %s)', async (expiring) => {
    service.endGrants()
    service.expires(expiring)
    for (const person of PEOPLE) await allow(service, person)
    expect(service.tokens()).toHaveLength(2)
    const receipt = await send('ana', 'DELETE', `/api/mcp/${id}/disconnect`)
    expect(receipt.body).toMatchObject({ disconnected: true, revoked_at_provider: true })
    expect(service.tokens()).toHaveLength(1)
    expect((await callSecret(service, 'ana')).body).toMatchObject({ code: 'not_connected' })
    expect((await callSecret(service, 'bruno')).text).toContain(service.secretOf('bruno').shows)
  })

  it('leaves a key to its user to revoke, and says where', async () => {
    await connectByKey('ana')
    const receipt = await send('ana', 'DELETE', `/api/mcp/${id}/disconnect`)
    expect(receipt.body).toMatchObject({
      disconnected: true,
      revoked_at_provider: false,
      next_step: expect.stringContaining('https://'),
    })
  })
})

describe('a bot of Slack', () => {
  it('acts by its own token, and searches nothing', async () => {
    const key = slack.stage.slack.mint('T0ACME00', 'U0BOT0001', ['channels:read', 'channels:history'], 'bot')
    const connected = await send('ana', 'POST', '/api/mcp/slack/connect', { api_key: key })
    expect(connected.body).toMatchObject({ connected: true, account: { acts_as: 'bot' } })
    const read = await send('ana', 'POST', '/api/tools/slack_read_messages/call', {
      arguments: { channel: '#general' },
    })
    expect(read.text).toContain('Who has the report')
    const search = await send('ana', 'POST', '/api/tools/slack_search_messages/call', { arguments: { query: 'plan' } })
    expect(search.status).toBeGreaterThanOrEqual(400)
  })
})
