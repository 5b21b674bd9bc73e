import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtinSeed } from '../src/index.ts'
import { paragraph, raw, testEmulator } from './support/emulator.ts'

const large = builtinSeed('large')[0]
const BOT = large?.installs[0]?.bot_id ?? ''
const pageId = (key: string): string => large?.pages.find((page) => page.key === key)?.id ?? ''
const source = large?.databases?.[0]?.data_sources[0]?.id ?? ''

interface List {
  results: { id: string }[]
  next_cursor: string | null
  has_more: boolean
}

/** One page of a list. */
type Fetch = (size: number, cursor: string | null) => List

const emulator = testEmulator('large')

const byQuery =
  (path: string): Fetch =>
  (size, cursor) => {
    const suffix = `${path.includes('?') ? '&' : '?'}page_size=${size}${cursor === null ? '' : `&start_cursor=${cursor}`}`
    return raw(emulator, `GET ${path}${suffix}`, { botId: BOT }).body as unknown as List
  }
const byBody =
  (path: string, extra: object = {}): Fetch =>
  (size, cursor) => {
    const body = { ...extra, page_size: size, ...(cursor === null ? {} : { start_cursor: cursor }) }
    return raw(emulator, `POST ${path}`, { botId: BOT, body }).body as unknown as List
  }

const lists: [name: string, fetch: Fetch, length: number][] = [
  ['block children', byQuery(`/v1/blocks/${pageId('long')}/children`), 350],
  ['rows', byBody(`/v1/data_sources/${source}/query`), 260],
  [
    'filtered and sorted rows',
    byBody(`/v1/data_sources/${source}/query`, {
      filter: { property: 'Parity', select: { equals: 'odd' } },
      sorts: [{ property: 'Number', direction: 'ascending' }],
    }),
    130,
  ],
  ['search', byBody('/v1/search', { query: 'row' }), 261],
  ['users', byQuery('/v1/users'), 2],
]

/** Walks a list to its end with a page size that may change from page to page. */
function walk(fetch: Fetch, sizes: number[]): { ids: string[]; pages: List[] } {
  const pages: List[] = []
  let cursor: string | null = null
  do {
    const page = fetch(sizes[pages.length % sizes.length] ?? 1, cursor)
    pages.push(page)
    cursor = page.next_cursor
  } while (cursor !== null)
  return { ids: pages.flatMap((page) => page.results.map((entry) => entry.id)), pages }
}

describe('paging', () => {
  it.each(lists)('%s: the pages together are the whole list, whatever their sizes', (_name, fetch, length) => {
    const whole = walk(fetch, [100]).ids
    expect(whole).toHaveLength(length)
    expect(new Set(whole).size).toBe(length)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 20, max: 100 }), { minLength: 1, maxLength: 4 }), (sizes) => {
        const { ids, pages } = walk(fetch, sizes)
        expect(ids).toEqual(whole)
        for (const [index, page] of pages.entries()) {
          expect(page.has_more).toBe(page.next_cursor !== null)
          if (page.has_more) expect(page.results).toHaveLength(sizes[index % sizes.length] ?? 0)
        }
      }),
      { numRuns: 6 },
    )
  })

  it('gives 100 at a time unless asked for less', () => {
    const { body } = raw(emulator, `GET /v1/blocks/${pageId('long')}/children`, { botId: BOT })
    expect(body['results']).toHaveLength(100)
  })

  it('names the next block as the cursor of blocks, and a query and its next row as that of rows', () => {
    const blocks = byQuery(`/v1/blocks/${pageId('long')}/children`)
    const rows = byBody(`/v1/data_sources/${source}/query`)
    expect(blocks(3, null).next_cursor).toBe(blocks(4, null).results[3]?.id)
    expect(rows(3, null).next_cursor).toMatch(new RegExp(`^s:[0-9a-f-]{36}:${rows(4, null).results[3]?.id ?? ''}$`))
  })

  it('does not take the cursor of one query for another', () => {
    const cursor = byBody(`/v1/data_sources/${source}/query`)(3, null).next_cursor
    const other = byBody(`/v1/data_sources/${source}/query`, {
      sorts: [{ property: 'Number', direction: 'ascending' }],
    })
    expect(other(3, cursor)).toMatchObject({
      status: 400,
      message: `The start_cursor provided is invalid: ${cursor ?? ''}`,
    })
  })

  it('goes on at the next survivor when the block of the cursor was deleted', () => {
    const fresh = testEmulator('large')
    const list = (query: string) =>
      raw(fresh, `GET /v1/blocks/${pageId('long')}/children?page_size=2${query}`, { botId: BOT })
        .body as unknown as List
    const whole = list('').results
    const cursor = list('').next_cursor ?? ''
    raw(fresh, `DELETE /v1/blocks/${cursor}`, { botId: BOT })
    const rest = list(`&start_cursor=${cursor}`).results
    expect(rest).toHaveLength(2)
    expect(rest.map((block) => block.id)).not.toContain(cursor)
    expect(rest.map((block) => block.id)).not.toContain(whole[0]?.id)
  })

  it('may give fewer users than asked for, and still more to come', () => {
    const stingy = testEmulator('large', { usersPerPage: 1 })
    const { body } = raw(stingy, 'GET /v1/users?page_size=100', { botId: BOT })
    expect(body['results']).toHaveLength(1)
    expect(body['has_more']).toBe(true)
  })

  it('reaches a limited number of rows, and says so on the last page', () => {
    const limited = testEmulator('large', { queryResultLimit: 25 })
    const query = (extra: object) =>
      raw(limited, `POST /v1/data_sources/${source}/query`, { botId: BOT, body: { page_size: 20, ...extra } }).body
    const first = query({})
    const last = query({ start_cursor: first['next_cursor'] })
    expect(first).not.toHaveProperty('request_status')
    expect(last['results']).toHaveLength(5)
    expect(last).toMatchObject({
      has_more: false,
      request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' },
    })
  })
})

describe('large shapes', () => {
  it('nests twelve levels deep, one call a level', () => {
    let id = pageId('deep')
    let depth = 0
    for (;;) {
      const { results } = byQuery(`/v1/blocks/${id}/children`)(100, null)
      const next = results[0]?.id
      if (next === undefined) break
      id = next
      depth += 1
    }
    expect(depth).toBe(12)
  })

  it('shows at most so many blocks in one Markdown read; the rest can be asked for', () => {
    const short = testEmulator('large', { markdownBlockLimit: 10 })
    const read = (id: string) => raw(short, `GET /v1/pages/${id}/markdown`, { botId: BOT }).body
    const body = read(pageId('long'))
    const unknown = body['unknown_block_ids'] as string[]
    expect(body['truncated']).toBe(true)
    expect(unknown).toHaveLength(340)
    expect(String(body['markdown']).match(/<unknown /g)).toHaveLength(340)
    expect(read(unknown[0] ?? '')['markdown']).toBe('Line 11')
  })

  it('refuses more than a thousand blocks in one request', () => {
    const branch = {
      bulleted_list_item: { ...paragraph('x').paragraph, children: Array.from({ length: 20 }, () => paragraph('y')) },
    }
    const { body } = raw(emulator, `PATCH /v1/blocks/${pageId('home')}/children`, {
      botId: BOT,
      body: { children: Array.from({ length: 50 }, () => branch) },
    })
    expect(body).toMatchObject({ status: 400, code: 'validation_error' })
    expect(body['message']).toMatch(/1000 blocks/)
  })
})
