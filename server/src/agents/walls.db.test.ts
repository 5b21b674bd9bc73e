import { afterAll, beforeAll, expect, it } from 'vitest'
import { inTurn, openTestAgents } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

/**
 * Two of the walls between users, each with the other taken down: the code asks for the caller's rows only, and the
 * database shows no others.
 */
describeOnEachEngine('the rows of another user', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number
  let routes: readonly (readonly [string, string, unknown?])[]
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
    const script = inTurn({ text: 'private', calls: [{ tool: 'acme_delete_page', arguments: { id: 'private' } }] })
    const agents = openTestAgents({ database, script })
    const agentId = await agents.createAgent(ana, { name: 'private' })
    const request = { agent_id: agentId, message: 'private' }
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
    const approvalId = body.approvals[0].id as number
    routes = [
      ['GET', `/api/agents/${agentId}`],
      ['PATCH', `/api/agents/${agentId}`, { name: 'stolen' }],
      ['GET', `/api/threads/${body.thread_id}`],
      ['PATCH', `/api/threads/${body.thread_id}`, { title: 'stolen' }],
      ['GET', `/api/runs/${body.run_id}`],
      ['GET', `/api/runs/${body.run_id}/stream`],
      ['POST', `/api/runs/${body.run_id}/stop`],
      ['POST', `/api/runs/${body.run_id}/resume`],
      ['GET', `/api/approvals/${approvalId}`],
      ['POST', `/api/approvals/${approvalId}`, { decision: 'approve' }],
      ['POST', '/api/agents/chat', request],
      ['DELETE', `/api/threads/${body.thread_id}`],
      ['DELETE', `/api/agents/${agentId}`],
    ]
  })
  afterAll(() => database.close())

  it('are out of reach of the code, even under the role that sees all', async () => {
    const blind = { ...database, asUser: withoutRowSecurity }
    const agents = openTestAgents({ database: blind, script: inTurn() })
    for (const [method, path, body] of routes) {
      const answer = await agents.send(bruno, method, path, body)
      expect([method, path, answer.status]).toEqual([method, path, 404])
      expect(JSON.stringify(answer.body)).not.toContain('private')
    }
    for (const path of ['/api/agents', '/api/threads', '/api/approvals']) {
      expect(JSON.stringify((await agents.send(bruno, 'GET', path)).body)).not.toContain('private')
    }
    expect(agents.calls).toEqual([])
  })

  const withoutRowSecurity: TestDatabase['asUser'] = (_userId, work) =>
    database.asSystem('test of the other wall', work)

  it('are not shown by the database, whatever the code asks', async () => {
    for (const table of ['agents', 'threads', 'runs', 'messages', 'run_events', 'approvals'] as const) {
      const hers = await database.asUser(ana, (tx) => tx.selectFrom(table).select('user_id').execute())
      expect(hers.length).toBeGreaterThan(0)
      expect(await database.asUser(bruno, (tx) => tx.selectFrom(table).select('user_id').execute())).toEqual([])
    }
  })
})
