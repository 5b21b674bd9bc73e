/** A scanner of TypeScript that knows comments, strings, templates and regular expressions, and nothing else. */

export interface Scanned {
  /** The source with comments blanked out. Offsets and lines stay as they are. */
  readonly code: string
  /** Also without the contents of strings, templates and regular expressions: what is left are words and signs. */
  readonly bare: string
}

type Kind = 'code' | 'comment' | 'literal'

interface Token {
  readonly kind: Kind
  readonly end: number
}

/** After these a slash begins a regular expression; after a name, a number or a closing bracket it divides. */
const BEFORE_EXPRESSION =
  /(?:^|[([{,;:=!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|yield|await|throw))\s*$/

export function scan(text: string): Scanned {
  let code = ''
  let bare = ''
  let position = 0
  const templates: number[] = [] // depth of braces at which each open `${` began
  let depth = 0
  while (position < text.length) {
    const character = text.charAt(position)
    if (character === '{') depth += 1
    if (character === '}') depth -= 1
    const resumesTemplate = character === '}' && templates.at(-1) === depth
    const token = resumesTemplate ? template(text, position + 1) : tokenAt(text, position, bare)
    if (resumesTemplate) templates.pop()
    if (token.kind === 'literal' && text.endsWith('${', token.end)) {
      templates.push(depth)
      depth += 1
    }
    const part = text.slice(position, token.end)
    code += token.kind === 'comment' ? blank(part) : part
    bare += token.kind === 'code' ? part : token.kind === 'comment' ? blank(part) : blankInside(part)
    position = token.end
  }
  return { code, bare }
}

function tokenAt(text: string, start: number, before: string): Token {
  const character = text.charAt(start)
  if (text.startsWith('//', start)) return { kind: 'comment', end: until(text, start, '\n') }
  if (text.startsWith('/*', start)) return { kind: 'comment', end: until(text, start + 2, '*/') + 2 }
  if (character === "'" || character === '"') return { kind: 'literal', end: closing(text, start + 1, character) }
  if (character === '`') return template(text, start + 1)
  if (character === '/' && BEFORE_EXPRESSION.test(before.slice(-LOOK_BEHIND))) return expression(text, start)
  return { kind: 'code', end: start + 1 }
}

/** Characters before a slash that decide what it means: a keyword and some white space. */
const LOOK_BEHIND = 40

/** Up to and including the closing backtick, or the `${` that opens an expression. */
function template(text: string, start: number): Token {
  for (let index = start; index < text.length; index += 1) {
    if (text.charAt(index) === '\\') index += 1
    else if (text.charAt(index) === '`') return { kind: 'literal', end: index + 1 }
    else if (text.startsWith('${', index)) return { kind: 'literal', end: index + 2 }
  }
  return { kind: 'literal', end: text.length }
}

function expression(text: string, start: number): Token {
  let inClass = false
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (character === '\\') index += 1
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '/' && !inClass) return { kind: 'literal', end: index + 1 }
    else if (character === '\n') break
  }
  return { kind: 'code', end: start + 1 } // a division after all
}

function closing(text: string, start: number, quote: string): number {
  for (let index = start; index < text.length; index += 1) {
    if (text.charAt(index) === '\\') index += 1
    else if (text.charAt(index) === quote) return index + 1
  }
  return text.length
}

function until(text: string, start: number, end: string): number {
  const found = text.indexOf(end, start)
  return found === -1 ? text.length : found
}

function blank(part: string): string {
  return part.replaceAll(/[^\n]/g, ' ')
}

/** Keeps the quotes, and the braces of a template's expression, so that brackets stay in balance. */
function blankInside(part: string): string {
  const opensExpression = part.endsWith('${')
  const last = opensExpression ? ' {' : part.charAt(part.length - 1)
  return part.charAt(0) + blank(part.slice(1, part.length - last.length)) + last
}

/** Whether round, square and curly brackets of the bare text close in order: the scanner was not led astray. */
export function isBalanced(bare: string): boolean {
  const opening: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
  const open: string[] = []
  for (const character of bare) {
    if ('([{'.includes(character)) open.push(character)
    else if (opening[character] !== undefined && open.pop() !== opening[character]) return false
  }
  return open.length === 0
}
