import { describe, expect, it } from 'vitest'
import { applyChange, createConnectionCache } from './cache.ts'
import type { ConnectionRow } from './connection.ts'

function setUp(maximumUsers = 10) {
  let at = 0
  const loads: number[] = []
  const gates: (() => void)[] = []
  let gated = false
  const cache = createConnectionCache({
    async load(userId) {
      loads.push(userId)
      if (gated) await new Promise<void>((resolve) => gates.push(resolve))
      return [{ id: userId * 10, user_id: userId, version: loads.length } as ConnectionRow]
    },
    clock: { now: () => new Date(at) },
    maximumUsers,
    idleSeconds: 300,
  })
  return {
    cache,
    loads,
    advance: (seconds: number) => {
      at += seconds * 1_000
    },
    gate: () => {
      gated = true
    },
    open: () => {
      gated = false
      for (const go of gates.splice(0)) go()
    },
  }
}

describe('the cache of connections', () => {
  it('loads once for many callers at the same moment', async () => {
    const { cache, loads, gate, open } = setUp()
    gate()
    const calls = [cache.connectionsOf(1), cache.connectionsOf(1), cache.connectionsOf(1)]
    open()
    expect(new Set(await Promise.all(calls)).size).toBe(1)
    expect(loads).toEqual([1])
  })

  it('keeps users apart', async () => {
    const { cache } = setUp()
    expect((await cache.connectionsOf(1))[0]?.user_id).toBe(1)
    expect((await cache.connectionsOf(2))[0]?.user_id).toBe(2)
  })

  it('never serves what was read before a change that came during the load', async () => {
    const { cache, loads, gate, open } = setUp()
    gate()
    const call = cache.connectionsOf(1)
    cache.drop(1)
    open()
    expect((await call)[0]?.version).toBe(2)
    expect(loads).toEqual([1, 1])
  })

  it('forgets who is idle, and keeps who is not', async () => {
    const { cache, advance } = setUp()
    await cache.connectionsOf(1)
    advance(200)
    await cache.connectionsOf(2)
    advance(101)
    cache.sweep()
    expect(cache.size()).toBe(1)
  })

  it('reads again after a minute, in case a message was lost', async () => {
    const { cache, loads, advance } = setUp()
    for (const seconds of [0, 59, 2]) {
      advance(seconds)
      await cache.connectionsOf(1)
    }
    expect(loads).toEqual([1, 1])
  })

  it('is bounded, and the least recently used goes first', async () => {
    const { cache, loads } = setUp(2)
    await cache.connectionsOf(1)
    await cache.connectionsOf(2)
    await cache.connectionsOf(1)
    await cache.connectionsOf(3)
    expect(cache.size()).toBe(2)
    await cache.connectionsOf(1)
    expect(loads).toEqual([1, 2, 3])
  })

  it('does not remember a failed load', async () => {
    let fails = true
    const cache = createConnectionCache({
      load: async () => {
        if (fails) throw new Error('no database')
        return []
      },
      clock: { now: () => new Date(0) },
      maximumUsers: 10,
      idleSeconds: 1,
    })
    await expect(cache.connectionsOf(1)).rejects.toThrow('no database')
    fails = false
    await expect(cache.connectionsOf(1)).resolves.toEqual([])
  })

  it('drops one user for a message, and everyone where messages were missed', async () => {
    const { cache } = setUp()
    await cache.connectionsOf(1)
    await cache.connectionsOf(2)
    applyChange(cache, '1:10')
    expect(cache.size()).toBe(1)
    applyChange(cache, null)
    expect(cache.size()).toBe(0)
  })

  it('allows one write of the last use a minute', () => {
    const { cache, advance } = setUp()
    advance(1_000)
    expect([cache.shouldTouch(5), cache.shouldTouch(5)]).toEqual([true, false])
    advance(61)
    expect(cache.shouldTouch(5)).toBe(true)
  })
})
