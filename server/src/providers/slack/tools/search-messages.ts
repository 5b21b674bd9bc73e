import type { SearchMessagesResponse } from '@slack/web-api'
import { z } from 'zod'
import { success } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { listResult, RESULT_CHARACTERS, wrongCursor } from '#providers/slack/lists.ts'
import { CUT, mentionedIn, toMarkdown } from '#providers/slack/markdown.ts'
import { timeOf } from '#providers/slack/messages.ts'
import { shownName } from '#providers/slack/names.ts'
import { lookUpNames } from '#providers/slack/people.ts'
import type { Words } from '#providers/slack/words.ts'

const HITS_SHOWN = 20
/** Slack gives no further pages of a search. */
const LAST_PAGE = 100

export const searchMessages = defineTool({
  name: 'slack_search_messages',
  title: { en: 'Search messages', pt: 'Buscar mensagens' },
  description:
    'Search messages that the user can see. The query takes in:#channel, from:@name, before:2026-01-31, after:, has:link and "exact words". Not with bot tokens.',
  input: z.strictObject({
    query: z.string().min(1),
    sort: z.enum(['newest', 'best']).optional(),
    start_cursor: z.string().optional(),
    limit: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['search_messages'],
  intent: {
    verbs: { en: ['search', 'find', 'look for', 'who said'], pt: ['buscar', 'procurar', 'pesquisar', 'quem disse'] },
    nouns: { en: ['message', 'conversation', 'mention'], pt: ['mensagem', 'conversa', 'menção'] },
  },
  run: async (api: SlackApi, input) => {
    const page = readPage(input.start_cursor)
    if (page === undefined) return wrongCursor
    const answer = await api.read(
      (slack) =>
        slack.search.messages({
          query: input.query,
          count: input.limit ?? HITS_SHOWN,
          page,
          sort: input.sort === 'best' ? 'score' : 'timestamp',
          sort_dir: 'desc',
        }),
      { scope: 'search:read' },
    )
    if (!answer.ok) return answer
    const matches = answer.value.messages?.matches ?? []
    const total = answer.value.messages?.total ?? matches.length
    const pages = answer.value.messages?.paging?.pages ?? page
    const { words } = api
    const head = total === 0 ? words.nothingFound : words.found(total, page, pages)
    const next = page < Math.min(pages, LAST_PAGE) ? String(page + 1) : undefined
    return success(hitsResult(words, head, await hitsOf(api, matches), { next, total }))
  },
})

type Match = NonNullable<NonNullable<SearchMessagesResponse['messages']>['matches']>[number]

interface Hit {
  readonly match: Match
  readonly author: string
  readonly channel: string
  readonly text: string
  readonly time: string
}

async function hitsOf(api: SlackApi, matches: readonly Match[]): Promise<readonly Hit[]> {
  const names = await lookUpNames(
    api,
    matches.flatMap(({ user, text }) => [user ?? '', ...mentionedIn(text ?? '')]),
  )
  return matches.map((match) => ({
    match,
    author: shownName(names.get(match.user ?? '') ?? match.username ?? match.user ?? api.words.unknown),
    channel: shownName(match.channel?.name ?? match.channel?.id ?? api.words.unknown),
    text: toMarkdown(match.text ?? '', names),
    time: timeOf(match.ts ?? ''),
  }))
}

function hitsResult(
  words: Words,
  head: string,
  hits: readonly Hit[],
  { next, total }: { readonly next: string | undefined; readonly total: number },
): ToolResult {
  // What does not fit is shortened evenly: a page of hits has no cursor inside it.
  const share = Math.floor(RESULT_CHARACTERS / Math.max(1, hits.length))
  const lines = hits.map((hit) => hitLine(hit, share))
  const isShortened = hits.some(({ text }) => text.length > share)
  const note = isShortened ? [words.shortened] : []
  return {
    ...listResult(words, [head, ...lines, ...note], next, { total, results: hits.map(hitValue) }),
    ...(isShortened ? { truncated: words.shortened } : {}),
    place: null,
  }
}

function hitLine({ match, author, channel, text, time }: Hit, share: number): string {
  const said = text.length > share ? `${text.slice(0, share)}${CUT}` : text
  const link = match.permalink === undefined ? '' : ` ${shownLink(match.permalink)}`
  return `- ${time} #${channel} **${author}** [${match.ts ?? ''}]${link}: ${said.replaceAll('\n', '\n  ')}`
}

function hitValue({ match, author, channel, text, time }: Hit) {
  return {
    ts: match.ts ?? null,
    time,
    channel: { id: match.channel?.id ?? null, name: channel },
    author: { id: match.user ?? null, name: author },
    text,
    permalink: match.permalink ?? null,
  }
}

function readPage(cursor: string | undefined): number | undefined {
  if (cursor === undefined || cursor === '') return 1
  const page = /^\d{1,3}$/.test(cursor) ? Number(cursor) : 0
  return page >= 1 && page <= LAST_PAGE ? page : undefined
}

function shownLink(link: string): string {
  return /^https:\/\/[^\s<>()]+$/.test(link) ? link : ''
}
