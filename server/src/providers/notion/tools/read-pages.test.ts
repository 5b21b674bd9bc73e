import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const NO_USERS_BOT = '89ffb313-22d7-424a-befe-4d47543d75a2'
const SPECIFICATION = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'
const LONG = '71fcd527-ff1a-4db0-b0c5-adc1d6432d93'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const TRASHED = '6cafa23b-00ff-46c8-ae4b-d1de810f48bb'
const TASK = '28c7ad7f-a06f-4f97-90ef-beabf7378ce7'
const SUPPORT_DATABASE = '2464d06f-e231-4318-8473-f3541e26e1c9'

const notion = emulatedNotion('demo')
const { call, done, asked } = notion

beforeEach(notion.fresh)

describe('notion_read_page', () => {
  test('tells where a page is, when and by whom it was made', async () => {
    const { text, value } = await done(BOT, 'notion_read_page', { page_id: SPECIFICATION })
    expect(text).toContain('# Especificação: Confirmação em um toque')
    expect(text).toContain(`https://app.notion.com/p/${SPECIFICATION.replaceAll('-', '')}`)
    expect(text).toMatch(/^created 2026-08-03T\d\d:\d\dZ by Carla Menezes \(user 510f3b0f356f/m)
    expect(value).toMatchObject({
      id: SPECIFICATION,
      title: 'Especificação: Confirmação em um toque',
      created_by: { id: '510f3b0f-356f-48c8-a9c1-f10f73620b7e', name: 'Carla Menezes' },
    })
  })

  test('asks for the name of an author once, though they also edited last', async () => {
    await done(BOT, 'notion_read_page', { page_id: SPECIFICATION })
    expect(asked()).toEqual(['GET /v1/pages/:id', 'GET /v1/users/:id'])
  })

  test('tells the id of the author where names may not be seen', async () => {
    const rows = await done(NO_USERS_BOT, 'notion_query_database', {
      database_id: '34b0540e-1a9c-4c9f-8cdc-9e6545d48008',
      page_size: 1,
    })
    const { text } = await done(NO_USERS_BOT, 'notion_read_page', { page_id: rows.value.results[0].id })
    expect(text).toMatch(/^created \S+ by user [0-9a-f]{32}$/m)
  })

  test('gives the properties of a row as plain values', async () => {
    const { text, value } = await done(BOT, 'notion_read_page', { page_id: TASK })
    expect(value.properties).toMatchObject({ Urgente: expect.any(Boolean), Prazo: expect.stringMatching(/^\d{4}-/) })
    expect(typeof value.properties['Situação']).toBe('string')
    expect(Array.isArray(value.properties['Projeto'])).toBe(true)
    expect(text).toContain(`- Situação: ${value.properties['Situação']}`)
  })

  test('takes a URL', async () => {
    const url = `https://app.notion.com/p/Qualquer-titulo-${SPECIFICATION.replaceAll('-', '')}?pvs=4`
    expect((await done(BOT, 'notion_read_page', { page_id: url })).value.id).toBe(SPECIFICATION)
  })

  test('says of a trashed page that it is one', async () => {
    const { text, value } = await done(BOT, 'notion_read_page', { page_id: TRASHED })
    expect(text).toContain('in the trash')
    expect(value.in_trash).toBe(true)
  })

  test('asks Notion nothing for what is no id', async () => {
    expect(await call(BOT, 'notion_read_page', { page_id: 'https://app.notion.com/p/Specification' })).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments' },
    })
    expect(asked()).toEqual([])
  })
})

