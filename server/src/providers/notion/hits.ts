import { isFullDataSource, isFullPage, type SearchResponse } from '@notionhq/client'
import { compactId, compactUrl } from './ids.ts'
import { pageTitle, pageValue } from './pages.ts'
import { plainText } from './rich-text.ts'
import { wordsIn, type Words } from './words.ts'

/** One result of a search. */
export type Hit = SearchResponse['results'][number]

/** How the results of one search are written: what is the same for all of them stands above, once. */
export interface HitList {
  readonly head: string
  readonly line: (hit: Hit) => string
}

const ID_IN_URL = /^[0-9a-f]{32}$/

/** Titles with ids. The addresses differ in the ids alone, so one says how all are made; where they differ in more, each is written. */
export function hitList(hits: readonly Hit[], words: Words = wordsIn('en')): HitList {
  const addresses = hits.map(addressOf).filter((address) => address !== undefined)
  const [base] = addresses.map(withoutLastPart)
  const isShared = addresses.every((address) => withoutLastPart(address) === base && ID_IN_URL.test(lastPart(address)))
  const short = base !== undefined && isShared
  return {
    head: short ? words.titlesAndIds(base) : '',
    line: (hit) =>
      `- ${titleOf(hit, words)} ${short ? idOf(hit) : (addressOf(hit) ?? compactId(hit.id))}${trashNote(hit, words)}`,
  }
}

/** Notion gives no more than an id of what an integration may not read. */
function addressOf(hit: Hit): string | undefined {
  return isFullPage(hit) || isFullDataSource(hit) ? compactUrl(hit.url) : undefined
}

/** The address of a data source is that of its database, and so is the id in it. */
function idOf(hit: Hit): string {
  const address = addressOf(hit)
  return address === undefined ? compactId(hit.id) : lastPart(address)
}

function lastPart(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1)
}

function withoutLastPart(address: string): string {
  return address.slice(0, address.lastIndexOf('/') + 1)
}

function titleOf(hit: Hit, words: Words): string {
  if (isFullPage(hit)) return pageTitle(hit, words)
  if (isFullDataSource(hit))
    return `${plainText(hit.title).replaceAll(/\s+/g, ' ').trim() || words.untitled} (${words.database})`
  return hit.object.replace('_', ' ')
}

function trashNote(hit: Hit, words: Words): string {
  return (isFullPage(hit) || isFullDataSource(hit)) && hit.in_trash ? ` (${words.inTrash})` : ''
}

/** A result of a search as plain JSON. */
export function hitValue(hit: Hit): Record<string, unknown> {
  if (isFullPage(hit)) return { object: 'page', ...pageValue(hit) }
  if (!isFullDataSource(hit)) return { object: hit.object, id: hit.id }
  const database = hit.parent.type === 'database_id' ? { id: hit.parent.database_id } : {}
  return {
    object: 'database',
    id: hit.id,
    ...database,
    data_source_id: hit.id,
    title: plainText(hit.title),
    url: hit.url,
    last_edited_time: hit.last_edited_time,
  }
}
