import type { PageObjectResponse } from '@notionhq/client'
import { describe, expect, test } from 'vitest'
import { tableOf } from './tables.ts'

const HEX = '11e369926dda4604ba2f8242fb40d36a'
const ID = '11e36992-6dda-4604-ba2f-8242fb40d36a'

function row(title: string, properties: Record<string, unknown> = {}): PageObjectResponse {
  const name = { type: 'title', title: [{ plain_text: title }] }
  return { id: ID, properties: { Name: name, ...properties } } as unknown as PageObjectResponse
}

function linesOf(rows: readonly PageObjectResponse[]): string[] {
  const { head, line } = tableOf(rows)
  return [...head.split('\n'), ...rows.map(line)]
}

const many = (count: number, properties: Record<string, unknown> = {}) =>
  Array.from({ length: count }, (_, index) => row(`Row ${index}`, properties))

describe('tableOf', () => {
  test('has the columns in which something stands, and no others', () => {
    const empty = { type: 'number', number: null }
    const rows = [
      row('A', { Amount: { type: 'number', number: 3 }, Other: empty, Done: { type: 'checkbox', checkbox: true } }),
      row('B', { Amount: empty, Other: empty, Done: { type: 'checkbox', checkbox: false } }),
    ]
    expect(linesOf(rows)).toEqual(['|id|Name|Amount|Done|', '|-|-|-|-|', `|${HEX}|A|3|yes|`, `|${HEX}|B|||`])
  })

  test.each([
    ['date', { start: '2026-11-17T14:00:00.000+00:00', end: null }, '2026-11-17T14:00Z'],
    [
      'date',
      { start: '2026-11-17T14:00:00.000-03:00', end: '2026-11-17T15:30:00.000-03:00' },
      '2026-11-17T14:00-03:00/2026-11-17T15:30-03:00',
    ],
    ['date', { start: '2026-11-17', end: null }, '2026-11-17'],
    ['date', { start: '2026-11-17T14:00:59.000Z', end: null }, '2026-11-17T14:00:59.000Z'],
    ['created_time', '2026-11-17T14:00:00.000Z', '2026-11-17T14:00Z'],
    ['rollup', { type: 'date', date: { start: '2026-11-17T14:00:00.000Z', end: null } }, '2026-11-17T14:00Z'],
    ['rich_text', [{ plain_text: 'at 2026-11-17T14:00:00.000Z' }], 'at 2026-11-17T14:00:00.000Z'],
  ])('gives times without seconds that are none: %s %j', (type, value, expected) => {
    expect(linesOf([row('A', { When: { type, [type]: value } })]).at(-1)).toBe(`|${HEX}|A|${expected}|`)
  })

  test('keeps a cell in its cell', () => {
    expect(linesOf([row('a|b\n|c|')]).at(-1)).toBe(String.raw`|${HEX}|a\|b \|c\||`)
  })

  test('gives the ids of many rows while there is room for them', () => {
    expect(linesOf(many(100))).toContain(`|${HEX}|Row 99|`)
  })

  test('leaves the ids of many long rows out, and says how to get them', () => {
    const text = { type: 'rich_text', rich_text: [{ plain_text: 'word '.repeat(15) }] }
    const [note, , head] = linesOf(many(100, { Text: text }))
    expect(note).toMatch(/^Without ids.*page_size up to 50/)
    expect(head).toBe('|Name|Text|')
    expect(linesOf(many(50, { Text: text }))[0]).toBe('|id|Name|Text|')
  })
})
