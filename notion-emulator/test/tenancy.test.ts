import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, Seed } from '../src/index.ts'
import {
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_PEDRO,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  NOBODY,
  raw,
  testEmulator,
  type RawOptions,
} from './support/emulator.ts'

const boreal = JSON.parse(readFileSync(new URL('../seeds/tenant-boreal.json', import.meta.url), 'utf8')) as Seed
const foreignPage = boreal.pages[1]?.id ?? ''
const foreignDatabase = boreal.databases?.[0]?.id ?? ''
const foreignSource = boreal.databases?.[0]?.data_sources[0]?.id ?? ''
const foreignRow = boreal.databases?.[0]?.data_sources[0]?.rows[0]?.id ?? ''
const foreignUser = boreal.users[0]?.id ?? ''
const foreignComment = boreal.comments?.[0]?.id ?? ''
const foreignDiscussion = boreal.comments?.[0]?.discussion_id ?? ''

/** Something of the other tenant that only a request makes; the same id in every emulator. */
function makeForeign(emulator: Emulator): { upload: string; view: string; viewQuery: string; task: string } {
  const botId = boreal.installs[0]?.bot_id ?? ''
  const { body } = raw(emulator, 'POST /v1/file_uploads', { botId, body: { filename: 'a.png' } })
  const views = raw(emulator, `GET /v1/views?data_source_id=${foreignSource}`, { botId }).body['results']
  const view = (views as { id: string }[])[0]?.id ?? ''
  const query = raw(emulator, `POST /v1/views/${view}/queries`, { botId, body: {} }).body
  const page = { parent: { page_id: foreignPage }, markdown: 'x', allow_async: true }
  const task = raw(emulator, 'POST /v1/pages', { botId, body: page }).body
  return { upload: String(body['id']), view, viewQuery: String(query['id']), task: String(task['id']) }
}
const made = makeForeign(testEmulator('two-tenants'))

const child = { paragraph: { rich_text: [{ text: { content: 'x' } }] } }
const recording = (id: string): object => ({ type: 'file_upload', file_upload_id: id })
const newView = { name: 'x', type: 'table' }
const text = [{ text: { content: 'x' } }]

function fromTemplate(id: string): object {
  return { parent: { data_source_id: AURORA_TASKS }, template: { type: 'template_id', template_id: id } }
}

function withUpload(id: string): object {
  return { parent: { page_id: AURORA_HOME }, rich_text: text, attachments: [{ file_upload_id: id }] }
}

