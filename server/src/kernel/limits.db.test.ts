import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createLimits, type Limits } from './limits.ts'

const SETTINGS = { requests: { points: 20, windowSeconds: 60 } }
const REPLICAS = 4

describeOnEachEngine('limits in PostgreSQL', (open) => {
  let database: TestDatabase
  let replicas: Limits[] = []
  const failures: Error[] = []

  beforeAll(async () => {
    database = await open()
    replicas = Array.from({ length: REPLICAS }, () =>
      createLimits({
        store: { kind: 'postgres', query: (statement, parameters) => database.loginQuery(statement, parameters) },
        settings: SETTINGS,
        onStoreError: (error) => failures.push(error),
      }),
    )
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  afterAll(async () => {
    await Promise.all(replicas.map((limits) => limits.close()))
    await database.close()
    expect(failures).toEqual([])
  })

  const takeEverywhere = async (key: number | string, attempts: number) => {
    const taken = await Promise.all(
      Array.from({ length: attempts }, (_, index) => (replicas[index % REPLICAS] as Limits).requests.take(key)),
    )
    return taken.filter(({ ok }) => ok).length
  }

  it('allow exactly their points, however many replicas ask at once', async () => {
    expect(await takeEverywhere(1, 200)).toBe(20)
    expect(await takeEverywhere(2, 200)).toBe(20)
  })

  it('tell the seconds to wait, give back, and count afresh in the next window', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    expect(await takeEverywhere('three', 30)).toBe(20)
    expect(await replicas[0]?.requests.take('three')).toEqual({ ok: false, retryAfterSeconds: 60 })
    await replicas[1]?.requests.giveBack('three', 12)
    expect(await replicas[2]?.requests.take('three')).toEqual({ ok: true })
    expect((await replicas[2]?.requests.take('three'))?.ok).toBe(false)
    vi.setSystemTime(Date.now() + 60_001)
    expect(await takeEverywhere('three', 30)).toBe(20)
  })

  it('take any key as a value, never as a statement', async () => {
    const key = "x'); delete from rate_limits; --"
    expect(await replicas[0]?.requests.take(key)).toEqual({ ok: true })
    const rows = await database.asOwner<{ key: string }>(`select key from rate_limits where key like 'requests:x%'`)
    expect(rows).toEqual([{ key: `requests:${key}` }])
  })
})
