import { describe, expect, it } from 'vitest'
import { capResult } from './steps.ts'

const CUT = 'The result was cut. Ask for less: a smaller page_size, a narrower filter, or one item at a time.'

describe('a result', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', { results: [1, 'two', true, null, { three: [] }] }],
    ['many short texts', Array.from({ length: 20_000 }, () => 'ten chars!')],
    ['one long text', 'x'.repeat(390_000)],
    ['something with a form of its own', { at: new Date(0) }],
  ])('within the limit is as it is: %s', (_, value) => {
    const result = { text: 'text', value }
    expect(capResult(result)).toBe(result)
  })

  it.each<[string, unknown]>([
    ['one text', 'x'.repeat(400_001)],
    ['characters of several bytes', 'ç'.repeat(200_001)],
    ['characters that are escaped', '\u0001'.repeat(70_000)],
    ['a name', { ['x'.repeat(400_000)]: 1 }],
    ['many numbers', Array.from({ length: 100_000 }, (_, index) => index)],
    ['a form of its own', { toJSON: () => 'x'.repeat(400_001) }],
  ])('beyond the limit loses its value and says so: %s', (_, value) => {
    expect(capResult({ text: 'text', value })).toEqual({ text: 'text', value: null, truncated: CUT })
  })

  it('keeps the advice of its provider, and the beginning of a text that is too long', () => {
    const long = capResult({ text: 'x'.repeat(50_001), value: 1, truncated: 'Ask for less.' })
    expect([long.text.length, long.value, long.truncated]).toEqual([50_000, 1, 'Ask for less.'])
  })
})
