import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchSequences } from './match-sequences.ts'

/** Straight from the definition, without any shortcut. */
function longestLength(first: string[], second: string[]): number {
  if (first.length === 0 || second.length === 0) return 0
  const [head, ...rest] = first
  const skipping = longestLength(rest, second)
  const index = second.indexOf(head ?? '')
  return index < 0 ? skipping : Math.max(skipping, 1 + longestLength(rest, second.slice(index + 1)))
}

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 9 })

describe('matchSequences', () => {
  it('pairs equal entries in order, as many as possible', () => {
    fc.assert(
      fc.property(words, words, (first, second) => {
        const matches = matchSequences(first, second)
        for (const [index, [left, right]] of matches.entries()) {
          expect(first[left]).toBe(second[right])
          const [previousLeft, previousRight] = matches[index - 1] ?? [-1, -1]
          expect(left > previousLeft && right > previousRight).toBe(true)
        }
        expect(matches).toHaveLength(longestLength(first, second))
      }),
    )
  })

  it('keeps the start and the end of what changed in the middle', () => {
    expect(matchSequences(['a', 'b', 'x', 'c'], ['a', 'b', 'y', 'z', 'c'])).toEqual([
      [0, 0],
      [1, 1],
      [3, 4],
    ])
  })
})
