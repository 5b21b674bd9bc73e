import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../../sdk/src/index.ts'
import { ensureThirdParty } from '../../../scripts/third-party.ts'
import { startMcpStage, type McpStage, type StageUser } from '../support/mcp-stage.ts'
import { programClient, type TestedClient } from './client.ts'
import { INSPECTOR_EXIT_AUTH_REQUIRED, inspector, inspectorWithBadToken, mcporter } from './command-lines.ts'
import { mcpRemote } from './mcp-remote.ts'
import { SEARCH, startOauthClient, type OauthClient } from './oauth-client.ts'

/**
 * Clients that others wrote, over real sockets, each for two users at once whose workspaces hold pages of the same titles:
 * what a client shows is its own user's.
 */

const FEWEST_TOOLS = 21
/** In every result since 2026-07-28, and in none before. */
const MODERN_ONLY = 'io.modelcontextprotocol/serverInfo'

const CLIENTS: readonly TestedClient[] = [
  programClient('MCP SDK 1', 'sdk-1.mjs', 'legacy'),
  programClient('MCP SDK 2, legacy', 'sdk-2.mjs', 'legacy', 'legacy'),
  programClient('MCP SDK 2, auto', 'sdk-2.mjs', 'modern', 'auto'),
  programClient('AI SDK', 'ai-sdk.mjs', 'modern'),
  inspector('legacy'),
  inspector('auto'),
  inspector('modern'),
  mcporter,
  mcpRemote,
]

let stage: McpStage

beforeAll(async () => {
  await ensureThirdParty((line) => console.log(line))
  stage = await startMcpStage()
})
afterAll(() => stage?.close())

describe('a client of others', () => {
  it.each(CLIENTS)('$name: lists, finds and reads, for two users at once', async ({ run, era }) => {
    const reports = await Promise.all(stage.users.map((user) => run(stage, user)))
    for (const [index, { tools, found, content }] of reports.entries()) {
      const user = stage.users[index] as StageUser
      const other = stage.users[1 - index] as StageUser
      expect(tools.length).toBeGreaterThanOrEqual(FEWEST_TOOLS)
      expect(tools.filter((name) => name.startsWith('test_'))).toEqual([])
      expect(found).toContain(user.pageId)
      expect(found).not.toContain(other.pageId)
      expect(content).toContain(user.canary)
      expect(content).not.toContain(user.otherCanary)
      if (era !== undefined) expect(content.includes(MODERN_ONLY)).toBe(era === 'modern')
    }
  })

  it('is told to sign in where its token is none', async () => {
    expect(await inspectorWithBadToken(stage)).toBe(INSPECTOR_EXIT_AUTH_REQUIRED)
  })
})

describe('an OAuth client of others', () => {
  let clients: readonly OauthClient[]
  beforeAll(async () => {
    clients = await Promise.all(stage.users.map((user) => startOauthClient(stage, user)))
  })

  async function searches(): Promise<string[]> {
    const answers = await Promise.all(clients.map((client) => client.send('tools/call', SEARCH)))
    return Promise.all(answers.map((answer) => answer.text()))
  }

  it('lists the tools for two users at once', async () => {
    const answers = await Promise.all(clients.map((client) => client.send('tools/list', {})))
    for (const answer of answers) expect(await answer.text()).toContain('"notion_search_pages"')
  })

  it('calls tools for two users at once, before and after it refreshed its tokens', async () => {
    const before = clients.map((client) => client.tokens())
    const first = await searches()
    await Promise.all(clients.map((client) => client.refresh()))
    const second = await searches()
    for (const [index, user] of stage.users.entries()) {
      const other = stage.users[1 - index] as StageUser
      for (const found of [first[index], second[index]]) {
        expect(found).toContain(user.pageId)
        expect(found).not.toContain(other.pageId)
      }
      expect(clients[index]?.tokens().access_token).not.toBe(before[index]?.access_token)
      expect(clients[index]?.tokens().refresh_token).not.toBe(before[index]?.refresh_token)
    }
  })

  it('has tokens for /mcp alone', async () => {
    const token = clients[0]?.tokens().access_token ?? ''
    const answer = await fetch(`${stage.baseUrl}/api/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(401)
  })

  it('is shut out after it revoked its tokens, and the other user’s client is not', async () => {
    await clients[0]?.revoke()
    const refused = await clients[0]?.send('tools/call', SEARCH)
    expect(refused?.status).toBe(401)
    expect(refused?.headers.get('www-authenticate')).toContain('resource_metadata=')
    const served = await clients[1]?.send('tools/call', SEARCH)
    expect(await served?.text()).toContain(stage.users[1].pageId)
  })

  it('is shut out when its user ends its access', async () => {
    const [, user] = stage.users
    const api = createClient({ baseUrl: stage.baseUrl, token: user.session })
    const listed = (await api.clients.list()).clients.filter(({ name }) => name === `Client of ${user.name}`)
    expect(listed).toHaveLength(1)
    for (const { id } of listed) await api.clients.revoke(id)
    expect((await clients[1]?.send('tools/call', SEARCH))?.status).toBe(401)
  })
})
