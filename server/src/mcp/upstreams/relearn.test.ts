import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRelearning } from './relearn.ts'

afterEach(() => void vi.useRealTimers())

describe('tools of a server that says they have changed', () => {
  it('are learned once for all that it says at once, and for that user and connection alone', async () => {
    vi.useFakeTimers()
    const learned: string[] = []
    const relearning = createRelearning(async (userId, connectionId) => void learned.push(`${userId}:${connectionId}`))
    for (let time = 0; time < 1_000; time += 1) relearning.due({ userId: 1, connectionId: 7 })
    relearning.due({ userId: 2, connectionId: 7 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(learned).toEqual(['1:7', '2:7'])
  })

  it('are learned at a bounded rate, the last time after the last word', async () => {
    vi.useFakeTimers()
    let learned = 0
    const relearning = createRelearning(async () => void (learned += 1))
    for (let second = 0; second < 60; second += 1) {
      relearning.due({ userId: 1, connectionId: 7 })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(learned).toBeLessThanOrEqual(7)
    const before = learned
    relearning.due({ userId: 1, connectionId: 7 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(learned).toBe(before + 1)
  })
})
