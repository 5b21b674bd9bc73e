import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import {
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  paragraph,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'

const PAGE_ARCHIVED = "Can't update a page that is archived. You must unarchive the page before updating."
const BLOCK_ARCHIVED = "Can't edit block that is archived. You must unarchive the block before editing."
const ANCESTOR_ARCHIVED =
  "Can't edit page on block with an archived ancestor. You must unarchive the ancestor before editing page."

describe('the trash', () => {
  let emulator: Emulator
  let page: string
  let child: string

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
    const make = (parent: string, name: string): string =>
      String(
        raw(emulator, 'POST /v1/pages', {
          body: { parent: { page_id: parent }, properties: { title: title(name) }, children: [paragraph('kept')] },
        }).body['id'],
      )
    page = make(AURORA_HOME, 'Zebra parent')
    child = make(page, 'Zebra child')
  })

  const setTrash = (id: string, inTrash: boolean) =>
    raw(emulator, `PATCH /v1/pages/${id}`, { body: { in_trash: inTrash } })
  const found = (extra: object = {}) =>
    (raw(emulator, 'POST /v1/search', { body: { query: 'zebra', ...extra } }).body['results'] as { id: string }[]).map(
      (entry) => entry.id,
    )
  const content = () => raw(emulator, `GET /v1/pages/${page}/markdown`).body['markdown']

  it('takes a page out of lists and search, and gives it back with its content', () => {
    const before = content()
    setTrash(page, true)
    expect(found()).toEqual([])
    expect(found({ filter: { in_trash: true } }).toSorted()).toEqual([page, child].toSorted())
    const home = raw(emulator, `GET /v1/blocks/${AURORA_HOME}/children`).body['results'] as { id: string }[]
    expect(home.map((block) => block.id)).not.toContain(page)
    expect(raw(emulator, `GET /v1/pages/${page}`).body['in_trash']).toBe(true)
    setTrash(page, false)
    expect(found().toSorted()).toEqual([page, child].toSorted())
    expect(content()).toBe(before)
  })

  it('refuses changes to what lies in it, and below it', () => {
    setTrash(page, true)
    const message = (target: string, body: unknown) => raw(emulator, target, { body }).body['message']
    expect(message(`PATCH /v1/pages/${page}`, { is_locked: true })).toBe(PAGE_ARCHIVED)
    expect(message(`PATCH /v1/blocks/${page}/children`, { children: [paragraph('x')] })).toBe(PAGE_ARCHIVED)
    expect(message(`PATCH /v1/pages/${child}`, { is_locked: true })).toBe(ANCESTOR_ARCHIVED)
    expect(message('POST /v1/pages', { parent: { page_id: child } })).toBe(ANCESTOR_ARCHIVED)
    setTrash(page, false)
    expect(raw(emulator, `PATCH /v1/pages/${page}`, { body: { is_locked: true } }).status).toBe(200)
  })

  it('refuses changes to a deleted block until it is restored', () => {
    const [block] = raw(emulator, `GET /v1/blocks/${page}/children`).body['results'] as { id: string }[]
    const id = block?.id ?? ''
    raw(emulator, `DELETE /v1/blocks/${id}`)
    expect(raw(emulator, `PATCH /v1/blocks/${id}`, { body: paragraph('x') }).body['message']).toBe(BLOCK_ARCHIVED)
    expect(raw(emulator, `PATCH /v1/blocks/${id}`, { body: { in_trash: false } }).body['in_trash']).toBe(false)
    expect(raw(emulator, `PATCH /v1/blocks/${id}`, { body: paragraph('x') }).status).toBe(200)
  })

  it('takes whole databases by their block, rows and all', () => {
    const deleted = raw(emulator, `DELETE /v1/blocks/${AURORA_TASKS_DATABASE}`).body
    expect(deleted).toMatchObject({ type: 'child_database', in_trash: true, child_database: { title: 'Tarefas' } })
    const query = () =>
      raw(emulator, `POST /v1/data_sources/${AURORA_TASKS}/query`, { body: {} }).body['results'] as unknown[]
    expect(query()).toEqual([])
    expect(
      raw(emulator, `PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, { body: { in_trash: false } }).body['in_trash'],
    ).toBe(false)
    expect(query()).toHaveLength(10)
  })

  it('ends where the last request put it, however often it was asked', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), (wishes) => {
        for (const wish of wishes) expect(setTrash(page, wish).body['in_trash']).toBe(wish)
        setTrash(page, false)
        expect(content()).toBe(
          `kept\n<page url="https://app.notion.com/p/Zebra-child-${child.replaceAll('-', '')}">Zebra child</page>`,
        )
      }),
      { numRuns: 20 },
    )
  })

  it('erases the content of a page without touching its pages', () => {
    raw(emulator, `PATCH /v1/pages/${page}`, { body: { erase_content: true } })
    const { results } = raw(emulator, `GET /v1/blocks/${page}/children`).body as { results: { type: string }[] }
    expect(results.map((block) => block.type)).toEqual(['child_page'])
  })
})
