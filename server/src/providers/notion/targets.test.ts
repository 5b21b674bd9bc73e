import { beforeAll, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'
import { targets } from './targets.ts'

const AURORA_BOT = '35c7c896-a391-4df1-8c3d-4ec253946bfd'
const BOREAL_BOT = 'ef86bc05-e596-4669-8410-8172dab634e5'

const tenants = emulatedNotion('two-tenants')
const ids: Record<string, string> = {}
const texts: Record<string, string> = {}

beforeAll(async () => {
  const pages = await tenants.done(AURORA_BOT, 'notion_search_pages', { query: 'planejamento', filter: 'page' })
  const databases = await tenants.done(AURORA_BOT, 'notion_search_pages', { query: 'Tarefas', filter: 'database' })
  const [page, database] = [pages.value.results[0], databases.value.results[0]]
  const blocks = await tenants.done(AURORA_BOT, 'notion_get_block_children', { block_id: page.id })
  const block = blocks.value.results.find(({ text }: { text: string }) => text !== '')
  Object.assign(ids, { page: page.id, database: database.id, source: database.data_source_id, block: block.id })
  Object.assign(texts, { page: page.title, database: database.title, source: database.title, block: block.text })
})

async function told(argument: string, what: string, bot = AURORA_BOT) {
  const target = targets.find((each) => each.argument === argument)
  const read = await tenants.call(bot, target?.tool ?? '', { [target?.readAs ?? argument]: ids[what] })
  return read.ok ? target?.titleOf(read.value.value, ids[what] ?? '') : read.problem.code
}

const NAMED = [
  ['page_id', 'page'],
  ['database_id', 'database'],
  ['data_source_id', 'source'],
  ['block_id', 'block'],
  ['block_id', 'page'],
  ['parent_id', 'page'],
  ['parent_id', 'database'],
  ['after', 'block'],
] as const

test.each(NAMED)('%s is told by what the %s says', async (argument, what) => {
  expect(texts[what]).not.toBe('')
  expect(await told(argument, what)).toBe(texts[what])
})

test.each(NAMED)('%s of another workspace: of its %s nothing is told', async (argument, what) => {
  expect(await told(argument, what, BOREAL_BOT)).toBe('not_found')
})

test('a change is told next to what is there now', async () => {
  const of = (argument: string) => targets.find((each) => each.argument === argument)
  const block = await tenants.done(AURORA_BOT, 'notion_get_block', { block_id: ids['block'] ?? '' })
  expect(of('block_id')?.nowOf?.(block.value, '')).toMatchObject({ text: texts['block'] })
  const page = await tenants.done(AURORA_BOT, 'notion_read_page', { page_id: ids['page'] ?? '' })
  const now = of('page_id')?.nowOf?.(page.value, '')
  expect(now).toMatchObject({ title: texts['page'], properties: expect.any(Object) })
  expect(of('page_id')?.nowOf?.(null, '')).toEqual({})
})