/** Every operation that takes an id, as a function of that id, and an id of the other tenant that would fit. */
const attempts: [name: string, foreign: string, request: (id: string) => [target: string, body?: unknown]][] = [
  ['get user', foreignUser, (id) => [`GET /v1/users/${id}`]],
  ['get page', foreignPage, (id) => [`GET /v1/pages/${id}`]],
  ['get row', foreignRow, (id) => [`GET /v1/pages/${id}`]],
  ['get markdown', foreignPage, (id) => [`GET /v1/pages/${id}/markdown`]],
  [
    'change markdown',
    foreignPage,
    (id) => [`PATCH /v1/pages/${id}/markdown`, { type: 'replace_content', replace_content: { new_str: 'x' } }],
  ],
  ['get property', foreignPage, (id) => [`GET /v1/pages/${id}/properties/title`]],
  ['create page below page', foreignPage, (id) => ['POST /v1/pages', { parent: { page_id: id } }]],
  ['create page in source', foreignSource, (id) => ['POST /v1/pages', { parent: { data_source_id: id } }]],
  ['create page in database', foreignDatabase, (id) => ['POST /v1/pages', { parent: { database_id: id } }]],
  ['update page', foreignPage, (id) => [`PATCH /v1/pages/${id}`, { properties: { title: { title: text } } }]],
  ['archive page', foreignPage, (id) => [`PATCH /v1/pages/${id}`, { in_trash: true }]],
  ['restore page', foreignPage, (id) => [`PATCH /v1/pages/${id}`, { in_trash: false }]],
  ['move page', foreignPage, (id) => [`POST /v1/pages/${id}/move`, { parent: { page_id: AURORA_HOME } }]],
  ['move page to', foreignPage, (id) => [`POST /v1/pages/${AURORA_HOME}/move`, { parent: { page_id: id } }]],
  ['get block', foreignPage, (id) => [`GET /v1/blocks/${id}`]],
  ['get children', foreignPage, (id) => [`GET /v1/blocks/${id}/children`]],
  ['append', foreignPage, (id) => [`PATCH /v1/blocks/${id}/children`, { children: [child] }]],
  ['update block', foreignPage, (id) => [`PATCH /v1/blocks/${id}`, child]],
  ['delete block', foreignPage, (id) => [`DELETE /v1/blocks/${id}`]],
  ['delete database', foreignDatabase, (id) => [`DELETE /v1/blocks/${id}`]],
  ['get database', foreignDatabase, (id) => [`GET /v1/databases/${id}`]],
  ['update database', foreignDatabase, (id) => [`PATCH /v1/databases/${id}`, { title: text }]],
  [
    'create database',
    foreignPage,
    (id) => ['POST /v1/databases', { parent: { page_id: id }, initial_data_source: {} }],
  ],
  [
    'relate to source',
    foreignSource,
    (id) => [
      `PATCH /v1/data_sources/${AURORA_TASKS}`,
      { properties: { R: { relation: { data_source_id: id, single_property: {} } } } },
    ],
  ],
  ['get source', foreignSource, (id) => [`GET /v1/data_sources/${id}`]],
  ['update source', foreignSource, (id) => [`PATCH /v1/data_sources/${id}`, { title: text }]],
  [
    'create source',
    foreignDatabase,
    (id) => ['POST /v1/data_sources', { parent: { database_id: id }, properties: {} }],
  ],
  ['query', foreignSource, (id) => [`POST /v1/data_sources/${id}/query`, {}]],
  ['list templates', foreignSource, (id) => [`GET /v1/data_sources/${id}/templates`]],
  ['list comments', foreignPage, (id) => [`GET /v1/comments?block_id=${id}`]],
  ['comment on page', foreignPage, (id) => ['POST /v1/comments', { parent: { page_id: id }, rich_text: text }]],
  ['reply', foreignDiscussion, (id) => ['POST /v1/comments', { discussion_id: id, rich_text: text }]],
  ['get comment', foreignComment, (id) => [`GET /v1/comments/${id}`]],
  ['delete comment', foreignComment, (id) => [`DELETE /v1/comments/${id}`]],
  ['list views of database', foreignDatabase, (id) => [`GET /v1/views?database_id=${id}`]],
  ['list views of source', foreignSource, (id) => [`GET /v1/views?data_source_id=${id}`]],
  ['get view', made.view, (id) => [`GET /v1/views/${id}`]],
  ['update view', made.view, (id) => [`PATCH /v1/views/${id}`, { name: 'x' }]],
  ['delete view', made.view, (id) => [`DELETE /v1/views/${id}`]],
  ['query view', made.view, (id) => [`POST /v1/views/${id}/queries`, {}]],
  ['get query of view', made.view, (id) => [`GET /v1/views/${id}/queries/${made.viewQuery}`]],
  [
    'create view on database',
    foreignDatabase,
    (id) => ['POST /v1/views', { ...newView, data_source_id: AURORA_TASKS, database_id: id }],
  ],
  [
    'create view of source',
    foreignSource,
    (id) => ['POST /v1/views', { ...newView, data_source_id: id, database_id: AURORA_TASKS_DATABASE }],
  ],
  [
    'create view on dashboard',
    made.view,
    (id) => ['POST /v1/views', { ...newView, data_source_id: AURORA_TASKS, view_id: id }],
  ],
  [
    'create view below page',
    foreignPage,
    (id) => {
      const home = { create_database: { parent: { type: 'page_id', page_id: id } } }
      return ['POST /v1/views', { ...newView, data_source_id: AURORA_TASKS, ...home }]
    },
  ],
  [
    'meeting notes on page',
    foreignPage,
    (id) => ['POST /v1/blocks/meeting_notes', { source: recording(NOBODY), parent: { type: 'page_id', page_id: id } }],
  ],
  [
    'meeting notes of block',
    foreignPage,
    (id) => ['POST /v1/blocks/meeting_notes', { source: { type: 'block', block_id: id } }],
  ],
  [
    'meeting notes of upload',
    made.upload,
    (id) => [
      'POST /v1/blocks/meeting_notes',
      { source: recording(id), parent: { type: 'page_id', page_id: AURORA_HOME } },
    ],
  ],
  ['get task', made.task, (id) => [`GET /v1/async_tasks/${id}`]],
  ['get upload', made.upload, (id) => [`GET /v1/file_uploads/${id}`]],
  ['complete upload', made.upload, (id) => [`POST /v1/file_uploads/${id}/complete`]],
  ['create page from template', foreignPage, (id) => ['POST /v1/pages', fromTemplate(id)]],
  [
    'move page to source',
    foreignSource,
    (id) => [`POST /v1/pages/${AURORA_HOME}/move`, { parent: { data_source_id: id } }],
  ],
  ['move database', foreignPage, (id) => [`PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, { parent: { page_id: id } }]],
  ['move source', foreignDatabase, (id) => [`PATCH /v1/data_sources/${AURORA_TASKS}`, { parent: { database_id: id } }]],
  ['delete source', foreignSource, (id) => [`DELETE /v1/blocks/${id}`]],
  ['comment on block', foreignPage, (id) => ['POST /v1/comments', { parent: { block_id: id }, rich_text: text }]],
  ['comment with upload', made.upload, (id) => ['POST /v1/comments', withUpload(id)]],
  ['update comment', foreignComment, (id) => [`PATCH /v1/comments/${id}`, { rich_text: text }]],
  ['use upload', made.upload, (id) => [`PATCH /v1/pages/${AURORA_HOME}`, { icon: { file_upload: { id } } }]],
]

const tasks = `POST /v1/data_sources/${AURORA_TASKS}/query`
const children = `PATCH /v1/blocks/${AURORA_HOME}/children`

function inserted(content: string): [target: string, body: unknown] {
  return [`PATCH /v1/pages/${AURORA_HOME}/markdown`, { type: 'insert_content', insert_content: { content } }]
}

/** Places where any id may stand, which is not looked up, or told apart from others only by what it names. */
const silent: typeof attempts = [
  ['start of a query', foreignRow, (id) => [tasks, { start_cursor: id }]],
  ['start of a search', foreignPage, (id) => ['POST /v1/search', { start_cursor: id }]],
  ['start of users', foreignUser, (id) => [`GET /v1/users?start_cursor=${id}`]],
  ['start of uploads', made.upload, (id) => [`GET /v1/file_uploads?start_cursor=${id}`]],
  [
    'person in a filter',
    foreignUser,
    (id) => [tasks, { filter: { property: 'Responsável', people: { contains: id } } }],
  ],
  [
    'copy of a block',
    foreignPage,
    (id) => [children, { children: [{ synced_block: { synced_from: { block_id: id } } }] }],
  ],
  ['link to a page', foreignPage, (id) => [children, { children: [{ link_to_page: { page_id: id } }] }]],
  ['page in Markdown', foreignPage, (id) => inserted(`<page url="https://app.notion.com/p/${id}">x</page>`)],
  [
    'database in Markdown',
    foreignDatabase,
    (id) => inserted(`<database url="https://app.notion.com/p/${id}">x</database>`),
  ],
  ['person in Markdown', foreignUser, (id) => inserted(`a <mention-user url="user://${id}"/>`)],
]

describe('a foreign id', () => {
  let emulator: Emulator

  beforeEach(() => {
    emulator = testEmulator('two-tenants')
    expect(makeForeign(emulator)).toEqual(made)
  })

  /** The whole answer, with the id and the request id made equal. */
  function answer(id: string, request: (id: string) => [string, unknown?], options: RawOptions = {}): string {
    const [target, body] = request(id)
    const { status, text, body: parsed } = raw(emulator, target, { ...options, body })
    return `${status} ${text.replaceAll(id, '<id>').replaceAll(String(parsed['request_id']), '<request>')}`
  }

  it('is known to exist for the other tenant, so that the comparison means something', () => {
    const bot = boreal.installs[0]?.bot_id ?? ''
    expect(raw(emulator, `GET /v1/pages/${foreignPage}`, { botId: bot }).status).toBe(200)
    expect(raw(emulator, `GET /v1/comments/${foreignComment}`, { botId: bot }).status).toBe(200)
  })

  it.each(attempts)('%s: answers byte for byte as an id that nothing has', (_name, foreign, request) => {
    expect(foreign).not.toBe('')
    const expected = answer(NOBODY, request)
    expect(expected).toMatch(/^404 .*object_not_found/)
    expect(answer(foreign, request)).toBe(expected)
  })

  it.each(attempts.filter(([, foreign]) => foreign === foreignPage))(
    '%s: inside one tenant, what was not shared answers alike',
    (_name, _foreign, request) => {
      const expected = answer(NOBODY, request, { botId: AURORA_PEDRO })
      expect(answer(AURORA_CLIENTS, request, { botId: AURORA_PEDRO })).toBe(expected)
    },
  )

  it('of a view query answers alike, to read and to delete', () => {
    const [view] = raw(emulator, `GET /v1/views?data_source_id=${AURORA_TASKS}`).body['results'] as { id: string }[]
    for (const method of ['GET', 'DELETE']) {
      const request = (id: string): [string] => [`${method} /v1/views/${view?.id ?? ''}/queries/${id}`]
      expect(answer(made.viewQuery, request)).toBe(answer(NOBODY, request))
    }
    const own = `GET /v1/views/${made.view}/queries/${made.viewQuery}`
    expect(raw(emulator, own, { botId: boreal.installs[0]?.bot_id ?? '' }).status).toBe(200)
  })

  it.each(silent)('%s: is taken, asked for or refused as an id that nothing has', (_name, foreign, request) => {
    const both = (id: string): string => {
      emulator = testEmulator('two-tenants')
      makeForeign(emulator)
      const said = answer(id, request)
      const shown = answer(id, () => [`GET /v1/pages/${AURORA_HOME}/markdown`])
      return `${said}\n${shown}`.replaceAll(id.replaceAll('-', ''), '<id>')
    }
    expect(both(foreign)).toBe(both(NOBODY))
  })

  it('leaves the other tenant as it was', () => {
    const before = JSON.stringify(boreal.pages.map((page) => emulator.control.stateOf(page.id)))
    for (const [, foreign, request] of attempts) answer(foreign, request)
    expect(JSON.stringify(boreal.pages.map((page) => emulator.control.stateOf(page.id)))).toBe(before)
  })

  it('shows nothing when it is mentioned, related or named as a person', () => {
    const rich = [{ mention: { page: { id: foreignPage } } }, { mention: { user: { id: foreignUser } } }]
    const made = raw(emulator, 'POST /v1/pages', {
      body: { parent: { page_id: AURORA_HOME }, children: [{ paragraph: { rich_text: rich } }] },
    })
    const read = raw(emulator, `GET /v1/blocks/${String(made.body['id'])}/children`)
    const items = (
      read.body['results'] as { paragraph: { rich_text: { plain_text: string; mention: unknown }[] } }[]
    )[0]?.paragraph.rich_text
    expect(items?.map((item) => item.plain_text)).toEqual(['Untitled', '@Anonymous'])
    expect(items?.[1]?.mention).toEqual({ type: 'user', user: { object: 'user', id: foreignUser } })
  })
})

describe('what one tenant reads', () => {
  it('never holds a canary of the other', () => {
    const emulator = testEmulator('two-tenants')
    const read = (target: string, body?: unknown): string => raw(emulator, target, { body }).text
    const found = JSON.parse(read('POST /v1/search', {})) as { results: { id: string; object: string }[] }
    const texts = [read('GET /v1/users'), read('POST /v1/search', { query: 'cliente' })]
    for (const { id, object } of found.results) {
      const isPage = object === 'page'
      texts.push(read(isPage ? `GET /v1/pages/${id}` : `POST /v1/data_sources/${id}/query`, isPage ? undefined : {}))
      if (isPage) texts.push(read(`GET /v1/pages/${id}/markdown`), read(`GET /v1/comments?block_id=${id}`))
    }
    const all = texts.join('\n')
    expect(all.match(/CANARY-AURORA/g)?.length).toBeGreaterThan(20)
    expect(all).not.toContain('CANARY-BOREAL')
  })

  it('is only what was shared with the install', () => {
    const emulator = testEmulator('two-tenants')
    const { body } = raw(emulator, 'POST /v1/search', { botId: AURORA_PEDRO, body: {} })
    const all = raw(emulator, 'POST /v1/search', { botId: AURORA_BOT, body: {} })
    const seen = body['results'] as { id: string }[]
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.length).toBeLessThan((all.body['results'] as unknown[]).length)
    for (const { id } of seen) expect(raw(emulator, `GET /v1/blocks/${id}`, { botId: AURORA_PEDRO }).status).toBe(200)
  })
})
