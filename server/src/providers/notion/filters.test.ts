import { describe, expect, test } from 'vitest'
import { completeFilter, completeSorts } from './filters.ts'
import type { Column } from './schema.ts'

const PAGE = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'

const COLUMNS: Column[] = [
  { name: 'Nome', type: 'title' },
  { name: 'Severity', type: 'select', options: ['SEV1', 'SEV2'] },
  { name: 'Situação', type: 'status', options: ['Aberto', 'Feito'] },
  { name: 'Etiquetas', type: 'multi_select', options: ['Pix', 'API'] },
  { name: 'Valor', type: 'number' },
  { name: 'Urgente', type: 'checkbox' },
  { name: 'Prazo', type: 'date' },
  { name: 'Dono', type: 'people' },
  { name: 'Projeto', type: 'relation' },
  { name: 'Total', type: 'formula' },
  { name: 'Código', type: 'unique_id' },
  { name: 'Autor', type: 'created_by' },
]

describe('short conditions get the type that the schema gives', () => {
  test.each<[Record<string, unknown>, unknown]>([
    [
      { property: 'Severity', equals: 'SEV1' },
      { property: 'Severity', select: { equals: 'SEV1' } },
    ],
    [
      { property: 'severity', equals: 'sev1' },
      { property: 'Severity', select: { equals: 'SEV1' } },
    ],
    [
      { property: 'Situação', does_not_equal: 'Feito' },
      { property: 'Situação', status: { does_not_equal: 'Feito' } },
    ],
    [
      { property: 'Severity', contains: '1' },
      { property: 'Severity', select: { equals: 'SEV1' } },
    ],
    [
      { property: 'Severity', contains: 'sev' },
      { property: 'Severity', select: { equals: ['SEV1', 'SEV2'] } },
    ],
    [
      { property: 'Severity', does_not_contain: '1' },
      { property: 'Severity', select: { does_not_equal: 'SEV1' } },
    ],
    [
      { property: 'Etiquetas', equals: 'pix' },
      { property: 'Etiquetas', multi_select: { contains: 'Pix' } },
    ],
    [
      { property: 'Etiquetas', does_not_equal: 'Pix' },
      { property: 'Etiquetas', multi_select: { does_not_contain: 'Pix' } },
    ],
    [
      { property: 'Nome', contains: 'alertas' },
      { property: 'Nome', title: { contains: 'alertas' } },
    ],
    [
      { property: 'Valor', greater_than: 5000 },
      { property: 'Valor', number: { greater_than: 5000 } },
    ],
    [
      { property: 'Valor', equals: '12.5' },
      { property: 'Valor', number: { equals: 12.5 } },
    ],
    [
      { property: 'Urgente', equals: true },
      { property: 'Urgente', checkbox: { equals: true } },
    ],
    [
      { property: 'Urgente', equals: 'true' },
      { property: 'Urgente', checkbox: { equals: true } },
    ],
    [
      { property: 'Prazo', before: '2026-12-01' },
      { property: 'Prazo', date: { before: '2026-12-01' } },
    ],
    [
      { property: 'Prazo', is_empty: true },
      { property: 'Prazo', date: { is_empty: true } },
    ],
    [
      { property: 'Dono', equals: PAGE },
      { property: 'Dono', people: { contains: PAGE } },
    ],
    [
      { property: 'Autor', equals: PAGE },
      { property: 'Autor', created_by: { contains: PAGE } },
    ],
    [
      { property: 'Projeto', contains: `https://app.notion.com/p/X-${PAGE.replaceAll('-', '')}` },
      { property: 'Projeto', relation: { contains: PAGE } },
    ],
    [
      { property: 'Total', greater_than: 3 },
      { property: 'Total', formula: { number: { greater_than: 3 } } },
    ],
    [
      { property: 'Total', equals: true },
      { property: 'Total', formula: { checkbox: { equals: true } } },
    ],
    [
      { property: 'Total', contains: 'x' },
      { property: 'Total', formula: { string: { contains: 'x' } } },
    ],
    [
      { property: 'Código', equals: 'INC-102' },
      { property: 'Código', unique_id: { equals: 102 } },
    ],
    [
      { property: 'Valor', greater_than: 1, less_than: 5 },
      {
        and: [
          { property: 'Valor', number: { greater_than: 1 } },
          { property: 'Valor', number: { less_than: 5 } },
        ],
      },
    ],
    [
      { property: 'Valor', type: 'number', equals: 1 },
      { property: 'Valor', number: { equals: 1 } },
    ],
  ])('%j', (filter, expected) => {
    expect(completeFilter(filter, COLUMNS)).toEqual({ ok: true, value: expected })
  })

  test('also inside groups', () => {
    const filter = {
      or: [
        { property: 'severity', equals: 'SEV1' },
        {
          and: [
            { property: 'URGENTE', equals: true },
            { property: 'Valor', number: { less_than: 3 } },
          ],
        },
      ],
    }
    expect(completeFilter(filter, COLUMNS)).toEqual({
      ok: true,
      value: {
        or: [
          { property: 'Severity', select: { equals: 'SEV1' } },
          {
            and: [
              { property: 'Urgente', checkbox: { equals: true } },
              { property: 'Valor', number: { less_than: 3 } },
            ],
          },
        ],
      },
    })
  })
})

