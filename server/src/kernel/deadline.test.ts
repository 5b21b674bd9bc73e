import { afterEach, describe, expect, it, vi } from 'vitest'
import { withDeadline, type DeadlineClock } from './deadline.ts'

const LONG_MS = 60_000

describe('withDeadline', () => {
  it('gives the result of work that ends in time', async () => {
    await expect(withDeadline(LONG_MS, undefined, async () => 7)).resolves.toBe(7)
  })

  it('passes on what the work throws', async () => {
    const work = async () => {
      throw new Error('broken')
    }
    await expect(withDeadline(LONG_MS, undefined, work)).rejects.toThrow('broken')
  })

  it('ends work that does not listen, and tells it', async () => {
    let told: AbortSignal | undefined
    const deaf = (signal: AbortSignal) => {
      told = signal
      return new Promise<never>(() => {})
    }
    await expect(withDeadline(5, undefined, deaf)).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(told?.aborted).toBe(true)
  })

  it('ends when the caller leaves', async () => {
    const caller = new AbortController()
    const running = withDeadline(LONG_MS, caller.signal, () => new Promise<never>(() => {}))
    caller.abort(new Error('left'))
    await expect(running).rejects.toThrow('left')
  })

  it('does not start a wait for a caller who has left already', async () => {
    await expect(
      withDeadline(LONG_MS, AbortSignal.abort(new Error('left')), () => new Promise<never>(() => {})),
    ).rejects.toThrow('left')
  })

  it('stands still while it is paused, by however many, and goes on with the time that was left', async () => {
    vi.useFakeTimers()
    let given: { signal: AbortSignal; clock: DeadlineClock } | undefined
    const running = withDeadline(LONG_MS, undefined, (signal, clock) => {
      given = { signal, clock }
      return new Promise<never>(() => {})
    })
    const ended = expect(running).rejects.toMatchObject({ name: 'TimeoutError' })
    vi.advanceTimersByTime(LONG_MS - 10)
    given?.clock.pause()
    given?.clock.pause()
    vi.advanceTimersByTime(LONG_MS)
    given?.clock.resume()
    vi.advanceTimersByTime(LONG_MS)
    expect(given?.signal.aborted).toBe(false)
    given?.clock.resume()
    vi.advanceTimersByTime(9)
    expect(given?.signal.aborted).toBe(false)
    vi.advanceTimersByTime(2)
    expect(given?.signal.aborted).toBe(true)
    await ended
  })
})

afterEach(() => void vi.useRealTimers())
