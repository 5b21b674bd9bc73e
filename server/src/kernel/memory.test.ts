import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepMemorySmall } from './memory.ts'

const QUIET_MS = 60_000

describe('memory', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('is given back once, when nothing was done for a while', () => {
    const release = vi.fn()
    const keeper = keepMemorySmall(release)
    vi.advanceTimersByTime(QUIET_MS)
    expect(release).not.toHaveBeenCalled()
    vi.advanceTimersByTime(QUIET_MS * 10)
    expect(release).toHaveBeenCalledTimes(1)
    keeper.noteWork()
    vi.advanceTimersByTime(QUIET_MS * 10)
    expect(release).toHaveBeenCalledTimes(2)
    keeper.stop()
  })

  it('is left alone while there is work', () => {
    const release = vi.fn()
    const keeper = keepMemorySmall(release)
    for (let turn = 0; turn < 20; turn += 1) {
      vi.advanceTimersByTime(QUIET_MS / 2)
      keeper.noteWork()
    }
    expect(release).not.toHaveBeenCalled()
    keeper.stop()
    vi.advanceTimersByTime(QUIET_MS * 10)
    expect(release).not.toHaveBeenCalled()
  })

  it('shrinks a heap that has grown', () => {
    const keeper = keepMemorySmall()
    let garbage: object[] | undefined = Array.from({ length: 400_000 }, (_, index) => ({
      index,
      text: `text ${index}`,
    }))
    const before = process.memoryUsage().heapTotal
    expect(garbage.length).toBeGreaterThan(0)
    garbage = undefined
    vi.advanceTimersByTime(QUIET_MS * 2)
    expect(process.memoryUsage().heapTotal).toBeLessThan(before)
    keeper.stop()
  })
})
