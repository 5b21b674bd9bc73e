import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

const TOOL = 'notion_archive_page'
const APPEND = 'notion_append_blocks'

describeOnEachEngine('what a user decides for one agent', (open) => {
  let app: WholeApp
  let database: TestDatabase
  let ana: TestUser
  let bruno: TestUser
  let pageId: string
  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
    await ask(ana, 'POST', '/api/mcp/notion/connect', { api_key: tenantKey(app.emulator, 'Estúdio Aurora') })
    const found = await ask(ana, 'POST', '/api/tools/notion_search_pages/call', { arguments: { query: 'Wi-Fi' } })
    pageId = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(JSON.stringify(found))?.[0] ?? ''
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function ask(user: TestUser, method: string, path: string, body?: unknown) {
    const answer = await app.request(method, path, { token: user.token, ...(body === undefined ? {} : { body }) })
    return { ...answer.json(), http: answer.status } as Record<string, never> & { http: number }
  }
  async function createAgent(more: Record<string, unknown> = {}): Promise<number> {
    const draft = { name: 'A', tools: ['notion_search_pages', TOOL, APPEND], ...more }
    return (await ask(ana, 'POST', '/api/agents', draft))['id'] as unknown as number
  }
  const decide = (user: TestUser, agentId: number, decision: string | null) =>
    ask(user, 'PUT', `/api/agents/${agentId}/policies`, { tool: TOOL, decision })
  const decideForAll = (decision: string | null) => ask(ana, 'PUT', `/api/tools/${TOOL}/policy`, { decision })
  const append = (agentId: number) =>
    ask(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: `Adicione "Pauta" na página ${pageId}` })

  it('goes before what they decided for everything, but for what is denied to everything', async () => {
    const [agentId, other] = [await createAgent(), await createAgent()]
    const held = async (id: number) => {
      const { policies } = (await ask(ana, 'GET', `/api/agents/${id}/policies`)) as unknown as {
        policies: { tool: string }[]
      }
      return policies.find(({ tool }) => tool === TOOL)
    }
    expect(await held(agentId)).toEqual({
      tool: TOOL,
      decision: 'ask',
      for_agent: null,
      for_all: null,
      default: 'ask',
    })
    expect(await decide(ana, agentId, 'allow')).toMatchObject({ decision: 'allow', for_agent: 'allow' })
    expect(await held(other)).toMatchObject({ decision: 'ask', for_agent: null })
    await decideForAll('deny')
    expect(await held(agentId)).toMatchObject({ decision: 'deny', for_agent: 'allow', for_all: 'deny' })
    await decideForAll(null)
    expect(await decide(ana, agentId, null)).toMatchObject({ decision: 'ask', for_agent: null })
    const events = (await ask(ana, 'GET', '/api/activity?type=policy.changed')) as unknown as { events: unknown[] }
    expect(JSON.stringify(events)).toContain(`"agent_id":${agentId}`)
  })

  it('is refused for tools that are not there, and “allow” for an agent that somebody else can change', async () => {
    const agentId = await createAgent({ shared: true })
    expect((await ask(ana, 'PUT', `/api/agents/${agentId}/policies`, { tool: 'nothing', decision: 'ask' })).http).toBe(
      400,
    )
    expect((await decide(bruno, agentId, 'allow')).http).toBe(403)
    expect(await decide(bruno, agentId, 'deny')).toMatchObject({ http: 200, decision: 'deny' })
    expect((await decide(bruno, await createAgent(), 'deny')).http).toBe(404)
    expect(await ask(ana, 'DELETE', `/api/agents/${agentId}`)).toMatchObject({ http: 200 })
  })

  describe('with an approval', () => {
    it('holds for that agent from then on, for the built-in router too, and for no other agent', async () => {
      const [agentId, other] = [await createAgent(), await createAgent()]
      const waiting = (await append(agentId)) as unknown as {
        approvals: { id: number; target: string | null }[]
      }
      expect(waiting.approvals).toMatchObject([{ target: expect.any(String) }])
      const decided = await ask(ana, 'POST', `/api/approvals/${waiting.approvals[0]?.id}`, {
        decision: 'approve',
        always: true,
      })
      expect(decided).toMatchObject({ http: 200, status: 'succeeded' })
      expect(await append(agentId)).toMatchObject({ tool_calls: [{ name: APPEND, status: 'succeeded' }] })
      expect(await append(other)).toMatchObject({ tool_calls: [{ name: APPEND, status: 'waiting' }] })
    })

    it('needs more than a token that may chat', async () => {
      const agentId = await createAgent()
      const token = (await ask(ana, 'POST', '/api/tokens', {
        name: 'chat',
        scopes: ['chat', 'tools:write'],
      })) as unknown as {
        token: string
      }
      const waiting = (await append(agentId)) as unknown as { approvals: { id: number }[] }
      const path = `/api/approvals/${waiting.approvals[0]?.id}`
      const answer = await app.request('POST', path, {
        token: token.token,
        body: { decision: 'approve', always: true },
      })
      expect(answer.status).toBe(403)
      expect(await ask(ana, 'GET', path)).toMatchObject({ status: 'pending' })
    })
  })
})
