import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactId, derivedId, derivedIds, parseId } from './ids.ts'

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('ids', () => {
  it('that are derived are well formed, stable, and different for different words', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        expect(derivedId('x', first)).toMatch(VERSION_4)
        expect(derivedId('x', first) === derivedId('x', second)).toBe(first === second)
      }),
    )
    expect(derivedId('a', 'bc')).not.toBe(derivedId('ab', 'c'))
  })

  it('come one after the other from a seed', () => {
    const [one, other] = [derivedIds('seed'), derivedIds('seed')]
    const ids = Array.from({ length: 50 }, one)
    expect(Array.from({ length: 50 }, other)).toEqual(ids)
    expect(new Set(ids).size).toBe(50)
  })

  it('are read in every spelling, and only when they are well formed', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 4 }), (id) => {
        expect(parseId(compactId(id).toUpperCase())).toBe(id)
        expect(parseId(id)).toBe(id)
      }),
    )
    expect(parseId('12345678-1234-1234-1234-123456789abc')).toBeNull()
    expect(parseId('00000000-0000-0000-0000-000000000000')).toBe('00000000-0000-0000-0000-000000000000')
    expect([parseId(undefined), parseId(''), parseId('AAA'), parseId(`${derivedId('x')} `)]).toEqual([
      null,
      null,
      null,
      null,
    ])
  })
})
