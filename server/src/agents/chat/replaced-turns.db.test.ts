import { afterAll, beforeAll, expect, it } from 'vitest'
import { failure, success } from '#kernel/problem.ts'
import type { CallTool } from '#tools/tool-call.ts'
import { inTurn, openTestAgents, toolAnswer, type Reply } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

const create = (id: string, page = 'p'): Reply => ({
  calls: [{ id, tool: 'acme_create_page', arguments: { id: page } }],
})

describeOnEachEngine('a turn that is asked for again', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
  })
  afterAll(() => database.close())

  function openAgents(replies: readonly Reply[], more: Partial<Parameters<typeof openTestAgents>[0]> = {}) {
    const prompts: string[] = []
    const script = inTurn(...replies)
    const agents = openTestAgents({
      database,
      script(prompt, options) {
        prompts.push(JSON.stringify(prompt))
        return script(prompt, options)
      },
      ...more,
    })
    const messages = async (threadId: number, query = '') =>
      (await agents.send(ana, 'GET', `/api/threads/${threadId}${query}`)).body.messages as {
        id: number
        role: string
        run_id: number
        parts: { type: string; text?: string; output?: unknown }[]
        replaced_by_run_id: number | null
      }[]
    const ask = async (agentId: number, message: string, more: Record<string, unknown> = {}) =>
      (await agents.send(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message, ...more })).body
    return { ...agents, prompts, messages, ask }
  }

  it('stands in the place of the old one, which stays to be read, and writes nothing again', async () => {
    const agents = openAgents([create('a'), { text: 'Made.' }, create('b'), { text: 'Made it.' }, { text: 'Again.' }])
    const agentId = await agents.createAgent(ana)
    const { thread_id: threadId, run_id: first } = await agents.ask(agentId, 'make p')
    const [asked] = await agents.messages(threadId)
    const again = await agents.ask(agentId, 'make p', { thread_id: threadId, replaces_message_id: asked?.id })
    expect(again).toMatchObject({ status: 'succeeded', message: 'Made it.', tool_calls: [{ status: 'succeeded' }] })
    expect(agents.calls).toHaveLength(1)
    expect(agents.prompts.at(2)).not.toContain('Made.')

    const held = await agents.messages(threadId)
    expect(held.map(({ run_id: runId }) => runId)).toEqual([again.run_id, again.run_id])
    expect(held[1]?.parts).toContainEqual(
      expect.objectContaining({ output: expect.objectContaining({ earlier_run_id: first }) }),
    )
    const all = await agents.messages(threadId, '?replaced=true')
    expect(all.map(({ replaced_by_run_id: by }) => by)).toEqual([again.run_id, again.run_id, null, null])

    await agents.ask(agentId, 'and now?', { thread_id: threadId })
    expect(agents.prompts.at(-1)).toContain('Made it.')
    expect(agents.prompts.at(-1)).not.toContain('Made.')
  })

  it('is not asked about what was approved and done before, however often it is asked for again', async () => {
    const remove = (id: string): Reply => ({ calls: [{ id, tool: 'acme_delete_page', arguments: { id: 'p' } }] })
    const agents = openAgents([remove('a'), { text: 'Gone.' }, remove('b'), { text: 'Gone.' }, remove('c')])
    const agentId = await agents.createAgent(ana)
    const waiting = await agents.ask(agentId, 'delete p')
    await agents.send(ana, 'POST', `/api/approvals/${waiting.approvals[0].id}`, { decision: 'approve' })
    for (const time of [1, 2]) {
      const [asked] = await agents.messages(waiting.thread_id)
      const where = { thread_id: waiting.thread_id, replaces_message_id: asked?.id }
      expect([time, await agents.ask(agentId, 'delete p', where)]).toMatchObject([time, { status: 'succeeded' }])
    }
    expect(agents.calls).toHaveLength(1)
  })

  it('does what was changed in it, and what comes after it is done anew', async () => {
    const agents = openAgents([create('a'), {}, create('b', 'q'), {}, create('c', 'q'), {}])
    const agentId = await agents.createAgent(ana)
    const { thread_id: threadId } = await agents.ask(agentId, 'make p')
    const [asked] = await agents.messages(threadId)
    await agents.ask(agentId, 'make q', { thread_id: threadId, replaces_message_id: asked?.id })
    await agents.ask(agentId, 'make q once more', { thread_id: threadId })
    expect(agents.calls.map(({ request }) => request.arguments)).toEqual([{ id: 'p' }, { id: 'q' }, { id: 'q' }])
  })

  it('repeats no write whose outcome is not known, and makes one that had no effect', async () => {
    let code: 'outcome_unknown' | 'not_found' = 'outcome_unknown'
    const callTool: CallTool = async () => failure(code, 'Nobody knows.')
    const agents = openAgents([create('a'), {}, create('b'), {}], { callTool })
    const agentId = await agents.createAgent(ana)
    const { thread_id: threadId } = await agents.ask(agentId, 'make p')
    const [asked] = await agents.messages(threadId)
    const again = await agents.ask(agentId, 'make p', { thread_id: threadId, replaces_message_id: asked?.id })
    expect(again.tool_calls).toMatchObject([{ status: 'failed', result: { code: 'outcome_unknown' } }])
    expect(agents.calls).toHaveLength(1)

    code = 'not_found'
    const other = openAgents([create('a'), {}, create('b'), {}], { callTool })
    const { thread_id: second } = await other.ask(agentId, 'make p')
    const [failed] = await other.messages(second)
    await other.ask(agentId, 'make p', { thread_id: second, replaces_message_id: failed?.id })
    expect(other.calls).toHaveLength(2)
  })

  it('is refused for a message that is not one’s own, not there, or replaced already', async () => {
    const agents = openAgents([])
    const agentId = await agents.createAgent(ana, { shared: true })
    const { thread_id: threadId } = await agents.ask(agentId, 'one')
    const [asked, answer] = await agents.messages(threadId)
    const replacing = (userId: number, body: Record<string, unknown>) =>
      agents.send(userId, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'two', ...body })
    expect((await replacing(ana, { replaces_message_id: asked?.id })).status).toBe(400)
    expect((await replacing(ana, { thread_id: threadId, replaces_message_id: answer?.id })).status).toBe(400)
    expect((await replacing(bruno, { thread_id: threadId, replaces_message_id: asked?.id })).status).toBe(404)
    const own = await agents.send(bruno, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'mine' })
    const stolen = { thread_id: own.body.thread_id, replaces_message_id: asked?.id }
    expect((await replacing(bruno, stolen)).status).toBe(400)
    expect((await replacing(ana, { thread_id: threadId, replaces_message_id: asked?.id })).status).toBe(200)
    expect((await replacing(ana, { thread_id: threadId, replaces_message_id: asked?.id })).status).toBe(400)
    expect(await agents.messages(threadId)).toHaveLength(2)
  })

  it('finds threads by what was said in them, without capitals and accents, and only one’s own', async () => {
    const agents = openAgents([{ text: 'A ata está na página Decisões.' }], {
      callTool: async (principal, request) => success(toolAnswer(request.tool, 'segredo', principal.userId)),
    })
    const agentId = await agents.createAgent(ana, { shared: true })
    const { thread_id: threadId } = await agents.ask(agentId, 'Onde ficou a reunião de 100%?')
    const found = async (userId: number, search: string) =>
      (await agents.send(userId, 'GET', `/api/threads?search=${encodeURIComponent(search)}`)).body.threads.map(
        ({ id }: { id: number }) => id,
      )
    expect(await found(ana, 'REUNIAO decisoes')).toEqual([threadId])
    expect(await found(ana, '100%')).toEqual([threadId])
    expect(await found(ana, '1%0')).toEqual([])
    expect(await found(ana, 'decisões orçamento')).toEqual([])
    expect(await found(bruno, 'reunião')).toEqual([])
  })
})
