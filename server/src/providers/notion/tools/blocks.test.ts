import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const CHECKLIST = 'e4c86533-d4e2-4bfc-ae87-a40ae53a7bfc'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const LONG = '71fcd527-ff1a-4db0-b0c5-adc1d6432d93'
const TASKS = '2d720288-d593-44cd-aad3-ee316b78d9d0'

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

interface Block {
  readonly id: string
  readonly type: string
  readonly text: string
  readonly checked?: boolean
  readonly has_children: boolean
}

async function childrenOf(block_id: string): Promise<Block[]> {
  return (await done(BOT, 'notion_get_block_children', { block_id, page_size: 100 })).value.results
}

async function firstOf(type: string): Promise<Block> {
  const found = (await childrenOf(CHECKLIST)).find((block) => block.type === type)
  asked()
  if (found === undefined) throw new Error(`No ${type} in the seed`)
  return found
}

async function contentOf(id: string): Promise<string> {
  return (await done(BOT, 'notion_read_page_content', { page_id: id })).value.markdown
}

describe('notion_get_block_children', () => {
  test('lists blocks one a line, with boxes and what they hold', async () => {
    const { text } = await done(BOT, 'notion_get_block_children', { block_id: CHECKLIST })
    const lines = text.split('\n')
    expect(lines[0]).toMatch(/^- [0-9a-f]{32} to_do \[x\] Changelog written$/)
    expect(lines.every((line) => line.startsWith('- '))).toBe(true)
    expect(text).toContain('column_list')
    expect(text).toContain('(has children)')
  })

  test('gives as many as asked, and all of them over several pages', async () => {
    const seen: string[] = []
    let start_cursor: string | undefined
    do {
      const page = await done(BOT, 'notion_get_block_children', {
        block_id: LONG,
        page_size: 90,
        ...(start_cursor === undefined ? {} : { start_cursor }),
      })
      expect(page.value.results.length).toBeLessThanOrEqual(90)
      seen.push(...page.value.results.map(({ id }: Block) => id))
      start_cursor = page.nextCursor
    } while (start_cursor !== undefined)
    expect(seen.length).toBe(230)
    expect(new Set(seen).size).toBe(230)
  })

  test('says that there is nothing inside', async () => {
    expect((await done(BOT, 'notion_get_block_children', { block_id: EMPTY })).text).toBe('There are no blocks inside.')
  })

  test('refuses a cursor that Notion does not know, in its words', async () => {
    const outcome = await call(BOT, 'notion_get_block_children', { block_id: LONG, start_cursor: 'nonsense' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
  })
})

describe('notion_get_block', () => {
  test('tells type, box, words and where it is', async () => {
    const todo = await firstOf('to_do')
    const { text, value } = await done(BOT, 'notion_get_block', { block_id: todo.id })
    expect(text).toContain('to_do [x]')
    expect(text).toContain(`in page ${CHECKLIST.replaceAll('-', '')}`)
    expect(value).toMatchObject({ id: todo.id, type: 'to_do', checked: true, text: 'Changelog written' })
  })

  test('shows code as it is, on its own lines', async () => {
    const code = await firstOf('code')
    expect((await done(BOT, 'notion_get_block', { block_id: code.id })).text).toContain('--canary 5\ndeployctl')
  })
})

describe('notion_update_block', () => {
  test('replaces the text, with formatting, and keeps the type', async () => {
    const todo = await firstOf('to_do')
    const { value } = await done(BOT, 'notion_update_block', { block_id: todo.id, text: 'Go live on **4 December**' })
    expect(value).toMatchObject({ type: 'to_do', text: 'Go live on **4 December**', checked: true })
    expect(asked()).toEqual(['GET /v1/blocks/:id', 'PATCH /v1/blocks/:id'])
  })

  test('ticks and unticks', async () => {
    const todo = await firstOf('to_do')
    expect((await done(BOT, 'notion_update_block', { block_id: todo.id, checked: false })).value).toMatchObject({
      checked: false,
      text: 'Changelog written',
    })
    expect((await done(BOT, 'notion_update_block', { block_id: todo.id, checked: true })).value.checked).toBe(true)
  })

  test('writes code and equations literally', async () => {
    const code = await firstOf('code')
    const equation = await firstOf('equation')
    const text = 'a = **b** * c'
    expect((await done(BOT, 'notion_update_block', { block_id: code.id, text })).value.text).toBe(text)
    expect((await done(BOT, 'notion_update_block', { block_id: equation.id, text: 'a^2' })).value.text).toBe('a^2')
  })

  test.each<[string, string, Record<string, unknown>, string]>([
    ['a block without text', 'table_of_contents', { text: 'x' }, 'has no text to replace'],
    ['a box on what is no to-do', 'code', { checked: true }, 'Only to-dos can be checked'],
    ['a text that no block can hold', 'to_do', { text: 'x'.repeat(250_000) }, 'too long for one block'],
  ])('refuses %s', async (_, type, change, advice) => {
    const block = await firstOf(type)
    const outcome = await call(BOT, 'notion_update_block', { block_id: block.id, ...change })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(advice)
    expect(asked()).toEqual(['GET /v1/blocks/:id'])
  })

  test('refuses to change nothing', async () => {
    expect(await call(BOT, 'notion_update_block', { block_id: EMPTY })).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments' },
    })
  })

  test.each([
    [EMPTY, 'notion_update_page'],
    [TASKS, 'notion_update_database'],
  ])('sends who gives the id of a page or database to the right tool', async (block_id, tool) => {
    const outcome = await call(BOT, 'notion_update_block', { block_id, text: 'x' })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(`Use ${tool}`)
  })
})

