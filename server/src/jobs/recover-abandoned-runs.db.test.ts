import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { startRunRecovery } from './recover-abandoned-runs.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const HOUR_MS = 3_600_000

describeOnEachEngine('the recovery of runs', (open, engine) => {
  let database: TestDatabase
  let ana: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
  })
  afterAll(() => database.close())

  /** A run whose last sign of life is so many milliseconds old. */
  async function runOfAge(ageMs: number): Promise<number> {
    const at = new Date(NOW.getTime() - ageMs)
    return database.asUser(ana, async (tx) => {
      const thread = await tx.insertInto('threads').values({ user_id: ana }).returning('id').executeTakeFirstOrThrow()
      const run = await tx
        .insertInto('runs')
        .values({
          user_id: ana,
          thread_id: thread.id,
          agent_id: 1,
          status: 'running',
          model: 'm',
          is_llm: true,
          heartbeat_at: at,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return run.id
    })
  }

  async function statusOf(id: number): Promise<string> {
    const query = database.asUser(ana, (tx) =>
      tx.selectFrom('runs').select('status').where('id', '=', id).executeTakeFirstOrThrow(),
    )
    return (await query).status
  }

  async function start(abandonedMs: number, now = NOW) {
    const warned: string[] = []
    const log = { warn: (_fields: unknown, message: string) => void warned.push(message), error: () => {} }
    return { warned, ...(await startRunRecovery({ database, clock: { now: () => now }, log, abandonedMs })) }
  }

  it('marks at start what cannot live any more', async () => {
    const old = await runOfAge(HOUR_MS)
    const fresh = await runOfAge(1)
    const recovery = await start(HOUR_MS)
    expect(await statusOf(old)).toBe('interrupted')
    // Another replica may be at work on it; the embedded database has none.
    expect(await statusOf(fresh)).toBe(engine === 'pglite' ? 'interrupted' : 'running')
    expect(recovery.warned).toHaveLength(1)
    await recovery.stop()
  })

  describe('later', () => {
    it('marks what died since, and spares what lives', async () => {
      let now = NOW
      const log = { warn: () => {}, error: () => {} }
      const abandonedMs = 20
      const recovery = await startRunRecovery({ database, clock: { now: () => now }, log, abandonedMs })
      const fresh = await runOfAge(0)
      now = new Date(NOW.getTime() + abandonedMs / 2)
      const dead = await runOfAge(HOUR_MS)
      await expect.poll(() => statusOf(dead)).toBe('interrupted')
      expect(await statusOf(fresh)).toBe('running')
      await recovery.stop()
    })
  })
})
