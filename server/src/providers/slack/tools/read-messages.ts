import { z } from 'zod'
import { systemClock, MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import { findChannel } from '#providers/slack/channels.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import type { Operation } from '#providers/slack/errors.ts'
import { listResult, wrongCursor } from '#providers/slack/lists.ts'
import { fitting, linesByDay, showMessages, type Message, type ShownMessage } from '#providers/slack/messages.ts'
import { findMessage, type MessageReference } from '#providers/slack/references.ts'
import { readMoment } from '#providers/slack/times.ts'
import type { Words } from '#providers/slack/words.ts'

const READ_MESSAGES: Operation = { scope: 'channels:history' }
const MESSAGES_SHOWN = 25

const CURSOR = /^(before|after):(\d{10}\.\d{6})$/

function readCursor(given: string | undefined, direction: 'before' | 'after'): string | undefined | null {
  if (given === undefined || given === '') return undefined
  const match = CURSOR.exec(given)
  return match?.[1] === direction ? (match[2] ?? null) : null
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
    const before = readCursor(input.start_cursor, 'before')
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
    const newestFirst = await showMessages(api, answer.value.messages ?? [])
    const shown = fitting(newestFirst)
    const last = shown.at(-1)
    const goesOn = shown.length < newestFirst.length || answer.value.has_more === true
    const next = goesOn && last !== undefined ? `before:${last.ts}` : undefined
    return success({ ...messageList(api.words, place.value.label, shown.toReversed(), next), place: place.value.id })
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
  return listResult(words, [head, ...linesByDay(shown)], next, {
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
    const after = readCursor(input.start_cursor, 'after')
    if (after === null) return wrongCursor
    const reference = await findMessage(api, input)
    if (!reference.ok) return reference
    const limit = input.limit ?? MESSAGES_SHOWN
    const page = await repliesPage(api, reference.value, { after, limit })
    if (!page.ok) return page
    const all = await showMessages(api, page.value.messages)
    const shown = fitting(all)
    const last = shown.at(-1)
    const goesOn = shown.length < all.length || page.value.hasMore
    const next = goesOn && last !== undefined ? `after:${last.ts}` : undefined
    const { id, label } = reference.value.channel
    return success({ ...messageList(api.words, api.words.threadIn(label), shown, next), place: id })
  },
})

interface RepliesPage {
  readonly messages: readonly Message[]
  readonly hasMore: boolean
}

/** Slack gives the head of the thread with every page, and of a reply only itself, which names the head. */
async function repliesPage(
  api: SlackApi,
  { channel, ts, threadTs }: MessageReference,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<Outcome<RepliesPage>> {
  const head = threadTs ?? ts
  const request = (of: string) =>
    api.read(
      (slack) =>
        slack.conversations.replies({
          channel: channel.id,
          ts: of,
          limit: limit + 1,
          ...(after === undefined ? {} : { oldest: after }),
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
  const fresh = (answer.value.messages ?? []).filter((message) => after === undefined || (message.ts ?? '') > after)
  return success({
    messages: fresh.slice(0, limit),
    hasMore: answer.value.has_more === true || fresh.length > limit,
  })
}
