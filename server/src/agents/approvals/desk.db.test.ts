import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_AGENT_LIMITS } from '#agents/limits.ts'
import type { AuditEvent } from '#audit/audit.ts'
import { digestOf } from '#kernel/canonical.ts'
import { SCOPES, type Principal } from '#kernel/principal.ts'
import { failure, success } from '#kernel/problem.ts'
import type { ApprovalDesk } from '#tools/approval-desk.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createApprovalDesk, type DeskDependencies } from './desk.ts'
import { takeClientApproval } from './store.ts'

const MINUTE_MS = 60_000
const CALL = { name: 'acme_delete_page', arguments: { id: 'p1', options: { soft: true, deep: [1, 2] } } }
/** The same call: the order of members means nothing. */
const SAME_CALL = { name: 'acme_delete_page', arguments: { options: { deep: [1, 2], soft: true }, id: 'p1' } }
const CONNECTION = 7
const DESCRIPTION = {
  target: 'Old plans',
  targets: [{ argument: 'id', title: 'Old plans' }],
  now: [{ argument: 'options', text: 'as before' }],
}
const REQUEST_ID = 'request-1'
const PARALLEL = 8

describeOnEachEngine('the approval desk', (open, engine) => {
  let database: TestDatabase
  let ana: Principal
  let now: Date
  let events: AuditEvent[]
  let connectionId: number
  let users = 0

  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    users += 1
    ana = via(await createTestUser(database, `ana${users}@example.com`))
    now = new Date('2026-11-22T12:00:00Z')
    events = []
    connectionId = CONNECTION
  })

  function via(userId: number, id = 'client-1', kind: Principal['via']['kind'] = 'oauth_client'): Principal {
    return { userId, role: 'user', scopes: new Set(SCOPES), via: { kind, id } }
  }

  function desk(more: Partial<DeskDependencies> = {}): ApprovalDesk {
    return createApprovalDesk({
      database,
      audit: { record: async (event) => void events.push(event) },
      clock: { now: () => now },
      limits: { ...DEFAULT_AGENT_LIMITS, clientApprovalsPerUser: 3 },
      checkCall: async () => success({ id: connectionId, label: 'Work' }),
      describeTarget: async () => DESCRIPTION,
      pinTargets: async (_principal, call) => success(call.arguments),
      publicUrl: 'https://chaveiro.example',
      ...more,
    })
  }

  async function asked(principal = ana, call = CALL): Promise<number> {
    const pending = await desk().request(principal, call, REQUEST_ID)
    if (!pending.ok) throw new Error(pending.problem.detail)
    return pending.value.id
  }

  const decide = (id: number, approved: boolean, principal = ana) =>
    desk().decide(principal, { id, approved, requestId: REQUEST_ID })

  async function approved(principal = ana, call = CALL): Promise<number> {
    const id = await asked(principal, call)
    expect(await decide(id, true, principal)).toEqual(success(null))
    return id
  }

  const pass = (minutes: number) => {
    now = new Date(now.getTime() + minutes * MINUTE_MS)
  }

  const rows = () =>
    database.asOwner<{ id: number; status: string }>(
      `select id, status from approvals where user_id = ${ana.userId} order by id`,
    )

  it('asks once about one call, whatever the order of its members', async () => {
    const pending = await desk().request(ana, CALL, REQUEST_ID)
    expect(pending).toMatchObject({
      ok: true,
      value: {
        connection: 'Work',
        target: 'Old plans',
        now: DESCRIPTION.now,
        expiresAt: new Date('2026-11-22T12:10:00Z'),
      },
    })
    const id = pending.ok ? pending.value.id : 0
    expect(pending.ok && pending.value.url).toBe(`https://chaveiro.example/approvals/${id}`)
    expect(await asked(ana, SAME_CALL)).toBe(id)
    expect(events).toMatchObject([
      {
        type: 'approval.requested',
        userId: ana.userId,
        actor: { via: 'oauth_client', via_id: 'client-1' },
        target: { id, tool: CALL.name },
        details: { connection_id: CONNECTION, arguments_digest: digestOf(CALL.arguments) },
        requestId: REQUEST_ID,
      },
    ])
    expect(JSON.stringify(events)).not.toContain('p1')
  })

  it('asks once when the same call comes many times at once', async () => {
    const ids = await Promise.all(Array.from({ length: PARALLEL }, () => asked()))
    expect(new Set(ids).size).toBe(1)
    expect(events).toHaveLength(1)
  })

  it('approves what bears a title now, and asks again where another bears it later', async () => {
    const call = { name: CALL.name, arguments: { page_id: 'Old plans' } }
    const bornBy = (page_id: string) => desk({ pinTargets: async () => success({ page_id }) })
    const pending = await bornBy('page-1').request(ana, call, REQUEST_ID)
    expect(pending).toMatchObject({ ok: true, value: { arguments: { page_id: 'page-1' } } })
    const id = pending.ok ? pending.value.id : 0
    await decide(id, true)
    expect(await bornBy('page-2').take(ana, call)).toBeNull()
    expect(await bornBy('page-1').take(ana, call)).toMatchObject({ id, arguments: { page_id: 'page-1' } })
  })

  it('asks about nothing whose title means several', async () => {
    const unclear = desk({ pinTargets: async () => failure('ambiguous', 'Two pages are called so.') })
    expect(await unclear.request(ana, CALL, REQUEST_ID)).toMatchObject({ ok: false, problem: { code: 'ambiguous' } })
    expect(await unclear.take(ana, CALL)).toBeNull()
    expect(await rows()).toEqual([])
  })

  it('gives an approval once', async () => {
    const id = await approved()
    expect(await desk().take(ana, SAME_CALL)).toEqual({ id, connectionId: CONNECTION, arguments: CALL.arguments })
    expect(await desk().take(ana, CALL)).toBeNull()
    expect(await rows()).toEqual([{ id, status: 'used' }])
    expect(events.map(({ type }) => type)).toEqual(['approval.requested', 'approval.approved'])
  })

  it('gives it to one of many who come at once', async () => {
    const id = await approved()
    const taken = await Promise.all(Array.from({ length: PARALLEL }, () => desk().take(ana, CALL)))
    expect(taken.filter((one) => one !== null)).toEqual([{ id, connectionId: CONNECTION, arguments: CALL.arguments }])
  })

  // The embedded database has one session: there a second transaction cannot begin before the first has ended.
  if (engine === 'postgres') {
    it('gives it to nobody who waited while another took it', async () => {
      const id = await approved()
      const { userId, via: client } = ana
      const digest = digestOf(CALL.arguments)
      let second: Promise<unknown> = Promise.resolve()
      await database.asUser(userId, async (tx) => {
        const call = { client, tool: CALL.name, connectionId: CONNECTION, digest }
        expect(await takeClientApproval(userId, tx, call, now)).toMatchObject({ id })
        second = desk().take(ana, CALL)
        await expect.poll(() => database.asOwner('select 1 from pg_locks where not granted')).toHaveLength(1)
      })
      expect(await second).toBeNull()
    })
  }

  it('gives nothing that was only asked for, or denied', async () => {
    const id = await asked()
    expect(await desk().take(ana, CALL)).toBeNull()
    await decide(id, false)
    expect(await desk().take(ana, CALL)).toBeNull()
  })

  describe('an approval is good for nothing but', () => {
    beforeEach(async () => void (await approved()))

    it.each([
      ['the same arguments', { ...CALL, arguments: { ...CALL.arguments, id: 'p2' } }],
      ['all of them', { ...CALL, arguments: { id: 'p1' } }],
      ['the same tool', { ...CALL, name: 'acme_delete_everything' }],
    ])('%s', async (_what, call) => {
      expect(await desk().take(ana, call)).toBeNull()
      expect(await desk().take(ana, CALL)).not.toBeNull()
    })

    it('the same user', async () => {
      const bruno = via(await createTestUser(database, `bruno${users}@example.com`))
      expect(await desk().take(bruno, CALL)).toBeNull()
    })

    it.each([
      ['the same client', 'client-2', 'oauth_client'],
      ['the same way in', 'client-1', 'api_token'],
    ] as const)('%s', async (_what, id, kind) => {
      expect(await desk().take(via(ana.userId, id, kind), CALL)).toBeNull()
    })

    it('the same connection', async () => {
      connectionId = CONNECTION + 1
      expect(await desk().take(ana, CALL)).toBeNull()
      connectionId = CONNECTION
      expect(await desk().take(ana, CALL)).not.toBeNull()
    })

    it('a call that can be made at all', async () => {
      const broken = desk({ checkCall: async () => failure('not_connected', 'Acme is not connected.') })
      expect(await broken.take(ana, CALL)).toBeNull()
    })
  })

  it('is decided through nobody but the client that asked', async () => {
    const id = await asked()
    const bruno = via(await createTestUser(database, `bruno${users}@example.com`))
    for (const stranger of [bruno, via(ana.userId, 'client-2'), via(ana.userId, 'client-1', 'api_token')]) {
      expect(await decide(id, true, stranger)).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    }
    expect(await rows()).toEqual([{ id, status: 'pending' }])
  })

  it('takes a decision once, and the same one again without complaint until it is used', async () => {
    const id = await approved()
    expect(await decide(id, true)).toEqual(success(null))
    expect(await decide(id, false)).toMatchObject({ ok: false, problem: { code: 'conflict' } })
    await desk().take(ana, CALL)
    expect(await decide(id, true)).toMatchObject({ ok: false, problem: { code: 'conflict' } })
    expect(events.map(({ type }) => type)).toEqual(['approval.requested', 'approval.approved'])
  })

  it('of two decisions at once, one counts', async () => {
    const id = await asked()
    const outcomes = await Promise.all([decide(id, true), decide(id, false)])
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(events.filter(({ type }) => type !== 'approval.requested')).toHaveLength(1)
  })

  it('waits ten minutes for the decision', async () => {
    const id = await asked()
    pass(10)
    expect(await decide(id, true)).toMatchObject({ ok: false, problem: { code: 'conflict' } })
    expect(await asked()).not.toBe(id)
    expect((await rows()).map(({ status }) => status)).toEqual(['expired', 'pending'])
  })

  it('holds for ten minutes after the decision, however late that came', async () => {
    const id = await asked()
    pass(9)
    await decide(id, true)
    pass(9)
    expect(await desk().take(ana, CALL)).toMatchObject({ id })
    await approved()
    pass(10)
    expect(await desk().take(ana, CALL)).toBeNull()
  })

  it('does not ask again about what was denied, until some minutes have passed', async () => {
    const id = await asked()
    await decide(id, false)
    pass(4)
    const again = await desk().request(ana, SAME_CALL, REQUEST_ID)
    expect(again).toMatchObject({
      ok: false,
      problem: { code: 'denied', detail: expect.stringContaining('6 more minutes') as string },
    })
    expect(await asked(via(ana.userId, 'client-2'))).not.toBe(id)
    expect(await asked(ana, { ...CALL, arguments: { ...CALL.arguments, id: 'p2' } })).not.toBe(id)
    pass(6)
    expect(await asked()).not.toBe(id)
  })

  it('asks nobody about a call that cannot be made', async () => {
    const broken = desk({ checkCall: async () => failure('not_connected', 'Acme is not connected.') })
    expect(await broken.request(ana, CALL, REQUEST_ID)).toMatchObject({ ok: false, problem: { code: 'not_connected' } })
    expect([await rows(), events]).toEqual([[], []])
  })

  it('asks nobody about a title that names nothing', async () => {
    const problem = failure('not_found', 'There is no page called “Plans”.')
    const outcome = await desk({ pinTargets: async () => problem }).request(ana, CALL, REQUEST_ID)
    expect(outcome).toEqual(problem)
    expect([await rows(), events]).toEqual([[], []])
  })

  it('tells, of what was not found, that it was not', async () => {
    const targets = [{ argument: 'id', title: null, outcome: 'no_such_target' as const }]
    const unknown = desk({ describeTarget: async () => ({ target: null, targets, now: [] }) })
    for (const call of [CALL, SAME_CALL]) {
      expect(await unknown.request(ana, call, REQUEST_ID)).toMatchObject({ ok: true, value: { target: null, targets } })
    }
  })

  it('keeps no more than the newest of what waits', async () => {
    const ids: number[] = []
    for (const id of ['a', 'b', 'c', 'd']) ids.push(await asked(ana, { ...CALL, arguments: { ...CALL.arguments, id } }))
    expect(await rows()).toEqual(ids.map((id, index) => ({ id, status: index === 0 ? 'expired' : 'pending' })))
  })

  it('leaves no approval behind that could not be recorded', async () => {
    const id = await asked()
    const unrecorded = desk({ audit: { record: () => Promise.reject(new Error('no record')) } })
    await expect(unrecorded.decide(ana, { id, approved: true, requestId: REQUEST_ID })).rejects.toThrow('no record')
    expect(await desk().take(ana, CALL)).toBeNull()
  })

  it('stores what the database cannot hold as it can, and knows it again', async () => {
    const call = { name: CALL.name, arguments: { ...CALL.arguments, id: 'NUL \0 half \ud800' } }
    await approved(ana, call)
    expect(await desk().take(ana, call)).not.toBeNull()
  })
})
