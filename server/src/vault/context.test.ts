import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundBytes, encodeContext, transactionContext } from './context.ts'

describe('encodeContext', () => {
  it('leads every part by its length in bytes', () => {
    expect(encodeContext('ab', [42, 'é']).toString('hex')).toBe('00000002616200000002343200000002c3a9')
  })

  it('gives two lists the same bytes only where they are the same list', () => {
    const list = fc.array(fc.string({ unit: fc.constantFrom('a', 't', '1', 'u', '\0', 'é'), maxLength: 4 }))
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(encodeContext('label', a).equals(encodeContext('label', b))).toBe(
          JSON.stringify(a) === JSON.stringify(b),
        )
      }),
      { numRuns: 2000 },
    )
    expect(encodeContext('l', ['t1u', '1'])).not.toEqual(encodeContext('l', ['t1', 'u1']))
    expect(encodeContext('l', ['a', ''])).not.toEqual(encodeContext('l', ['a']))
  })

  it.each([1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('has no spelling for %d', (part) => {
    expect(() => encodeContext('label', [part])).toThrow('whole number')
  })

  it('refuses half of a surrogate pair, which UTF-8 would merge with others', () => {
    expect(() => encodeContext('label', ['\ud800'])).toThrow('well-formed')
  })
})

describe('boundBytes', () => {
  it.each(['', 'a/b', 'A', 'fernet-bind', '../v1'])('takes no table named %j', (table) => {
    expect(() => boundBytes({ table, parts: [] }, 'token')).toThrow('plain name')
  })
})

describe('the context of a round trip', () => {
  const key = { userId: 1, stateHash: 'state', provider: 'one', sessionHash: 'session' }

  it.each([{ userId: 2 }, { stateHash: 'other' }, { provider: 'two' }, { sessionHash: 'other' }])(
    'is another with %j',
    (change) => {
      const bytes = boundBytes(transactionContext(key), 'token')
      expect(boundBytes(transactionContext({ ...key, ...change }), 'token').equals(bytes)).toBe(false)
    },
  )
})
