import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import type { Words } from './words.ts'

/** The longest text of one result: some 6,000 to 8,000 tokens, which leaves a model room to work. */
export const RESULT_CHARACTERS = 25_000

/** A screenful. */
const PAGE_SIZE = 20

/** A place in a list: GitHub counts pages of a fixed size, and one may have been given out in part. */
export interface ListPosition {
  readonly page: number
  readonly pageSize: number
  readonly skip: number
}

/** What of a page is given out. */
export interface ShownList<Item> {
  readonly items: readonly Item[]
  readonly lines: readonly string[]
  readonly nextCursor: string | undefined
  readonly cut: boolean
}

interface ListAnswer {
  readonly headers: { readonly link?: string | undefined }
}

const CURSOR = /^p(\d{1,6})-(\d{1,3})-(\d{1,3})$/

/** The most that GitHub gives in one page of a list. */
const LARGEST_PAGE = 100

/** The paging arguments of every tool that lists. */
export interface PageInput {
  readonly start_cursor?: string | undefined
  readonly page_size?: number | undefined
}

/** Reads the paging arguments. The cursor keeps the page size of the first call, or results would be lost in between. */
export function readPosition({ start_cursor: cursor, page_size: size }: PageInput): Outcome<ListPosition> {
  if (cursor === undefined || cursor === '') return success({ page: 1, pageSize: size ?? PAGE_SIZE, skip: 0 })
  const [, page, pageSize, skip] = CURSOR.exec(cursor) ?? []
  if (page === undefined || Number(page) < 1 || Number(pageSize) < 1 || Number(pageSize) > LARGEST_PAGE) {
    return wrongCursor()
  }
  return success({ page: Number(page), pageSize: Number(pageSize), skip: Number(skip) })
}

/** A cursor that no tool gave. */
export function wrongCursor(): ReturnType<typeof failure> {
  return failure('invalid_arguments', 'This start_cursor is of no list here. Begin without one.', {
    path: 'arguments.start_cursor',
  })
}

/** The paging arguments for GitHub. */
export function pageArguments({ page, pageSize }: ListPosition): { page: number; per_page: number } {
  return { page, per_page: pageSize }
}

/** Takes as many results as fit into one answer; the rest comes with the cursor, none is lost. */
export function showList<Item>(
  all: readonly Item[],
  answer: ListAnswer,
  position: ListPosition,
  render: (item: Item) => string,
): ShownList<Item> {
  const items = all.slice(position.skip)
  const lines: string[] = []
  let characters = 0
  for (const item of items) {
    const text = render(item)
    characters += text.length + 1
    if (lines.length > 0 && characters > RESULT_CHARACTERS) break
    lines.push(text)
  }
  const { page, pageSize, skip } = position
  const cut = lines.length < items.length
  const hasNext = answer.headers.link?.includes('rel="next"') === true
  const rest = `p${page}-${pageSize}-${skip + lines.length}`
  const nextCursor = cut ? rest : hasNext ? `p${page + 1}-${pageSize}-0` : undefined
  return { items: items.slice(0, lines.length), lines, nextCursor, cut }
}

/** Puts a list into words: a head, its lines, and how to go on. */
export function listResult<Item>(
  words: Words,
  shown: ShownList<Item>,
  head: string,
  value: Record<string, unknown>,
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
