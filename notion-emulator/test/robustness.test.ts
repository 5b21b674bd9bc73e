import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AURORA_BOT,
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  NOBODY,
  raw,
  testEmulator,
} from './support/emulator.ts'
import { VIEW_TYPES } from '../src/views/view.ts'

const TARGETS = [
  'POST /v1/search',
  'POST /v1/pages',
  `PATCH /v1/pages/${AURORA_HOME}`,
  `POST /v1/pages/${AURORA_HOME}/move`,
  `PATCH /v1/pages/${AURORA_HOME}/markdown`,
  `PATCH /v1/blocks/${AURORA_HOME}`,
  `PATCH /v1/blocks/${AURORA_HOME}/children`,
  'POST /v1/databases',
  `PATCH /v1/databases/${AURORA_TASKS_DATABASE}`,
  'POST /v1/data_sources',
  `PATCH /v1/data_sources/${AURORA_TASKS}`,
  `POST /v1/data_sources/${AURORA_TASKS}/query`,
  'POST /v1/comments',
  'POST /v1/views',
  'POST /v1/file_uploads',
  'POST /v1/blocks/meeting_notes',
  'POST /v1/blocks/meeting_notes/query',
]

/** Words that bodies are made of, so that random bodies get past the first check now and then. */
const KEYS = [
  'parent',
  'page_id',
  'database_id',
  'data_source_id',
  'block_id',
  'properties',
  'children',
  'markdown',
  'title',
  'rich_text',
  'text',
  'content',
  'mention',
  'user',
  'page',
  'id',
  'type',
  'paragraph',
  'table',
  'table_row',
  'cells',
  'column_list',
  'filter',
  'sorts',
  'property',
  'and',
  'or',
  'number',
  'equals',
  'start_cursor',
  'page_size',
  'position',
  'after_block',
  'icon',
  'emoji',
  'cover',
  'external',
  'url',
  'in_trash',
  'template',
  'initial_data_source',
  'select',
  'options',
  'name',
  'relation',
  'rollup',
  'formula',
  'expression',
  'status',
  'date',
  'start',
  'time_zone',
  'discussion_id',
  'replace_content',
  'new_str',
  'update_content',
  'content_updates',
  'insert_content',
  'Tarefa',
  'Situação',
  '__proto__',
  'constructor',
  'file_upload',
  'image',
  'attachments',
  'file_upload_id',
  'configuration',
  'group_by',
  'property_id',
  'quick_filters',
  'source',
  'operator',
  'filters',
  'value',
]
const VALUES = [
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  NOBODY,
  'title',
  'paragraph',
  'replace_content',
  '',
  'x',
  0,
  1,
  -1,
  1e308,
  true,
  false,
  null,
]

const PATH_PARTS = [
  'v1',
  'pages',
  'blocks',
  'users',
  'me',
  'children',
  'markdown',
  'properties',
  'title',
  'query',
  'data_sources',
  'comments',
  'views',
  'queries',
  'file_uploads',
  'send',
  'complete',
  'async_tasks',
  'meeting_notes',
  'custom_emojis',
  '..',
  '%2e%2e',
  '%E0%A4%A',
  '',
  AURORA_HOME,
  AURORA_TASKS,
  NOBODY,
]

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.constantFrom(...VALUES),
    fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 5 }),
    fc.array(tie('tree'), { maxLength: 3 }),
  ),
}))

describe('whatever a caller sends', () => {
  it.each(TARGETS)('%s answers, and never with a failure of its own', (target) => {
    const emulator = testEmulator('tenant-aurora')
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...KEYS), tree, { maxKeys: 6 }), (body) => {
        const { status, body: answer } = raw(emulator, target, { body })
        expect([200, 400, 404]).toContain(status)
        expect(answer).toHaveProperty('request_id')
      }),
      { numRuns: 60 },
    )
  })

  it('any settings of a view', () => {
    const emulator = testEmulator('tenant-aurora')
    const view = { data_source_id: AURORA_TASKS, database_id: AURORA_TASKS_DATABASE, name: 'x' }
    const settings = fc.record(
      { filter: tree, sorts: tree, quick_filters: tree, configuration: tree, position: tree, placement: tree },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.constantFrom(...VIEW_TYPES), settings, (type, given) => {
        const { status, body } = raw(emulator, 'POST /v1/views', { body: { ...view, type, ...given } })
        expect([200, 400, 404]).toContain(status)
        if (status !== 200) return
        const path = `/v1/views/${String(body['id'])}`
        expect([200, 400]).toContain(
          raw(emulator, `PATCH ${path}`, { body: { configuration: given.configuration } }).status,
        )
        expect([200, 400]).toContain(raw(emulator, `POST ${path}/queries`, { body: {} }).status)
      }),
      { numRuns: 100 },
    )
  })

  it('any form, and any address of a file', () => {
    const emulator = testEmulator('tenant-aurora')
    const upload = raw(emulator, 'POST /v1/file_uploads', {
      body: { mode: 'multi_part', number_of_parts: 2, filename: 'a.mp4' },
    })
    const target = `/v1/file_uploads/${String(upload.body['id'])}/send`
    const token = emulator.control.mintToken(AURORA_BOT)
    const headers = (type: string) => ({
      authorization: `Bearer ${token}`,
      'notion-version': '2026-03-11',
      'content-type': type,
    })
    const head = fc.constantFrom('name="file"', 'name="part_number"', 'name="file"; filename="a"', '', 'name=')
    const parts = fc.array(fc.tuple(head, fc.string({ maxLength: 10 })), { maxLength: 4 })
    fc.assert(
      fc.property(parts, fc.constantFrom('b', 'c', ''), fc.boolean(), (given, boundary, isWhole) => {
        const body = given.map(([name, text]) => `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${text}\r\n`)
        const bytes = Buffer.from(body.join('') + (isWhole ? '--b--' : ''))
        const type = `multipart/form-data; boundary=${boundary}`
        const { status } = emulator.handle({ method: 'POST', path: target, headers: headers(type), body: '', bytes })
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 200 },
    )
    const pieces = fc.array(fc.constantFrom('files', NOBODY, 'a.png', 'v1', '%E0%A4%A', '..', ''), { maxLength: 5 })
    const queries = fc.constantFrom(
      '',
      '?',
      '?X-Amz-Date=1&X-Amz-Expires=3600&X-Amz-Signature=x',
      `?X-Amz-Date=20261122T123456789Z&X-Amz-Expires=3600&X-Amz-Signature=${'0'.repeat(64)}`,
    )
    fc.assert(
      fc.property(pieces, queries, (path, query) => {
        const request = { method: 'GET', path: `/${path.join('/')}${query}`, headers: {}, body: '' }
        expect([400, 401, 403]).toContain(emulator.handle(request).status)
      }),
      { numRuns: 200 },
    )
  })

  it('any path and any query string', () => {
    const emulator = testEmulator('tenant-aurora')
    const methods = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD')
    const parts = fc.array(fc.constantFrom(...PATH_PARTS), { maxLength: 5 })
    const queries = fc.constantFrom(
      '',
      '?',
      '?page_size',
      '?page_size=-1',
      '?start_cursor=%00',
      '?a=1&a=2',
      '?%E0%A4%A',
    )
    fc.assert(
      fc.property(methods, parts, queries, (method, path, query) => {
        const { status } = raw(emulator, `${method} /${path.join('/')}${query}`, { body: {} })
        expect([200, 400, 404]).toContain(status)
      }),
      { numRuns: 300 },
    )
  })
})
