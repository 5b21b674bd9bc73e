import { expect, test } from 'vitest'
import { headOf } from './noted-head.ts'

test('a head is read as it was shown, and nothing else is', () => {
  const hash = 'a1'.repeat(32)
  expect(headOf(`4711:${hash}`)).toEqual({ id: 4711, hash })
  for (const wrong of ['', hash, `4711:${hash}0`, `x:${hash}`, `4711:${hash.toUpperCase()}`]) {
    expect(headOf(wrong)).toBeUndefined()
  }
})
