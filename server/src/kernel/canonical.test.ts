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

  it('is what JSON.parse gives back, for every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
