import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_HOME, AURORA_TASKS, AURORA_TASKS_DATABASE, raw, testEmulator, title } from './support/emulator.ts'

describe('moving', () => {
  let emulator: Emulator

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
  })

  const send = (target: string, body?: unknown) => raw(emulator, target, { body }).body
  const newPage = (parent: object): string =>
    String(send('POST /v1/pages', { parent, properties: { title: title('Moving') } })['id'])
  const newDatabase = (page: string) => {
    const made = send('POST /v1/databases', { parent: { page_id: page } })
    return { id: String(made['id']), source: (made['data_sources'] as { id: string }[])[0]?.id ?? '' }
  }

  it('takes a page out of its old place and puts it last in the new one', () => {
    const [from, to] = [newPage({ page_id: AURORA_HOME }), newPage({ page_id: AURORA_HOME })]
    const page = newPage({ page_id: from })
    expect(send(`POST /v1/pages/${page}/move`, { parent: { page_id: to } })['parent']).toEqual({
      type: 'page_id',
      page_id: to,
    })
    const children = (id: string) =>
      (send(`GET /v1/blocks/${id}/children`)['results'] as { id: string }[]).map((block) => block.id)
    expect([children(from), children(to)]).toEqual([[], [page]])
  })

  it('gives a page that becomes a row the values of a new row, and keeps its title', () => {
    const page = newPage({ page_id: AURORA_HOME })
    const moved = send(`POST /v1/pages/${page}/move`, { parent: { data_source_id: AURORA_TASKS } })
    expect(moved['properties']).toMatchObject({
      Tarefa: { title: [{ plain_text: 'Moving' }] },
      Situação: { status: { name: 'A fazer' } },
      Valor: { number: null },
    })
  })

  it('moves a database to another page, and a data source to another database', () => {
    const page = newPage({ page_id: AURORA_HOME })
    const { id } = newDatabase(AURORA_HOME)
    expect(send(`PATCH /v1/databases/${id}`, { parent: { type: 'page_id', page_id: page } })['parent']).toEqual({
      type: 'page_id',
      page_id: page,
    })
    send(`PATCH /v1/data_sources/${AURORA_TASKS}`, { parent: { database_id: id } })
    expect(send(`GET /v1/databases/${id}`)['data_sources']).toHaveLength(2)
    expect(send(`GET /v1/databases/${AURORA_TASKS_DATABASE}`)['data_sources']).toEqual([])
  })

  it('never hangs anything below itself', () => {
    const outer = newPage({ page_id: AURORA_HOME })
    const inner = newPage({ page_id: outer })
    const database = newDatabase(outer)
    const row = String(send('POST /v1/pages', { parent: { data_source_id: database.source } })['id'])
    const below = newDatabase(row)
    const attempts: [string, object][] = [
      [`POST /v1/pages/${outer}/move`, { parent: { page_id: inner } }],
      [`POST /v1/pages/${outer}/move`, { parent: { page_id: outer } }],
      [`POST /v1/pages/${outer}/move`, { parent: { data_source_id: database.source } }],
      [`PATCH /v1/databases/${database.id}`, { parent: { type: 'page_id', page_id: row } }],
      [`PATCH /v1/data_sources/${database.source}`, { parent: { database_id: below.id } }],
    ]
    for (const [target, body] of attempts) {
      expect(send(target, body), target).toMatchObject({
        status: 400,
        message: expect.stringMatching(/below itself/) as unknown,
      })
    }
    expect(send(`GET /v1/pages/${row}`)['object']).toBe('page')
  })
})
