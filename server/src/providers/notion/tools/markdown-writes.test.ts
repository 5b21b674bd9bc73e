import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedOutline } from '#test/support/notion.ts'

/** The same Markdown through every tool that takes some: nothing of it is lost, whichever way it goes. */

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const ENGINEERING = 'bc25bb4a-3695-4aad-a461-01ab1b7e0792'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'

const notion = emulatedOutline('demo', [ENGINEERING, EMPTY])
const { asked, call, done, emulator } = notion

beforeEach(notion.fresh)

const RICH = `## Plano
Texto com **negrito**, *itálico*, ~~riscado~~, \`código\` e [um link](https://a.example/x).
- um
	- dois
		- três
			- quatro
				- cinco
1. primeiro
	1. segundo
- [ ] a fazer
- [x] feito
> citação
| Nome | Valor |
|---|---|
| Pão \\| queijo | 12,50 |
| Café | **3** |
\`\`\`python
def f(x):
    return x ** 2  # não é **negrito**

print(f(3))
\`\`\`
$$
e = mc^2
$$
---`

/** What every way must have kept. */
const KEPT = [
  '## Plano',
  '**negrito**',
  '*itálico*',
  '~~riscado~~',
  '`código`',
  '[um link](https://a.example/x)',
  '\t\t\t\t- cinco',
  '\t1. segundo',
  '- [ ] a fazer',
  '- [x] feito',
  '> citação',
  'Café',
  '12,50',
  '```python',
  'def f(x):\n    return x ** 2  # não é **negrito**\n\nprint(f(3))',
  'e = mc^2',
  '---',
]

async function contentOf(page_id: string): Promise<string> {
  return (await done(BOT, 'notion_read_page_content', { page_id })).value.markdown
}

async function typesIn(block_id: string): Promise<string[]> {
  const { value } = await done(BOT, 'notion_get_block_children', { block_id, page_size: 100 })
  return value.results.map(({ type }: { type: string }) => type)
}

const TYPES = [
  'heading_2',
  'paragraph',
  'bulleted_list_item',
  'numbered_list_item',
  'to_do',
  'to_do',
  'quote',
  'table',
  'code',
  'equation',
  'divider',
]

describe('tables, code and nested lists', () => {
  test.each<[string, () => Promise<string>]>([
    [
      'notion_create_page',
      async () => {
        const input = { parent_id: ENGINEERING, title: 'Rich', content: RICH }
        return (await done(BOT, 'notion_create_page', input)).value.id
      },
    ],
    [
      'notion_append_blocks',
      async () => {
        await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: RICH })
        return EMPTY
      },
    ],
    [
      'notion_update_page',
      async () => {
        await done(BOT, 'notion_update_page', { page_id: EMPTY, content: RICH })
        return EMPTY
      },
    ],
    [
      'notion_edit_page_content',
      async () => {
        await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: 'here' })
        await done(BOT, 'notion_edit_page_content', { page_id: EMPTY, edits: [{ find: 'here', replace: RICH }] })
        return EMPTY
      },
    ],
  ])('through %s become the blocks that they are', async (_, write) => {
    const id = await write()
    const content = await contentOf(id)
    for (const part of KEPT) expect(content).toContain(part)
    expect(await typesIn(id)).toEqual(TYPES)
  })

  test('through every way give the same page', async () => {
    const made = await done(BOT, 'notion_create_page', { parent_id: ENGINEERING, title: 'Rich', content: RICH })
    await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: RICH })
    expect(await contentOf(EMPTY)).toBe(await contentOf(made.value.id))
  })

  test('what one page reads as can be appended to another', async () => {
    const made = await done(BOT, 'notion_create_page', { parent_id: ENGINEERING, title: 'Rich', content: RICH })
    const content = await contentOf(made.value.id)
    await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content })
    expect(await contentOf(EMPTY)).toBe(content)
  })

  test('in a comment keep their words, for a comment has no blocks', async () => {
    const text = 'Veja:\n- um\n\t- dois\n| a | b |\n|---|---|\n| 1 | 2 |\n```\nx = 1\n```\n**importante**'
    const { value } = await done(BOT, 'notion_create_comment', { page_id: EMPTY, text })
    for (const part of ['um', 'dois', '| 1 | 2 |', 'x = 1', 'importante']) expect(value.text).toContain(part)
    const { comment_id } = { comment_id: value.id as string }
    const changed = await done(BOT, 'notion_update_comment', { comment_id, text: `${text} de novo` })
    expect(changed.value.text).toContain('de novo')
  })
})

