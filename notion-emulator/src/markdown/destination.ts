/** The destination of a link: `(url)`, `(<url>)` or `(url "title")`. The title is dropped, Notion has no place for it. */

/** CommonMark leaves the depth of nested parentheses to the implementation; a bound keeps the scan linear. */
const PARENTHESES_LIMIT = 32
/** Longest address that the API takes is 2,000 characters; escapes may double them. */
const LENGTH_LIMIT = 4100
const TITLE = /\s+(?:"[^"\n]{0,500}"|'[^'\n]{0,500}')/y
const SPACES = /[ \t]*/y
const ANGLED = /<([^<>\n]{0,4100})>/y
const ESCAPED = /\\([!-/:-@[-`{-~ ])/g

/** Reads a destination that begins at this place; undefined where there is none. */
export function readDestination(source: string, start: number): { url: string; end: number } | undefined {
  if (source.charAt(start) !== '(') return undefined
  const from = skip(SPACES, source, start + 1)
  const angled = matchAt(ANGLED, source, from)
  const urlEnd = angled ? from + angled[0].length : bareEnd(source, from)
  const end = skip(SPACES, source, skip(TITLE, source, urlEnd))
  if (source.charAt(end) !== ')') return undefined
  const raw = angled?.[1] ?? source.slice(from, urlEnd)
  return { url: raw.replace(ESCAPED, '$1'), end: end + 1 }
}

function bareEnd(source: string, from: number): number {
  const limit = Math.min(source.length, from + LENGTH_LIMIT)
  let depth = 0
  let at = from
  while (at < limit) {
    const character = source.charAt(at)
    if (character === ' ' || character === '\t' || character === '\n') return at
    if (character === ')' && depth === 0) return at
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth > PARENTHESES_LIMIT) return at
    at += character === '\\' ? 2 : 1
  }
  return at
}

function matchAt(pattern: RegExp, source: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position
  return pattern.exec(source)
}

function skip(pattern: RegExp, source: string, position: number): number {
  return position + (matchAt(pattern, source, position)?.[0].length ?? 0)
}

/** Writes an address so that it reads back as it is; a line feed in it becomes `%0A`. */
export function formatDestination(url: string): string {
  const escaped = url.replace(/[\\()<>[\] \t]/g, (character) => (character === '\t' ? '%09' : `\\${character}`))
  return `(${escaped.replace(/\r\n?|\n/g, '%0A')})`
}
