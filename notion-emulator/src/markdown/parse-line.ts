import type { MarkdownBlock } from './block.ts'
import { leaf, mediaBlock } from './block-tags.ts'
import { readDestination } from './destination.ts'
import { markdownToRichText } from './inline.ts'
import { isEscaped, takeAttributes } from './text-lines.ts'

const HEADING = /^(#{1,6})(?:[ \t]+(.*))?$/
const TO_DO = /^[-*+][ \t]+\[([ xX])\](?:[ \t]+(.*))?$/
const BULLET = /^[-*+](?:[ \t]+(.*))?$/
const NUMBERED = /^\d{1,9}[.)](?:[ \t]+(.*))?$/
// Not `- - -`: that is how an item of a list whose text is dashes looks.
const DIVIDER = /^-{3,}$|^(?:\*[ \t]*){3,}$|^(?:_[ \t]*){3,}$/
/** Notion has four levels; deeper ones become the last. */
const DEEPEST_HEADING = 4

/**
 * The block of a line that stands alone: a heading, list item, quote, divider, image, else a paragraph. As in the API,
 * each line of a quote is a block of its own; a quote of several lines has `<br>` in it.
 */
export function parseTextLine(line: string): MarkdownBlock {
  if (DIVIDER.test(line)) return leaf('divider')
  return parseImage(line) ?? parseHeading(line) ?? parseItem(line) ?? textual('paragraph', line)
}

/** A block that is rich text and a color. */
function textual(type: string, line: string, more: Record<string, unknown> = {}): MarkdownBlock {
  const { text, color } = takeAttributes(line)
  return leaf(type, { rich_text: markdownToRichText(text), ...more, color })
}

function parseHeading(line: string): MarkdownBlock | undefined {
  const [, marks, rest = ''] = HEADING.exec(line) ?? []
  if (marks === undefined) return undefined
  const level = Math.min(marks.length, DEEPEST_HEADING)
  return textual(`heading_${level}`, rest, { is_toggleable: takeAttributes(rest).toggle })
}

function parseItem(line: string): MarkdownBlock | undefined {
  const toDo = TO_DO.exec(line)
  if (toDo) return textual('to_do', toDo[2] ?? '', { checked: toDo[1] !== ' ' })
  const bullet = BULLET.exec(line)
  if (bullet) return textual('bulleted_list_item', bullet[1] ?? '')
  const numbered = NUMBERED.exec(line)
  if (numbered) return textual('numbered_list_item', numbered[1] ?? '')
  return line.startsWith('>') ? textual('quote', line.slice(1).replace(/^[ \t]+/, '')) : undefined
}

function parseImage(line: string): MarkdownBlock | undefined {
  if (!line.startsWith('![')) return undefined
  const { text } = takeAttributes(line)
  const split = text.lastIndexOf('](')
  const caption = text.slice(2, split)
  const destination = split === -1 ? undefined : readDestination(text, split + 1)
  if (destination?.end !== text.length || !hasPairedBrackets(caption)) return undefined
  return mediaBlock('image', destination.url, caption)
}

/** Whether every bracket in the text has its partner, so that a link's own `](` is not taken for the image's. */
export function hasPairedBrackets(text: string): boolean {
  let depth = 0
  for (const { 0: bracket, index } of text.matchAll(/[[\]]/g)) {
    if (isEscaped(text, index)) continue
    depth += bracket === '[' ? 1 : -1
    if (depth < 0) return false
  }
  return depth === 0
}

/** A paragraph that begins so would be read as something else: what needs a backslash, and after how many characters. */
const NUMBER_MARK = /^(\d{1,9})[.)](?:[ \t]|$)/
const OTHER_MARK = /^(?:#{1,6}(?:[ \t]|$)|[-*+](?:[ \t]|$)|>|`{3}|~{3}|\$\$|\||!\[|[-:|][-:| \t]*$|<\/)/

/** Escapes the start of a paragraph's line where another block would be read. */
export function escapeLineStart(line: string): string {
  const digits = NUMBER_MARK.exec(line)?.[1]?.length
  if (digits !== undefined) return `${line.slice(0, digits)}\\${line.slice(digits)}`
  return OTHER_MARK.test(line) || DIVIDER.test(line) ? `\\${line}` : line
}
