import { isFullDataSource, isFullPage, type SearchParameters, type SearchResponse } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import { clip } from './json.ts'
import { folded } from './names.ts'
import { pageTitle, parentText } from './pages.ts'
import { plainText } from './rich-text.ts'
import { columnsOf, type Column } from './schema.ts'

/** What a title can stand for. */
export interface Titled {
  readonly object: 'page' | 'database'
  /** The page, or the data source: what every tool takes. */
  readonly id: string
  /** The database around a data source, where Notion names it. */
  readonly databaseId: string | undefined
  readonly title: string
  readonly url: string
  readonly lastEditedTime: string
  /** Where it lies, in words. */
  readonly place: string
  /** Of a data source. */
  readonly columns: readonly Column[] | undefined
}

/** Where to look. */
export interface TitleScope {
  readonly object?: 'page' | 'database' | undefined
  readonly inTrash?: boolean | undefined
}

/** Notion's largest page of results, and how many are looked through: each costs a request. */
const PAGE_SIZE = 100
const MOST_PAGES = 3

/** How many candidates a model can choose from without reading a catalogue. */
const LISTED_CANDIDATES = 10
/** How many titles are offered where none fits. */
const LISTED_NEIGHBOURS = 5
/** Longest title repeated in a list. */
const SHOWN_CHARACTERS = 120

const SEARCH: Operation = { needs: 'read', noun: 'page or database' }

/**
 * Finds the one page or database that bears this title, whatever its case and accents. Notion's search answers with all
 * titles that share a word, so each is compared; several, or more than can be looked through, is refused with the list.
 * One request where the title is spelled as Notion has it.
 * @param argument the argument that gave the title, for the answer
 */
export async function findByTitle(
  api: NotionApi,
  title: string,
  argument: string,
  scope: TitleScope,
): Promise<Outcome<Titled>> {
  const first = await search(api, title, scope, MOST_PAGES)
  if (!first.ok) return first
  const found = hasTitle(first.value, title) ? first : await searchOtherSpelling(api, title, scope)
  if (!found.ok) return found
  const fitting = found.value.items.filter((item) => folded(item.title) === folded(title))
  const [only] = fitting
  if (only === undefined) return noneFits(title, argument, scope, first.value.items)
  if (fitting.length === 1 && found.value.isWhole) return success(only)
  return severalFit(title, argument, fitting, found.value.isWhole)
}

interface SearchAnswer {
  readonly items: readonly Titled[]
  /** False where Notion had more results than were looked through. */
  readonly isWhole: boolean
}

function hasTitle({ items }: SearchAnswer, title: string): boolean {
  return items.some((item) => folded(item.title) === folded(title))
}

/** Search may not know a word without its accents: then what was edited last is looked through for how it is spelled. */
async function searchOtherSpelling(api: NotionApi, title: string, scope: TitleScope): Promise<Outcome<SearchAnswer>> {
  const recent = await search(api, '', scope, 1)
  if (!recent.ok) return recent
  const spelled = recent.value.items.find((item) => folded(item.title) === folded(title))
  if (spelled === undefined || recent.value.isWhole) return recent
  return search(api, spelled.title, scope, MOST_PAGES)
}

async function search(
  api: NotionApi,
  query: string,
  { object, inTrash = false }: TitleScope,
  pages: number,
): Promise<Outcome<SearchAnswer>> {
  const kind = object === 'database' ? 'data_source' : object
  const trash = inTrash ? { in_trash: true } : {}
  const filter = kind === undefined ? trash : { property: 'object', value: kind, ...trash }
  const items: Titled[] = []
  let start_cursor: string | undefined
  for (let page = 0; page < pages; page += 1) {
    const body = {
      ...(query === '' ? {} : { query, sort: { property: 'relevance' } }),
      ...(Object.keys(filter).length === 0 ? {} : { filter }),
      ...(start_cursor === undefined ? {} : { start_cursor }),
      page_size: PAGE_SIZE,
    } as SearchParameters
    const answer = await api.read((notion) => notion.search(body), SEARCH)
    if (!answer.ok) return answer
    items.push(...answer.value.results.flatMap(titledOf))
    start_cursor = answer.value.next_cursor ?? undefined
    if (start_cursor === undefined) return success({ items, isWhole: true })
  }
  return success({ items, isWhole: false })
}

function titledOf(hit: SearchResponse['results'][number]): Titled[] {
  if (isFullPage(hit)) {
    const { id, url, last_edited_time: lastEditedTime } = hit
    const place = parentText(hit.parent)
    return [
      {
        object: 'page',
        id,
        url,
        lastEditedTime,
        place,
        title: pageTitle(hit),
        databaseId: undefined,
        columns: undefined,
      },
    ]
  }
  if (!isFullDataSource(hit)) return []
  const { id, url, last_edited_time: lastEditedTime, parent } = hit
  const databaseId = parent.type === 'database_id' ? parent.database_id : undefined
  const place = parentText(hit.database_parent)
  const title = plainText(hit.title)
  return [{ object: 'database', id, url, lastEditedTime, place, title, databaseId, columns: columnsOf(hit.properties) }]
}

function severalFit(title: string, argument: string, fitting: readonly Titled[], isWhole: boolean): Outcome<never> {
  const shown = fitting.slice(0, LISTED_CANDIDATES)
  const rest = fitting.length - shown.length
  const count = isWhole
    ? `${fitting.length} pages or databases are`
    : 'More pages or databases than were looked through may be'
  const lines = [
    `${count} called ${quoted(title)}. Nothing was done. Call again with one of these ids as ${argument}:`,
    ...shown.map(candidateLine),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ]
  return failure('ambiguous', lines.join('\n'), {
    path: `arguments.${argument}`,
    extra: { candidates: shown.map(candidateValue) },
  })
}

function noneFits(title: string, argument: string, scope: TitleScope, near: readonly Titled[]): Outcome<never> {
  const noun = scope.object ?? 'page or database'
  const shown = near.slice(0, LISTED_NEIGHBOURS)
  const where = scope.inTrash === true ? ' in the trash' : ' shared with the integration'
  const advice =
    shown.length === 0
      ? 'Check the title with notion_search_pages, or give an id or URL.'
      : 'Titles that share a word (call again with an id if one is meant):'
  return failure(
    'not_found',
    [
      `There is no ${noun} called ${quoted(title)}${where}. Nothing was done. ${advice}`,
      ...shown.map(candidateLine),
    ].join('\n'),
    { path: `arguments.${argument}`, extra: { candidates: shown.map(candidateValue) } },
  )
}

function candidateLine({ object, id, title, place, lastEditedTime }: Titled): string {
  return `- ${quoted(title)} (${object} in ${place}, edited ${lastEditedTime.slice(0, 10)}): ${id}`
}

function candidateValue({ object, id, title, url }: Titled): Record<string, unknown> {
  return { object, id, title, url }
}

function quoted(title: string): string {
  return JSON.stringify(clip(title, SHOWN_CHARACTERS))
}
