import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { claimApproved, decidePending, expirePending, findApproval, insertApproval } from './store.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const LATER = new Date('2026-11-22T12:15:00Z')

/** Each change of state is one statement that holds its own condition: who comes second gets nothing. */
describeOnEachEngine('an approval', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number
  let threadId: number
  let runId: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
    await database.asUser(ana, async (tx) => {
      const thread = await tx.insertInto('threads').values({ user_id: ana }).returning('id').executeTakeFirstOrThrow()
      threadId = thread.id
      const run = await tx
        .insertInto('runs')
        .values({ user_id: ana, thread_id: threadId, agent_id: 1, status: 'waiting', model: 'm', is_llm: true })
        .returning('id')
        .executeTakeFirstOrThrow()
      runId = run.id
    })
  })
  afterAll(() => database.close())

  async function pending(): Promise<number> {
    const row = await database.asUser(ana, (tx) =>
      insertApproval(ana, tx, {
        runId,
        threadId,
        toolCallId: 'c',
        askedBecause: 'rules',
        tool: 'acme_delete_page',
        connectionId: null,
        arguments: {},
        digest: 'd',
        at: NOW,
        expiresAt: LATER,
      }),
    )
    return row.id
  }

  const decide = (id: number, status: 'approved' | 'denied', at = NOW, userId = ana) =>
    database.asUser(ana, (tx) => decidePending(userId, tx, id, { status, reason: null, at }))
  const claim = (id: number, userId = ana) => database.asUser(ana, (tx) => claimApproved(userId, tx, id, NOW))
  const statusOf = async (id: number) => (await database.asUser(ana, (tx) => findApproval(ana, tx, id)))?.status

  it('is decided once', async () => {
    const id = await pending()
    expect(await decide(id, 'denied')).toMatchObject({ status: 'denied' })
    expect(await decide(id, 'approved')).toBeUndefined()
    expect(await statusOf(id)).toBe('denied')
  })

  it('is decided in time', async () => {
    const id = await pending()
    expect(await decide(id, 'approved', LATER)).toBeUndefined()
    expect(await statusOf(id)).toBe('pending')
  })

  it('is used once, and only when it was approved', async () => {
    const id = await pending()
    expect(await claim(id)).toBeUndefined()
    await decide(id, 'approved')
    expect(await claim(id)).toMatchObject({ status: 'used', used_at: NOW })
    expect(await claim(id)).toBeUndefined()
    const denied = await pending()
    await decide(denied, 'denied')
    expect(await claim(denied)).toBeUndefined()
  })

  it('is not withdrawn after it was decided', async () => {
    const [open, decided] = [await pending(), await pending()]
    await decide(decided, 'approved')
    await database.asUser(ana, (tx) => expirePending(ana, tx, threadId, { reason: 'went on', at: NOW }))
    expect([await statusOf(open), await statusOf(decided)]).toEqual(['expired', 'approved'])
    expect(await decide(open, 'approved')).toBeUndefined()
  })

  it('is nobody else’s to decide or use, also where the database would show it', async () => {
    const id = await pending()
    expect(await decide(id, 'approved', NOW, bruno)).toBeUndefined()
    await decide(id, 'approved')
    expect(await claim(id, bruno)).toBeUndefined()
    expect(await database.asUser(ana, (tx) => findApproval(bruno, tx, id))).toBeUndefined()
  })
})
