import { describe, expect, it } from 'vitest'
import type { CallProgress } from '#providers/waiting-caller.ts'
import { relayed } from './progress.ts'

function listener() {
  const reports: CallProgress[] = []
  const caller = relayed({ onProgress: (report) => reports.push(report) })
  return { reports, tell: (report: CallProgress) => caller?.onProgress?.(report) }
}

describe('progress of a remote server', () => {
  it('is passed on as long as it grows, in words that can be seen', () => {
    const { reports, tell } = listener()
    tell({ progress: 1, total: 3, message: 'one\u202e\n\nof three' })
    for (const progress of [1, 0, Number.NaN, -5]) tell({ progress })
    tell({ progress: 3, message: 'x'.repeat(10_000) })
    expect(reports).toEqual([
      { progress: 1, total: 3, message: 'one of three' },
      { progress: 3, message: expect.stringMatching(/^x{299}…$/) },
    ])
  })

  it('is not passed on without end', () => {
    const { reports, tell } = listener()
    for (let progress = 0; progress < 100_000; progress += 1) tell({ progress })
    expect(reports).toHaveLength(1_000)
  })

  it('goes to nobody who did not ask for it', () => {
    const caller = { ask: async () => null }
    expect(relayed(caller)).toBe(caller)
    expect(relayed(undefined)).toBeUndefined()
  })
})
