import { builtinSeed } from '@chaveiro/notion-emulator'
import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = '35c7c896-a391-4df1-8c3d-4ec253946bfd'
const BUG = '7a1f0c3e-5b2d-4e8f-9a6b-1c0d2e3f4a5b'
const FEATURE = '8b2e1d4f-6c3e-4f9a-8b7c-2d1e3f4a5b6c'

/** The seed's tasks with two templates, the first of them the default. */
const seeds = builtinSeed('tenant-aurora')
const tasks = seeds[0]?.databases?.find(({ title }) => title === 'Tarefas')
const source = tasks?.data_sources[0]
if (tasks === undefined || source === undefined) throw new Error('The seed has no tasks')
source.templates = [
  { id: BUG, name: 'Bug report', is_default: true, markdown: '## Steps\n- [ ] reproduce' },
  { id: FEATURE, name: 'Feature', markdown: '## Why' },
]

const notion = emulatedNotion('tenant-aurora', { seeds })
const { call, done, asked } = notion

beforeEach(notion.fresh)

async function contentOf(id: string): Promise<string> {
  return (await done(BOT, 'notion_read_page_content', { page_id: id })).value.markdown
}

describe('notion_list_templates', () => {
  test.each([{ database_id: tasks.id }, { data_source_id: source.id }])('names those of %j', async (input) => {
    const { text, value } = await done(BOT, 'notion_list_templates', input)
    expect(text).toBe(`- Bug report (default) ${BUG.replaceAll('-', '')}\n- Feature ${FEATURE.replaceAll('-', '')}`)
    expect(value).toMatchObject({
      data_source_id: source.id,
      results: [
        { id: BUG, name: 'Bug report', is_default: true },
        { id: FEATURE, name: 'Feature', is_default: false },
      ],
    })
  })

  test('by a part of the name', async () => {
    const { value } = await done(BOT, 'notion_list_templates', { database_id: tasks.id, name: 'feat' })
    expect(value.results).toMatchObject([{ id: FEATURE }])
  })

  test('page by page', async () => {
    const first = await done(BOT, 'notion_list_templates', { database_id: tasks.id, page_size: 1 })
    const start_cursor = first.nextCursor ?? ''
    const second = await done(BOT, 'notion_list_templates', { database_id: tasks.id, page_size: 1, start_cursor })
    expect([first, second].map(({ value }) => value.results[0].id)).toEqual([BUG, FEATURE])
    expect(second.nextCursor).toBeUndefined()
  })

  test('says that there are none', async () => {
    const { text } = await done(BOT, 'notion_list_templates', { database_id: tasks.id, name: 'xyzzy' })
    expect(text).toBe('There are no templates.')
  })
})

describe('notion_create_page from a template', () => {
  const row = { parent_id: tasks.id, title: 'Login fails' }

  test.each([
    [FEATURE, '## Why'],
    [BUG.replaceAll('-', ''), '## Steps\n- [ ] reproduce'],
    ['default', '## Steps\n- [ ] reproduce'],
  ])('by %s', async (template_id, content) => {
    const { value } = await done(BOT, 'notion_create_page', { ...row, template_id })
    expect(value.title).toBe('Login fails')
    expect(await contentOf(value.id)).toBe(content)
  })

  test.each([
    [{ template_id: 'default', content: 'text' }, 'Pass either content or template_id'],
    [{ template_id: 'Bug report' }, 'template_id must be'],
  ])('not with %j', async (input, detail) => {
    const outcome = await call(BOT, 'notion_create_page', { ...row, ...input })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.template_id' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(detail)
    expect(asked().some((line) => line === 'POST /v1/pages')).toBe(false)
  })
})
