import { describe, expect, it } from 'vitest'
import { withDeadline } from './deadline.ts'

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
})
