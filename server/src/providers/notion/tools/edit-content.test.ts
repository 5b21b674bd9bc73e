import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const ENGINEERING = 'bc25bb4a-3695-4aad-a461-01ab1b7e0792'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

async function contentOf(id: string): Promise<string> {
  return (await done(BOT, 'notion_read_page_content', { page_id: id })).value.markdown
}

async function blocksOf(id: string): Promise<{ id: string; text: string }[]> {
  return (await done(BOT, 'notion_get_block_children', { block_id: id })).value.results
}

describe('notion_edit_page_content', () => {
  beforeEach(async () => {
    await done(BOT, 'notion_update_page', { page_id: EMPTY, content: '# Plan\nOne **two**\nThree\nThree' })
    asked()
  })

  test('makes several edits, and says how many places changed', async () => {
    const { text, value } = await done(BOT, 'notion_edit_page_content', {
      page_id: EMPTY,
      edits: [
        { find: 'One **two**', replace: 'Uno *due*' },
        { find: 'Three', replace: 'Tre', replace_all: true },
      ],
    })
    expect(await contentOf(EMPTY)).toBe('# Plan\nUno *due*\nTre\nTre')
    expect(text).toBe(`Edited the page ${EMPTY} in 3 places.`)
    expect(value).toEqual({ id: EMPTY, replaced: [1, 2] })
  })

  test('leaves the blocks alone that it does not change', async () => {
    const [heading, changed] = await blocksOf(EMPTY)
    await done(BOT, 'notion_edit_page_content', { page_id: EMPTY, edits: [{ find: 'One', replace: 'Uno' }] })
    const after = await blocksOf(EMPTY)
    expect(after[0]).toEqual(heading)
    expect(after[1]).toMatchObject({ id: changed?.id, text: 'Uno **two**' })
  })

  test('makes none where one does not fit, and says which', async () => {
    const outcome = await call(BOT, 'notion_edit_page_content', {
      page_id: EMPTY,
      edits: [
        { find: 'One', replace: 'Uno' },
        { find: 'Three', replace: 'Tre' },
        { find: 'Four', replace: 'Quattro' },
      ],
    })
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        code: 'invalid_arguments',
        extra: {
          edits: [
            { edit: 2, found: 2 },
            { edit: 3, found: 0 },
          ],
        },
      },
    })
    const detail = outcome.ok ? '' : outcome.problem.detail
    expect(detail).toMatch(/^Nothing was changed\. edit 2: "Three" is there 2 times.*\. edit 3: "Four" is not there/)
    expect(asked()).toEqual(['GET /v1/pages/:id/markdown'])
    expect(await contentOf(EMPTY)).toBe('# Plan\nOne **two**\nThree\nThree')
  })

  test('points to the one edit that is wrong', async () => {
    const edits = [{ find: 'one TWO', replace: 'x' }]
    const outcome = await call(BOT, 'notion_edit_page_content', { page_id: EMPTY, edits })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.edits[0].find' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('the page has "One **two**"')
  })

  test('lets Notion decide where it did not show the whole page', async () => {
    const body = { object: 'page_markdown', id: EMPTY, markdown: '# Plan', truncated: true, unknown_block_ids: [] }
    emulator.control.injectFault({
      match: { method: 'GET', pathIncludes: '/markdown' },
      fault: { type: 'status', status: 200, body },
    })
    const edits = [{ find: 'One', replace: 'Uno' }]
    const { text } = await done(BOT, 'notion_edit_page_content', { page_id: EMPTY, edits })
    expect(text).toBe(`Edited the page ${EMPTY}.`)
    expect(await contentOf(EMPTY)).toContain('Uno **two**')
  })

  test('takes pages off a page only where it is told to', async () => {
    const line = (await contentOf(ENGINEERING)).split('\n').find((candidate) => candidate.startsWith('<page ')) ?? ''
    const edits = [{ find: `${line}\n`, replace: '' }]
    const outcome = await call(BOT, 'notion_edit_page_content', { page_id: ENGINEERING, edits })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.allow_deleting_content' } })
    expect(await contentOf(ENGINEERING)).toContain(line)
    await done(BOT, 'notion_edit_page_content', { page_id: ENGINEERING, edits, allow_deleting_content: true })
    expect(await contentOf(ENGINEERING)).not.toContain(line)
  })

  test.each([[[]], [[{ find: '', replace: 'x' }]], [[{ find: 'x' }]]])('has no place for %j', async (edits) => {
    await expect(call(BOT, 'notion_edit_page_content', { page_id: EMPTY, edits })).rejects.toThrow('edits')
  })
})
