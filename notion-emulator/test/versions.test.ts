import { describe, expect, it } from 'vitest'
import {
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  paragraph,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'

const OLDEST = '2022-06-28'
const MIDDLE = '2025-09-03'
const NEWEST = '2026-03-11'

const emulator = testEmulator('tenant-aurora')

describe('routes by version', () => {
  it.each([
    [`POST /v1/databases/${AURORA_TASKS_DATABASE}/query`, [OLDEST]],
    [`POST /v1/data_sources/${AURORA_TASKS}/query`, [MIDDLE, NEWEST]],
    [`GET /v1/data_sources/${AURORA_TASKS}`, [MIDDLE, NEWEST]],
    [`GET /v1/databases/${AURORA_TASKS_DATABASE}`, [OLDEST, MIDDLE, NEWEST]],
  ])('%s exists at %j', (target, versions) => {
    for (const version of [OLDEST, MIDDLE, NEWEST]) {
      const { status, body } = raw(emulator, target, { version, body: target.startsWith('POST') ? {} : undefined })
      expect([version, status, body['code']]).toEqual(
        versions.includes(version) ? [version, 200, undefined] : [version, 400, 'invalid_request_url'],
      )
    }
  })
})

describe('objects by version', () => {
  it('a page knows `archived` until 2026-03-11', () => {
    for (const version of [OLDEST, MIDDLE]) {
      expect(raw(emulator, `GET /v1/pages/${AURORA_HOME}`, { version }).body).toMatchObject({
        archived: false,
        in_trash: false,
      })
    }
    expect(raw(emulator, `GET /v1/pages/${AURORA_HOME}`, { version: NEWEST }).body).not.toHaveProperty('archived')
  })

  it('a database carries its schema up to 2022-06-28 and its data sources since', () => {
    const read = (version: string) => raw(emulator, `GET /v1/databases/${AURORA_TASKS_DATABASE}`, { version }).body
    expect(read(OLDEST)).toHaveProperty(['properties', 'Tarefa', 'type'], 'title')
    expect(read(OLDEST)).not.toHaveProperty('data_sources')
    expect(read(NEWEST)).not.toHaveProperty('properties')
    expect(read(NEWEST)['data_sources']).toEqual([{ id: AURORA_TASKS, name: 'Tarefas' }])
  })

  it('a row hangs below the database first, below the data source since', () => {
    const row = (target: string, version: string) => {
      const { body } = raw(emulator, target, { version, body: { page_size: 1 } })
      return (body['results'] as { parent: object }[])[0]?.parent
    }
    expect(row(`POST /v1/databases/${AURORA_TASKS_DATABASE}/query`, OLDEST)).toEqual({
      type: 'database_id',
      database_id: AURORA_TASKS_DATABASE,
    })
    expect(row(`POST /v1/data_sources/${AURORA_TASKS}/query`, NEWEST)).toEqual({
      type: 'data_source_id',
      data_source_id: AURORA_TASKS,
      database_id: AURORA_TASKS_DATABASE,
    })
  })

  it('search finds databases first, data sources since, and refuses the other word', () => {
    const find = (version: string, value: string) =>
      raw(emulator, 'POST /v1/search', { version, body: { filter: { property: 'object', value } } })
    expect((find(OLDEST, 'database').body['results'] as { object: string }[])[0]?.object).toBe('database')
    expect((find(NEWEST, 'data_source').body['results'] as { object: string }[])[0]?.object).toBe('data_source')
    expect(find(OLDEST, 'data_source').status).toBe(400)
    expect(find(NEWEST, 'database').status).toBe(400)
  })
})

describe('bodies by version', () => {
  it('the trash flag is `archived`, then both, then `in_trash`', () => {
    const made = raw(emulator, 'POST /v1/pages', { body: { parent: { page_id: AURORA_HOME } } }).body
    const patch = (version: string, body: object) =>
      raw(emulator, `PATCH /v1/pages/${String(made['id'])}`, { version, body })
    expect(patch(OLDEST, { archived: true }).body['archived']).toBe(true)
    expect(patch(MIDDLE, { archived: false }).body['archived']).toBe(false)
    expect(patch(MIDDLE, { in_trash: true }).body['in_trash']).toBe(true)
    expect(patch(NEWEST, { in_trash: false }).body['in_trash']).toBe(false)
    expect(patch(NEWEST, { archived: true }).body['message']).toBe(
      'body failed validation: body.archived should be not present, instead was `true`.',
    )
  })

  it('the place of an append is `after`, then either, then `position`', () => {
    const made = raw(emulator, 'POST /v1/pages', {
      body: { parent: { page_id: AURORA_HOME }, children: [paragraph('first'), paragraph('last')] },
    }).body
    const page = String(made['id'])
    const list = () =>
      raw(emulator, `GET /v1/blocks/${page}/children`).body['results'] as {
        id: string
        paragraph: { rich_text: { plain_text: string }[] }
      }[]
    const texts = () => list().map((block) => block.paragraph.rich_text[0]?.plain_text)
    const first = list()[0]?.id
    const append = (version: string, place: object, content: string) =>
      raw(emulator, `PATCH /v1/blocks/${page}/children`, {
        version,
        body: { children: [paragraph(content)], ...place },
      })
    expect(append(OLDEST, { after: first }, 'a').status).toBe(200)
    expect(append(MIDDLE, { after: first }, 'b').status).toBe(200)
    expect(append(NEWEST, { position: { type: 'after_block', after_block: { id: first } } }, 'c').status).toBe(200)
    expect(append(NEWEST, { position: { type: 'start' } }, 'd').status).toBe(200)
    expect(append(NEWEST, { position: { type: 'end' } }, 'e').status).toBe(200)
    expect(texts()).toEqual(['d', 'first', 'c', 'b', 'a', 'last', 'e'])
    expect(append(NEWEST, { after: first }, 'f').body['message']).toMatch(
      /^body failed validation: body\.after should be not present/,
    )
    expect(append(MIDDLE, { after: first, position: { type: 'end' } }, 'f').status).toBe(400)
    expect(append(OLDEST, { position: { type: 'end' } }, 'f').status).toBe(400)
    expect(texts()).toHaveLength(7)
  })

  it('an append in the middle answers the new blocks and what follows them', () => {
    const made = raw(emulator, 'POST /v1/pages', {
      body: { parent: { page_id: AURORA_HOME }, children: [paragraph('first'), paragraph('last')] },
    }).body
    const children = raw(emulator, `GET /v1/blocks/${String(made['id'])}/children`).body['results'] as { id: string }[]
    const { body } = raw(emulator, `PATCH /v1/blocks/${String(made['id'])}/children`, {
      body: { children: [paragraph('new')], position: { type: 'after_block', after_block: { id: children[0]?.id } } },
    })
    expect((body['results'] as { id: string }[]).map((block) => block.id).slice(1)).toEqual([children[1]?.id])
  })

  it('a schema is given as `properties`, then inside `initial_data_source`', () => {
    const properties = { Name: { title: {} }, Size: { number: {} } }
    const create = (version: string, body: object) =>
      raw(emulator, 'POST /v1/databases', {
        version,
        body: { parent: { type: 'page_id', page_id: AURORA_HOME }, ...body },
      })
    expect(create(OLDEST, { properties }).body).toHaveProperty('properties.Size.type', 'number')
    expect(create(NEWEST, { initial_data_source: { properties } }).status).toBe(200)
    expect(create(NEWEST, { properties }).body['message']).toMatch(
      /^body failed validation: body\.properties should be not present/,
    )
    expect(create(OLDEST, { initial_data_source: { properties } }).status).toBe(400)
  })
})

describe('a database with several data sources', () => {
  const demo = testEmulator('demo')
  const bot = demo.control.installs()[0]?.botId ?? ''
  const found = raw(demo, 'POST /v1/search', {
    botId: bot,
    body: { query: 'Chamados', filter: { property: 'object', value: 'data_source' } },
  })
  const database = (found.body['results'] as { parent: { database_id: string } }[])[0]?.parent.database_id ?? ''

  it.each([`GET /v1/databases/${database}`, `POST /v1/databases/${database}/query`, 'POST /v1/pages'])(
    'is refused at 2022-06-28, with the ids of the sources: %s',
    (target) => {
      const body =
        target === 'POST /v1/pages' ? { parent: { database_id: database }, properties: { x: title('x') } } : {}
      const answer = raw(demo, target, { botId: bot, version: OLDEST, body }).body
      expect(answer).toMatchObject({
        status: 400,
        code: 'validation_error',
        additional_data: {
          error_type: 'multiple_data_sources_for_database',
          database_id: database,
          minimum_api_version: MIDDLE,
        },
      })
      expect((answer['additional_data'] as { child_data_source_ids: string[] }).child_data_source_ids).toHaveLength(2)
    },
  )

  it('shows both of them since', () => {
    expect(raw(demo, `GET /v1/databases/${database}`, { botId: bot }).body['data_sources']).toHaveLength(2)
  })
})
