import { expect, test } from 'vitest'
import { propertyText, shortTimes } from './property-texts.ts'
import type { PlainValue } from './property-values.ts'

const ID = '11e36992-6dda-4604-ba2f-8242fb40d36a'

test.each<[string, PlainValue, string]>([
  ['relation', [ID, ID], '11e369926dda4604ba2f8242fb40d36a, 11e369926dda4604ba2f8242fb40d36a'],
  ['relation', [], ''],
  ['date', '2026-11-17T14:00:00.000+00:00', '2026-11-17T14:00Z'],
  ['date', null, ''],
  ['rich_text', `at 2026-11-17T14:00:00.000Z, ${ID}`, `at 2026-11-17T14:00:00.000Z, ${ID}`],
  ['number', 0, '0'],
])('%s %j is put as %s', (type, value, text) => {
  expect(propertyText(type, value)).toBe(text)
})

test.each([
  ['2026-11-17T14:00:00.000Z/2026-11-18T09:30:00.000-03:00', '2026-11-17T14:00Z/2026-11-18T09:30-03:00'],
  ['2026-11-17T14:00:00Z', '2026-11-17T14:00Z'],
  ['2026-11-17T14:00:30.000Z', '2026-11-17T14:00:30.000Z'],
  ['2026-11-17', '2026-11-17'],
])('%s is short as %s', (text, short) => {
  expect(shortTimes(text)).toBe(short)
})
