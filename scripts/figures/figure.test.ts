import { describe, expect, test } from 'vitest'
import { isMet, rowOf, type Figure } from './figure.ts'

const tokens = (ours: number): Figure => ({ name: 'search', unit: 'tokens', ours, bar: { most: 1_000 } })
const percent = (ours: number): Figure => ({ name: 'replay', unit: '%', ours, bar: { least: 98 } })

describe('isMet', () => {
  test.each([
    [tokens(999), true],
    [tokens(1_000), true],
    [tokens(1_001), false],
    [percent(98), true],
    [percent(97.99), false],
    [{ ...tokens(5_000), bar: undefined }, undefined],
  ] as [Figure, boolean | undefined][])('%j: %s', (figure, met) => {
    expect(isMet(figure)).toBe(met)
  })
})

describe('rowOf', () => {
  test('says what is measured, what others need, and whether it is enough', () => {
    expect(rowOf({ ...tokens(1_234), theirs: '8,000' })).toEqual({
      ours: '1,234',
      theirs: '8,000',
      bar: 'at most 1,000',
      'met?': 'NO',
    })
  })

  test('does not round a missed bar up to a met one', () => {
    expect(rowOf(percent(97.99))).toMatchObject({ ours: '97.99 %', 'met?': 'NO' })
  })

  test('says nothing of a bar that is not there', () => {
    expect(rowOf({ name: 'all definitions', unit: 'tokens', ours: 3_000 })).toMatchObject({ bar: '', 'met?': '' })
  })
})
