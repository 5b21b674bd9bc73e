import { expect, it } from 'vitest'
import { shownJson } from './shown-json.ts'

it('indents', () => {
  expect(shownJson({ a: [1, { b: 'c' }] })).toBe('{\n  "a": [\n    1,\n    {\n      "b": "c"\n    }\n  ]\n}')
})

it('leaves what can be seen as it is', () => {
  const text = 'Reunião às 15h · 日本語 – “ok” 🔑'
  expect(shownJson(text)).toBe(`"${text}"`)
})

it.each([
  ['a bidirectional override', 'safe\u202egnp.exe', String.raw`"safe\u202egnp.exe"`],
  ['a zero-width space', 'a\u200bb', String.raw`"a\u200bb"`],
  ['a line separator', 'a\u2028b', String.raw`"a\u2028b"`],
  ['a control character', 'a\u009bb', String.raw`"a\u009bb"`],
  ['a filler that shows as nothing', 'a\u3164b', String.raw`"a\u3164b"`],
  ['a tag beyond the first plane', 'a\u{e0041}b', String.raw`"a\udb40\udc41b"`],
  ['a line break in a text', 'a\nb', String.raw`"a\nb"`],
  ['the same in a key', { 'a\u202eb': 1 }, `{\n  ${String.raw`"a\u202eb"`}: 1\n}`],
])('escapes %s', (_what, value, shown) => {
  expect(shownJson(value)).toBe(shown)
})

it('is the same value when it is read again', () => {
  const value = { 'k\u202e': ['\u{e0041}\u200b\u0000\ud800', '\\u202e', 'plain'] }
  expect(JSON.parse(shownJson(value))).toEqual(value)
})
