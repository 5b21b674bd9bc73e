import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { SlackApi } from './client.ts'
import { findPerson } from './people.ts'

/** Slack cuts longer texts off without a word (docs.slack.dev, chat.postMessage). */
const SENT_CHARACTERS = 40_000

/** Mentions in one message: more is a list, not an address. */
export const MENTIONS = 20

/** Markdown's own marks, which must not be looked at twice, wait behind characters that no text may hold. */
const OPEN = '\uE000'
const CLOSE = '\uE001'

const PRIVATE_MARKS = /[\uE000\uE001]/g
/** Control characters but for line feed and tab. */
// oxlint-disable-next-line no-control-regex -- these are what is removed
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g

// The bounds keep the work in proportion to the text: marks that are never closed would be looked for to its end each time.
const FENCE = /```[^\n`]*\n([\s\S]*?)```/g
const CODE = /`[^`\n]+`/g
const LINK = /!?\[([^[\]\n]{0,1000})\]\(((?:https?:\/\/|mailto:)[^\s()<>|]{1,3000})\)/g
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^\s<>|]+)>/g

const BROADCASTS = new Set(['here', 'channel', 'everyone'])

/** Turns `&`, `<` and `>` into what Slack shows as themselves: nothing in the text can then be a mention or a link. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Someone whom a message calls: as it was written, and as Slack writes it. */
export interface Mention {
  readonly written: string
  readonly code: string
}

/**
 * Markdown → Slack's mrkdwn. Mentions are only those that are handed over: `<!channel>` or `@channel` in the text stays text.
 */
export function toMrkdwn(markdown: string, mentions: readonly Mention[] = []): string {
  const kept: string[] = []
  const keep = (text: string): string => `${OPEN}${kept.push(text) - 1}${CLOSE}`
  const clean = markdown.replaceAll('\r\n', '\n').replace(CONTROLS, '').replace(PRIVATE_MARKS, '')
  const parked = clean
    .replace(FENCE, (_, code: string) => keep(`\`\`\`\n${escaped(code)}\`\`\``))
    .replace(CODE, (code) => keep(escaped(code)))
    .replace(LINK, (_, label: string, url: string) => keep(linkOf(url, label)))
    .replace(AUTOLINK, (_, url: string) => keep(linkOf(url, '')))
  const { text, absent } = withMentions(parked, mentions, keep)
  const formatted = escaped(text)
    .split('\n')
    .map((line) => formatLine(line, keep))
    .join('\n')
  const body = formatted.replace(/\uE000(\d+)\uE001/g, (_, index: string) => kept[Number(index)] ?? '')
  return [...absent, body].join(' ')
}

/** What is called in the text is called there; the rest at its head. */
function withMentions(text: string, mentions: readonly Mention[], keep: (text: string) => string) {
  let placed = text
  const absent: string[] = []
  for (const { written, code } of mentions) {
    const name = `@${written.replace(/^@/, '')}`
    const place = new RegExp(`(?<![\\p{L}\\p{N}@.])${escapedPattern(name)}(?![\\p{L}\\p{N}_-])`, 'gu')
    const replaced = placed.replace(place, () => keep(code))
    if (replaced === placed) absent.push(code)
    placed = replaced
  }
  return { text: placed, absent }
}

function escapedPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

function linkOf(url: string, label: string): string {
  const shown = escaped(label).replaceAll('|', '¦').trim()
  return shown === '' ? `<${escaped(url)}>` : `<${escaped(url)}|${shown}>`
}

/** Marks of one line: Slack's bold is one star, its italics an underscore, its struck text one tilde. */
function formatLine(line: string, keep: (text: string) => string): string {
  const heading = /^ {0,3}#{1,6}\s+(.+?)\s*#*$/.exec(line)
  if (heading !== null) return keep('*') + inline(heading[1]?.replaceAll('**', '') ?? '', keep) + keep('*')
  const quote = /^&gt;\s?(.*)$/.exec(line)
  if (quote !== null) return `> ${inline(quote[1] ?? '', keep)}`
  return inline(line.replace(/^(\s*)[-*+]\s+/, '$1• '), keep)
}

function inline(text: string, keep: (text: string) => string): string {
  return text
    .replace(/\*\*(?=\S)(.{1,1000}?)(?<=\S)\*\*/g, (_, bold: string) => keep('*') + bold + keep('*'))
    .replace(
      /(?<![\p{L}\p{N}_])__(?=\S)(.{1,1000}?)(?<=\S)__(?![\p{L}\p{N}_])/gu,
      (_, bold: string) => keep('*') + bold + keep('*'),
    )
    .replace(
      /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]{1,1000}?)(?<=\S)\*(?![\p{L}\p{N}*])/gu,
      (_, italic: string) => keep('_') + italic + keep('_'),
    )
    .replace(/~~(?=\S)(.{1,1000}?)(?<=\S)~~/g, (_, struck: string) => keep('~') + struck + keep('~'))
}

/** The text of a message to send, with those it calls. */
export async function composeText(
  api: SlackApi,
  markdown: string,
  called: readonly string[] = [],
): Promise<Outcome<string>> {
  if (markdown.length > SENT_CHARACTERS) return tooLong
  const mentions: Mention[] = []
  for (const written of called) {
    const mention = await mentionOf(api, written)
    if (!mention.ok) return mention
    mentions.push(mention.value)
  }
  const text = toMrkdwn(markdown, mentions)
  if (text.trim() === '') return failure('invalid_arguments', 'The text is empty.', { path: 'arguments.text' })
  return text.length <= SENT_CHARACTERS ? success(text) : tooLong
}

const tooLong = failure(
  'invalid_arguments',
  `The text is longer than ${SENT_CHARACTERS} characters. Send it in parts.`,
  { path: 'arguments.text' },
)

async function mentionOf(api: SlackApi, written: string): Promise<Outcome<Mention>> {
  const name = written.trim().replace(/^@/, '').toLowerCase()
  if (BROADCASTS.has(name)) return success({ written: name, code: `<!${name}>` })
  const person = await findPerson(api, written, 'arguments.mentions')
  return person.ok ? success({ written: written.trim(), code: `<@${person.value.id}>` }) : person
}
