import type { Json } from './house.ts'
import type { Workspace } from './tools.ts'

/** Which pages are read: ordinary ones of the seeds, those that do badly among them. */
export interface PageToRead {
  readonly workspace: Workspace
  readonly id: string
  readonly label: string
  /** False for lists of pages: their text is made of addresses, and those are the same in any form. */
  readonly hasBar: boolean
}

const LARGEST_PAGE = 100

export async function pagesToRead(demo: Workspace, large: Workspace): Promise<PageToRead[]> {
  const minutes = await joined(demo, 'Reunião semanal de produto — ', 3)
  const runbooks = await joined(demo, 'Runbook: ', 3)
  return [
    { workspace: demo, id: minutes, label: 'minutes of three meetings', hasBar: true },
    { workspace: demo, id: runbooks, label: 'three runbooks', hasBar: true },
    await titled(demo, 'Team directory', true),
    await titled(demo, 'Release checklist', true),
    await titled(demo, 'Import log (long page)', true),
    await titled(large, 'Long page', true),
    await titled(demo, 'Reunião semanal de produto', false),
  ]
}

async function titled(workspace: Workspace, title: string, hasBar: boolean): Promise<PageToRead> {
  const [id = ''] = await idsOf(workspace, title, (candidate) => candidate === title)
  return { workspace, id, label: hasBar ? title : `${title} (a list of pages)`, hasBar }
}

/** The seed's pages are shorter than forty blocks, so several of a kind stand one below the other. */
async function joined(workspace: Workspace, beginning: string, count: number): Promise<string> {
  const { house, key } = workspace
  const ids = await idsOf(workspace, beginning, (title) => title.startsWith(beginning))
  const texts: string[] = []
  for (const id of ids.slice(0, count)) texts.push((await house.ask(key, `pages/${id}/markdown`)).markdown)
  const [parent = ''] = await idsOf(workspace, 'Lumiara — Home', (title) => title === 'Lumiara — Home')
  const page: Json = await house.ask(key, 'pages', {
    parent: { page_id: parent },
    properties: { title: { title: [{ text: { content: beginning } }] } },
    markdown: texts.join('\n'),
  })
  return page.id
}

async function idsOf(
  { house, key }: Workspace,
  query: string,
  isMeant: (title: string) => boolean,
): Promise<readonly string[]> {
  const filter = { property: 'object', value: 'page' }
  const found: Json = await house.ask(key, 'search', { query, filter, page_size: LARGEST_PAGE })
  const ids = found.results.filter((page: Json) => isMeant(titleOf(page))).map(({ id }: Json) => id)
  if (ids.length === 0) throw new Error(`There is no page ${query}`)
  return ids
}

function titleOf(page: Json): string {
  const title = Object.values<Json>(page.properties).find(({ type }) => type === 'title')
  return title.title.map((item: Json) => item.plain_text).join('')
}

/** Every block of a page, those inside others behind them. */
export async function readBlocks(workspace: Workspace, id: string): Promise<readonly Json[]> {
  const blocks: Json[] = []
  let cursor: string | null = null
  do {
    const paging: string = cursor === null ? '' : `&start_cursor=${cursor}`
    const answer: Json = await workspace.house.ask(
      workspace.key,
      `blocks/${id}/children?page_size=${LARGEST_PAGE}${paging}`,
    )
    for (const block of answer.results) {
      blocks.push(block)
      if (isOpened(block)) blocks.push(...(await readBlocks(workspace, block.id)))
    }
    cursor = answer.next_cursor
  } while (cursor !== null)
  return blocks
}

/** Pages and databases on a page are not part of it. */
export function isOpened(block: Json): boolean {
  return block.has_children === true && block.type !== 'child_page' && block.type !== 'child_database'
}
