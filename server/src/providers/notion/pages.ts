import { isFullPage, type GetPageResponse, type PageObjectResponse } from '@notionhq/client'
import type { ToolResult } from '#providers/contract.ts'
import { compactId, compactUrl } from './ids.ts'
import { wordsOf } from './json.ts'
import { wordsIn, type Words } from './words.ts'

/** Longest text of one property in the answer about one page. */
export const PAGE_PROPERTY_CHARACTERS = 5_000

/** A page's title, as people see it. In the JSON of results a page without one is called so in English, whoever asks. */
export function pageTitle(page: PageObjectResponse, words: Words = wordsIn('en')): string {
  const property = Object.values(page.properties).find(({ type }) => type === 'title')
  const title = property?.type === 'title' ? wordsOf(property.title) : ''
  return (ODD_SPACE.test(title) ? title.replaceAll(/\s+/g, ' ') : title).trim() || words.untitled
}

const ODD_SPACE = /\s\s|[^\S ]/

/** Where something lies: `page <id>`, `data source <id>`, `workspace`. */
export function parentText(parent: { readonly type: string }, words: Words = wordsIn('en')): string {
  const id = (parent as Readonly<Record<string, unknown>>)[parent.type]
  const type = parent.type.replace(/_id$/, '').replaceAll('_', ' ')
  const kind = words.places[type] ?? type
  return typeof id === 'string' ? `${kind} ${compactId(id)}` : kind
}

/** The page as a program needs it in lists and as the answer of a write. */
export function pageValue(page: PageObjectResponse): Record<string, unknown> {
  return {
    id: page.id,
    title: pageTitle(page),
    url: page.url,
    parent: page.parent,
    in_trash: page.in_trash,
    last_edited_time: page.last_edited_time,
  }
}

/** An address that serves as the id too; both where it does not end with the id. */
export function addressText(id: string, url: string): string {
  const address = compactUrl(url)
  return address.endsWith(compactId(id)) ? address : `id ${compactId(id)}, ${address}`
}

/** The page in one line, with an address that serves as its id too. */
function pageLine(page: PageObjectResponse, words: Words): string {
  return `${pageTitle(page, words)} ${compactUrl(page.url)}`
}

/** A page that was written, as the result of a tool: Notion gives no more than an id of what an integration may not read. */
export function pageResult(done: string, page: GetPageResponse, words: Words): ToolResult {
  if (!isFullPage(page)) return { text: `${done}: ${words.page} ${page.id}`, value: { id: page.id } }
  return { text: `${done}: ${pageLine(page, words)}`, value: pageValue(page) }
}