describe('beyond the limits of one request', () => {
  const lines = Array.from({ length: 1_500 }, (_, index) => `- item ${index}`)

  test('a page is created and filled in parts', async () => {
    const input = { parent_id: ENGINEERING, title: 'Long', content: lines.join('\n') }
    const { text, value } = await done(BOT, 'notion_create_page', input)
    expect(text).toContain('Appended 1500 blocks in 15 requests.')
    expect(value).toMatchObject({ title: 'Long', blocks: 1_500 })
    expect(asked().filter((line) => line.startsWith('PATCH')).length).toBe(15)
    expect((await done(BOT, 'notion_get_block_children', { block_id: value.id })).value.results[0].text).toBe('item 0')
    expect((await contentOf(value.id)).startsWith(lines.slice(0, 400).join('\n'))).toBe(true)
  })

  test('a page whose text stopped halfway is there, and is not created again', async () => {
    emulator.control.injectFault({ match: { method: 'PATCH' }, after: 2, fault: { type: 'connection_reset' } })
    const input = { parent_id: ENGINEERING, title: 'Half', content: lines.join('\n') }
    const outcome = await call(BOT, 'notion_create_page', input)
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        code: 'outcome_unknown',
        extra: { page_id: expect.any(String), saved_blocks: 200, missing: [{ blocks: 1_300 }] },
      },
    })
    const { page_id } = (outcome.ok ? {} : outcome.problem.extra) as { page_id: string }
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(`The page was created before that: ${page_id}.`)
    expect((await done(BOT, 'notion_read_page', { page_id })).value.title).toBe('Half')
  })

  test('a page that Notion saved though it said otherwise is filled all the same', async () => {
    emulator.control.injectFault({ match: { method: 'POST' }, fault: { type: 'unavailable_after_commit' } })
    const input = { parent_id: ENGINEERING, title: 'Saved', content: lines.join('\n') }
    const { value } = await done(BOT, 'notion_create_page', input)
    expect(value).toMatchObject({ saved: true, blocks: 1_500 })
    expect((await done(BOT, 'notion_get_block_children', { block_id: value.id })).value.results.length).toBe(25)
  })

  test.each([
    ['notion_create_page', { parent_id: ENGINEERING, title: 'Too much', content: 'x\n'.repeat(5_000) }],
    ['notion_append_blocks', { block_id: EMPTY, content: 'x\n'.repeat(5_000) }],
    ['notion_update_page', { page_id: EMPTY, content: lines.join('\n') }],
    ['notion_update_page', { page_id: EMPTY, content: 'x'.repeat(500_000) }],
  ])('%s refuses what one call could not send, before anything is written', async (tool, input) => {
    const outcome = await call(BOT, tool, input)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.content' } })
    expect(asked()).toEqual([])
  })

  test.each([
    ['a paragraph of 300,000 characters', 'x'.repeat(300_000)],
    ['one in a script of three bytes a character', '語'.repeat(300_000)],
    ['code of 200,000 characters', `\`\`\`\n${'y'.repeat(200_000)}\n\`\`\``],
    ['half a million characters', Array.from({ length: 250 }, () => 'palavra '.repeat(250).trim()).join('\n')],
  ])('%s goes in requests that Notion takes, and nothing of it is lost', async (_, content) => {
    const made = await done(BOT, 'notion_create_page', { parent_id: ENGINEERING, title: 'Heavy', content })
    const { results } = (await done(BOT, 'notion_get_block_children', { block_id: made.value.id, page_size: 100 }))
      .value
    expect(results.length).toBeGreaterThan(0)
    const words = (text: string): number => text.replaceAll(/[\s`]/g, '').length
    let length = 0
    let start_cursor: string | undefined
    do {
      const input = { page_id: made.value.id, ...(start_cursor === undefined ? {} : { start_cursor }) }
      const page = await done(BOT, 'notion_read_page_content', input)
      length += words(page.value.markdown)
      start_cursor = page.nextCursor
    } while (start_cursor !== undefined)
    expect(length - words(content)).toBeLessThan('plaintext'.length + 1)
    expect(length).toBeGreaterThanOrEqual(words(content))
  })
})
