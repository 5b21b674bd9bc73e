import { describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'
import { createNotionApi } from './client.ts'
import type { Column } from './schema.ts'
import { columnChanges, newColumns, resolveRelations } from './schema-writes.ts'

const SOURCE = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'

describe('columns of a new database', () => {
  test.each<[unknown, unknown]>([
    ['title', { title: {} }],
    ['rich_text', { rich_text: {} }],
    ['text', { rich_text: {} }],
    ['Person', { people: {} }],
    ['Date', { date: {} }],
    ['phone number', { phone_number: {} }],
    ['boolean', { checkbox: {} }],
    ['multi-select', { multi_select: {} }],
    ['Número', { number: {} }],
    ['seleção múltipla', { multi_select: {} }],
    ['caixa de seleção', { checkbox: {} }],
    ['E-mail', { email: {} }],
    [['Aberto', 'Feito'], { select: { options: [{ name: 'Aberto' }, { name: 'Feito' }] } }],
    [{ type: 'multi_select', options: ['a'] }, { multi_select: { options: [{ name: 'a' }] } }],
    [
      { type: 'select', options: [{ name: 'a', color: 'red' }] },
      { select: { options: [{ name: 'a', color: 'red' }] } },
    ],
    [{ type: 'number', format: 'euro' }, { number: { format: 'euro' } }],
    [{ type: 'number' }, { number: {} }],
    [{ type: 'formula', expression: '1 + 1' }, { formula: { expression: '1 + 1' } }],
    [
      { type: 'relation', data_source_id: SOURCE.replaceAll('-', '') },
      { relation: { data_source_id: SOURCE, type: 'single_property', single_property: {} } },
    ],
    [
      { type: 'rollup', function: 'sum', relation_property_name: 'A', rollup_property_name: 'B' },
      { rollup: { function: 'sum', relation_property_name: 'A', rollup_property_name: 'B' } },
    ],
    [{ date: {} }, { date: {} }],
    [{ type: 'number', number: { format: 'real' } }, { number: { format: 'real' } }],
  ])('%j', (given, definition) => {
    const outcome = newColumns({ Nome: 'title', X: given })
    expect(outcome.ok ? outcome.value['X'] : outcome.problem).toEqual(definition)
  })

  test('include a title column, for Notion wants one', () => {
    expect(newColumns({})).toEqual({ ok: true, value: { Name: { title: {} } } })
    expect(newColumns({ Valor: 'number' })).toEqual({
      ok: true,
      value: { Name: { title: {} }, Valor: { number: {} } },
    })
  })

  test('make the first text column the title where none is named', () => {
    expect(newColumns({ Valor: 'number', Nome: 'text', Notas: 'text' })).toEqual({
      ok: true,
      value: { Valor: { number: {} }, Nome: { title: {} }, Notas: { rich_text: {} } },
    })
  })

  test.each<[unknown]>([['colour'], [7], [true], [null], [{}], [{ type: 'rainbow' }]])('refuse %j', (given) => {
    const outcome = newColumns({ 'Minha coluna': given })
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', path: 'arguments.properties.Minha coluna' },
    })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('"rich_text"')
  })

  test('refuse a relation to nowhere', () => {
    expect(newColumns({ X: { type: 'relation' } })).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
  })
})

describe('changes of columns', () => {
  const COLUMNS: Column[] = [
    { name: 'Nome', type: 'title' },
    { name: 'Etapa', type: 'select', options: ['A', 'B'] },
    { name: 'Valor', type: 'number' },
    { name: 'Etiquetas', type: 'multi_select', options: ['Pix'] },
    { name: 'Situação', type: 'status', options: ['Feito'] },
  ]

  test.each<[Record<string, unknown>, unknown]>([
    [{ 'Revisado em': 'date' }, { 'Revisado em': { date: {} } }],
    [{ valor: null }, { Valor: null }],
    [{ VALOR: { name: 'Preço' } }, { Valor: { name: 'Preço' } }],
    [{ Valor: 'rich_text' }, { Valor: { rich_text: {} } }],
    [{ etapa: ['C'] }, { Etapa: { select: { options: [{ name: 'A' }, { name: 'B' }, { name: 'C' }] } } }],
    [{ etiquetas: ['PIX', 'API'] }, { Etiquetas: { multi_select: { options: [{ name: 'Pix' }, { name: 'API' }] } } }],
    [{ situacao: ['Pausado'] }, { Situação: { status: { options: [{ name: 'Feito' }, { name: 'Pausado' }] } } }],
    [{ Etapa: ['B', 'C'] }, { Etapa: { select: { options: [{ name: 'A' }, { name: 'B' }, { name: 'C' }] } } }],
    [{ Etapa: { type: 'multi_select', options: ['X'] } }, { Etapa: { multi_select: { options: [{ name: 'X' }] } } }],
    [{ Etapa: { select: { options: [{ name: 'Z' }] } } }, { Etapa: { select: { options: [{ name: 'Z' }] } } }],
  ])('%j', (given, changes) => {
    expect(columnChanges(given, COLUMNS)).toEqual({ ok: true, value: changes })
  })

  test.each<[Record<string, unknown>]>([[{ Preço: null }], [{ Preço: { name: 'X' } }]])(
    'refuse %j for a column that is not there',
    (given) => {
      const outcome = columnChanges(given, COLUMNS)
      expect(outcome.ok ? '' : outcome.problem.detail).toContain('"Nome", "Etapa", "Valor"')
    },
  )
})

test('a name that several columns could have adds none', () => {
  const columns: Column[] = [
    { name: 'nome', type: 'title' },
    { name: 'Nome', type: 'rich_text' },
  ]
  const outcome = columnChanges({ NOME: 'number' }, columns)
  expect(outcome.ok ? '' : outcome.problem.detail).toContain('Several properties fit "NOME"')
})

describe('relations', () => {
  const notion = emulatedNotion('demo')
  const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
  const PROJECTS = '0aaf60b9-d518-45c5-83a6-726a13229bad'
  const resolve = (given: unknown) => resolveRelations(createNotionApi(notion.access(BOT)), { Projeto: given })

  test.each([
    ['the title of a database', { type: 'relation', data_source_id: 'projetos' }],
    ['the id of a database', { type: 'relação', database_id: '3991c44a-f085-4edd-9eb7-4c2a8006cb13' }],
    ['its data source', { type: 'relation', data_source_id: PROJECTS }],
  ])('by %s', async (_, given) => {
    const outcome = await resolve(given)
    expect(outcome).toMatchObject({ ok: true, value: { Projeto: { data_source_id: PROJECTS } } })
    const columns = newColumns(outcome.ok ? outcome.value : {})
    expect(columns).toMatchObject({ ok: true, value: { Projeto: { relation: { data_source_id: PROJECTS } } } })
  })

  test.each([
    ['a title that nothing has', 'xyzzy', 'not_found'],
    ['a database with several data sources', 'Suporte', 'invalid_arguments'],
  ])('to %s are refused', async (_, title, code) => {
    expect(await resolve({ type: 'relation', data_source_id: title })).toMatchObject({
      ok: false,
      problem: { code, path: 'arguments.properties.Projeto' },
    })
  })

  test('ask nothing where there is no relation', async () => {
    notion.asked()
    expect(await resolve('number')).toEqual({ ok: true, value: { Projeto: 'number' } })
    expect(notion.asked()).toEqual([])
  })
})
