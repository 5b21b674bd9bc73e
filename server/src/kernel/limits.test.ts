import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addressKey, createLimits, DEFAULT_LIMITS, outcomeOfTaken, type Limits, type LimitStore } from './limits.ts'

const SETTINGS = { requests: { points: 5, windowSeconds: 60 } }
const noError = (error: Error) => {
  throw error
}

async function countAllowed(limits: Limits, key: string | number, attempts: number): Promise<number> {
  const taken = await Promise.all(Array.from({ length: attempts }, () => limits.requests.take(key)))
  return taken.filter(({ ok }) => ok).length
}

describe('limits in memory', () => {
  let limits: Limits

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
    limits = createLimits({ store: { kind: 'memory' }, settings: SETTINGS, onStoreError: noError })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await limits.close()
  })

  it('allow exactly their points, to each key apart', async () => {
    expect(await countAllowed(limits, 1, 20)).toBe(5)
    expect(await countAllowed(limits, 2, 20)).toBe(5)
  })

  it('tell how many seconds to wait, and count afresh after them', async () => {
    await countAllowed(limits, 1, 5)
    vi.setSystemTime(Date.now() + 20_500)
    expect(await limits.requests.take(1)).toEqual({ ok: false, retryAfterSeconds: 40 })
    vi.setSystemTime(Date.now() + 39_400)
    expect(await limits.requests.take(1)).toEqual({ ok: false, retryAfterSeconds: 1 })
    vi.setSystemTime(Date.now() + 101)
    expect(await limits.requests.take(1)).toEqual({ ok: true })
  })

  it('count a cost of several points, all or nothing', async () => {
    expect(await limits.requests.take(1, 4)).toEqual({ ok: true })
    expect((await limits.requests.take(1, 2)).ok).toBe(false)
  })

  it('forget what is given back', async () => {
    for (let round = 0; round < 50; round += 1) {
      expect(await limits.requests.take(1)).toEqual({ ok: true })
      await limits.requests.giveBack(1)
    }
    expect(await countAllowed(limits, 1, 20)).toBe(5)
  })

  it('do not mix two names', async () => {
    await countAllowed(limits, 1, 20)
    expect(await limits.toolCalls.take(1)).toEqual({ ok: true })
  })

  it('use the defaults where nothing is set', async () => {
    let allowed = 0
    while ((await limits.connects.take(1)).ok) allowed += 1
    expect(allowed).toBe(DEFAULT_LIMITS.connects.points)
  })
})

describe('limits whose store does not answer', () => {
  const broken: LimitStore = {
    kind: 'postgres',
    query: async () => {
      throw new Error('connection refused')
    },
  }

  it('are counted in memory, and the failure is told', async () => {
    const onStoreError = vi.fn<(error: Error) => void>()
    const limits = createLimits({ store: broken, settings: SETTINGS, onStoreError })
    expect(await countAllowed(limits, 1, 20)).toBe(5)
    expect(onStoreError).toHaveBeenCalledTimes(20)
    expect(onStoreError.mock.calls[0]?.[0].message).toBe('connection refused')
    await expect(limits.requests.giveBack(1)).resolves.toBeUndefined()
    await limits.close()
  })

  it('use the store again as soon as it answers', async () => {
    let isUp = false
    const statements: string[] = []
    const limits = createLimits({
      store: {
        kind: 'postgres',
        query: async (statement) => {
          if (!isUp) throw new Error('down')
          statements.push(statement)
          return [{ points: 1, expire: Date.now() + 60_000 }]
        },
      },
      settings: SETTINGS,
      onStoreError: () => {},
    })
    await countAllowed(limits, 1, 20)
    isUp = true
    expect(await limits.requests.take(1)).toEqual({ ok: true })
    expect(statements).toHaveLength(1)
    await limits.close()
  })
})

describe('outcomeOfTaken', () => {
  it('is a problem with the seconds to wait', () => {
    expect(outcomeOfTaken({ ok: true }, 'Slower.')).toEqual({ ok: true, value: null })
    expect(outcomeOfTaken({ ok: false, retryAfterSeconds: 7 }, 'Slower.')).toEqual({
      ok: false,
      problem: { code: 'rate_limited', detail: 'Slower.', retryAfterSeconds: 7 },
    })
  })
})

describe('addressKey', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['', 'unknown'],
    ["'; drop table rate_limits", 'unknown'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
