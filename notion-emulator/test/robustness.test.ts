import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AURORA_HOME, AURORA_TASKS, AURORA_TASKS_DATABASE, NOBODY, raw, testEmulator } from './support/emulator.ts'

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
