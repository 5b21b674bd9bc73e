import { compactId, parseId } from '../core/ids.ts'
import { PAGE_URL_BASE } from '../core/rich-text.ts'

/** Addresses that stand for Notion objects. */

const USER_URL_BASE = 'user://'
const COMPACT_ID = /[0-9a-f]{32}(?![0-9a-f])/gi

/** The hyphenated id at the end of an address such as `https://app.notion.com/p/Title-<32 hex>`. */
export function idFromUrl(url: string): string | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  const compact = [...path.replaceAll('-', '').matchAll(COMPACT_ID)].at(-1)?.[0]
  return parseId(compact) ?? undefined
}

/** The address of a page, database or block by its id. */
export function urlFromId(id: string): string {
  return PAGE_URL_BASE + compactId(id)
}

/** The dialect's address of a user. */
export function userUrl(id: string): string {
  return USER_URL_BASE + id
}

/** The user id in `user://<id>`, or in anything else that carries an id. */
export function userIdFromUrl(url: string): string {
  return url.startsWith(USER_URL_BASE) ? url.slice(USER_URL_BASE.length) : (idFromUrl(url) ?? url)
}
