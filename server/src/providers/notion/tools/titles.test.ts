import { beforeEach, describe, expect, test } from 'vitest'
import provider from '#providers/notion/provider.ts'
import { emulatedNotion } from '#test/support/notion.ts'

/** Two workspaces with the same titles: each caller's title means the caller's own page. */
const notion = emulatedNotion('two-tenants')
const { asked, call, done } = notion

/** By bot. */
type Names = Readonly<Record<string, string>>

const AURORA = '35c7c896-a391-4df1-8c3d-4ec253946bfd'
const BOREAL = 'ef86bc05-e596-4669-8410-8172dab634e5'
/** A canary of each workspace's own texts and the beginnings of its ids. */
const FOREIGN: Names = { [AURORA]: 'boreal', [BOREAL]: 'aurora' }

const ONBOARDING: Names = {
  [AURORA]: '49f894a6-5616-41e6-8834-d61f481b0fa1',
  [BOREAL]: '4efd4c0f-b7e3-4461-84f4-8fcba006ccd6',
}
const TASKS: Names = {
  [AURORA]: '2a73081e-2719-430c-8f2d-c8e7e896fb02',
  [BOREAL]: '64c4e40a-c45a-4297-90a7-cc5d3d5f5297',
}

interface TitledCall {
  readonly tool: string
  readonly argument: string
  readonly names: Names
  readonly title: string
  /** What else the call needs. */
  readonly rest?: Readonly<Record<string, unknown>>
}

/** Tools that name a page or database. */
const CALLS: readonly TitledCall[] = [
  { tool: 'notion_read_page', argument: 'page_id', names: ONBOARDING, title: 'onboarding' },
  { tool: 'notion_read_page_content', argument: 'page_id', names: ONBOARDING, title: 'onboarding' },
  { tool: 'notion_get_block', argument: 'block_id', names: ONBOARDING, title: 'Onboarding' },
  { tool: 'notion_get_block_children', argument: 'block_id', names: ONBOARDING, title: 'Onboarding' },
  { tool: 'notion_list_comments', argument: 'page_id', names: ONBOARDING, title: 'Onboarding' },
  { tool: 'notion_list_comments', argument: 'block_id', names: ONBOARDING, title: 'Onboarding' },
  { tool: 'notion_get_database', argument: 'database_id', names: TASKS, title: 'tarefas' },
  { tool: 'notion_query_database', argument: 'database_id', names: TASKS, title: 'TAREFAS' },
  { tool: 'notion_query_database', argument: 'data_source_id', names: TASKS, title: 'TAREFAS' },
  { tool: 'notion_create_page', argument: 'parent_id', names: ONBOARDING, title: 'Onboarding', rest: { title: 'X' } },
  { tool: 'notion_create_page', argument: 'parent_id', names: TASKS, title: 'Tarefas', rest: { title: 'X' } },
  { tool: 'notion_update_page', argument: 'page_id', names: ONBOARDING, title: 'Onboarding', rest: { title: 'X' } },
  {
    tool: 'notion_edit_page_content',
    argument: 'page_id',
    names: ONBOARDING,
    title: 'Onboarding',
    rest: { edits: [{ find: 'nowhere', replace: 'X' }] },
  },
  { tool: 'notion_archive_page', argument: 'page_id', names: ONBOARDING, title: 'Onboarding' },
  {
    tool: 'notion_move_page',
    argument: 'page_id',
    names: ONBOARDING,
    title: 'Onboarding',
    rest: { parent_id: 'Ideias' },
  },
  {
    tool: 'notion_append_blocks',
    argument: 'block_id',
    names: ONBOARDING,
    title: 'Onboarding',
    rest: { content: 'X' },
  },
  {
    tool: 'notion_create_database',
    argument: 'parent_id',
    names: ONBOARDING,
    title: 'Onboarding',
    rest: { title: 'X' },
  },
  { tool: 'notion_update_database', argument: 'database_id', names: TASKS, title: 'Tarefas', rest: { title: 'X' } },
  { tool: 'notion_create_comment', argument: 'page_id', names: ONBOARDING, title: 'Onboarding', rest: { text: 'X' } },
  { tool: 'notion_create_comment', argument: 'block_id', names: ONBOARDING, title: 'Onboarding', rest: { text: 'X' } },
  { tool: 'notion_list_templates', argument: 'database_id', names: TASKS, title: 'Tarefas' },
  {
    tool: 'notion_upload_file',
    argument: 'block_id',
    names: ONBOARDING,
    title: 'Onboarding',
    rest: { name: 'a.txt', text: 'X' },
  },
]

/** Arguments with an id that nothing but an id can name. */
const NAMELESS = new Set(['discussion_id', 'comment_id', 'template_id', 'file_upload_id', 'user_id', 'after'])

/** Three searches, and each of the two databases of the workspace by its own title. */
const MOST_READS = 5

beforeEach(notion.fresh)