describe("Notion's own form stays", () => {
  test.each([
    { property: 'Severity', select: { equals: 'SEV9' } },
    { property: 'Total', formula: { number: { equals: 3 } } },
    { property: 'Prazo', date: { past_week: {} } },
  ])('%j', (filter) => {
    expect(completeFilter(filter, COLUMNS)).toEqual({ ok: true, value: filter })
  })

  test('with the name of the property put right', () => {
    expect(completeFilter({ property: 'PRAZO', date: { this_week: {} } }, COLUMNS)).toEqual({
      ok: true,
      value: { property: 'Prazo', date: { this_week: {} } },
    })
  })

  test('timestamps have no property', () => {
    const filter = { timestamp: 'created_time', created_time: { past_week: {} } }
    expect(completeFilter(filter, COLUMNS)).toEqual({ ok: true, value: filter })
  })
})

describe('what cannot be right is refused before Notion is asked', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ property: 'Severidade', equals: 'SEV1' }, 'There is no property "Severidade"'],
    [{ property: 'Severity', equals: 'SEV3' }, '"SEV1", "SEV2"'],
    [{ property: 'Severity', contains: 'alta' }, '"SEV1", "SEV2"'],
    [{ property: 'Valor' }, 'no condition'],
    [{ property: 'Valor', contains: 5 }, '"Valor" has no condition "contains". A number column takes: equals'],
    [{ property: 'Prazo', bigger_than: '2026-01-01' }, 'A date column takes: equals, before, after'],
    [{ property: 'Urgente', is_empty: true }, 'A checkbox column takes: equals, does_not_equal.'],
    [{ property: 'Projeto', equals: 'Plano' }, 'must be a Notion id'],
    [
      {
        and: [
          { property: 'Valor', equals: 1 },
          { property: 'Nada', equals: 1 },
        ],
      },
      'There is no property "Nada"',
    ],
  ])('%j', (filter, advice) => {
    const outcome = completeFilter(filter, COLUMNS)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.filter' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(advice)
  })

  test('groups nested without end are left to Notion', () => {
    let filter: Record<string, unknown> = { property: 'Valor', equals: 1 }
    for (let depth = 0; depth < 5_000; depth += 1) filter = { and: [filter] }
    expect(completeFilter(filter, COLUMNS).ok).toBe(true)
  })
})

describe('sorts', () => {
  test('ascend unless they say otherwise, and find the name', () => {
    expect(
      completeSorts(
        [{ property: 'valor', direction: 'descending' }, { property: 'Prazo' }, { timestamp: 'created_time' }],
        COLUMNS,
      ),
    ).toEqual({
      ok: true,
      value: [
        { property: 'Valor', direction: 'descending' },
        { property: 'Prazo', direction: 'ascending' },
        { timestamp: 'created_time', direction: 'ascending' },
      ],
    })
  })

  test.each([[{ property: 'Preço' }], [{}]])('refuse %j', (sort) => {
    expect(completeSorts([sort], COLUMNS)).toMatchObject({ ok: false, problem: { path: 'arguments.sorts' } })
  })
})

test.each([{}, { Prazo: 'amanhã' }, { and: [{ Severity: { equals: 'SEV1' } }] }])(
  'a condition that names its property as a key is told the form: %j',
  (filter) => {
    expect(completeFilter(filter, COLUMNS)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', path: 'arguments.filter', detail: expect.stringContaining('"property"') },
    })
  },
)

test('a condition on a timestamp needs no property', () => {
  const filter = { timestamp: 'created_time', created_time: { past_week: {} } }
  expect(completeFilter(filter, COLUMNS)).toEqual({ ok: true, value: filter })
})
