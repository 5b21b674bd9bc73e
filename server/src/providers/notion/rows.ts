import { isFullPage, type PageObjectResponse, type QueryDataSourceParameters } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { quoted } from './json.ts'
import { folded } from './names.ts'
import { pageTitle } from './pages.ts'

/** Notion's largest page of results. Where there are more, a second row of the same title may be among those: it is refused. */
const PAGE_SIZE = 100
/** How many candidates a model can choose from. */
const LISTED_ROWS = 10

/**
 * The row of a data source that bears this title, whatever its case and accents. The data source itself is asked: search lags
 * behind what was just written. One request where the title is spelled as Notion has it.
 */
export async function findRow(
  api: NotionApi,
  sourceId: string,
  title: string,
  given: string,
): Promise<Outcome<PageObjectResponse>> {
  const wording = { property: 'title', title: { contains: title } }
  const first = await rowsOf(api, sourceId, { filter: wording })
  if (!first.ok) return first
  const titled = (rows: Rows): PageObjectResponse[] =>
    rows.items.filter((row) => folded(pageTitle(row)) === folded(title))
  const found = titled(first.value).length > 0 ? first : await rowsOf(api, sourceId, {})
  if (!found.ok) return found
  const fitting = titled(found.value)
  const [only] = fitting
  if (only !== undefined && fitting.length === 1 && found.value.isWhole) return success(only)
  const shown = quoted(title)
  const listed = (fitting.length > 0 ? fitting : first.value.items).slice(0, LISTED_ROWS)
  const extra = { candidates: listed.map((row) => ({ id: row.id, title: pageTitle(row), url: row.url })) }
  const lines = listed.map((row) => `- ${quoted(pageTitle(row))}: ${row.id}`)
  return fitting.length > 0
    ? failure(
        'ambiguous',
        [`${given}: several rows may be called ${shown}. Give the id of one:`, ...lines].join('\n'),
        { extra },
      )
    : failure(
        'not_found',
        [`${given}: the related database has no row called ${shown}. Give an id or URL.`, ...lines].join('\n'),
        { extra },
      )
}

interface Rows {
  readonly items: readonly PageObjectResponse[]
  readonly isWhole: boolean
}

async function rowsOf(
  api: NotionApi,
  sourceId: string,
  conditions: Pick<QueryDataSourceParameters, 'filter'>,
): Promise<Outcome<Rows>> {
  const body: QueryDataSourceParameters = { data_source_id: sourceId, page_size: PAGE_SIZE, ...conditions }
  const answer = await api.read((notion) => notion.dataSources.query(body), { needs: 'read', noun: 'database' })
  if (!answer.ok) return answer
  const items = answer.value.results.filter((row): row is PageObjectResponse => isFullPage(row))
  return success({ items, isWhole: !answer.value.has_more })
}
