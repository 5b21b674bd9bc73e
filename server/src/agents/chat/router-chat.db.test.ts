import { afterAll, beforeAll, expect, it } from 'vitest'
import { createModels } from '#agents/models/create-models.ts'
import { createRouter } from '#agents/router/router.ts'
import { failure, success } from '#kernel/problem.ts'
import type { CallTool, Catalog, CatalogEntry } from '#tools/tool-call.ts'
import { inTurn, openTestAgents, toolAnswer } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

const SEARCH: CatalogEntry = {
  name: 'acme_search_pages',
  provider: 'acme',
  title: { en: 'Search pages', pt: 'Buscar páginas' },
  description: 'Searches pages and databases by their title.',
  input_schema: { type: 'object', properties: { query: { type: 'string' } } },
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  intent: {
    verbs: { en: ['search', 'find'], pt: ['buscar', 'procurar'] },
    nouns: { en: ['page'], pt: ['página'] },
  },
}
const CREATE: CatalogEntry = {
  name: 'acme_create_page',
  provider: 'acme',
  title: { en: 'Create a page', pt: 'Criar página' },
  description: 'Creates a page with a title.',
  input_schema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  intent: { verbs: { en: ['create'], pt: ['criar'] }, nouns: { en: ['page'], pt: ['página'] } },
}
const ENTRIES = [SEARCH, CREATE]
const catalog: Catalog = {
  entries: ENTRIES,
  entry: (name) => ENTRIES.find((entry) => entry.name === name),
  closest: () => undefined,
}

describeOnEachEngine('chat with the built-in router', (open) => {
  let database: TestDatabase
  let ana: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
  })
  afterAll(() => database.close())

  async function say(message: string, callTool: CallTool) {
    const models = createModels(
      {
        defaultModel: undefined,
        anthropicKey: undefined,
        anthropicUrl: undefined,
        openaiKey: undefined,
        openaiUrl: undefined,
        googleKey: undefined,
        googleUrl: undefined,
        compatibleUrl: undefined,
        compatibleKey: undefined,
        compatibleModels: [],
        prices: new Map(),
      },
      { createRouter, fetch: () => Promise.reject(new Error('nothing leaves')) },
    )
    const policyOf = async () => new Map(ENTRIES.map(({ name }) => [name, 'allow'] as const))
    const agents = openTestAgents({ database, script: inTurn(), models, callTool, agents: { catalog, policyOf } })
    const tools = ENTRIES.map(({ name }) => name)
    const agentId = await agents.createAgent(ana, { tools })
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message })
    return { agents, body }
  }

  const notConnected: CallTool = async () =>
    failure('not_connected', 'Acme is not connected.', { extra: { connect_url: 'https://chaveiro.example/c' } })

  it('is labelled as no AI model and spends nothing', async () => {
    const { body } = await say('Busque páginas sobre reuniões', async (_principal, { tool }) =>
      success(toolAnswer(tool, 'Reunião de segunda')),
    )
    expect(body).toMatchObject({
      status: 'succeeded',
      model: { id: 'embedded/router-1', is_llm: false },
      usage: { total_tokens: 0 },
      tool_calls: [{ name: 'acme_search_pages', arguments: { query: 'reuniões' }, status: 'succeeded' }],
    })
  })

  it.each([
    ['Busque páginas sobre reuniões', 'pt'],
    ['Find pages about meetings', 'en'],
  ] as const)('asks for results in the language of "%s"', async (message, language) => {
    const asked: unknown[] = []
    await say(message, async (_principal, request) => {
      asked.push(request.language)
      return success(toolAnswer(request.tool, 'Plan'))
    })
    expect(asked).toEqual([language])
  })

  it.each([
    ['Busque páginas sobre reuniões', /não está conectad/],
    ['Find pages about meetings', /not connected/],
  ])('says in the language of "%s" that the service is not connected', async (message, words) => {
    const { body } = await say(message, notConnected)
    expect(body).toMatchObject({
      code: 'not_connected',
      provider: 'acme',
      connect_url: 'https://chaveiro.example/c',
      tool_calls: [{ status: 'failed', result: { code: 'not_connected' } }],
    })
    expect(body.message).toMatch(words)
    expect(body.message).toContain('https://chaveiro.example/c')
  })

  it('asks before it adds, although the policy would let it', async () => {
    const { agents, body } = await say('Crie uma página chamada "Compras"', async (_principal, { tool }) =>
      success(toolAnswer(tool, 'Compras')),
    )
    expect(body).toMatchObject({ status: 'waiting', approvals: [{ tool: 'acme_create_page' }] })
    expect(agents.calls).toEqual([])
    const approvalId = body.approvals[0].id as number
    const approved = await agents.send(ana, 'POST', `/api/approvals/${approvalId}`, { decision: 'approve' })
    expect(approved.body).toMatchObject({ status: 'succeeded', tool_calls: [{ status: 'succeeded' }] })
    expect(approved.body.message).not.toBe('')
    expect(agents.calls).toHaveLength(1)
  })
})
