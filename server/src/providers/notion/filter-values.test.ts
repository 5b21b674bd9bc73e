import { describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'
import { createNotionApi, type NotionApi } from './client.ts'
import type { Calendar } from './dates.ts'
import { readFilter } from './filter-values.ts'
import type { Column } from './schema.ts'
import { wordsIn } from './words.ts'

const notion = emulatedNotion('demo')
const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const TASKS = '2d720288-d593-44cd-aad3-ee316b78d9d0'
const PROJECTS = '0aaf60b9-d518-45c5-83a6-726a13229bad'
const ANA = '04b742d7-aec1-45c0-a22b-2d4831ec6b56'

/** A Sunday. */
const CALENDAR: Calendar = { now: new Date('2026-11-22T12:00:00Z'), timeZone: 'UTC' }
const COLUMNS: Column[] = [
  { name: 'Nome', type: 'title' },
  { name: 'Situação', type: 'status', options: ['A fazer', 'Feito'] },
  { name: 'Valor', type: 'number' },
  { name: 'Feito', type: 'checkbox' },
  { name: 'Prazo', type: 'date' },
  { name: 'Criado', type: 'created_time' },
  { name: 'Dono', type: 'people' },
  { name: 'Autor', type: 'created_by' },
  { name: 'Projeto', type: 'relation', data_source_id: PROJECTS },
]

const unasked = (): Promise<never> => Promise.reject(new Error('Notion is not asked for this'))
const silent: NotionApi = { words: wordsIn('en'), read: unasked, write: unasked }
const read = (filter: Record<string, unknown>, api = silent) => readFilter(api, filter, COLUMNS, CALENDAR)

const prazo = (date: Record<string, string>): unknown => ({ property: 'Prazo', date })

describe('dates in words', () => {
  test.each<[Record<string, unknown>, unknown]>([
    [{ property: 'prazo', equals: 'amanhã' }, prazo({ equals: '2026-11-23' })],
    [{ property: 'Prazo', date: { before: 'next friday' } }, prazo({ before: '2026-11-27' })],
    [{ property: 'Prazo', on_or_after: '2026-12-01' }, prazo({ on_or_after: '2026-12-01' })],
    [
      { property: 'Prazo', equals: 'last week' },
      { and: [prazo({ on_or_after: '2026-11-09' }), prazo({ on_or_before: '2026-11-15' })] },
    ],
    [{ property: 'Prazo', before: 'semana que vem' }, prazo({ before: '2026-11-23' })],
    [{ property: 'Prazo', after: 'next week' }, prazo({ after: '2026-11-29' })],
    [{ property: 'Prazo', on_or_before: 'este mês' }, prazo({ on_or_before: '2026-11-30' })],
    [{ property: 'Prazo', equals: 'one_week_ago' }, prazo({ equals: 'one_week_ago' })],
    [
      { property: 'Prazo', is_empty: true },
      { property: 'Prazo', date: { is_empty: true } },
    ],
    [
      { property: 'Prazo', date: { this_week: {} } },
      { property: 'Prazo', date: { this_week: {} } },
    ],
    [
      { property: 'Criado', after: 'ontem' },
      { property: 'Criado', created_time: { after: '2026-11-21' } },
    ],
    [
      { timestamp: 'created_time', after: 'ontem' },
      { timestamp: 'created_time', created_time: { after: '2026-11-21' } },
    ],
    [
      { timestamp: 'last_edited_time', last_edited_time: { equals: 'last week' } },
      {
        and: [
          { timestamp: 'last_edited_time', last_edited_time: { on_or_after: '2026-11-09' } },
          { timestamp: 'last_edited_time', last_edited_time: { on_or_before: '2026-11-15' } },
        ],
      },
    ],
    [
      {
        and: [
          { property: 'Prazo', equals: 'hoje' },
          { property: 'situacao', equals: 'FEITO' },
        ],
      },
      { and: [prazo({ equals: '2026-11-22' }), { property: 'Situação', status: { equals: 'Feito' } }] },
    ],
    [
      {
        and: [
          { property: 'Prazo', equals: 'last week' },
          { property: 'Valor', greater_than: '1.234,5' },
        ],
      },
      {
        and: [
          prazo({ on_or_after: '2026-11-09' }),
          prazo({ on_or_before: '2026-11-15' }),
          { property: 'Valor', number: { greater_than: 1234.5 } },
        ],
      },
    ],
    [
      { property: 'feito', equals: 'sim' },
      { property: 'Feito', checkbox: { equals: true } },
    ],
  ])('%j', async (filter, complete) => {
    expect(await read(filter)).toEqual({ ok: true, value: complete })
  })

  test.each([
    { property: 'Prazo', equals: 'logo' },
    { property: 'Prazo', before: '01/12/2026' },
    { timestamp: 'created_time', after: 'logo' },
  ])('%j is refused', async (filter) => {
    expect(await read(filter)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', path: 'arguments.filter', detail: expect.stringContaining('is no date') },
    })
  })
})

describe('people and rows by name', () => {
  const api = () => createNotionApi(notion.access(BOT))

  test.each([
    [
      { property: 'Dono', contains: 'ana duarte' },
      { property: 'Dono', people: { contains: ANA } },
    ],
    [
      { property: 'Dono', equals: 'ana.duarte@lumiara.example' },
      { property: 'Dono', people: { contains: ANA } },
    ],
    [
      { property: 'Autor', created_by: { contains: 'Ana Duarte' } },
      { property: 'Autor', created_by: { contains: ANA } },
    ],
    [
      { property: 'Dono', is_empty: true },
      { property: 'Dono', people: { is_empty: true } },
    ],
  ])('%j', async (filter, complete) => {
    expect(await read(filter, api())).toEqual({ ok: true, value: complete })
  })

  test('a related row', async () => {
    const rows = await notion.done(BOT, 'notion_query_database', { data_source_id: PROJECTS, page_size: 1 })
    const { id, title } = rows.value.results[0]
    expect(await read({ property: 'projeto', contains: title }, api())).toEqual({
      ok: true,
      value: { property: 'Projeto', relation: { contains: id } },
    })
  })

  test('whom nobody knows is refused, and nothing is queried', async () => {
    const outcome = await read({ property: 'Dono', contains: 'Zé' }, api())
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found', path: 'arguments.filter' } })
  })
})

test('a query by name and by words gives the same rows as one by id and by date', async () => {
  const query = async (filter?: object) => {
    const paging = { database_id: TASKS, page_size: 100 }
    return (await notion.done(BOT, 'notion_query_database', { ...paging, ...(filter && { filter }) })).value.results
  }
  const someone = (await query()).flatMap((row: Row) => row.properties['Responsável'] ?? [])[0] as Person
  const due = { property: 'Prazo', on_or_before: '2027-12-31' }
  const rows = await query({ and: [{ property: 'Responsável', people: { contains: someone.id } }, due] })
  expect(rows.length).toBeGreaterThan(0)
  const words = { property: 'prazo', before: '1º de janeiro de 2028' }
  expect(await query({ and: [{ property: 'responsavel', contains: someone.name.toUpperCase() }, words] })).toEqual(rows)
})

interface Person {
  readonly id: string
  readonly name: string
}

interface Row {
  readonly properties: Readonly<Record<string, readonly Person[]>>
}
