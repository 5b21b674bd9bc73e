import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import type { Words } from './words.ts'

/** The longest text of one result: some 6,000 to 8,000 tokens, which leaves a model room to work. */
export const RESULT_CHARACTERS = 25_000

/** Items that Slack is asked for at once; it advises against more than 200. */
export const SLACK_PAGE = 200

/** Pages of Slack's that one call walks through: a thousand people or channels, in a second or two. */
const PAGES_OF_ONE_CALL = 5

/** One page as Slack gives it. */
export interface SlackPage<Item> {
  readonly items: readonly Item[]
  readonly next: string | undefined
}

/** What was found on the way. */
export interface Walked<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | undefined
}

interface Position {
  readonly cursor: string | undefined
  readonly skip: number
}

const OWN_CURSOR = /^(\d{1,4})~([\x21-\x7e]{0,400})$/

/** Our cursor: Slack's own, and how many of its page were passed already. */
function readPosition(startCursor: string | undefined): Position | undefined {
  if (startCursor === undefined || startCursor === '') return { cursor: undefined, skip: 0 }
  const match = OWN_CURSOR.exec(startCursor)
  if (match === null) return undefined
  return { cursor: match[2] === '' ? undefined : match[2], skip: Number(match[1]) }
}

export const wrongCursor = failure(
  'invalid_arguments',
  'That start_cursor is not one that this tool gave. Start again without it.',
  { path: 'arguments.start_cursor' },
)

export interface Walk<Item> {
  readonly startCursor: string | undefined
  readonly limit: number
  readonly wanted: (item: Item) => boolean
  readonly page: (cursor: string | undefined) => Promise<Outcome<SlackPage<Item>>>
}

/** Walks through Slack's pages until enough is found, or enough was looked at; the cursor tells where it stopped. */
export async function walkPages<Item>({
  startCursor,
  limit,
  wanted,
  page,
}: Walk<Item>): Promise<Outcome<Walked<Item>>> {
  let position = readPosition(startCursor)
  if (position === undefined) return wrongCursor
  const found: Item[] = []
  for (let pages = 0; pages < PAGES_OF_ONE_CALL; pages += 1) {
    const answer = await page(position.cursor)
    if (!answer.ok) return answer
    const { items, next } = answer.value
    for (let index = position.skip; index < items.length; index += 1) {
      const item = items[index]
      if (item === undefined || !wanted(item)) continue
      if (found.length === limit) return success({ items: found, nextCursor: `${index}~${position.cursor ?? ''}` })
      found.push(item)
    }
    if (next === undefined) return success({ items: found, nextCursor: undefined })
    position = { cursor: next, skip: 0 }
  }
  return success({ items: found, nextCursor: `0~${position.cursor ?? ''}` })
}

/** Slack ends a list with an empty cursor. */
export function nextOf(answer: { readonly response_metadata?: { readonly next_cursor?: string } }): string | undefined {
  const cursor = answer.response_metadata?.next_cursor
  return cursor === undefined || cursor === '' ? undefined : cursor
}

/** Puts lines into a result: a head, the lines, and how to go on. */
export function listResult(
  words: Words,
  lines: readonly string[],
  nextCursor: string | undefined,
  value: Readonly<Record<string, unknown>>,
): ToolResult {
  const more = nextCursor === undefined ? [] : [words.more(nextCursor)]
  return {
    text: [...lines, ...more].join('\n'),
    value: { ...value, next_cursor: nextCursor ?? null, has_more: nextCursor !== undefined },
    ...(nextCursor === undefined ? {} : { nextCursor }),
  }
}