describe('notion_read_page_content', () => {
  test('gives Markdown', async () => {
    const { text, value } = await done(BOT, 'notion_read_page_content', {
      page_id: 'e4c86533-d4e2-4bfc-ae87-a40ae53a7bfc',
    })
    expect(text).toContain('- [x] Changelog written')
    expect(value.markdown).toBe(text)
    expect(asked()).toEqual(['GET /v1/pages/:id/markdown'])
  })

  test('says that an empty page is empty', async () => {
    expect((await done(BOT, 'notion_read_page_content', { page_id: EMPTY })).text).toBe('(This page is empty.)')
  })

  test('reads one block with what is inside it, by its id or by the URL that points to it', async () => {
    const children = await done(BOT, 'notion_get_block_children', { block_id: 'e4c86533-d4e2-4bfc-ae87-a40ae53a7bfc' })
    const block: string = children.value.results[0].id
    const url = `https://app.notion.com/p/x-e4c86533d4e24bfcae87a40ae53a7bfc#${block.replaceAll('-', '')}`
    for (const page_id of [block, url]) {
      expect((await done(BOT, 'notion_read_page_content', { page_id })).text).toContain('Changelog written')
    }
  })

  test('gives a page that is too long in parts that make up the whole', async () => {
    const lines = Array.from({ length: 900 }, (_, index) => `Linha ${index} ${'çã😀 '.repeat(12)}`.trim())
    const made = await done(BOT, 'notion_create_page', { parent_id: EMPTY, title: 'Longa', content: lines.join('\n') })
    const parts: string[] = []
    let start_cursor: string | undefined
    do {
      const part = await done(BOT, 'notion_read_page_content', {
        page_id: made.value.id,
        ...(start_cursor === undefined ? {} : { start_cursor }),
      })
      expect(part.text.length).toBeLessThan(25_500)
      parts.push(part.value.markdown)
      start_cursor = part.nextCursor
      if (start_cursor !== undefined) {
        expect(part.text).toContain(`start_cursor "${start_cursor}"`)
        expect(part.value.markdown).toMatch(/\n$/)
      }
      expect(part.truncated === undefined).toBe(start_cursor === undefined)
    } while (start_cursor !== undefined)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.join('').split('\n')).toEqual(lines)
  })

  test('refuses a cursor beyond the end', async () => {
    const outcome = await call(BOT, 'notion_read_page_content', { page_id: EMPTY, start_cursor: 'c99999' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.start_cursor' } })
  })

  test('says which blocks Notion left out, and how to read them', async () => {
    notion.emulator.control.injectFault({
      match: { pathIncludes: '/markdown' },
      fault: {
        type: 'status',
        status: 200,
        body: {
          object: 'page_markdown',
          id: LONG,
          markdown: 'Start',
          truncated: true,
          unknown_block_ids: [SPECIFICATION],
        },
      },
    })
    const { text, truncated, value } = await done(BOT, 'notion_read_page_content', { page_id: LONG })
    expect(text).toContain('Start')
    expect(text).toContain('left out 1 blocks')
    expect(truncated).toContain(SPECIFICATION)
    expect(value.unread_block_ids).toEqual([SPECIFICATION])
  })
})

describe('notion_search_pages', () => {
  test('lists titles with ids that other tools take, and says how a link is made', async () => {
    const { text, value } = await done(BOT, 'notion_search_pages', { query: 'reunião' })
    const [head = '', first = ''] = text.split('\n')
    expect(first).toMatch(/^- .*reuni.* [0-9a-f]{32}$/i)
    expect(value.results.length).toBe(25)
    const id = first.split(' ').at(-1) ?? ''
    const link = head.split(' ').at(-1)?.replace('<id>', id)
    for (const page_id of [id, link]) {
      const page = await done(BOT, 'notion_read_page', { page_id })
      expect(page.value.id).toBe(value.results[0].id)
    }
  })

  test('goes on where it ended, without a title coming twice', async () => {
    const first = await done(BOT, 'notion_search_pages', { query: 'reunião' })
    const second = await done(BOT, 'notion_search_pages', { query: 'reunião', start_cursor: first.nextCursor ?? '' })
    const ids = [...first.value.results, ...second.value.results].map(({ id }: { id: string }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(first.text).toContain(`start_cursor "${first.nextCursor}"`)
  })

  test.each(['database', 'data_source'])('finds only databases with filter %s', async (filter) => {
    const { value } = await done(BOT, 'notion_search_pages', { query: 'tarefas', filter })
    expect(value.results.map(({ object }: { object: string }) => object)).toEqual(value.results.map(() => 'database'))
    expect(value.results[0].title).toBe('Tarefas')
  })

  test('names a database by the id that the database tools take', async () => {
    const { value } = await done(BOT, 'notion_search_pages', { filter: 'database', query: 'Chamados' })
    expect(value.results[0]).toMatchObject({ id: SUPPORT_DATABASE, data_source_id: expect.any(String) })
    const { text } = await done(BOT, 'notion_get_database', { database_id: value.results[0].id })
    expect(text).toContain('Chamados')
  })

  test('finds only pages with filter page', async () => {
    const { value } = await done(BOT, 'notion_search_pages', { filter: 'page', query: 'tarefas' })
    expect(value.results.every(({ object }: { object: string }) => object === 'page')).toBe(true)
  })

  test('without a query lists what was edited last', async () => {
    const { value } = await done(BOT, 'notion_search_pages', { page_size: 10 })
    const times = value.results.map(({ last_edited_time: time }: { last_edited_time: string }) => time)
    expect(times).toEqual(times.toSorted((one: string, other: string) => other.localeCompare(one)))
    expect(times.length).toBe(10)
  })

  test('says so when nothing is found', async () => {
    const { text, value } = await done(BOT, 'notion_search_pages', { query: 'xyzzy' })
    expect(text).toContain('Nothing found')
    expect(value.results).toEqual([])
  })
})
