import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const ENGINEERING = 'bc25bb4a-3695-4aad-a461-01ab1b7e0792'
const TASK = '28c7ad7f-a06f-4f97-90ef-beabf7378ce7'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const DEALS = '2aa58ca1-7c28-4d51-8cee-ba0eb32e5a45'
const SUPPORT = '2464d06f-e231-4318-8473-f3541e26e1c9'
const MACROS_SOURCE = '0f701082-4fa3-4fe7-8d2f-d41230a5b668'
const TRASHED = '6cafa23b-00ff-46c8-ae4b-d1de810f48bb'

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

async function contentOf(id: string): Promise<string> {
  return (await done(BOT, 'notion_read_page_content', { page_id: id })).value.markdown
}

async function newPage(content: string): Promise<string> {
  return (await done(BOT, 'notion_create_page', { parent_id: EMPTY, title: 'Holder', content })).value.id
}

describe('notion_archive_page and notion_restore_page', () => {
  test('are each other’s undoing, with all that is inside', async () => {
    const before = await contentOf(ENGINEERING)
    const all = { page_id: ENGINEERING, including_children: true }
    expect((await done(BOT, 'notion_archive_page', all)).value.in_trash).toBe(true)
    expect((await done(BOT, 'notion_archive_page', all)).value.in_trash).toBe(true)
    expect((await done(BOT, 'notion_restore_page', { page_id: ENGINEERING })).value.in_trash).toBe(false)
    expect(await contentOf(ENGINEERING)).toBe(before)
  })

  test('restore what was in the trash before', async () => {
    const { text, value } = await done(BOT, 'notion_restore_page', { page_id: TRASHED })
    expect(value).toMatchObject({ id: TRASHED, in_trash: false })
    expect(text).toContain('Plano de telemedicina')
  })

  test('take what lies in the trash already', async () => {
    await done(BOT, 'notion_archive_page', { page_id: TASK })
    expect((await done(BOT, 'notion_archive_page', { page_id: TASK })).value.in_trash).toBe(true)
  })

  test('send one request each, after a look at what the page holds', async () => {
    await done(BOT, 'notion_archive_page', { page_id: TASK })
    await done(BOT, 'notion_restore_page', { page_id: TASK })
    expect(asked()).toEqual(['GET /v1/pages/:id/markdown', 'PATCH /v1/pages/:id', 'PATCH /v1/pages/:id'])
    await done(BOT, 'notion_archive_page', { page_id: TASK, including_children: true })
    expect(asked()).toEqual(['PATCH /v1/pages/:id'])
  })
})

describe('what holds pages goes to the trash only where the caller says so', () => {
  test('notion_archive_page names what would go along, and the flag', async () => {
    const outcome = await call(BOT, 'notion_archive_page', { page_id: ENGINEERING })
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        code: 'invalid_arguments',
        path: 'arguments.including_children',
        extra: {
          would_trash: expect.arrayContaining([expect.objectContaining({ kind: 'database', title: 'Incidents' })]),
        },
      },
    })
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(
      /^This would also put 7 pages or databases in the trash.*"Runbooks" \(https:\S+[0-9a-f]{32}\).*and 2 more\. Nothing was changed\..*including_children: true\.$/,
    )
    expect(asked().some((line) => line.startsWith('PATCH'))).toBe(false)
  })

  test('notion_archive_page takes a page again once its pages are elsewhere', async () => {
    const page_id = await newPage('text')
    const child = await newPage('below')
    await done(BOT, 'notion_move_page', { page_id: child, parent_id: page_id })
    const outcome = await call(BOT, 'notion_archive_page', { page_id })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('would also put a page in the trash')
    await done(BOT, 'notion_move_page', { page_id: child, parent_id: EMPTY })
    expect((await done(BOT, 'notion_archive_page', { page_id })).value.in_trash).toBe(true)
  })

  test.each([
    { truncated: false, unknown_block_ids: [EMPTY] },
    { truncated: true, unknown_block_ids: [] },
  ])('what Notion does not show may hold pages, too: %j', async (hidden) => {
    const body = { object: 'page_markdown', id: TASK, markdown: 'x', ...hidden }
    emulator.control.injectFault({ match: { pathIncludes: '/markdown' }, fault: { type: 'status', status: 200, body } })
    const outcome = await call(BOT, 'notion_archive_page', { page_id: TASK })
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(/did not show all.*including_children: true/)
  })

  test('text that speaks of such a tag holds no page', async () => {
    const page_id = await newPage('plain text with `<page url="https://app.notion.com/p/1">no page</page>` in it')
    expect((await done(BOT, 'notion_archive_page', { page_id })).value.in_trash).toBe(true)
  })

  test('notion_delete_block looks into blocks that hold others', async () => {
    const page_id = await newPage('- one\n\t- two\n- three')
    const [holder, single] = (await done(BOT, 'notion_get_block_children', { block_id: page_id })).value.results
    const body = { object: 'page_markdown', id: holder.id, truncated: false, unknown_block_ids: [] }
    const markdown = '- one\n\t<page url="https://app.notion.com/p/Plan-11e369926dda4604ba2f8242fb40d36a">Plan</page>'
    const showPage = () =>
      emulator.control.injectFault({
        match: { pathIncludes: '/markdown' },
        fault: { type: 'status', status: 200, body: { ...body, markdown } },
      })
    showPage()
    const outcome = await call(BOT, 'notion_delete_block', { block_id: holder.id })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.including_children' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('a page in the trash, with all that is in them: "Plan"')
    await done(BOT, 'notion_delete_block', { block_id: holder.id, including_children: true })
    showPage()
    await done(BOT, 'notion_delete_block', { block_id: single.id })
  })

  test('notion_delete_block deletes nothing whose inside cannot be read', async () => {
    const page_id = await newPage('- one\n\t- two')
    const [holder] = (await done(BOT, 'notion_get_block_children', { block_id: page_id })).value.results
    const body = { object: 'error', status: 404, code: 'object_not_found', message: 'Could not find page.' }
    emulator.control.injectFault({ match: { pathIncludes: '/markdown' }, fault: { type: 'status', status: 404, body } })
    const outcome = await call(BOT, 'notion_delete_block', { block_id: holder.id })
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(/did not show all.*including_children: true/)
  })

  test('notion_update_database asks before its rows go', async () => {
    const outcome = await call(BOT, 'notion_update_database', { database_id: DEALS, in_trash: true })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.including_children' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(/rows.*Nothing was changed.*including_children: true/)
    expect(asked().some((line) => line.startsWith('PATCH'))).toBe(false)
    const all = { database_id: DEALS, in_trash: true, including_children: true }
    expect((await done(BOT, 'notion_update_database', all)).value.in_trash).toBe(true)
  })

  test.each(['database_id', 'data_source_id'])(
    'notion_update_database looks into all its data sources where %s names one that is empty',
    async (argument) => {
      const rows = await done(BOT, 'notion_query_database', { data_source_id: MACROS_SOURCE })
      for (const { id } of rows.value.results) await done(BOT, 'notion_archive_page', { page_id: id })
      const given = { database_id: SUPPORT, [argument]: MACROS_SOURCE, in_trash: true }
      const outcome = await call(BOT, 'notion_update_database', given)
      expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.including_children' } })
    },
  )

  test('an empty database goes without a word', async () => {
    const { value } = await done(BOT, 'notion_create_database', { parent_id: EMPTY, title: 'New' })
    const trashed = await done(BOT, 'notion_update_database', { database_id: value.id, in_trash: true })
    expect(trashed.value.in_trash).toBe(true)
  })
})