describe('notion_delete_block', () => {
  test('trashes one block and says what it was', async () => {
    const todo = await firstOf('to_do')
    const { text, value } = await done(BOT, 'notion_delete_block', { block_id: todo.id })
    expect(text).toBe('Deleted: to_do Changelog written')
    expect(value).toMatchObject({ id: todo.id, in_trash: true })
    expect((await childrenOf(CHECKLIST)).some(({ id }) => id === todo.id)).toBe(false)
  })

  test.each([
    ['page', EMPTY, 'notion_archive_page'],
    ['database', TASKS, 'notion_update_database'],
  ])('never trashes a whole %s', async (noun, block_id, tool) => {
    const outcome = await call(BOT, 'notion_delete_block', { block_id })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(`the id of a ${noun}`)
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(tool)
    expect(asked()).toEqual(['GET /v1/blocks/:id'])
  })

  test('is not repeated after an error, and says how to find out', async () => {
    const todo = await firstOf('to_do')
    emulator.control.injectFault({ match: { method: 'DELETE' }, times: 3, fault: { type: 'internal_server_error' } })
    const outcome = await call(BOT, 'notion_delete_block', { block_id: todo.id })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('notion_get_block')
    expect(asked()).toEqual(['GET /v1/blocks/:id', 'DELETE /v1/blocks/:id'])
  })
})

describe('notion_append_blocks', () => {
  test('adds Markdown at the end', async () => {
    const content = '## Exceções\n\nRevisado **por** Grace\n- [ ] avisar o suporte\n\t- por e-mail\n1. um\n> dito\n---'
    const { text, value } = await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content })
    expect(value).toMatchObject({ block_id: EMPTY, blocks: 7 })
    expect(text).toContain('Appended 7 blocks')
    expect(await contentOf(EMPTY)).toBe(
      '## Exceções\nRevisado **por** Grace\n- [ ] avisar o suporte\n\t- por e-mail\n1. um\n> dito\n---',
    )
  })

  test('tables and code too', async () => {
    await done(BOT, 'notion_append_blocks', {
      block_id: EMPTY,
      content: '| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nlet a\n```',
    })
    const children = await childrenOf(EMPTY)
    expect(children.map(({ type }) => type)).toEqual(['table', 'code'])
    const rows = await childrenOf(children[0]?.id ?? '')
    expect(rows.map(({ text }) => text)).toEqual(['a | b', '1 | 2'])
  })

  test('what was read from another page, with its tables, toggles and callouts', async () => {
    const content = [
      '## Regras',
      'Com **negrito**, `código` e [link](https://lumiara.example)',
      '<table header-row="true">',
      '\t<tr>',
      '\t\t<td>Item</td>',
      '\t\t<td>Limite</td>',
      '\t</tr>',
      '</table>',
      '<details>',
      '<summary>Mais</summary>',
      '\t- um',
      '\t\t- dois',
      '</details>',
      '<callout icon="💡">',
      '\tAtenção',
      '</callout>',
    ].join('\n')
    const source = await done(BOT, 'notion_create_page', { parent_id: EMPTY, title: 'Fonte', content })
    const target = await done(BOT, 'notion_create_page', { parent_id: EMPTY, title: 'Destino' })
    const before = await contentOf(source.value.id)
    await done(BOT, 'notion_append_blocks', { block_id: target.value.id, content: before })
    expect(await contentOf(target.value.id)).toBe(before)
    expect(before).toContain('<summary>Mais</summary>')
  })

  test('behind a block of its own choice', async () => {
    const first = await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: 'one\nthree' })
    await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: 'two', after: first.value.block_ids[0] })
    expect(await contentOf(EMPTY)).toBe('one\ntwo\nthree')
  })

  test('into a block', async () => {
    const todo = await firstOf('to_do')
    await done(BOT, 'notion_append_blocks', { block_id: todo.id, content: 'detail' })
    expect((await childrenOf(todo.id)).map(({ text }) => text)).toEqual(['detail'])
  })

  test('more than a hundred blocks in parts, in order, each reported', async () => {
    const lines = Array.from({ length: 250 }, (_, index) => `linha ${index}`)
    const { text, value } = await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: lines.join('\n') })
    expect(text).toContain('in 3 requests (100 + 100 + 50)')
    expect(value.requests.map(({ status }: { status: string }) => status)).toEqual(['appended', 'appended', 'appended'])
    expect(await contentOf(EMPTY)).toBe(lines.join('\n'))
  })

  test('nesting deeper than Notion takes at once', async () => {
    const content = Array.from({ length: 9 }, (_, level) => `${'\t'.repeat(level)}- nível ${level}`).join('\n')
    await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content })
    expect(await contentOf(EMPTY)).toBe(content)
  })

  test('that stops in the middle says how far it came', async () => {
    emulator.control.injectFault({
      match: { method: 'PATCH' },
      after: 2,
      fault: { type: 'rate_limited', retryAfterSeconds: 31 },
    })
    const content = Array.from({ length: 350 }, (_, index) => `linha ${index}`).join('\n')
    const outcome = await call(BOT, 'notion_append_blocks', { block_id: EMPTY, content })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'partly_done', retryAfterSeconds: 31 } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('200 of 350 blocks were appended')
    expect((await childrenOf(EMPTY)).length).toBe(100)
  })

  test('that Notion saved though it answered with an error is not sent twice', async () => {
    emulator.control.injectFault({ match: { method: 'PATCH' }, fault: { type: 'unavailable_after_commit' } })
    await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: 'once' })
    expect(await contentOf(EMPTY)).toBe('once')
  })

  test.each(['', '  \n\n '])('refuses %j', async (content) => {
    const outcome = await call(BOT, 'notion_append_blocks', { block_id: EMPTY, content })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.content' } })
    expect(asked()).toEqual([])
  })
})
