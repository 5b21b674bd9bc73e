import {
  isFullDatabase,
  isFullDataSource,
  isFullPage,
  type DatabaseObjectResponse,
  type SearchResponse,
} from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { quoted } from './json.ts'
import { pageTitle, parentText } from './pages.ts'
import { plainText } from './rich-text.ts'
import { columnsOf, type Column } from './schema.ts'

/** What a title can stand for. */
export interface Titled {
  readonly object: 'page' | 'database'
  /** Of the page, of the data source, or of a database that was found by its own title. */
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

/** What a search looked through. */
export interface LookedThrough {
  readonly items: readonly Titled[]
  /** False where there was more than was looked through. */
  readonly isWhole: boolean
}

/** What was asked for, for the answer. */
export interface AskedTitle {
  readonly title: string
  readonly argument: string
  readonly noun: string
  readonly inTrash: boolean
}

/** How many candidates a model can choose from without reading a catalogue. */
const LISTED_CANDIDATES = 10
/** How many titles are offered where none fits. */
const LISTED_NEIGHBOURS = 5
/** How many databases are asked for their own titles: each costs a request. */
const ASKED_DATABASES = 12

/** What search found, as far as titles go; nothing where the integration may not read it. */
export function titledOf(hit: SearchResponse['results'][number]): Titled[] {
  if (isFullPage(hit)) {
    const { id, url, last_edited_time: lastEditedTime } = hit
    const place = parentText(hit.parent)
    const of = { databaseId: undefined, columns: undefined }
    return [{ object: 'page', id, url, lastEditedTime, place, title: pageTitle(hit), ...of }]
  }
  if (!isFullDataSource(hit)) return []
  const { id, url, last_edited_time: lastEditedTime, parent } = hit
  const databaseId = parent.type === 'database_id' ? parent.database_id : undefined
  const place = parentText(hit.database_parent)
  const of = { databaseId, columns: columnsOf(hit.properties) }
  return [{ object: 'database', id, url, lastEditedTime, place, title: plainText(hit.title), ...of }]
}

/** The databases that data sources belong to, by their own titles: a database may be called otherwise than what is in it. */
export async function databasesAround(api: NotionApi, items: readonly Titled[]): Promise<Outcome<LookedThrough>> {
  const ids = new Set(items.flatMap(({ databaseId }) => databaseId ?? []))
  const answers = await Promise.all(
    [...ids]
      .slice(0, ASKED_DATABASES)
      .map((id) =>
        api.read((notion) => notion.databases.retrieve({ database_id: id }), { needs: 'read', noun: 'database' }),
      ),
  )
  const found: Titled[] = []
  for (const answer of answers) {
    if (answer.ok && isFullDatabase(answer.value)) found.push(titledDatabase(answer.value))
    // A data source can be shared without its database.
    if (!answer.ok && answer.problem.code !== 'not_found') return answer
  }
  return success({ items: found, isWhole: ids.size <= ASKED_DATABASES })
}

function titledDatabase(database: DatabaseObjectResponse): Titled {
  const { id, url, last_edited_time: lastEditedTime } = database
  const of = { databaseId: id, columns: undefined }
  const place = parentText(database.parent)
  return { object: 'database', id, url, lastEditedTime, place, title: plainText(database.title), ...of }
}

/** Refuses a title that several have, or may have, with what it could mean. */
export function severalFit(
  { title, argument }: AskedTitle,
  fitting: readonly Titled[],
  isWhole: boolean,
): Outcome<never> {
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

/** Refuses a title that nothing has, with those that come near. */
export function noneFits({ title, argument, noun, inTrash }: AskedTitle, near: readonly Titled[]): Outcome<never> {
  const shown = near.slice(0, LISTED_NEIGHBOURS)
  const where = inTrash ? ' in the trash' : ' shared with the integration'
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
