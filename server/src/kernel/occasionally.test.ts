import { expect, it } from 'vitest'
import { occasionally } from './occasionally.ts'

it('lets one call through in each interval', () => {
  let at = 0
  let calls = 0
  const sometimes = occasionally({ now: () => new Date(at) }, 1_000)
  for (at of [0, 1, 999, 1_000, 1_500, 2_000]) sometimes(() => (calls += 1))
  expect(calls).toBe(3)
})
