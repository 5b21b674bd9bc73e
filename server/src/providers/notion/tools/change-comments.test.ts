import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
/** By a person. */
const FOREIGN = '79c38ec5-507c-4560-bdcc-1ba64d952123'

const notion = emulatedNotion('demo')
const { call, done, asked } = notion

let page: string

beforeEach(async () => {
  notion.fresh()
  page = (await done(BOT, 'notion_create_page', { parent_id: EMPTY, title: 'New' })).value.id
})

async function newComment(text: string): Promise<string> {
  return (await done(BOT, 'notion_create_comment', { page_id: page, text })).value.id
}

describe('notion_update_comment', () => {
  test('replaces the text of an own comment', async () => {
    const comment_id = await newComment('Frist')
    const { text, value } = await done(BOT, 'notion_update_comment', { comment_id, text: '**First**' })
    expect(text).toBe('Changed the comment: First')
    expect(value).toMatchObject({ id: comment_id, text: 'First' })
    expect((await done(BOT, 'notion_list_comments', { page_id: page })).text).toMatch(/: First$/)
  })

  test('takes the id as the list of comments has it', async () => {
    await newComment('One')
    const { text } = await done(BOT, 'notion_list_comments', { page_id: page })
    const comment_id = /^- ([0-9a-f]{32}) /m.exec(text)?.[1]
    await done(BOT, 'notion_update_comment', { comment_id, text: 'Two' })
    expect((await done(BOT, 'notion_list_comments', { page_id: page })).value.results[0].text).toBe('Two')
  })
})

describe('notion_delete_comment', () => {
  test('deletes an own comment, and no other', async () => {
    const [first, second] = [await newComment('One'), await newComment('Two')]
    expect((await done(BOT, 'notion_delete_comment', { comment_id: first })).text).toBe('Deleted the comment: One')
    const { value } = await done(BOT, 'notion_list_comments', { page_id: page })
    expect(value.results.map(({ id }: { id: string }) => id)).toEqual([second])
  })

  test('says that it is gone when it is', async () => {
    const comment_id = await newComment('One')
    await done(BOT, 'notion_delete_comment', { comment_id })
    const outcome = await call(BOT, 'notion_delete_comment', { comment_id })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('no such comment')
  })
})

describe.each([
  ['notion_update_comment', { text: 'x' }],
  ['notion_delete_comment', {}],
])('%s', (tool, input) => {
  test('says whose comments can be changed', async () => {
    const outcome = await call(BOT, tool, { comment_id: FOREIGN, ...input })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'forbidden_by_provider' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(/only the comments that it wrote.*Do not retry/)
  })

  test('refuses what is no id', async () => {
    asked()
    const outcome = await call(BOT, tool, { comment_id: 'the last one', ...input })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.comment_id' } })
    expect(asked()).toEqual([])
  })
})
