import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_HOME, AURORA_TASKS, NOBODY, paragraph, raw, testEmulator, title } from './support/emulator.ts'

const text = (content: string) => [{ text: { content } }]
const nested = (levels: number): object => ({
  bulleted_list_item: { rich_text: text(`${levels}`), ...(levels > 0 ? { children: [nested(levels - 1)] } : {}) },
})
const APPEND = `PATCH /v1/blocks/${AURORA_HOME}/children`
const QUERY = `POST /v1/data_sources/${AURORA_TASKS}/query`
const below = { parent: { page_id: AURORA_HOME } }

const refusals: [what: string, target: string, body: unknown, message: string | RegExp][] = [
  [
    'text that is too long',
    'POST /v1/pages',
    { ...below, properties: { title: title('x'.repeat(2001)) } },
    'body failed validation: body.properties.title.title[0].text.content.length should be ≤ `2000`, instead was `2001`.',
  ],
  [
    'too many blocks at once',
    APPEND,
    { children: Array.from({ length: 101 }, () => paragraph('x')) },
    'body failed validation: body.children.length should be ≤ `100`, instead was `101`.',
  ],
  [
    'too many pieces of text',
    APPEND,
    { children: [{ paragraph: { rich_text: Array.from({ length: 101 }, () => text('x')[0]) } }] },
    'body failed validation: body.children[0].paragraph.rich_text.length should be ≤ `100`, instead was `101`.',
  ],
  [
    'children that are nested too deep',
    APPEND,
    { children: [nested(3)] },
    /^body failed validation: body\.children\[0\](\.bulleted_list_item\.children\[0\]){2}\.bulleted_list_item\.children should be not present, instead was `\[\{"bulleted_list_item":/,
  ],
  [
    'a member that is missing',
    APPEND,
    {},
    'body failed validation: body.children should be defined, instead was `undefined`.',
  ],
  [
    'a member that does not exist',
    'POST /v1/pages',
    { ...below, colour: 'red' },
    'body failed validation: body.colour should be not present, instead was `"red"`.',
  ],
  [
    'a value of the wrong kind, cut after 55 characters',
    'POST /v1/pages',
    { ...below, properties: ['a'.repeat(80)] },
    `body failed validation: body.properties should be an object, instead was \`["${'a'.repeat(53)}...\`.`,
  ],
  [
    'an id that is none',
    'POST /v1/pages',
    { parent: { page_id: 'home' } },
    'body failed validation: body.parent.page_id should be a valid uuid, instead was `"home"`.',
  ],
  [
    'an object that fits no alternative: every alternative is named',
    'POST /v1/pages',
    { parent: {} },
    [
      'body failed validation. Fix one:',
      'body.parent.page_id should be defined, instead was `undefined`.',
      'body.parent.database_id should be defined, instead was `undefined`.',
      'body.parent.data_source_id should be defined, instead was `undefined`.',
      'body.parent.workspace should be defined, instead was `undefined`.',
    ].join('\n'),
  ],
  [
    'a page size that is too large',
    QUERY,
    { page_size: 101 },
    'body failed validation: body.page_size should be ≤ `100`, instead was `101`.',
  ],
  [
    'a page size of nothing',
    QUERY,
    { page_size: 0 },
    'body failed validation: body.page_size should be ≥ `1`, instead was `0`.',
  ],
  ['a cursor of another list', QUERY, { start_cursor: NOBODY }, `The start_cursor provided is invalid: ${NOBODY}`],
  [
    'a filter on a property that is not there',
    QUERY,
    { filter: { property: 'Nope', number: { equals: 1 } } },
    'Could not find property with name or id: Nope',
  ],
  [
    'a property that the schema lacks',
    'POST /v1/pages',
    { parent: { data_source_id: AURORA_TASKS }, properties: { Nope: { number: 1 } } },
    'Nope is not a property that exists.',
  ],
  [
    'a value of another type than the property has',
    'POST /v1/pages',
    { parent: { data_source_id: AURORA_TASKS }, properties: { Valor: { checkbox: true } } },
    'Valor is expected to be number.',
  ],
  [
    'a status option that does not exist',
    'POST /v1/pages',
    { parent: { data_source_id: AURORA_TASKS }, properties: { Situação: { status: { name: 'Nunca' } } } },
    'Invalid status option. Status option "Nunca" does not exist',
  ],
  [
    'a date that is none',
    'POST /v1/pages',
    { parent: { data_source_id: AURORA_TASKS }, properties: { Prazo: { date: { start: 'tomorrow' } } } },
    'body failed validation: body.properties.Prazo.date.start should be a valid ISO 8601 date string, instead was `"tomorrow"`.',
  ],
  [
    'a mention of a date in a zone that is none',
    APPEND,
    { children: [{ paragraph: { rich_text: [{ mention: { date: { start: '2026-01-01', time_zone: 'Mars' } } }] } }] },
    'body failed validation: body.children[0].paragraph.rich_text[0].mention.date.time_zone should be a valid time zone, instead was `"Mars"`.',
  ],
  [
    'a second title',
    `PATCH /v1/data_sources/${AURORA_TASKS}`,
    { properties: { Other: { title: {} } } },
    /exactly one title/,
  ],
  [
    'the end of the title',
    `PATCH /v1/data_sources/${AURORA_TASKS}`,
    { properties: { Tarefa: null } },
    /title property/,
  ],
  [
    'one column alone',
    APPEND,
    { children: [{ column_list: { children: [{ column: { children: [paragraph('x')] } }] } }] },
    'body failed validation: body.children[0].column_list.children.length should be ≥ `2`, instead was `1`.',
  ],
  [
    'a row that is not as wide as its table',
    APPEND,
    { children: [{ table: { table_width: 2, children: [{ table_row: { cells: [[]] } }] } }] },
    'Number of cells in table row must match the table width of the parent table.',
  ],
  ['a row outside a table', APPEND, { children: [{ table_row: { cells: [[]] } }] }, /can only be a child of a table/],
  [
    'both kinds of content',
    'POST /v1/pages',
    { ...below, markdown: 'x', children: [paragraph('x')] },
    /body\.markdown/,
  ],
  ['a page in no page, by an internal install', 'POST /v1/pages', {}, /^Internal integrations/],
]

