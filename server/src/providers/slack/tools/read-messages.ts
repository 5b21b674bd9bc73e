import { z } from 'zod'
import { systemClock, MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import { findChannel } from '#providers/slack/channels.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import type { Operation } from '#providers/slack/errors.ts'
import { listResult, wrongCursor } from '#providers/slack/lists.ts'
import { MESSAGE_CHARACTERS } from '#providers/slack/markdown.ts'
import {
  fitting,
  linesByDay,
  showMessages,
  upToRest,
  type Message,
  type ShownMessage,
} from '#providers/slack/messages.ts'
import { findMessage, type MessageReference } from '#providers/slack/references.ts'
import { readMoment } from '#providers/slack/times.ts'
import type { Words } from '#providers/slack/words.ts'

const READ_MESSAGES: Operation = { scope: 'channels:history' }
const MESSAGES_SHOWN = 25

/** Of each message in a thread: the longest part that fits into one answer with what stands around it. */
const PART_CHARACTERS = 20_000

const BEFORE = /^before:(\d{10}\.\d{6})$/
const AFTER = /^after:(\d{10}\.\d{6})$/
/** Within a message, so many characters after its beginning. */
const WITHIN = /^within:(\d{10}\.\d{6})\+(\d{1,6})$/

/** @returns null where it is no cursor of this tool */
function readBefore(cursor: string | undefined): string | undefined | null {
  if (cursor === undefined || cursor === '') return undefined
  return BEFORE.exec(cursor)?.[1] ?? null
}

/** Where a thread is read on: after a message, or within it. */
interface ThreadPosition {
  readonly ts: string
  /** Characters of it that were shown; undefined: all. */
  readonly offset?: number
}

/** @returns null where it is no cursor of this tool */
function readPosition(cursor: string | undefined): ThreadPosition | undefined | null {
  if (cursor === undefined || cursor === '') return undefined
  const after = AFTER.exec(cursor)?.[1]
  if (after !== undefined) return { ts: after }
  const [, ts, offset] = WITHIN.exec(cursor) ?? []
  return ts === undefined ? null : { ts, offset: Number(offset) }
}

export const readMessages = defineTool({
  name: 'slack_read_messages',
  title: { en: 'Read messages', pt: 'Ler mensagens' },
  description:
    'Read the latest messages of a channel or of direct messages, oldest first, with names, times (UTC) and ts. Replies: slack_read_thread.',
  input: z.strictObject({
    channel: z.string().min(1).describe('#name, id or link; @name for direct messages'),
    since: z.string().optional().describe('date, time, or words like "2 hours ago", "yesterday" (UTC)'),
    until: z.string().optional(),
    start_cursor: z.string().optional(),
    limit: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_messages'],
  intent: {
    verbs: {
      en: ['read', 'show', 'see', 'summarize', 'catch up', 'what was said'],
      pt: ['ler', 'mostrar', 'ver', 'resumir', 'o que disseram'],
    },
    nouns: {
      en: ['message', 'channel', 'history', 'conversation', 'direct message', 'dm'],
      pt: ['mensagem', 'canal', 'histórico', 'conversa', 'mensagem direta', 'dm'],
    },
  },
  run: async (api: SlackApi, input) => {
    const before = readBefore(input.start_cursor)
    if (before === null) return wrongCursor
    const oldest = readBound(input.since, 'since')
    if (!oldest.ok) return oldest
    const until = readBound(input.until, 'until')
    if (!until.ok) return until
    const place = await findChannel(api, input.channel)
    if (!place.ok) return place
    const latest = before ?? until.value
    const answer = await api.read(
      (slack) =>
        slack.conversations.history({
          channel: place.value.id,
          limit: input.limit ?? MESSAGES_SHOWN,
          ...(oldest.value === undefined ? {} : { oldest: oldest.value }),
          ...(latest === undefined ? {} : { latest }),
        }),
      READ_MESSAGES,
    )
    if (!answer.ok) return answer
    const { id: channel, label } = place.value
    const newestFirst = await showMessages(api, answer.value.messages ?? [], { channel, limit: MESSAGE_CHARACTERS })
    const shown = fitting(newestFirst)
    const last = shown.at(-1)
    const goesOn = shown.length < newestFirst.length || answer.value.has_more === true
    const next = goesOn && last !== undefined ? `before:${last.ts}` : undefined
    const list = messageList(api.words, label, shown.toReversed(), next)
    const isShortened = shown.some(({ rest }) => rest !== undefined)
    const { shortened } = api.words
    const noted = isShortened ? { ...list, text: `${list.text}\n${shortened}`, truncated: shortened } : list
    return success({ ...noted, place: channel })
  },
})

function readBound(given: string | undefined, name: 'since' | 'until'): Outcome<string | undefined> {
  if (given === undefined || given.trim() === '') return success(undefined)
  const moment = readMoment(given, { now: systemClock.now(), timeZone: 'UTC' })
  if (moment !== undefined) return success((moment.getTime() / MILLISECONDS_PER_SECOND).toFixed(6))
  return failure(
    'invalid_arguments',
    `${name} is no time that can be read. Write it like 2026-01-31 or "2 days ago".`,
    {
      path: `arguments.${name}`,
    },
  )
}

function messageList(
  words: Words,
  label: string,
  shown: readonly ShownMessage[],
  next: string | undefined,
): ToolResult {
  const head = shown.length === 0 ? words.noMessages(label) : words.messages(shown.length, label)
  const link = shown.map(({ value }) => value['permalink']).find((each) => typeof each === 'string')
  const links = link === undefined ? [] : [words.links(link.replace(/p\d{16}(?:\?.*)?$/, 'p'))]
  return listResult(words, [head, ...links, ...linesByDay(shown)], next, {
    channel: label,
    messages: shown.map(({ value }) => value),
  })
}

export const readThread = defineTool({
  name: 'slack_read_thread',
  title: { en: 'Read thread', pt: 'Ler conversa' },
  description: 'Read a message and its replies, oldest first. Takes a message link, or its ts and channel.',
  input: z.strictObject({
    message: z.string().min(1).describe('link or ts of any message of the thread'),
    channel: z.string().optional().describe('needed with a ts'),
    start_cursor: z.string().optional(),
    limit: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_messages'],
  intent: {
    verbs: { en: ['read', 'show', 'see', 'summarize', 'open'], pt: ['ler', 'mostrar', 'ver', 'resumir', 'abrir'] },
    nouns: { en: ['thread', 'reply', 'discussion'], pt: ['thread', 'resposta', 'discussão'] },
  },
  run: async (api: SlackApi, input) => {
    const position = readPosition(input.start_cursor)
    if (position === null) return wrongCursor
    const reference = await findMessage(api, input)
    if (!reference.ok) return reference
    const limit = input.limit ?? MESSAGES_SHOWN
    const page = await repliesPage(api, reference.value, { position, limit })
    if (!page.ok) return page
    const { id, label } = reference.value.channel
    const view = { channel: id, limit: PART_CHARACTERS, offset: position?.offset ?? 0 }
    const all = await showMessages(api, page.value.messages, view)
    const shown = fitting(upToRest(all))
    const next = nextInThread(shown, shown.length < all.length || page.value.hasMore)
    const list = messageList(api.words, api.words.threadIn(label), shown, next)
    const note = next === undefined || shown.at(-1)?.rest === undefined ? {} : { truncated: api.words.goesOn(next) }
    return success({ ...list, ...note, place: id })
  },
})

function nextInThread(shown: readonly ShownMessage[], goesOn: boolean): string | undefined {
  const last = shown.at(-1)
  if (last?.rest !== undefined) return `within:${last.ts}+${last.rest}`
  return goesOn && last !== undefined ? `after:${last.ts}` : undefined
}

interface RepliesPage {
  readonly messages: readonly Message[]
  readonly hasMore: boolean
}

/** Slack gives the head of the thread with every page, and of a reply only itself, which names the head. */
async function repliesPage(
  api: SlackApi,
  { channel, ts, threadTs }: MessageReference,
  { position, limit }: { readonly position: ThreadPosition | undefined; readonly limit: number },
): Promise<Outcome<RepliesPage>> {
  const head = threadTs ?? ts
  const request = (of: string) =>
    api.read(
      (slack) =>
        slack.conversations.replies({
          channel: channel.id,
          ts: of,
          limit: limit + 1,
          ...(position === undefined ? {} : { oldest: position.ts, inclusive: position.offset !== undefined }),
        }),
      READ_MESSAGES,
    )
  let answer = await request(head)
  if (!answer.ok) return answer
  const [first] = answer.value.messages ?? []
  if (first?.thread_ts !== undefined && first.thread_ts !== head) {
    answer = await request(first.thread_ts)
    if (!answer.ok) return answer
  }
  const fresh = (answer.value.messages ?? []).filter((message) => isDue(message, position))
  return success({
    messages: fresh.slice(0, limit),
    hasMore: answer.value.has_more === true || fresh.length > limit,
  })
}

function isDue({ ts = '' }: Message, position: ThreadPosition | undefined): boolean {
  if (position === undefined || ts > position.ts) return true
  return position.offset !== undefined && ts === position.ts
}