test('every argument that names something takes a title, or can only be an id', () => {
  const named = new Set(CALLS.map(({ tool, argument }) => `${tool} ${argument}`))
  const missing = provider.tools.flatMap(({ name, input }) =>
    Object.keys(input.shape)
      .filter((argument) => argument.endsWith('_id') && !NAMELESS.has(argument))
      .map((argument) => `${name} ${argument}`)
      .filter((one) => !named.has(one)),
  )
  // These take it as their kind does above, or only the trash has what they name.
  expect(missing.toSorted()).toEqual([
    'notion_delete_block block_id',
    'notion_get_database data_source_id',
    'notion_list_templates data_source_id',
    'notion_move_page parent_id',
    'notion_restore_page page_id',
    'notion_update_block block_id',
    'notion_update_database data_source_id',
  ])
})

describe.each([AURORA, BOREAL])('for the bot %s', (bot) => {
  test.each(CALLS)('$tool takes a title as $argument, and means the caller’s own', async (titled) => {
    const { tool, argument, names, title, rest } = titled
    const byTitle = await call(bot, tool, { ...rest, [argument]: title })
    const asTitle = asked()
    expect(JSON.stringify(byTitle).toLowerCase()).not.toContain(FOREIGN[bot])
    notion.fresh()
    const byId = await call(bot, tool, { ...rest, [argument]: names[bot] })
    const asId = asked()
    expect(byTitle.ok).toBe(argument === 'data_source_id' ? true : byId.ok)
    expect(asTitle.filter((line) => line === 'POST /v1/search').length).toBe(tool === 'notion_move_page' ? 2 : 1)
    expect(asId.filter((line) => line === 'POST /v1/search').length).toBe(tool === 'notion_move_page' ? 1 : 0)
  })
})

describe.each(CALLS)('$tool', ({ tool, argument, rest }) => {
  test.each([
    ['a title that nothing has', 'xyzzy', 'not_found'],
    ['a part of titles', 'weekly meeting', 'not_found'],
    ['an id that was cut', 'e45016d2-6b16-4d8a-8b65-03126e5b', 'invalid_arguments'],
    ['an address without an id', 'https://app.notion.com/p/Onboarding', 'invalid_arguments'],
    ['nothing', '', 'invalid_arguments'],
  ])(`refuses %s as ${argument}, and writes nothing`, async (_, text, code) => {
    const outcome = await call(AURORA, tool, { ...rest, [argument]: text })
    expect(outcome).toMatchObject({ ok: false, problem: { code, path: `arguments.${argument}` } })
    const reads = asked()
    expect(reads.filter((line) => !/^GET |^POST \/v1\/search$/.test(line))).toEqual([])
    expect(reads.length).toBeLessThanOrEqual(code === 'invalid_arguments' ? 0 : MOST_READS)
  })
})

test('a page that was moved, renamed or written by title is the one that was meant', async () => {
  await done(BOREAL, 'notion_update_page', { page_id: 'Onboarding', title: 'Chegada' })
  const { value } = await done(BOREAL, 'notion_read_page', { page_id: 'chegada' })
  expect(value.id).toBe(ONBOARDING[BOREAL])
  expect((await done(AURORA, 'notion_read_page', { page_id: 'Onboarding' })).value.id).toBe(ONBOARDING[AURORA])
  expect(await call(AURORA, 'notion_read_page', { page_id: 'Chegada' })).toMatchObject({
    ok: false,
    problem: { code: 'not_found' },
  })
})

test('a title that several pages have changes none of them', async () => {
  await done(AURORA, 'notion_create_page', { parent_id: 'Ideias', title: 'onboarding' })
  asked()
  for (const [tool, rest] of [
    ['notion_update_page', { title: 'X' }],
    ['notion_archive_page', {}],
    ['notion_move_page', { parent_id: 'Ideias' }],
  ] as const) {
    const outcome = await call(AURORA, tool, { page_id: 'Onboarding', ...rest })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'ambiguous', path: 'arguments.page_id' } })
  }
  expect(asked().every((line) => line === 'POST /v1/search')).toBe(true)
})

test('a person goes by name or e-mail', async () => {
  const { value } = await done(BOREAL, 'notion_get_user', { user_id: 'pedro lima' })
  expect(value).toMatchObject({ name: 'Pedro Lima', email: 'pedro@boreal.example' })
  expect(await call(BOREAL, 'notion_get_user', { user_id: 'pedro@aurora.example' })).toMatchObject({
    ok: false,
    problem: { code: 'not_found', path: 'arguments.user_id' },
  })
})

test('renaming a database that is named by its title renames it whole', async () => {
  await done(AURORA, 'notion_update_database', { database_id: 'Contatos', title: 'Agenda' })
  expect((await done(AURORA, 'notion_get_database', { database_id: 'agenda' })).text).toContain('# Agenda')
  expect(
    (await done(AURORA, 'notion_search_pages', { query: 'Agenda', filter: 'database' })).value.results,
  ).toHaveLength(1)
})
