import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const ENGINEERING = 'bc25bb4a-3695-4aad-a461-01ab1b7e0792'
const TASKS = '2d720288-d593-44cd-aad3-ee316b78d9d0'
const TASKS_SOURCE = '82c36dd6-d2cb-48da-a15c-69f291172564'
const SUPPORT = '2464d06f-e231-4318-8473-f3541e26e1c9'
const TASK = '28c7ad7f-a06f-4f97-90ef-beabf7378ce7'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'

const notion = emulatedNotion('demo')
const { call, done, asked } = notion

beforeEach(notion.fresh)

describe('notion_move_page', () => {
  test('into another page', async () => {
    const { text, value } = await done(BOT, 'notion_move_page', { page_id: EMPTY, parent_id: ENGINEERING })
    expect(value).toMatchObject({ id: EMPTY, parent: { type: 'page_id', page_id: ENGINEERING } })
    expect(text).toContain(`Moved to page ${ENGINEERING.replaceAll('-', '')}: `)
    const content = await done(BOT, 'notion_read_page_content', { page_id: ENGINEERING })
    expect(content.value.markdown).toContain(EMPTY.replaceAll('-', ''))
  })

  test.each([
    ['a database', TASKS],
    ['a data source', TASKS_SOURCE],
  ])('into %s as a row', async (_, parent_id) => {
    const { value } = await done(BOT, 'notion_move_page', { page_id: EMPTY, parent_id })
    expect(value.parent).toMatchObject({ data_source_id: TASKS_SOURCE })
  })

  test('twice is the same as once', async () => {
    await done(BOT, 'notion_move_page', { page_id: TASK, parent_id: EMPTY })
    const { value } = await done(BOT, 'notion_move_page', { page_id: TASK, parent_id: EMPTY })
    expect(value.parent).toMatchObject({ page_id: EMPTY })
  })

  test('into a database with several data sources asks for one of them', async () => {
    const outcome = await call(BOT, 'notion_move_page', { page_id: EMPTY, parent_id: SUPPORT })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.parent_id' } })
    expect(asked().some((line) => line.startsWith('POST'))).toBe(false)
  })

  test('not to the top of the workspace, which Notion does not offer', async () => {
    const outcome = await call(BOT, 'notion_move_page', { page_id: EMPTY, parent_id: 'workspace' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.parent_id' } })
    expect(asked()).toEqual([])
  })

  test('not into itself', async () => {
    const outcome = await call(BOT, 'notion_move_page', { page_id: ENGINEERING, parent_id: ENGINEERING })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
  })
})
