import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, digestOf } from './canonical.ts'

describe('canonicalJson', () => {
  it('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: null })).toBe('{"a":null,"b":[{"x":2,"y":1}]}')
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }))
  })

  it('keeps the order of arrays', () => {
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]))
  })

  it('is one text for a value and the same with its keys the other way round, whether or not they stood in order', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned)
      if (typeof value !== 'object' || value === null) return value
      const members = Object.entries(value).reverse()
      return Object.fromEntries(members.map(([key, member]) => [key, turned(member)]))
    }
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme-ascii' }), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value))
      }),
    )
    const odd = { 9: 1, 10: 2, a: undefined, b: new Date(0), c: [undefined] }
    expect(canonicalJson(odd)).toBe('{"9":1,"10":2,"b":{},"c":[null]}')
    expect(canonicalJson({ c: [undefined], b: new Date(0), a: undefined, 10: 2, 9: 1 })).toBe(canonicalJson(odd))
  })

  it('is what JSON.parse gives back, for every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
