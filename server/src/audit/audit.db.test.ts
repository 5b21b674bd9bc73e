import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import type { AuditEvent } from './audit.ts'
import { createAudit } from './record.ts'
import { listEvents } from './store.ts'
import { verifyAudit } from './verify.ts'

const clock = { now: () => new Date('2026-11-22T12:00:00.123Z') }

function eventOf(userId: number | null, index: number): AuditEvent {
  return {
    userId,
    type: 'credential.used',
    outcome: index % 3 === 0 ? 'failure' : 'success',
    actor: { kind: 'user', user_id: userId, b: 1, a: 'ç' },
    target: { kind: 'connection', id: index },
    details: { tool: `tool_${index}` },
    requestId: `request-${index}`,
  }
}

describeOnEachEngine('audit', (open) => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await open()
  })
  afterEach(() => database.close())

  async function recordMany(count: number): Promise<void> {
    const audit = createAudit({ database, clock })
    await Promise.all(Array.from({ length: count }, (_, index) => audit.record(eventOf(null, index))))
  }

  it('chains what many writers record at once', async () => {
    const writers = [createAudit({ database, clock }), createAudit({ database, clock })]
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (writers[index % 2] as (typeof writers)[0]).record(eventOf(null, index)),
      ),
    )
    expect(await verifyAudit(database)).toMatchObject({ intact: true, events: 60, fault: null })
  })

  it('keeps the chain whole where two processes go on from the same end, turn by turn', async () => {
    const writers = [createAudit({ database, clock }), createAudit({ database, clock })] as const
    for (let index = 0; index < 6; index += 1) await writers[index % 2 === 0 ? 0 : 1].record(eventOf(null, index))
    expect(await verifyAudit(database)).toMatchObject({ intact: true, events: 6, fault: null })
  })

  it('writes what nobody waits for along with what somebody does, in the order in which they came', async () => {
    const audit = createAudit({ database, clock })
    audit.recordLater(eventOf(null, 1))
    await audit.record(eventOf(null, 2))
    const rows = await database.asSystem('test', (tx) =>
      tx.selectFrom('audit_events').select('request_id').orderBy('id').execute(),
    )
    expect(rows.map((row) => row.request_id)).toEqual(['request-1', 'request-2'])
  })

  it('writes what nobody waits for by itself, and on request at once', async () => {
    const audit = createAudit({ database, clock })
    audit.recordLater(eventOf(null, 1))
    await audit.flush()
    expect(await verifyAudit(database)).toMatchObject({ intact: true, events: 1 })
    await audit.flush()
    audit.recordLater(eventOf(null, 2))
    await expect.poll(() => verifyAudit(database)).toMatchObject({ intact: true, events: 2 })
  })

  it('says which events were lost that nobody waited for, and loses no other', async () => {
    const lost: unknown[] = []
    const audit = createAudit({ database, clock, onLost: (error) => lost.push(error) })
    const unstorable = { ...eventOf(null, 1), details: { text: '\u0000' } }
    audit.recordLater(unstorable)
    await audit.record(eventOf(null, 2))
    expect([lost.length, await verifyAudit(database)]).toMatchObject([1, { intact: true, events: 1 }])
    await expect(audit.record(unstorable)).rejects.toThrow()
  })

  it('shows a user their own events and nobody else', async () => {
    const ana = await createTestUser(database, 'ana@example.com')
    const bruno = await createTestUser(database, 'bruno@example.com')
    const audit = createAudit({ database, clock })
    for (const [index, userId] of [ana, bruno, ana, null].entries()) await audit.record(eventOf(userId, index))
    const seen = await database.asUser(ana, (tx) => tx.selectFrom('audit_events').select('user_id').execute())
    expect(seen).toEqual([{ user_id: ana }, { user_id: ana }])
    const listed = await database.asUser(ana, (tx) => listEvents(ana, tx, {}, 10))
    expect(listed.map(({ id }) => id)).toEqual([3, 1])
  })

  it('lets neither a user nor the system change or delete an event', async () => {
    const ana = await createTestUser(database, 'ana@example.com')
    await createAudit({ database, clock }).record(eventOf(ana, 1))
    const attempts = [
      () => database.asUser(ana, (tx) => tx.deleteFrom('audit_events').execute()),
      () => database.asSystem('test', (tx) => tx.deleteFrom('audit_events').execute()),
      () => database.asSystem('test', (tx) => tx.updateTable('audit_events').set({ type: 'x' }).execute()),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(/permission denied/)
  })

  it('rejects where the event cannot be written', async () => {
    await database.asOwner('revoke insert on audit_events from chaveiro_system')
    await expect(createAudit({ database, clock }).record(eventOf(null, 1))).rejects.toThrow(/permission denied/)
  })

  it('goes on after a failed write, without a gap', async () => {
    const audit = createAudit({ database, clock })
    await database.asOwner('revoke insert on audit_events from chaveiro_system')
    await expect(audit.record(eventOf(null, 1))).rejects.toThrow()
    await database.asOwner('grant insert on audit_events to chaveiro_system')
    await audit.record(eventOf(null, 2))
    expect(await verifyAudit(database)).toMatchObject({ intact: true, events: 1 })
  })

  describe('tampering by the owner of the database', () => {
    const cases = [
      ['an edited actor', `update audit_events set actor = '{}' where id = 3`, 'event 3 was changed'],
      ['an edited time', `update audit_events set at = at + interval '1 hour' where id = 5`, 'event 5 was changed'],
      ['an edited hash', `update audit_events set hash = repeat('a', 64) where id = 4`, 'event 4 was changed'],
      ['a deleted event', 'delete from audit_events where id = 2', 'event 2 is missing'],
      ['a deleted first event', 'delete from audit_events where id = 1', 'event 1 is missing'],
      ['a cut tail', 'delete from audit_events where id > 4', 'event 5 is missing'],
      [
        'two events that changed places',
        'update audit_events set id = -id where id in (2, 3); update audit_events set id = 5 + id where id < 0',
        'event 2 does not follow event 1',
      ],
    ] as const

    it.each(cases)('names the first bad event for %s', async (_name, statement, fault) => {
      await recordMany(6)
      await database.asOwner(statement)
      expect(await verifyAudit(database)).toMatchObject({ intact: false, fault })
    })

    it('notices a tail that was cut together with the head, from a head noted earlier', async () => {
      await recordMany(6)
      const { head } = await verifyAudit(database)
      await database.asOwner(`delete from audit_events where id > 4;
        update audit_head set last_id = 4, last_hash = (select hash from audit_events where id = 4)`)
      expect(await verifyAudit(database)).toMatchObject({ intact: true, events: 4 })
      expect(await verifyAudit(database, head)).toMatchObject({
        intact: false,
        fault: 'event 6, noted earlier, is gone',
      })
    })
  })
})