describe('what is refused with a 400', () => {
  let emulator: Emulator

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
  })

  it.each(refusals)('%s', (_what, target, body, message) => {
    const { status, body: answer } = raw(emulator, target, { body })
    expect(answer).toMatchObject({ object: 'error', status: 400, code: 'validation_error' })
    expect(status).toBe(400)
    if (typeof message === 'string') expect(answer['message']).toBe(message)
    else expect(answer['message']).toMatch(message)
  })

  it.each(refusals)('%s: and leaves everything as it was', (_what, target, body) => {
    const snapshot = (): string =>
      JSON.stringify([emulator.control.stateOf(AURORA_HOME), emulator.control.stateOf(AURORA_TASKS)])
    const before = snapshot()
    raw(emulator, target, { body })
    expect(snapshot()).toBe(before)
  })

  it.each(['AAA', '12345678-1234-1234-1234-123456789abc', 'd953f1bb-466c-4409-9517-ea2f03d92eb'])(
    'refuses %s in a path',
    (id) => {
      expect(raw(emulator, `GET /v1/pages/${id}`).body['message']).toBe(
        `path failed validation: path.page_id should be a valid uuid, instead was \`"${id}"\`.`,
      )
    },
  )

  it('takes ids without hyphens and in capitals, and the nil id as one that is not there', () => {
    const compact = AURORA_HOME.replaceAll('-', '').toUpperCase()
    expect(raw(emulator, `GET /v1/pages/${compact}`).body['id']).toBe(AURORA_HOME)
    expect(raw(emulator, 'GET /v1/pages/00000000-0000-0000-0000-000000000000').status).toBe(404)
  })

  it.each([
    ['page_size=101', 'query failed validation: query.page_size should be ≤ `100`, instead was `101`.'],
    ['page_size=0', 'query failed validation: query.page_size should be ≥ `1`, instead was `0`.'],
    ['page_size=abc', 'query failed validation: query.page_size should be a number, instead was `"abc"`.'],
  ])('refuses the query string %s', (query, message) => {
    expect(raw(emulator, `GET /v1/users?${query}`).body['message']).toBe(message)
  })

  it('takes what it answered back: read-only members inside rich text are ignored', () => {
    const made = raw(emulator, APPEND, { body: { children: [paragraph('echo')] } }).body
    const block = (made['results'] as { id: string; paragraph: object }[])[0]
    const again = raw(emulator, `PATCH /v1/blocks/${block?.id ?? ''}`, { body: { paragraph: block?.paragraph } })
    expect(again.status).toBe(200)
    expect(again.body['paragraph']).toEqual(block?.paragraph)
  })
})

describe('what is refused before the body is looked at', () => {
  const emulator = testEmulator('tenant-aurora')

  it.each(['GET /v1/nothing', 'PUT /v1/pages', `POST /v1/pages/${AURORA_HOME}`, 'GET /', 'GET /v1'])('%s', (target) => {
    expect(raw(emulator, target).body).toMatchObject({
      status: 400,
      code: 'invalid_request_url',
      message: 'Invalid request URL.',
    })
  })

  it('a token that nobody has', () => {
    const answer = raw(emulator, 'GET /v1/users/me', { token: 'ntn_wrong' })
    expect(answer.body).toMatchObject({ status: 401, code: 'unauthorized', message: 'API token is invalid.' })
  })

  it('a request without a version, unless leniency was asked for', () => {
    expect(raw(emulator, 'GET /v1/users/me', { version: null }).body).toMatchObject({
      status: 400,
      code: 'missing_version',
      message:
        'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.',
    })
    const lenient = testEmulator('tenant-aurora', { lenientVersion: true })
    expect(raw(lenient, 'GET /v1/users/me', { version: null }).status).toBe(200)
  })

  it.each(['2022-02-22', '2030-01-01'])('version %s', (version) => {
    expect(raw(emulator, 'GET /v1/users/me', { version }).body).toMatchObject({ status: 400, code: 'validation_error' })
  })

  it('a body that is no JSON', () => {
    expect(raw(emulator, 'POST /v1/search', { body: '{' }).body).toMatchObject({
      status: 400,
      code: 'invalid_json',
      message: 'Error parsing JSON body.',
    })
  })

  it('a body that is too large: JSON first, then what a proxy answers', () => {
    expect(
      raw(emulator, 'POST /v1/search', { body: JSON.stringify({ query: 'x'.repeat(500_001) }) }).body,
    ).toMatchObject({
      status: 400,
      code: 'validation_error',
    })
    const { status, text } = raw(emulator, 'POST /v1/search', { body: 'x'.repeat(1_000_001) })
    expect([status, text]).toEqual([413, ''])
  })

  it('nothing at all where a body is optional', () => {
    expect(raw(emulator, 'POST /v1/search').status).toBe(200)
  })

  it('a body that is nested deeper than the call stack', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    const { status, body } = raw(emulator, 'POST /v1/pages', { body: `{"parent":${deep}}` })
    expect([status, body['code']]).toEqual([400, 'validation_error'])
  })
})
