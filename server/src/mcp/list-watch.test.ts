import type { Tool } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Scope } from '#kernel/principal.ts'
import { createListWatch } from './list-watch.ts'
import type { Asking } from './source.ts'
import { EVERYTHING } from './toolset.ts'

function asking(userId: number): Asking {
  const principal = {
    userId,
    role: 'user',
    scopes: new Set<Scope>(),
    via: { kind: 'session', id: String(userId) },
  } as const
  return { principal, toolset: EVERYTHING, requestId: 'any' }
}

afterEach(() => void vi.useRealTimers())

/** Two users who listen, whose lists a test changes. */
function world() {
  const lists = new Map<number, string[]>([
    [1, ['a']],
    [2, ['a']],
  ])
  const told: number[] = []
  let isBroken = false
  const watch = createListWatch({
    async list({ principal }) {
      if (isBroken) throw new Error('No database.')
      return (lists.get(principal.userId) ?? []).map((name) => ({ name, inputSchema: { type: 'object' } }) as Tool)
    },
    onError() {},
  })
  const stops = [1, 2].map((userId) => watch.add(asking(userId), () => told.push(userId)))
  const settle = () => vi.advanceTimersByTimeAsync(1_000)
  return { lists, told, watch, stops, settle, break: () => (isBroken = true) }
}

describe('whoever listens', () => {
  it('is told of a change of the own list, once for all that came together, and nobody else is', async () => {
    vi.useFakeTimers()
    const { lists, told, watch, settle } = world()
    await settle()
    lists.set(1, ['a', 'b'])
    lists.set(2, ['b'])
    for (let event = 0; event < 5; event += 1) watch.mayHaveChanged(1)
    await settle()
    expect(told).toEqual([1])
    watch.mayHaveChanged(null)
    await settle()
    expect(told).toEqual([1, 2])
  })

  it('is told nothing where the list is the same, and nothing after it has left', async () => {
    vi.useFakeTimers()
    const { lists, told, watch, stops, settle } = world()
    await settle()
    watch.mayHaveChanged(1)
    await settle()
    expect(told).toEqual([])
    stops[0]?.()
    lists.set(1, [])
    watch.mayHaveChanged(1)
    await settle()
    expect(told).toEqual([])
  })

  it('is told rather too much than too little where the list cannot be made', async () => {
    vi.useFakeTimers()
    const { told, watch, settle, break: breakLists } = world()
    await settle()
    breakLists()
    watch.mayHaveChanged(2)
    await settle()
    expect(told).toEqual([2])
  })
})
