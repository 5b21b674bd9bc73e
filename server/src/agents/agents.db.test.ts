import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTurn, openTestAgents, type TestAgents } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

describeOnEachEngine('agents', (open) => {
  let database: TestDatabase
  let agents: TestAgents
  let ana: number
  let bruno: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
    agents = openTestAgents({ database, script: inTurn(), limits: { agentsPerUser: 5, toolsPerAgent: 3 } })
  })
  afterAll(() => database.close())

  it('keeps what was written', async () => {
    const draft = { name: 'Reader', description: 'd', instructions: 'i', tools: ['acme_read_page'], shared: false }
    const created = await agents.send(ana, 'POST', '/api/agents', draft)
    expect(created).toMatchObject({ status: 200, body: { ...draft, model: null, owned: true } })
    const path = `/api/agents/${created.body.id}`
    expect((await agents.send(ana, 'GET', path)).body).toEqual(created.body)
    const changed = await agents.send(ana, 'PATCH', path, { name: 'Renamed', tools: ['acme_delete_page'] })
    expect(changed.body).toMatchObject({ name: 'Renamed', description: 'd', tools: ['acme_delete_page'] })
    expect(await agents.send(ana, 'DELETE', path)).toMatchObject({ body: { deleted: true, id: created.body.id } })
    expect((await agents.send(ana, 'GET', path)).status).toBe(404)
    expect(agents.events.map(({ type }) => type)).toEqual(['agent.created', 'agent.changed', 'agent.deleted'])
  })

  it.each([
    [{ name: 'a', tools: ['acme_reed_page'] }, 'tools.0', 'Did you mean "acme_read_page"'],
    [{ name: 'a', tools: ['acme_read_page', 'zzz'] }, 'tools.1', 'GET /api/tools'],
    [{ name: 'a', tools: Array.from({ length: 4 }, () => 'acme_read_page') }, 'tools', 'at most 3'],
    [{ name: 'a', tools: [], model: 'nobody/gpt' }, 'model', 'GET /api/models'],
    [{ name: ' ', tools: [] }, 'name', ''],
    [{ name: 'a', tools: [], user_id: 1 }, 'user_id', ''],
    [{ name: 'a' }, 'tools', ''],
  ])('refuses %j', async (draft, path, sentence) => {
    const refused = await agents.send(ana, 'POST', '/api/agents', draft)
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request', path } })
    expect(refused.body.detail).toContain(sentence)
  })

  it('lists pages, newest first', async () => {
    const ids = [await agents.createAgent(ana), await agents.createAgent(ana), await agents.createAgent(ana)]
    const first = await agents.send(ana, 'GET', '/api/agents?limit=2')
    expect(first.body.agents.map(({ id }: { id: number }) => id)).toEqual([ids[2], ids[1]])
    const second = await agents.send(ana, 'GET', `/api/agents?limit=2&cursor=${first.body.next_cursor}`)
    expect(second.body).toMatchObject({ agents: [{ id: ids[0] }], next_cursor: null })
    for (const id of ids) await agents.send(ana, 'DELETE', `/api/agents/${id}`)
  })

  it('holds so many agents for one user and no more', async () => {
    const ids: number[] = []
    for (let made = 0; made < 5; made += 1) ids.push(await agents.createAgent(bruno))
    const refused = await agents.send(bruno, 'POST', '/api/agents', { name: 'sixth', tools: [] })
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } })
    for (const id of ids) await agents.send(bruno, 'DELETE', `/api/agents/${id}`)
  })

  describe('of somebody else', () => {
    it('are not found, with the same bytes as what does not exist', async () => {
      const id = await agents.createAgent(ana)
      for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
        const foreign = await agents.send(bruno, method, `/api/agents/${id}`, body)
        const missing = await agents.send(bruno, method, `/api/agents/999999`, body)
        expect(foreign).toEqual(missing)
        expect(foreign.status).toBe(404)
      }
      expect((await agents.send(bruno, 'GET', '/api/agents')).body.agents).toEqual([])
      expect((await agents.send(ana, 'GET', `/api/agents/${id}`)).body.name).toBe('Helper')
    })

    it('can be read and used when shared, and not changed', async () => {
      const id = await agents.createAgent(ana, { shared: true })
      const seen = await agents.send(bruno, 'GET', `/api/agents/${id}`)
      expect(seen.body).toMatchObject({ id, shared: true, owned: false })
      expect(Object.keys(seen.body)).not.toContain('user_id')
      expect((await agents.send(bruno, 'GET', '/api/agents')).body.agents).toHaveLength(1)
      const missing = await agents.send(bruno, 'DELETE', '/api/agents/999999')
      expect(await agents.send(bruno, 'PATCH', `/api/agents/${id}`, { name: 'mine' })).toEqual(missing)
      expect(await agents.send(bruno, 'DELETE', `/api/agents/${id}`)).toEqual(missing)
      expect((await agents.send(ana, 'GET', `/api/agents/${id}`)).body.name).toBe('Helper')
    })
  })
})
