import type { Figure } from './figure.ts'
import { ownDefinitions, type House, type Json } from './house.ts'
import { isOpened, pagesToRead, readBlocks, type PageToRead } from './pages.ts'
import type { Rival } from './rival.ts'
import { countJsonTokens, countTokens } from './tokens.ts'

/** What the Notion tools cost a model to read, in tokens, next to the provider's own MCP server on the same workspaces. */

/** A workspace of the emulator, a key of it, and the other server with the same key; left out where only ours is measured. */
export interface Workspace {
  readonly house: House
  readonly key: string
  readonly rival?: Rival | undefined
}

export interface Workspaces {
  readonly demo: Workspace
  readonly large: Workspace
}

/** What every comparison counts; the other tools are beyond it. */
const COUNTED_DEFINITIONS = 21
const FURTHER: ReadonlySet<string> = new Set([
  'notion_move_page',
  'notion_edit_page_content',
  'notion_update_comment',
  'notion_delete_comment',
  'notion_list_templates',
  'notion_upload_file',
])

const DEFINITIONS_BAR = { most: 3_000 }
const PAGE_BAR = { most: 10 }
const SEARCH_BAR = { most: 1_000 }
const QUERY_BAR = { most: 4_000 }

const HITS = 25
const ROWS = 100
const PERCENT = 100

export async function toolFigures({ demo, large }: Workspaces): Promise<Figure[]> {
  const figures = await definitionFigures(demo.rival)
  for (const page of await pagesToRead(demo, large)) figures.push(await pageFigure(page))
  for (const query of ['', 'reunião', 'weekly', 'clínica']) figures.push(await searchFigure(demo, query))
  for (const name of ['Tarefas', 'Reuniões', 'Contatos']) figures.push(await queryFigure(demo, name))
  figures.push(await queryFigure(large, 'Many rows'))
  return figures
}

async function definitionFigures(rival: Rival | undefined): Promise<Figure[]> {
  const all = await ownDefinitions()
  const counted = all.filter(({ name }) => !FURTHER.has(name))
  if (counted.length !== COUNTED_DEFINITIONS) throw new Error(`There are ${counted.length} tools to count`)
  const theirs =
    rival === undefined
      ? {}
      : { theirs: `${countJsonTokens(rival.definitions).toLocaleString('en')} (${rival.definitions.length} tools)` }
  return [
    {
      name: `definitions, ${counted.length} tools`,
      unit: 'tokens',
      ours: countJsonTokens(counted),
      ...theirs,
      bar: DEFINITIONS_BAR,
    },
    { name: `definitions, all ${all.length} tools`, unit: 'tokens', ours: countJsonTokens(all), ...theirs },
  ]
}

/** Reading a page, as a share of the JSON of all its blocks. */
async function pageFigure({ workspace, id, label, hasBar }: PageToRead): Promise<Figure> {
  const { house, key } = workspace
  const blocks = await readBlocks(workspace, id)
  const whole = countJsonTokens(blocks)
  const text = await house.call(key, 'notion_read_page_content', { page_id: id })
  const share = (tokens: number) => (PERCENT * tokens) / whole
  return {
    name: `page: ${label}, ${blocks.length} blocks (of ${whole.toLocaleString('en')} tokens)`,
    unit: '%',
    ours: share(countTokens(text)),
    ...(await theirPage(workspace, id, share)),
    ...(hasBar ? { bar: PAGE_BAR } : {}),
  }
}

/** The other server reads a page block by block, with a call for each block that holds others, or at once as Markdown. */
async function theirPage(
  { rival }: Workspace,
  id: string,
  share: (tokens: number) => number,
): Promise<Pick<Figure, 'theirs'>> {
  if (rival === undefined) return {}
  const blocks = await theirBlocks(rival, id)
  const markdown = countTokens(await rival.call('API-retrieve-page-markdown', { page_id: id }))
  return { theirs: `${share(blocks).toFixed(1)} % (as Markdown ${share(markdown).toFixed(1)} %)` }
}

async function theirBlocks(rival: Rival, id: string): Promise<number> {
  let tokens = 0
  let cursor: string | null = null
  do {
    const paging: object = cursor === null ? {} : { start_cursor: cursor }
    const text = await rival.call('API-get-block-children', { block_id: id, page_size: ROWS, ...paging })
    const answer: Json = JSON.parse(text)
    tokens += countTokens(text)
    for (const block of answer.results) if (isOpened(block)) tokens += await theirBlocks(rival, block.id)
    cursor = answer.next_cursor
  } while (cursor !== null)
  return tokens
}

async function searchFigure({ house, key, rival }: Workspace, query: string): Promise<Figure> {
  const words = query === '' ? {} : { query }
  const text = await house.call(key, 'notion_search_pages', { ...words, page_size: HITS })
  const found: Json = await house.ask(key, 'search', { ...words, page_size: HITS })
  const theirs = await rival?.call('API-post-search', { ...words, page_size: HITS })
  return {
    name: `search: ${query === '' ? 'newest' : `"${query}"`}, ${found.results.length} hits`,
    unit: 'tokens',
    ours: countTokens(text),
    ...(theirs === undefined ? {} : { theirs: countTokens(theirs).toLocaleString('en') }),
    ...(found.results.length === HITS ? { bar: SEARCH_BAR } : {}),
  }
}

async function queryFigure({ house, key, rival }: Workspace, name: string): Promise<Figure> {
  const filter = { property: 'object', value: 'data_source' }
  const found: Json = await house.ask(key, 'search', { query: name, filter })
  const source: Json = found.results.find((candidate: Json) => candidate.title[0]?.plain_text === name)
  const scalars = Object.values<Json>(source.properties).filter(({ type }) => type !== 'relation' && type !== 'files')
  const page: Json = await house.ask(key, `data_sources/${source.id}/query`, { page_size: ROWS })
  const input = { data_source_id: source.id, page_size: ROWS }
  const text = await house.call(key, 'notion_query_database', input)
  const theirs = await rival?.call('API-query-data-source', input)
  return {
    name: `query: ${name}, ${page.results.length} rows, ${scalars.length} scalar properties`,
    unit: 'tokens',
    ours: countTokens(text),
    ...(theirs === undefined ? {} : { theirs: countTokens(theirs).toLocaleString('en') }),
    ...(page.results.length === ROWS ? { bar: QUERY_BAR } : {}),
  }
}
