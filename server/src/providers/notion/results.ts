import type { ToolResult } from '#providers/contract.ts'
import { wordsIn, type Words } from './words.ts'

/** The longest text of one result: some 6,000 to 8,000 tokens, which leaves a model room to work. */
export const RESULT_CHARACTERS = 25_000

/** The most that Notion gives in one page of a list. */
const LARGEST_PAGE = 100

/** A place in a list: Notion's cursor, and how many of its results were given out already. */
export interface ListPosition {
  readonly cursor: string | undefined
  readonly skip: number
}

/** One page of a list as Notion answers it. */
export interface ListAnswer<Item> {
  readonly results: readonly Item[]
  readonly has_more: boolean
  readonly next_cursor: string | null
}

/** What of it is given out. */
export interface ShownList<Item> {
  readonly items: readonly Item[]
  readonly lines: readonly string[]
  readonly nextCursor: string | undefined
  readonly cut: boolean
}

const OWN_CURSOR = /^(\d{1,3})~(.*)$/s

/** Reads a `start_cursor`: Notion's own, or ours where a page of results was too long for one answer. */
export function readPosition(startCursor: string | undefined): ListPosition {
  const match = OWN_CURSOR.exec(startCursor ?? '')
  if (match === null) return { cursor: startCursor === '' ? undefined : startCursor, skip: 0 }
  return { cursor: match[2] === '' ? undefined : match[2], skip: Number(match[1]) }
}

/** The paging arguments for Notion. */
export function pageArguments(position: ListPosition, pageSize: number): { page_size: number; start_cursor?: string } {
  const page_size = Math.min(LARGEST_PAGE, position.skip + pageSize)
  return position.cursor === undefined ? { page_size } : { page_size, start_cursor: position.cursor }
}

/** Takes as many results as fit into one answer; the rest comes with the cursor, none is lost. */
export function showList<Item>(
  answer: ListAnswer<Item>,
  position: ListPosition,
  render: (item: Item) => string,
): ShownList<Item> {
  const items = answer.results.slice(position.skip)
  const lines: string[] = []
  let characters = 0
  for (const item of items) {
    const line = render(item)
    characters += line.length + 1
    if (lines.length > 0 && characters > RESULT_CHARACTERS) break
    lines.push(line)
  }
  const cut = lines.length < items.length
  const own = `${position.skip + lines.length}~${position.cursor ?? ''}`
  const nextCursor = cut ? own : answer.has_more ? (answer.next_cursor ?? undefined) : undefined
  return { items: items.slice(0, lines.length), lines, nextCursor, cut }
}

/** Puts a list into words: a head, its lines, and how to go on. */
export function listResult<Item>(
  shown: ShownList<Item>,
  head: string,
  value: Record<string, unknown>,
  words: Words = wordsIn('en'),
): ToolResult {
  const parts = head === '' ? [...shown.lines] : [head, ...shown.lines]
  if (shown.nextCursor !== undefined) parts.push(words.more(shown.nextCursor))
  return {
    text: parts.join('\n'),
    value: { ...value, next_cursor: shown.nextCursor ?? null, has_more: shown.nextCursor !== undefined },
    ...(shown.nextCursor === undefined ? {} : { nextCursor: shown.nextCursor }),
    ...(shown.cut ? { truncated: words.tooLong } : {}),
  }
}
