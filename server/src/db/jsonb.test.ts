import { describe, expect, it } from 'vitest'
import { asStored, toJsonb, toText } from './jsonb.ts'

describe('text from outside, for the database', () => {
  const cases = [
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['a first half alone', 'a\uD83Db', 'a\uFFFDb'],
    ['a second half alone', '\uDE00', '\uFFFD'],
    ['a whole pair', '\u{1F600}', '\u{1F600}'],
    ['text that looks like an escape', String.raw`\u0000 \ud83d`, String.raw`\u0000 \ud83d`],
    ['a backslash before NUL', '\\\0', '\\\uFFFD'],
    ['what may be escaped', '"\n\u0001\uFFFD', '"\n\u0001\uFFFD'],
  ] as const

  it.each(cases)('%s', (_name, text, stored) => {
    expect(toText(text)).toBe(stored)
    expect(JSON.parse(toJsonb(text))).toBe(stored)
    expect(asStored({ [text]: [{ deep: text }] })).toEqual({ [stored]: [{ deep: stored }] })
  })

  it('leaves other values as JSON has them', () => {
    const value = { number: 1.5, none: null, yes: true, list: [] }
    expect(toJsonb(value)).toBe(JSON.stringify(value))
  })
})
