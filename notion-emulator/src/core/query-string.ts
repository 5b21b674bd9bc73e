import type { JsonObject } from '../state/model.ts'
import type { PageRequest } from './pagination.ts'
import { MAX_PAGE_SIZE } from './settings.ts'

/** Query parameters of a path; every occurrence is kept. `name[]` counts as `name`. */
export function parseQuery(search: string): Map<string, string[]> {
  const query = new Map<string, string[]>()
  for (const [rawName, value] of new URLSearchParams(search)) {
    const name = rawName.replace(/\[\d*\]$/, '')
    query.set(name, [...(query.get(name) ?? []), value])
  }
  return query
}

/** The parameters as an object that checks can read: numbers and booleans as such, repeated ones as lists. */
export function queryObject(query: Map<string, string[]>, lists: string[]): JsonObject {
  const entries = [...query].map(([name, values]) => {
    if (lists.includes(name)) return [name, values]
    return [name, values.length === 1 ? scalar(name, values[0] ?? '') : values]
  })
  return Object.fromEntries(entries)
}

const NUMERIC = ['page_size']
const BOOLEAN = ['include_transcript']

function scalar(name: string, text: string): unknown {
  if (NUMERIC.includes(name)) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  return BOOLEAN.includes(name) && (text === 'true' || text === 'false') ? text === 'true' : text
}

/** The paging wish of a validated query string. */
export function pageRequestOfQuery(query: Map<string, string[]>): PageRequest {
  const size = query.get('page_size')?.[0]
  const cursor = query.get('start_cursor')?.[0]
  return {
    cursor: cursor === undefined || cursor === '' ? null : cursor,
    size: size === undefined ? MAX_PAGE_SIZE : Number(size),
  }
}
