import { success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { blockIdIn, idIn, notAnId, titleIn } from './ids.ts'
import type { Titled } from './titled.ts'
import { findByTitle, type TitleScope } from './titles.ts'

/**
 * What a tool was given becomes the id of what is meant: pages and blocks here, databases in sources.ts, which knows their data
 * sources. Ids and URLs cost nothing; a title costs a search.
 */

/** A page: an id, a URL, or a title that only one page has. */
export async function resolvePage(
  api: NotionApi,
  text: string,
  argument: string,
  scope: Pick<TitleScope, 'inTrash'> = {},
): Promise<Outcome<string>> {
  const id = idIn(text)
  if (id !== undefined) return success(id)
  const found = await resolveTitle(api, text, argument, { ...scope, object: 'page' })
  return found.ok ? success(found.value.id) : found
}

/** A block: an id, a URL that points to it, or the page that bears this title. */
export async function resolveBlock(api: NotionApi, text: string, argument: string): Promise<Outcome<string>> {
  const id = blockIdIn(text)
  return id === undefined ? resolvePage(api, text, argument) : success(id)
}

/** A title alone, of a page or database; what is neither an id nor a title is refused. */
export async function resolveTitle(
  api: NotionApi,
  text: string,
  argument: string,
  scope: TitleScope,
): Promise<Outcome<Titled>> {
  const title = titleIn(text)
  return title === undefined ? notAnId(text, argument, ' or a title') : findByTitle(api, title, argument, scope)
}
