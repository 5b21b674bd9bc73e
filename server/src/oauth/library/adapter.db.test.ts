import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createAdapterFactory } from './adapter.ts'

describeOnEachEngine('a code of the authorization server', (open) => {
  let database: TestDatabase
  let now = new Date('2026-01-01T00:00:00Z')

  beforeAll(async () => {
    database = await open()
  })

  afterAll(async () => {
    await database.close()
  })

  function codes() {
    const deps = {
      database,
      audit: { record: async () => {} },
      clock: { now: () => now },
      secret: 'a secret for tests',
    }
    return createAdapterFactory(deps)('AuthorizationCode') as Required<
      ReturnType<ReturnType<typeof createAdapterFactory>>
    >
  }

  const seconds = () => now.getTime() / 1_000

  it('that was used says so for a day, so that a late replay ends what it led to', async () => {
    now = new Date('2026-01-01T00:00:00Z')
    await codes().upsert('used', { exp: seconds() + 60, grantId: 'a grant' }, 60)
    await codes().consume('used')
    // The database measures by its own clock how long ago that was.
    await database.asOwner(`update oauth_records set consumed_at = clock_timestamp() - interval '12 hours'`)
    now = new Date('2026-01-01T12:00:00Z')
    const found = await codes().find('used')
    expect(found).toMatchObject({ consumed: true })
    expect(Number(found?.exp)).toBeGreaterThan(seconds())
  })

  it('that was never used has simply expired', async () => {
    now = new Date('2026-01-01T00:00:00Z')
    await codes().upsert('unused', { exp: seconds() + 60, grantId: 'a grant' }, 60)
    now = new Date('2026-01-01T00:02:00Z')
    const found = await codes().find('unused')
    expect(found).not.toHaveProperty('consumed')
    expect(Number(found?.exp)).toBeLessThan(seconds())
  })
})
