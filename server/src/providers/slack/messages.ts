import type { ConversationsHistoryResponse, ConversationsRepliesResponse } from '@slack/web-api'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { SlackApi } from './client.ts'
import { RESULT_CHARACTERS } from './lists.ts'
import { CUT, markdownOf, mentionedIn } from './markdown.ts'
import { shownName } from './names.ts'
import { permalinkOf } from './permalinks.ts'
import { lookUpNames } from './people.ts'
import type { Words } from './words.ts'

export type Message =
  | NonNullable<ConversationsHistoryResponse['messages']>[number]
  | NonNullable<ConversationsRepliesResponse['messages']>[number]

/** Reactions and files named for one message. */
const EXTRAS_SHOWN = 8

/** A message in words. */
export interface ShownMessage {
  readonly ts: string
  readonly line: string
  readonly value: Record<string, unknown>
  /** Where its text goes on, in characters, where not all of it is shown. */
  readonly rest: number | undefined
}

/** How messages are shown. */
export interface View {
  /** Id of the channel that they are in. */
  readonly channel: string
  /** Characters of each that are shown. */
  readonly limit: number
  /** Characters of the first one that were shown before. */
  readonly offset?: number
}

/** Puts messages into words, with names in place of ids. */
export async function showMessages(
  api: SlackApi,
  messages: readonly Message[],
  view: View,
): Promise<readonly ShownMessage[]> {
  const ids = messages.flatMap((message) => [message.user ?? '', ...mentionedIn(textOf(message))])
  const [names, teamUrl] = await Promise.all([lookUpNames(api, ids), api.teamUrl()])
  const { channel, limit, offset = 0 } = view
  return messages.map((message, index) =>
    showMessage(api.words, message, names, { channel, teamUrl, limit, offset: index === 0 ? offset : 0 }),
  )
}

/** Up to the first whose text goes on: what follows comes after its rest. */
export function upToRest(shown: readonly ShownMessage[]): readonly ShownMessage[] {
  const end = shown.findIndex(({ rest }) => rest !== undefined)
  return end < 0 ? shown : shown.slice(0, end + 1)
}

/** As many as fit into one answer, from the front; at least one. */
export function fitting(shown: readonly ShownMessage[]): readonly ShownMessage[] {
  let characters = 0
  const end = shown.findIndex(({ line }, index) => {
    characters += line.length + 1
    return index > 0 && characters > RESULT_CHARACTERS
  })
  return end < 0 ? shown : shown.slice(0, end)
}

/** Lines under the days on which the messages were written. */
export function linesByDay(shown: readonly ShownMessage[]): string[] {
  let day = ''
  return shown.flatMap(({ ts, line }) => {
    const own = timeOf(ts).slice(0, 'yyyy-mm-dd'.length)
    if (own === day) return [line]
    day = own
    return [`### ${own}`, line]
  })
}

/** The moment of a time stamp, ISO 8601 in UTC, to the second. */
export function timeOf(ts: string): string {
  const time = new Date(Number(ts) * MILLISECONDS_PER_SECOND)
  return Number.isNaN(time.getTime()) ? '' : `${time.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`
}

interface Part extends Required<View> {
  readonly teamUrl: string | undefined
}

function showMessage(words: Words, message: Message, names: ReadonlyMap<string, string>, part: Part): ShownMessage {
  const { ts = '', thread_ts: threadTs, user, bot_id: bot, edited, reply_count: replies = 0 } = message
  const author = authorOf(message, names) ?? words.unknown
  const { shown, isCut } = markdownOf(textOf(message), names, part.offset + part.limit)
  const text = `${shown.slice(part.offset)}${isCut ? CUT : ''}`
  const { reactions, files } = extrasOf(words, message)
  const time = timeOf(ts)
  const tail = [ts, ...factsOf(words, message)].join('; ')
  return {
    ts,
    // Indented, so that no text can pass for another message.
    line: `- ${time.slice('yyyy-mm-ddT'.length, 'yyyy-mm-ddThh:mm'.length)} **${author}** [${tail}]: ${text.replaceAll('\n', '\n  ')}`,
    value: {
      ts,
      time,
      author: { id: user ?? bot ?? null, name: author },
      text,
      thread_ts: threadTs ?? null,
      reply_count: replies,
      reactions,
      files,
      edited: edited !== undefined,
      permalink: permalinkOf(part.teamUrl, { channel: part.channel, ts, threadTs }),
    },
    rest: isCut ? shown.length : undefined,
  }
}

/** What stands beside the text. */
function extrasOf(words: Words, message: Message) {
  const reactions = (message.reactions ?? []).slice(0, EXTRAS_SHOWN)
  const files = (message.files ?? []).slice(0, EXTRAS_SHOWN)
  return {
    reactions: reactions.map(({ name, count }) => ({ name: name ?? null, count: count ?? 0 })),
    files: files.map(({ name, title }) => shownName(name ?? title ?? words.file)),
  }
}

function factsOf(words: Words, message: Message): string[] {
  const { reactions, files } = extrasOf(words, message)
  const replies = message.reply_count ?? 0
  return [
    message.edited === undefined ? '' : words.edited,
    replies === 0 ? '' : words.replies(replies),
    ...reactions.map(({ name, count }) => `:${shownName(name ?? '')}: ${count}`),
    files.length === 0 ? '' : `${words.files}: ${files.join(', ')}`,
  ].filter((fact) => fact !== '')
}

function authorOf(message: Message, names: ReadonlyMap<string, string>): string | undefined {
  const own = 'username' in message ? message.username : undefined
  const known = names.get(message.user ?? '') ?? own ?? message.bot_profile?.name
  const shown = shownName(known ?? '')
  return shown === '' ? (message.user ?? message.bot_id) : shown
}

/** What a message says: its text, or where an app left it empty, what its attachments say. */
function textOf(message: Message): string {
  const { text, attachments } = message
  if (text !== undefined && text !== '') return text
  return (attachments ?? []).map((each) => each.text ?? each.fallback ?? '').join('\n')
}
