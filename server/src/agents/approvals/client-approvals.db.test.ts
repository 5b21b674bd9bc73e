import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { SCOPES, type Principal } from '#kernel/principal.ts'
import { inTurn, openTestAgents, type TestAgents } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

const MINUTE_MS = 60_000
const { target, ...ABOUT } = {
  target: 'Old plans',
  targets: [{ argument: 'id', title: 'Old plans' }],
  now: [{ argument: 'options', text: 'as before' }],
}
const describeTarget = async () => ({ target, ...ABOUT })
const CALL = { name: 'acme_delete_page', arguments: { id: 'p1' } }

/** What an MCP client asked for, as its user sees and decides it by the API. */
describeOnEachEngine('approvals that clients ask for', (open) => {
  let database: TestDatabase
  let agents: TestAgents
  let ana: Principal
  let bruno: number
  let now: Date
  let users = 0

  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    users += 1
    const userId = await createTestUser(database, `ana${users}@example.com`)
    bruno = await createTestUser(database, `bruno${users}@example.com`)
    ana = { userId, role: 'user', scopes: new Set(SCOPES), via: { kind: 'oauth_client', id: '12' } }
    now = new Date('2026-11-22T12:00:00Z')
    agents = openTestAgents({ database, clock: { now: () => now }, script: inTurn(), agents: { describeTarget } })
  })

  async function asked(call = CALL): Promise<number> {
    const pending = await agents.approvalDesk.request(ana, call, 'request-1')
    if (!pending.ok) throw new Error(pending.problem.detail)
    return pending.value.id
  }

  const send = (method: string, path: string, body?: unknown, userId = ana.userId) =>
    agents.send(userId, method, `/api/approvals${path}`, body)
  const take = () => agents.approvalDesk.take(ana, CALL)
  const listed = async (status: string) => {
    const { body } = await send('GET', `?status=${status}`)
    return body.approvals.map(({ id }: { id: number }) => id)
  }

  it('are listed with the client, and without a run', async () => {
    const id = await asked()
    const { body } = await send('GET', '?status=pending')
    expect(body.approvals).toEqual([
      expect.objectContaining({
        id,
        status: 'pending',
        tool: CALL.name,
        target,
        about: ABOUT,
        arguments: CALL.arguments,
        connection_id: ana.userId * 10,
        client: { kind: 'oauth_client', id: '12' },
        run_id: null,
        thread_id: null,
        tool_call_id: null,
        expires_at: '2026-11-22T12:10:00.000Z',
      }),
    ])
    expect((await send('GET', '', undefined, bruno)).body.approvals).toEqual([])
  })

  it('are approved without anything that goes on, and then taken once', async () => {
    const id = await asked()
    const decided = await send('POST', `/${id}`, { decision: 'approve', arguments: CALL.arguments })
    expect(decided).toMatchObject({
      status: 200,
      body: { id, status: 'approved', decided_at: now.toISOString(), expires_at: '2026-11-22T12:10:00.000Z' },
    })
    expect(agents.calls).toEqual([])
    expect(agents.events.at(-1)).toMatchObject({
      type: 'approval.approved',
      actor: { via: 'session' },
      details: { client_kind: 'oauth_client', client_id: '12' },
    })
    expect(await take()).toMatchObject({ id })
    expect((await send('GET', `/${id}`)).body.status).toBe('used')
  })

  it('are denied with a reason', async () => {
    const id = await asked()
    const denied = await send('POST', `/${id}`, { decision: 'deny', reason: 'wrong page' })
    expect(denied).toMatchObject({ status: 200, body: { status: 'denied', reason: 'wrong page' } })
    expect(await take()).toBeNull()
    expect((await send('POST', `/${id}`, { decision: 'approve' })).body).toMatchObject({
      code: 'conflict',
      approval_status: 'denied',
    })
  })

  it('are not approved where something else was shown', async () => {
    const id = await asked()
    const decided = await send('POST', `/${id}`, { decision: 'approve', arguments: { id: 'p2' } })
    expect(decided.body).toMatchObject({ code: 'conflict', path: 'arguments' })
    expect(await take()).toBeNull()
  })

  it('are nobody else’s to see or decide', async () => {
    const id = await asked()
    const unknown = await send('GET', '/999999', undefined, bruno)
    for (const [method, body] of [
      ['GET', undefined],
      ['POST', { decision: 'approve' }],
    ] as const) {
      const answer = await send(method, `/${id}`, body, bruno)
      expect(answer).toMatchObject({ status: 404, body: { detail: unknown.body.detail } })
    }
    expect(await take()).toBeNull()
  })

  it('show as expired when their time is over, decided or not', async () => {
    const approved = await asked()
    await send('POST', `/${approved}`, { decision: 'approve' })
    const pending = await asked({ ...CALL, arguments: { id: 'p2' } })
    expect([await listed('approved'), await listed('pending'), await listed('expired')]).toEqual([
      [approved],
      [pending],
      [],
    ])
    now = new Date(now.getTime() + 10 * MINUTE_MS)
    expect([await listed('approved'), await listed('pending'), await listed('expired')]).toEqual([
      [],
      [],
      [pending, approved],
    ])
    expect((await send('GET', `/${approved}`)).body.status).toBe('expired')
    expect((await send('POST', `/${pending}`, { decision: 'approve' })).body).toMatchObject({ code: 'conflict' })
  })
})
