import { isFullDatabase, isFullPage, isFullView, type Client } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import {
  AURORA_ANA,
  AURORA_BOT,
  AURORA_HOME,
  AURORA_PEDRO,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  NOBODY,
  clientOf,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'

type NewView = Parameters<Client['views']['create']>[0]
const LIFE_MS = 900_000

/** The client's types know filters and sorts of views as empty objects only. */
function loose(value: unknown): never {
  return value as never
}

describe('views', () => {
  let emulator: Emulator
  let notion: Client

  beforeEach(() => {
    emulator = testEmulator('two-tenants')
    notion = clientOf(emulator, AURORA_BOT)
  })

  const make = (more: Partial<NewView> = {}): ReturnType<Client['views']['create']> =>
    notion.views.create({
      data_source_id: AURORA_TASKS,
      database_id: AURORA_TASKS_DATABASE,
      name: 'Mine',
      type: 'table',
      ...more,
    })
  const refused = (body: Record<string, unknown>): string => {
    const whole = { data_source_id: AURORA_TASKS, name: 'Mine', type: 'table', ...body }
    const answer = raw(emulator, 'POST /v1/views', { body: whole })
    expect(answer.status).toBe(400)
    return String(answer.body['message'])
  }
  const tabs = async (): Promise<string[]> =>
    (await notion.views.list({ database_id: AURORA_TASKS_DATABASE })).results.map((view) => view.id)
  const rowIds = async (more: object = {}): Promise<string[]> =>
    (await notion.dataSources.query({ data_source_id: AURORA_TASKS, ...more })).results.map((row) => row.id)

  it('begin with one table for each data source, which keeps its id', async () => {
    const { results, type, has_more } = await notion.views.list({ database_id: AURORA_TASKS_DATABASE })
    expect({ results, type, has_more }).toEqual({
      results: [{ object: 'view', id: results[0]?.id }],
      type: 'view',
      has_more: false,
    })
    expect(await notion.views.list({ data_source_id: AURORA_TASKS })).toMatchObject({ results })
    const again = testEmulator('two-tenants')
    const view = await clientOf(again, AURORA_BOT).views.retrieve({ view_id: results[0]?.id ?? '' })
    expect(view).toMatchObject({ name: 'Default view', type: 'table', data_source_id: AURORA_TASKS })
    const made = await notion.databases.create({ parent: { type: 'page_id', page_id: AURORA_HOME } })
    expect((await notion.views.list({ database_id: made.id })).results).toHaveLength(1)
  })

  it('need a database or a data source to be listed', () => {
    expect(raw(emulator, 'GET /v1/views').status).toBe(400)
    expect(raw(emulator, 'GET /v1/views?database_id=x').status).toBe(400)
    expect(raw(emulator, `GET /v1/views?database_id=${AURORA_TASKS_DATABASE}&data_source_id=${NOBODY}`).status).toBe(
      404,
    )
  })

  it('did not exist before data sources', () => {
    const options = { version: '2022-06-28' }
    expect(raw(emulator, `GET /v1/views?database_id=${AURORA_TASKS_DATABASE}`, options).body['code']).toBe(
      'invalid_request_url',
    )
  })

  it('are made, read, changed and deleted', async () => {
    const made = await make({
      filter: loose({ property: 'Valor', number: { greater_than: 350 } }),
      sorts: loose([{ property: 'Valor', direction: 'descending' }]),
      quick_filters: loose({ Nota: { rich_text: { is_not_empty: true } } }),
      configuration: { type: 'table', wrap_cells: true, properties: [{ property_id: 'Valor', width: 120 }] },
    })
    const whole = {
      object: 'view',
      id: made.id,
      parent: { type: 'database_id', database_id: AURORA_TASKS_DATABASE },
      data_source_id: AURORA_TASKS,
      name: 'Mine',
      type: 'table',
      filter: { property: 'Valor', number: { greater_than: 350 } },
      sorts: [{ property: 'Valor', direction: 'descending' }],
      quick_filters: { Nota: { rich_text: { is_not_empty: true } } },
      configuration: {
        type: 'table',
        wrap_cells: true,
        properties: [{ property_id: expect.any(String) as string, property_name: 'Valor', width: 120 }],
      },
      created_time: '2026-11-22T12:34:56.789+00:00',
      created_by: { object: 'user', id: AURORA_BOT },
      last_edited_time: '2026-11-22T12:34:56.789+00:00',
      last_edited_by: { object: 'user', id: AURORA_BOT },
      url: `https://app.notion.com/p/${AURORA_TASKS_DATABASE.replaceAll('-', '')}?v=${made.id.replaceAll('-', '')}`,
      request_id: expect.any(String) as string,
    }
    expect(made).toEqual(whole)
    expect(await notion.views.retrieve({ view_id: made.id })).toEqual(whole)

    emulator.control.advanceClock(1000)
    const changed = await notion.views.update({
      view_id: made.id,
      name: 'Renamed',
      filter: null,
      quick_filters: loose({ Nota: null, Valor: { number: { is_empty: true } } }),
      configuration: loose({ type: 'table', properties: null, frozen_column_index: 1 }),
    })
    expect(changed).toEqual({
      ...whole,
      name: 'Renamed',
      filter: null,
      quick_filters: { Valor: { number: { is_empty: true } } },
      configuration: { type: 'table', wrap_cells: true, frozen_column_index: 1 },
      last_edited_time: '2026-11-22T12:34:57.789+00:00',
    })
    const cleared = await notion.views.update({ view_id: made.id, sorts: null, quick_filters: null })
    expect(cleared).toMatchObject({ sorts: null, quick_filters: null })

    const { object, id, parent, type } = whole
    expect(await notion.views.delete({ view_id: made.id })).toMatchObject({ object, id, parent, type })
    await expect(notion.views.retrieve({ view_id: made.id })).rejects.toThrow(`Could not find view with ID: ${made.id}`)
  })

  it('keep the last one of a database', async () => {
    const [first = ''] = await tabs()
    await expect(notion.views.delete({ view_id: first })).rejects.toThrow('Cannot delete the last view')
    await make()
    await notion.views.delete({ view_id: first })
    expect(await tabs()).toHaveLength(1)
    expect(await tabs()).not.toContain(first)
  })

  it('stand where they are put', async () => {
    const [first = ''] = await tabs()
    const last = await make()
    const start = await make({ position: { type: 'start' } })
    const middle = await make({ position: { type: 'after_view', view_id: first } })
    const end = await make({ position: { type: 'after_view', view_id: last.id } })
    expect(await tabs()).toEqual([start.id, first, middle.id, last.id, end.id])
    const page = await notion.views.list({ database_id: AURORA_TASKS_DATABASE, page_size: 2 })
    expect(page).toMatchObject({ has_more: true, next_cursor: middle.id })
    const nowhere = { database_id: AURORA_TASKS_DATABASE, position: { type: 'after_view', view_id: NOBODY } }
    expect(refused(nowhere)).toContain('is not a view of database')
  })

  it.each([
    ['no place', {}, 'exactly one of'],
    ['two places', { database_id: AURORA_TASKS_DATABASE, view_id: NOBODY }, 'exactly one of'],
    ['a type of another world', { database_id: AURORA_TASKS_DATABASE, type: 'cube' }, 'body.type should be `"table"`'],
    [
      'a place on a tab that is none',
      { database_id: AURORA_TASKS_DATABASE, placement: { type: 'new_row' } },
      'body.placement should be not present',
    ],
    [
      'a filter on no property',
      { database_id: AURORA_TASKS_DATABASE, filter: { property: 'X', number: { equals: 1 } } },
      'Could not find property with name or id: X',
    ],
    [
      'a sort on no property',
      { database_id: AURORA_TASKS_DATABASE, sorts: [{ property: 'X', direction: 'ascending' }] },
      'Could not find',
    ],
    [
      'a quick filter that fits no number',
      { database_id: AURORA_TASKS_DATABASE, quick_filters: { Valor: { number: { contains: 'x' } } } },
      'body.filter',
    ],
    [
      'a configuration of another type',
      { database_id: AURORA_TASKS_DATABASE, configuration: { type: 'map' } },
      'The view is of type table',
    ],
    [
      'a property that is not there',
      { database_id: AURORA_TASKS_DATABASE, configuration: { type: 'table', properties: [{ property_id: 'X' }] } },
      'Could not find property with name or id: X',
    ],
    [
      'a configuration of unknown words',
      { database_id: AURORA_TASKS_DATABASE, configuration: { type: 'table', speed: 3 } },
      'body.configuration.speed should be not present',
    ],
    [
      'a board without groups',
      { database_id: AURORA_TASKS_DATABASE, type: 'board', configuration: { type: 'board' } },
      'body.configuration.group_by should be',
    ],
    [
      'groups of a property type that is none',
      {
        database_id: AURORA_TASKS_DATABASE,
        type: 'board',
        configuration: { type: 'board', group_by: { type: 'colour', property_id: 'Nota' } },
      },
      'body.configuration.group_by.type should be',
    ],
  ])('refuse %s', (_name, body, message) => {
    expect(refused(body)).toContain(message)
    expect(raw(emulator, `GET /v1/views?database_id=${AURORA_TASKS_DATABASE}`).body['results']).toHaveLength(1)
  })

  const byStatus = { type: 'status', property_id: 'Situação', group_by: 'option', sort: { type: 'manual' } }
  it.each([
    ['board', { group_by: byStatus, cover: { type: 'page_cover' }, cover_size: 'small', card_layout: 'compact' }],
    ['calendar', { date_property_id: 'Prazo', view_range: 'week', show_weekends: false }],
    [
      'timeline',
      { date_property_id: 'Prazo', preference: { zoom_level: 'month' }, arrows_by: { property_id: 'Nota' } },
    ],
    ['gallery', { cover: { type: 'property', property_id: 'Nota' }, cover_aspect: 'cover' }],
    ['list', { properties: [{ property_id: 'title', visible: true, date_format: 'relative' }] }],
    ['form', { is_form_closed: true, submission_permissions: 'none' }],
    ['map', { height: 'large', map_by: 'Nota' }],
    [
      'chart',
      {
        chart_type: 'bar',
        x_axis: byStatus,
        y_axis: { aggregator: 'sum', property_id: 'Valor' },
        reference_lines: [{ value: 3, label: 'goal', color: 'red', dash_style: 'dash' }],
      },
    ],
  ] as [string, Record<string, unknown>][])('have a configuration of their type: %s', (type, configuration) => {
    const body = {
      data_source_id: AURORA_TASKS,
      database_id: AURORA_TASKS_DATABASE,
      name: type,
      type,
      configuration: { type, ...configuration },
    }
    const made = raw(emulator, 'POST /v1/views', { body })
    expect(made.status, made.text).toBe(200)
    expect(made.body['configuration']).toMatchObject({ type, ...named(configuration) })
  })

  /** What is left of a configuration when the ids of properties, which the emulator makes up, are left out. */
  function named(configuration: Record<string, unknown>): object {
    const text = JSON.stringify(configuration, (key, value: unknown) =>
      key.endsWith('property_id') || key === 'map_by' ? undefined : value,
    )
    return JSON.parse(text) as object
  }

  it('name their properties as they are called now', async () => {
    const made = await make({
      type: 'calendar',
      configuration: { type: 'calendar', date_property_id: 'Prazo', properties: [{ property_id: 'Nota' }] },
    })
    await notion.dataSources.update({ data_source_id: AURORA_TASKS, properties: loose({ Prazo: { name: 'Due' } }) })
    const view = await notion.views.retrieve({ view_id: made.id })
    expect(isFullView(view) && view.configuration).toMatchObject({ date_property_name: 'Due' })
  })

  it('name groups and columns, and nothing else; lines of a chart have ids', async () => {
    const byStatus = {
      type: 'status' as const,
      property_id: 'Situação',
      group_by: 'option' as const,
      sort: { type: 'manual' as const },
    }
    const board = await make({
      type: 'board',
      configuration: { type: 'board', group_by: byStatus, cover: { type: 'property', property_id: 'Nota' } },
    })
    const shown = isFullView(board) && board.configuration?.type === 'board' ? board.configuration : undefined
    expect(shown?.group_by.property_name).toBe('Situação')
    expect(Object.keys(shown?.cover ?? {})).toEqual(['type', 'property_id'])
    const line = { value: 3, label: 'goal', color: 'red' as const, dash_style: 'dash' as const }
    const chart = await make({
      type: 'chart',
      configuration: { type: 'chart', chart_type: 'bar', reference_lines: [line, { ...line, id: 'mine' }] },
    })
    const lines = isFullView(chart) && chart.configuration?.type === 'chart' ? chart.configuration.reference_lines : []
    expect(lines).toEqual([
      { ...line, id: expect.stringMatching(/^[\da-f-]{36}$/) as string },
      { ...line, id: 'mine' },
    ])
  })

  it('are shown on a dashboard, row by row', async () => {
    const board = await make({ type: 'dashboard', name: 'Overview' })
    expect(board).toMatchObject({ data_source_id: null, configuration: { type: 'dashboard', rows: [] } })
    const widget = async (placement?: NewView['placement']): Promise<string> => {
      const view = await notion.views.create({
        data_source_id: AURORA_TASKS,
        view_id: board.id,
        name: 'Widget',
        type: 'list',
        ...(placement === undefined ? {} : { placement }),
      })
      expect(view).toMatchObject({ dashboard_view_id: board.id, parent: { database_id: AURORA_TASKS_DATABASE } })
      return view.id
    }
    const first = await widget()
    const beside = await widget({ type: 'existing_row', row_index: 0 })
    const above = await widget({ type: 'new_row', row_index: 0 })
    const rows = async (): Promise<string[][]> => {
      const view = await notion.views.retrieve({ view_id: board.id })
      const configuration = isFullView(view) ? view.configuration : undefined
      if (configuration?.type !== 'dashboard') throw new TypeError('no dashboard')
      return configuration.rows.map((row) => row.widgets.map((entry) => `${entry.view_id}/${entry.row_index ?? ''}`))
    }
    expect(await rows()).toEqual([[`${above}/0`], [`${first}/1`, `${beside}/1`]])
    expect(await tabs()).not.toContain(first)
    await notion.views.delete({ view_id: above })
    expect(await rows()).toEqual([[`${first}/0`, `${beside}/0`]])
    expect(refused({ view_id: board.id, placement: { type: 'existing_row', row_index: 7 } })).toContain('no row 7')
    expect(refused({ view_id: board.id, placement: { type: 'existing_row' } })).toContain('row_index should be')
    expect(refused({ view_id: board.id, type: 'dashboard' })).toContain('cannot be a widget')
    expect(refused({ view_id: first })).toContain('is not a dashboard')
    const change = raw(emulator, `PATCH /v1/views/${board.id}`, { body: { filter: { and: [] } } })
    expect(change.body['message']).toContain('body.filter should be not present')
    await notion.views.delete({ view_id: board.id })
    await expect(notion.views.retrieve({ view_id: first })).rejects.toThrow('Could not find view')
  })

  it('make a database that shows rows of another one', async () => {
    const page = await notion.pages.create({
      parent: { page_id: AURORA_HOME },
      children: [{ divider: {} }, { divider: {} }],
    })
    const [divider] = (await notion.blocks.children.list({ block_id: page.id })).results
    const view = await notion.views.create({
      data_source_id: AURORA_TASKS,
      name: 'Linked',
      type: 'table',
      create_database: {
        parent: { type: 'page_id', page_id: page.id },
        position: { type: 'after_block', block_id: divider?.id ?? '' },
      },
    })
    const blocks = (await notion.blocks.children.list({ block_id: page.id })).results
    expect(blocks.map((block) => 'type' in block && block.type)).toEqual(['divider', 'child_database', 'divider'])
    const database = await notion.databases.retrieve({ database_id: blocks[1]?.id ?? '' })
    expect(isFullDatabase(database) && database.data_sources).toEqual([])
    expect((await notion.views.list({ data_source_id: AURORA_TASKS })).results.map(({ id }) => id)).toContain(view.id)
    const query = await notion.views.queries.create({ view_id: view.id })
    expect(query.results.map(({ id }) => id)).toEqual(await rowIds())
  })

  it('answer what their filter and sorts ask for, for fifteen minutes', async () => {
    const filter = { property: 'Valor', number: { greater_than: 350 } }
    const sorts = [{ property: 'Valor', direction: 'descending' }]
    const view = await make({ filter: loose(filter), sorts: loose(sorts) })
    const expected = await rowIds({ filter, sorts })
    expect(expected.length).toBeGreaterThan(2)
    const query = await notion.views.queries.create({ view_id: view.id, page_size: 2 })
    expect(query).toMatchObject({
      object: 'view_query',
      view_id: view.id,
      expires_at: '2026-11-22T12:49:56.789Z',
      total_count: expected.length,
      results: expected.slice(0, 2).map((id) => ({ object: 'page', id })),
      next_cursor: expected[2],
      has_more: true,
    })
    // A row that comes later is not in what was kept.
    const late = await notion.pages.create({
      parent: { data_source_id: AURORA_TASKS },
      properties: { Tarefa: title('Late'), Valor: { number: 9999 } },
    })
    emulator.control.advanceClock(LIFE_MS - 1)
    const path = { view_id: view.id, query_id: query.id }
    const rest = await notion.views.queries.results({ ...path, start_cursor: query.next_cursor ?? '' })
    expect(rest).toMatchObject({ type: 'page', page: {}, has_more: false })
    expect([...query.results, ...rest.results].map(({ id }) => id)).toEqual(expected)
    expect(isFullPage(late) && rest.results.map(({ id }) => id)).not.toContain(late.id)
    emulator.control.advanceClock(1)
    await expect(notion.views.queries.results(path)).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining(`Could not find view_query with ID: ${query.id}`) as string,
    })
    expect(await notion.views.queries.delete(path)).toMatchObject({ object: 'view_query', id: query.id, deleted: true })
  })

  it('say when there are more rows than one query reaches', async () => {
    emulator.control.configure({ queryResultLimit: 3 })
    const [first = ''] = await tabs()
    const incomplete = { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }
    const query = await notion.views.queries.create({ view_id: first })
    expect(query).toMatchObject({ total_count: 3, request_status: incomplete })
    const results = await notion.views.queries.results({ view_id: first, query_id: query.id })
    expect(results).toMatchObject({ request_status: incomplete, has_more: false })
  })

  it('forget an answer that is deleted, and keep it from other installs', async () => {
    const [first = ''] = await tabs()
    const query = await notion.views.queries.create({ view_id: first })
    const path = { view_id: first, query_id: query.id }
    const other = clientOf(emulator, AURORA_ANA)
    const message = async (id: string): Promise<string> =>
      other.views.queries.results({ view_id: first, query_id: id }).then(
        () => 'done',
        (error: Error) => error.message.replaceAll(id, '<id>'),
      )
    expect(await message(query.id)).toBe(await message(NOBODY))
    await other.views.queries.delete(path)
    await expect(notion.views.queries.results(path)).resolves.toMatchObject({ object: 'list' })
    await notion.views.queries.delete(path)
    await expect(notion.views.queries.results(path)).rejects.toThrow('Could not find view_query')
  })

  it('leave out of a kept answer what was taken from the install', async () => {
    const [first = ''] = await tabs()
    const query = await notion.views.queries.create({ view_id: first })
    const [kept = ''] = await rowIds()
    emulator.control.grant(AURORA_BOT, { roots: [kept] })
    const answer = raw(emulator, `GET /v1/views/${first}/queries/${query.id}`)
    expect(answer.body['message']).toContain(`Could not find view with ID: ${first}`)
  })

  it.each([
    ['read_content', `GET /v1/views?database_id=${AURORA_TASKS_DATABASE}`],
    ['read_content', `GET /v1/views/${NOBODY}`],
    ['read_content', `POST /v1/views/${NOBODY}/queries`, {}],
    ['read_content', `GET /v1/views/${NOBODY}/queries/${NOBODY}`],
    ['update_content', `PATCH /v1/views/${NOBODY}`, {}],
    ['update_content', `DELETE /v1/views/${NOBODY}`],
    ['insert_content', 'POST /v1/views', { data_source_id: NOBODY, name: 'x', type: 'table' }],
  ] as const)('need %s for %s', (capability, target, body?) => {
    const all = ['read_content', 'update_content', 'insert_content'] as const
    emulator.control.grant(AURORA_BOT, { capabilities: all.filter((one) => one !== capability) })
    expect(raw(emulator, target, { body }).status).toBe(403)
  })

  it('are not changed below a root that can only be read', async () => {
    const [first = ''] = await tabs()
    emulator.control.grant(AURORA_BOT, { roots: [AURORA_TASKS_DATABASE], readonlyRoots: [AURORA_TASKS_DATABASE] })
    expect(raw(emulator, `PATCH /v1/views/${first}`, { body: { name: 'x' } }).status).toBe(403)
    expect(raw(emulator, `DELETE /v1/views/${first}`).status).toBe(403)
    const body = { data_source_id: AURORA_TASKS, database_id: AURORA_TASKS_DATABASE, name: 'x', type: 'table' }
    expect(raw(emulator, 'POST /v1/views', { body }).status).toBe(403)
    expect(raw(emulator, `GET /v1/views/${first}`).status).toBe(200)
  })

  it('are not shown to an install that does not see their database', async () => {
    const [first = ''] = await tabs()
    const answer = (id: string): string => {
      const { text, body } = raw(emulator, `GET /v1/views/${id}`, { botId: AURORA_PEDRO })
      return text.replaceAll(id, '<id>').replaceAll(String(body['request_id']), '<request>')
    }
    expect(answer(first)).toBe(answer(NOBODY))
  })
})
