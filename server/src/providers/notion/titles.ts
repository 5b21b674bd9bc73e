import type { SearchParameters } from '@notionhq/client'
import { success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import { folded } from './names.ts'
import { databasesAround, noneFits, severalFit, titledOf, type LookedThrough, type Titled } from './titled.ts'

/** Where to look. */
export interface TitleScope {
  readonly object?: 'page' | 'database' | undefined
  readonly inTrash?: boolean | undefined
}

/** Notion's largest page of results, and how many are looked through: each costs a request. */
const PAGE_SIZE = 100
const MOST_PAGES = 3

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
  const found = hasTitle(first.value, title) ? first : await searchFurther(api, title, scope, first.value)
  if (!found.ok) return found
  const fitting = fittingIn(found.value, title)
  const [only] = fitting
  const asked = { title, argument, noun: scope.object ?? 'page or database', inTrash: scope.inTrash === true }
  if (only === undefined) return noneFits(asked, first.value.items)
  if (fitting.length === 1 && found.value.isWhole) return success(only)
  return severalFit(asked, fitting, found.value.isWhole)
}

function fittingIn({ items }: LookedThrough, title: string): readonly Titled[] {
  return items.filter((item) => folded(item.title) === folded(title))
}

function hasTitle(answer: LookedThrough, title: string): boolean {
  return fittingIn(answer, title).length > 0
}

/**
 * For a title that search did not find: search may not know a word without its accents, so what was edited last is looked
 * through for how it is spelled; and it knows a database only by the titles of its data sources.
 */
async function searchFurther(
  api: NotionApi,
  title: string,
  scope: TitleScope,
  first: LookedThrough,
): Promise<Outcome<LookedThrough>> {
  const recent = await search(api, '', scope, 1)
  if (!recent.ok) return recent
  const [spelled] = fittingIn(recent.value, title)
  if (spelled !== undefined) return recent.value.isWhole ? recent : search(api, spelled.title, scope, MOST_PAGES)
  if (scope.object === 'page') return recent
  const isOnlySources = scope.object === 'database'
  const sources = isOnlySources ? recent : await search(api, '', { ...scope, object: 'database' }, 1)
  if (!sources.ok) return sources
  const databases = await databasesAround(api, [...first.items, ...sources.value.items])
  if (!databases.ok) return databases
  const isWhole = first.isWhole && sources.value.isWhole && databases.value.isWhole
  return success({ items: databases.value.items, isWhole })
}

async function search(
  api: NotionApi,
  query: string,
  { object, inTrash = false }: TitleScope,
  pages: number,
): Promise<Outcome<LookedThrough>> {
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
