import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis, type TestRedis } from '#test/support/redis-server.ts'
import { createLimits, type Limits } from './limits.ts'

const SETTINGS = { requests: { points: 20, windowSeconds: 60 } }
const REPLICAS = 4
const RECONNECT_ATTEMPTS = 100
const RECONNECT_INTERVAL_MS = 100

describe('limits in Redis', () => {
  let redis: TestRedis
  let replicas: Limits[] = []
  let failures = 0

  beforeAll(async () => {
    redis = await startRedis()
    replicas = Array.from({ length: REPLICAS }, () =>
      createLimits({
        store: { kind: 'redis', url: redis.url },
        settings: SETTINGS,
        onStoreError: () => {
          failures += 1
        },
      }),
    )
    await Promise.all(replicas.map(untilShared))
    failures = 0
  })
  afterAll(async () => {
    await Promise.all(replicas.map((limits) => limits.close()))
    await redis.stop()
  })

  /** Waits until a replica's connection answers, by an attempt on a key that no test uses. */
  async function untilShared(limits: Limits): Promise<void> {
    for (let attempt = 0; attempt < RECONNECT_ATTEMPTS; attempt += 1) {
      const before = failures
      await limits.connects.giveBack('probe')
      if (failures === before) return
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_INTERVAL_MS))
    }
    throw new Error('Redis was not reached')
  }

  const takeEverywhere = async (key: number | string, attempts: number) => {
    const taken = await Promise.all(
      Array.from({ length: attempts }, (_, index) => (replicas[index % REPLICAS] as Limits).requests.take(key)),
    )
    return taken.filter(({ ok }) => ok).length
  }

  it('allow exactly their points, however many replicas ask at once', async () => {
    expect(await takeEverywhere(1, 400)).toBe(20)
    expect(await takeEverywhere(2, 400)).toBe(20)
    const refused = await replicas[0]?.requests.take(1)
    expect(refused?.ok === false && refused.retryAfterSeconds > 50 && refused.retryAfterSeconds <= 60).toBe(true)
    expect(failures).toBe(0)
  })

  it('are given back', async () => {
    await takeEverywhere(3, 20)
    await replicas[1]?.requests.giveBack(3)
    expect(await takeEverywhere(3, 10)).toBe(1)
  })

  it('hold for each replica alone while Redis is away, and together again afterwards', async () => {
    const { port } = redis
    await redis.stop()
    const startedAt = performance.now()
    expect(await takeEverywhere(4, 400)).toBe(20 * REPLICAS)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(failures).toBeGreaterThan(0)
    redis = await startRedis(port)
    await Promise.all(replicas.map(untilShared))
    expect(await takeEverywhere(5, 400)).toBe(20)
  })
})
