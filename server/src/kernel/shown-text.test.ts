import { expect, it, test } from 'vitest'
import { shownText, withoutUnshown } from './shown-text.ts'

const LENGTH = 60

test.each([
  ['Claude Code', 'Claude Code'],
  ['  Visual\n\tStudio \u00a0 Code ', 'Visual Studio Code'],
  ['Assistente de reuniões 会議 🦊', 'Assistente de reuniões 会議 🦊'],
  ['moc.live\u202e\u2066 Bank', 'moc.live Bank'],
  ['Clau\u200bde\u00ad\u2060\ufeff', 'Claude'],
  ['A\u0000\u0007\u001b[31mB\u009b', 'A[31mB'],
  ['line\u2028separator', 'line separator'],
  ['tag\u{e0041}\u{e007f}ged', 'tagged'],
  ['blank \u3164\u115f\uffa0\u2800', 'blank'],
  ['half \ud83e', 'half'],
  ['', ''],
  ['\u200b\u202e\n', ''],
])('%j is shown as %j', (text, shown) => {
  expect(shownText(text, LENGTH)).toBe(shown)
})

it('is cut at its length as people count characters', () => {
  expect(shownText('a'.repeat(LENGTH), LENGTH)).toBe('a'.repeat(LENGTH))
  expect(shownText('a'.repeat(LENGTH + 1), LENGTH)).toBe(`${'a'.repeat(LENGTH - 1)}…`)
  expect(shownText('🇧🇷'.repeat(LENGTH + 1), LENGTH)).toBe(`${'🇧🇷'.repeat(LENGTH - 1)}…`)
})

it('costs little and stays small, whatever the length of the text', () => {
  const startedAt = performance.now()
  const shown = [
    'x'.repeat(10_240),
    'a\u0301'.repeat(5_000),
    `Z${'\u0335'.repeat(10_000)}`,
    '\u202e'.repeat(10_240),
  ].map((text) => shownText(text, LENGTH))
  // A few milliseconds on an idle machine; the limit leaves room for one that does ten other things.
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  expect(shown.map((text) => text.length)).toEqual([60, 119, 8, 0])
})

it('leaves out what cannot be seen, and nothing else', () => {
  expect(withoutUnshown('xn--\u200bcafé.example ')).toBe('xn--café.example ')
})
