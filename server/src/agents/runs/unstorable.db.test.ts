import { afterAll, beforeAll, expect, it } from 'vitest'
import { chunksOf, inTurn, openTestAgents, type Reply } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

const HOSTILE = 'a\0b\uD83Dc'
const MENDED = 'a\uFFFDb\uFFFDc'

describeOnEachEngine('what the database cannot hold', (open) => {
  let database: TestDatabase
  let ana: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
  })
  afterAll(() => database.close())

  it('does not keep a run from its end, in words nor in arguments', async () => {
    const read: Reply = { calls: [{ tool: 'acme_read_page', arguments: { [HOSTILE]: HOSTILE } }] }
    const agents = openTestAgents({ database, script: inTurn(read, { text: HOSTILE }) })
    const agentId = await agents.createAgent(ana)
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: HOSTILE })
    expect(body).toMatchObject({
      status: 'succeeded',
      message: MENDED,
      tool_calls: [{ status: 'succeeded', arguments: { [MENDED]: MENDED } }],
    })
    expect(agents.calls[0]?.request.arguments).toEqual({ [MENDED]: MENDED })
    const thread = await agents.send(ana, 'GET', `/api/threads/${body.thread_id}`)
    expect(thread.body.title).toBe(MENDED)
    const renamed = await agents.send(ana, 'PATCH', `/api/threads/${body.thread_id}`, { title: `2${HOSTILE}` })
    expect(renamed.body.title).toBe(`2${MENDED}`)
    const replayed = await chunksOf(await agents.stream(ana, 'GET', `/api/runs/${body.run_id}/stream`))
    expect(replayed).toContainEqual(expect.objectContaining({ type: 'text-delta', delta: MENDED }))
  })

  it('can be approved, as it was stored and as it was shown', async () => {
    const call = { id: HOSTILE, tool: 'acme_delete_page', arguments: { id: HOSTILE } }
    const agents = openTestAgents({ database, script: inTurn({ calls: [call] }, { text: 'Deleted.' }) })
    const request = { agent_id: await agents.createAgent(ana), message: 'delete' }
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
    expect(body.approvals).toMatchObject([{ tool_call_id: MENDED, arguments: { id: MENDED } }])
    const decision = { decision: 'approve', arguments: { id: HOSTILE } }
    const approved = await agents.send(ana, 'POST', `/api/approvals/${body.approvals[0].id}`, decision)
    expect(approved.body).toMatchObject({ message: 'Deleted.', tool_calls: [{ status: 'succeeded' }] })
    expect(agents.calls.map(({ request: made }) => made.arguments)).toEqual([{ id: MENDED }])
  })

  it('ends the run as failed where it is refused all the same, and leaves the thread usable', async () => {
    const refusal = 'add constraint refuses_a_word check (parts::text not like $$%refused word%$$)'
    await database.asOwner(`alter table messages ${refusal}`)
    try {
      const agents = openTestAgents({ database, script: inTurn({ text: 'a refused word' }, { text: 'Better.' }) })
      const agentId = await agents.createAgent(ana)
      const chat = { agent_id: agentId, message: 'say it' }
      const chunks = await chunksOf(await agents.stream(ana, 'POST', '/api/agents/chat', chat))
      expect(chunks.slice(-2)).toMatchObject([
        { type: 'error', errorText: expect.stringContaining('internal_error: ') },
        { type: 'finish', messageMetadata: { status: 'failed', error: { code: 'internal_error' } } },
      ])
      const { run_id: runId, thread_id: threadId } = chunks[0].messageMetadata
      expect((await agents.send(ana, 'GET', `/api/runs/${runId}`)).body).toMatchObject({
        status: 'failed',
        error: { code: 'internal_error' },
        finished_at: expect.any(String),
      })
      expect(agents.logged.join()).toContain('The end of a run could not be stored')
      const again = await agents.send(ana, 'POST', '/api/agents/chat', { ...chat, thread_id: threadId })
      expect(again).toMatchObject({ status: 200, body: { message: 'Better.' } })
    } finally {
      await database.asOwner('alter table messages drop constraint refuses_a_word')
    }
  })
})
