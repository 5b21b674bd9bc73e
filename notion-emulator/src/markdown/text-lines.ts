import { colorFromMarkdown, parseAttributes } from './attributes.ts'

/** A line of Markdown without its indentation and trailing white space. */
export interface Line {
  /** Width of the indentation: a tab counts as four. */
  column: number
  text: string
  /** As in the source. */
  raw: string
}

/** Width of a tab; four spaces are as deep as one. */
const TAB_WIDTH = 4

/** Splits a text into lines, whatever its line ends are. */
export function splitLines(text: string): Line[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((raw) => lineAt(0, raw))
}

/** A line that begins at a column, with further indentation of its own. */
export function lineAt(base: number, raw: string): Line {
  const start = raw.search(/[^ \t]/)
  if (start === -1) return { column: base, text: '', raw }
  let column = base
  for (const character of raw.slice(0, start)) column += character === '\t' ? TAB_WIDTH : 1
  return { column, text: trimEnd(raw.slice(start)), raw }
}

/** Drops trailing spaces and tabs, save one that a backslash keeps. */
function trimEnd(text: string): string {
  const end = trailingStart(text)
  if (end === text.length) return text
  return isEscaped(text, end) ? text.slice(0, end + 1) : text.slice(0, end)
}

function trailingStart(text: string): number {
  let end = text.length
  while (end > 0 && (text.charAt(end - 1) === ' ' || text.charAt(end - 1) === '\t')) end -= 1
  return end
}

/** Whether an odd number of backslashes stands before this place. */
export function isEscaped(text: string, position: number): boolean {
  let start = position
  while (text.charAt(start - 1) === '\\') start -= 1
  return (position - start) % 2 === 1
}

const BLOCK_ATTRIBUTES = /^\{\s*((?:(?:color|toggle)="[^"{}]*"\s*)+)\}$/

/** A line's text and the attributes that a `{color="..." toggle="true"}` at its end gives to the block. */
export interface AttributedText {
  text: string
  color: string
  toggle: boolean
}

/** Takes the attributes off the end of a line. */
export function takeAttributes(line: string): AttributedText {
  const start = attributesStart(line)
  if (start === undefined) return { text: line, color: 'default', toggle: false }
  const attributes = parseAttributes(line.slice(start))
  return {
    text: trimEnd(line.slice(0, start)),
    color: colorFromMarkdown(attributes.get('color')),
    toggle: attributes.get('toggle') === 'true',
  }
}

/** Where the attributes at the end of a line begin; undefined where it has none. */
export function attributesStart(line: string): number | undefined {
  const start = line.endsWith('}') ? line.lastIndexOf('{') : -1
  return start !== -1 && !isEscaped(line, start) && BLOCK_ATTRIBUTES.test(line.slice(start)) ? start : undefined
}
