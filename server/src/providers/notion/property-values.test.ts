import { describe, expect, test } from 'vitest'
import { plainProperties, plainValue, tableColumns, valueText, type PlainValue } from './property-values.ts'

const USER = { object: 'user', id: 'u1', name: 'Ana Duarte' }
const words = (text: string): unknown[] => [{ type: 'text', plain_text: text }]

/** Each type as Notion answers it → what a person would say it is. */
const CASES: [string, unknown, PlainValue][] = [
  ['title', words('Plan'), 'Plan'],
  ['title', [], ''],
  ['rich_text', [...words('one '), ...words('two')], 'one two'],
  ['number', 12.5, 12.5],
  ['number', 0, 0],
  ['number', null, null],
  ['select', { id: 'a', name: 'Alta', color: 'red' }, 'Alta'],
  ['select', null, null],
  ['status', { id: 'a', name: 'Feito', color: 'green' }, 'Feito'],
  ['multi_select', [{ name: 'a' }, { name: 'b' }], ['a', 'b']],
  ['date', { start: '2026-12-01', end: null, time_zone: null }, '2026-12-01'],
  ['date', { start: '2026-12-01', end: '2026-12-05' }, '2026-12-01/2026-12-05'],
  ['date', null, null],
  [
    'people',
    [USER, { object: 'user', id: 'u2' }],
    [
      { id: 'u1', name: 'Ana Duarte' },
      { id: 'u2', name: null },
    ],
  ],
  [
    'files',
    [{ name: 'a.pdf', type: 'external', external: { url: 'https://a.example/a.pdf' } }],
    ['https://a.example/a.pdf'],
  ],
  [
    'files',
    [{ name: 'a.pdf', type: 'file', file: { url: 'https://f.example/1' } }, { name: 'b' }],
    ['https://f.example/1', 'b'],
  ],
  ['checkbox', false, false],
  ['url', 'https://a.example', 'https://a.example'],
  ['email', null, null],
  ['phone_number', '+55 11 5555-0100', '+55 11 5555-0100'],
  ['formula', { type: 'number', number: 3 }, 3],
  ['formula', { type: 'string', string: 'x' }, 'x'],
  ['formula', { type: 'boolean', boolean: true }, true],
  ['formula', { type: 'date', date: { start: '2026-01-01' } }, '2026-01-01'],
  ['relation', [{ id: 'p1' }, { id: 'p2' }], ['p1', 'p2']],
  ['rollup', { type: 'number', number: 7, function: 'sum' }, 7],
  [
    'rollup',
    {
      type: 'array',
      array: [
        { type: 'number', number: 1 },
        { type: 'title', title: words('a') },
      ],
    },
    [1, 'a'],
  ],
  ['rollup', { type: 'date', date: { start: '2026-01-01', end: '2026-01-02' } }, '2026-01-01/2026-01-02'],
  ['rollup', { type: 'unsupported', unsupported: {} }, null],
  ['unique_id', { prefix: 'INC', number: 102 }, 'INC-102'],
  ['unique_id', { prefix: null, number: 5 }, 5],
  ['unique_id', { prefix: 'INC', number: null }, null],
  ['created_time', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z'],
  ['created_by', USER, { id: 'u1', name: 'Ana Duarte' }],
  ['verification', { state: 'verified' }, 'verified'],
  ['place', { lat: 1, lon: 2, name: null, address: 'Rua A' }, 'Rua A'],
  ['button', {}, null],
  ['invented_later', { x: 1 }, null],
]

describe('plainValue', () => {
  test.each(CASES)('%s %j', (type, value, expected) => {
    expect(plainValue({ type, [type]: value })).toEqual(expected)
  })

  test.each(CASES.map(([type]) => type))('%s of a shape that nobody expects does not throw', (type) => {
    for (const odd of [undefined, null, 1, 'x', [], [null, 1, 'x', []], {}, { type: 'x' }]) {
      expect(() => plainValue({ type, [type]: odd })).not.toThrow()
    }
  })
})

describe('valueText', () => {
  test.each<[PlainValue, string]>([
    [null, ''],
    ['x', 'x'],
    [0, '0'],
    [false, 'false'],
    [['a', 'b'], 'a, b'],
    [{ id: 'u1', name: 'Ana' }, 'Ana'],
    [[{ id: 'u1', name: null }], 'u1'],
    [[], ''],
  ])('%j → %j', (value, text) => {
    expect(valueText(value)).toBe(text)
  })
})

type Properties = Parameters<typeof plainProperties>[0]

describe('a page', () => {
  const properties = {
    Prazo: { id: 'a', type: 'date', date: null },
    Conta: { id: 'b', type: 'relation', relation: [{ id: 'p1' }] },
    Nome: { id: 'title', type: 'title', title: words('Plano') },
    Notas: { id: 'c', type: 'rich_text', rich_text: words('n'.repeat(50)) },
    Anexos: { id: 'd', type: 'files', files: [] },
  } as unknown as Properties

  test('tells its title first and every property, also those without a value', () => {
    expect(Object.keys(plainProperties(properties, 100))).toEqual(['Nome', 'Prazo', 'Conta', 'Notas', 'Anexos'])
  })

  test('cuts long texts and shows that it did', () => {
    expect(plainProperties(properties, 10)['Notas']).toBe('nnnnnnnnn…')
  })

  test('shows in a table what tells a reader something', () => {
    expect(tableColumns(properties)).toEqual(['Prazo', 'Nome', 'Notas'])
  })
})
