import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { compactUrl } from './ids.ts'

/** Pages and databases that lie on a page or inside a block, and would go to the trash with it. */
export interface Subpage {
  readonly kind: 'page' | 'database'
  readonly title: string
  readonly url: string
}

/** Notion's Markdown has each on a line of its own, at any depth of lists, toggles and columns. Titles hold any other break. */
const TAG = /^[\t ]*<(page|database) url="([^"]*)"[^>]*>([^\n]*?)<\/\1>/gm

/** More names would not help anybody to decide. */
const NAMED = 5

/** The pages and databases in a page's Markdown. */
export function subpagesIn(markdown: string): Subpage[] {
  return [...markdown.matchAll(TAG)].map(([, kind = '', url = '', title = '']) => ({
    kind: kind === 'database' ? 'database' : 'page',
    title: title || 'Untitled',
    url: compactUrl(url),
  }))
}

/** Those that an edit takes off a page. */
export function lostSubpages(before: string, after: string): Subpage[] {
  const kept = new Set(subpagesIn(after).map(({ url }) => url))
  return subpagesIn(before).filter(({ url }) => !kept.has(url))
}

/**
 * Refuses to put something in the trash that holds pages, unless the caller has said so. One request, and none with the flag.
 * @param id of the page or block
 * @param agreed what the caller gave for `including_children`
 * @param isThere the caller has just seen it: what cannot be read of it now may hold pages
 */
export async function guardSubpages(
  api: NotionApi,
  id: string,
  agreed: boolean | undefined,
  isThere = false,
): Promise<Outcome<undefined>> {
  if (agreed === true) return success(undefined)
  const content = await readMarkdown(api, id)
  if (!content.ok) {
    // What is not there, or lies in the trash already, is left to the write to report.
    const { code } = content.problem
    if (code !== 'not_found' && code !== 'invalid_arguments') return content
    return isThere ? refuseUnread : success(undefined)
  }
  const { markdown, truncated, unknown_block_ids: unread } = content.value
  const found = subpagesIn(markdown)
  if (found.length > 0) return refuseLoss(found, 'including_children')
  return truncated || unread.length > 0 ? refuseUnread : success(undefined)
}

/** The same for a database, whose rows are pages. One request for each data source. */
export async function guardRows(api: NotionApi, sourceIds: readonly string[]): Promise<Outcome<undefined>> {
  for (const data_source_id of sourceIds) {
    const rows = await api.read((notion) => notion.dataSources.query({ data_source_id, page_size: 1 }), {
      needs: 'read',
      noun: 'database',
    })
    if (!rows.ok && rows.problem.code !== 'not_found' && rows.problem.code !== 'invalid_arguments') return rows
    if (rows.ok && rows.value.results.length > 0) return refuseRows
  }
  return success(undefined)
}

const refuseRows = failure(
  'invalid_arguments',
  'The database has rows, which are pages and would go to the trash with it. Nothing was changed. If that is wanted, call again with including_children: true.',
  { path: 'arguments.including_children' },
)

/** The whole text of a page, anew. */
export interface Replacement {
  readonly id: string
  readonly content: string
  /** What the caller gave for `allow_deleting_content`. */
  readonly agreed: boolean | undefined
}

/** Refuses a new text in which pages of the old one are missing, before anything else of the call is written. */
export async function guardReplacement(
  api: NotionApi,
  { id, content, agreed }: Replacement,
): Promise<Outcome<undefined>> {
  if (agreed === true) return success(undefined)
  const before = await readMarkdown(api, id)
  // Where it cannot be read, Notion refuses by itself.
  const lost = before.ok ? lostSubpages(before.value.markdown, content) : []
  return lost.length === 0 ? success(undefined) : refuseLoss(lost, 'allow_deleting_content')
}

/** The text of a page, or of a block with all that is inside. */
export function readMarkdown(api: NotionApi, id: string): Promise<Outcome<Markdown>> {
  return api.read((notion) => notion.pages.retrieveMarkdown({ page_id: id }), { needs: 'read', noun: 'page' })
}

interface Markdown {
  readonly markdown: string
  readonly truncated: boolean
  readonly unknown_block_ids: readonly string[]
}

const refuseUnread = failure(
  'invalid_arguments',
  'Notion did not show all that is inside; it may hold pages that would go to the trash too. Nothing was changed. If that is wanted, call again with including_children: true.',
  { path: 'arguments.including_children' },
)

/**
 * Says what would be lost and which flag allows it.
 * @param flag name of the argument
 */
export function refuseLoss(subpages: readonly Subpage[], flag: string): Outcome<never> {
  const count = subpages.length === 1 ? `a ${subpages[0]?.kind}` : `${subpages.length} pages or databases`
  const names = subpages.slice(0, NAMED).map(({ title, url }) => `"${title}" (${url})`)
  const more = subpages.length > NAMED ? ` and ${subpages.length - NAMED} more` : ''
  return failure(
    'invalid_arguments',
    `This would also put ${count} in the trash, with all that is in them: ${names.join(', ')}${more}. Nothing was changed. Move them elsewhere first with notion_move_page or, if it is wanted, call again with ${flag}: true.`,
    { path: `arguments.${flag}`, extra: { would_trash: subpages } },
  )
}
