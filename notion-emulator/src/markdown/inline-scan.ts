import { ATTRIBUTES, colorFromMarkdown, parseAttributes } from './attributes.ts'
import type { EquationItem, MentionItem } from './block.ts'
import { CodeSpans } from './code-spans.ts'
import { readDestination } from './destination.ts'
import { delimiterRun, pairRuns, type DelimiterRun } from './emphasis.ts'
import { isMentionTag, mentionFromTag } from './mentions.ts'
import { PLAIN } from './rich-text.ts'

/** A mark that begins or ends. `link` and `color` carry a value. */
export interface Format {
  kind: 'bold' | 'italic' | 'strikethrough' | 'underline' | 'code' | 'color' | 'link'
  value?: string
}

/** A piece of scanned inline Markdown, in the order of the text. */
export type Piece =
  | { kind: 'text'; text: string; code?: true }
  | { kind: 'item'; item: EquationItem | MentionItem }
  | { kind: 'run'; run: DelimiterRun }
  | { kind: 'mark'; formats: Format[]; begins: boolean }

/** Something opened that may be closed later: a tag, or the bracket of a link. */
interface Opening {
  name: string
  /** Its place among the pieces, where its text stands until it is closed. */
  piece: number
  /** How many runs of delimiters came before: those inside pair among themselves. */
  runs: number
  formats: Format[]
  attributes: ReadonlyMap<string, string>
}

const BRACKET = '['
const NO_FORMATS: Format[] = []
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()
const SPECIAL = /[\\`$<[\]*_~\n]/g
const ESCAPABLE = /[!-/:-@[-`{-~\s]/u
const TAG = new RegExp(`<(/?)([a-z][a-z-]*)(${ATTRIBUTES})\\s*(/?)>`, 'y')
const AUTOLINK = /<(https?:\/\/[^\s<>]{1,2000})>/y
const WORD = /[\p{L}\p{N}]/u
const SPACE = /\s/u

const MARK_TAGS = new Map<string, Format['kind']>([
  ['strong', 'bold'],
  ['b', 'bold'],
  ['em', 'italic'],
  ['i', 'italic'],
  ['del', 'strikethrough'],
  ['s', 'strikethrough'],
  ['strike', 'strikethrough'],
  ['u', 'underline'],
  ['code', 'code'],
])

/** Reads inline Markdown into pieces whose marks are paired. Takes linear time and never throws, whatever the text. */
export function scanInline(source: string): Piece[] {
  return new InlineScanner(source).scan()
}

class InlineScanner {
  private readonly source: string
  private readonly pieces: Piece[] = []
  private readonly openings: Opening[] = []
  private readonly openCount = new Map<string, number>()
  private readonly codeSpans: CodeSpans
  private runs: DelimiterRun[] = []
  private position = 0
  /** Where the last escaped character ended: it counts as a letter for what follows. */
  private escapedUpTo = -1
  /** From here on the source holds no end of a quoted equation. */
  private noQuotedEquationFrom = Number.POSITIVE_INFINITY

  constructor(source: string) {
    this.source = source
    this.codeSpans = new CodeSpans(source)
  }

  scan(): Piece[] {
    while (this.position < this.source.length) {
      SPECIAL.lastIndex = this.position
      const found = SPECIAL.exec(this.source)
      const end = found ? found.index : this.source.length
      this.text(this.source.slice(this.position, end))
      this.position = end
      if (found) this.special(found[0])
    }
    pairRuns(this.runs)
    return this.pieces
  }

  private text(text: string): void {
    if (text !== '') this.pieces.push({ kind: 'text', text })
  }

  /** Takes characters of the source as they stand. */
  private literal(length: number): void {
    this.text(this.source.slice(this.position, this.position + length))
    this.position += length
  }

  private special(character: string): void {
    switch (character) {
      case '\\':
        return this.escape()
      case '`':
        return this.code()
      case '$':
        return this.equation()
      case '<':
        return this.tag()
      case '[':
        return this.bracket()
      case ']':
        return this.closeBracket()
      case '\n':
        return this.literal(1)
      default:
        return this.run(character)
    }
  }

  private escape(): void {
    const next = this.source.charAt(this.position + 1)
    if (next === '' || !ESCAPABLE.test(next)) return this.literal(1)
    this.text(next)
    this.position += 2
    this.escapedUpTo = this.position
  }

  private code(): void {
    const span = this.codeSpans.at(this.position)
    if (span.content === undefined) return this.literal(span.length)
    this.pieces.push({ kind: 'text', text: span.content, code: true })
    this.position += span.length
  }

  private equation(): void {
    const end = this.source.startsWith('$`', this.position) ? this.quotedEquationEnd() : this.bareEquationEnd()
    if (end === undefined) return this.literal(1)
    const quoted = this.source.charAt(this.position + 1) === '`' ? 2 : 1
    this.equationItem(this.source.slice(this.position + quoted, end))
    this.position = end + quoted
  }

  private equationItem(expression: string): void {
    const item: EquationItem = {
      type: 'equation',
      equation: { expression },
      annotations: { ...PLAIN },
      plain_text: expression,
      href: null,
    }
    this.pieces.push({ kind: 'item', item })
  }

  private quotedEquationEnd(): number | undefined {
    if (this.position >= this.noQuotedEquationFrom) return undefined
    const end = this.source.indexOf('`$', this.position + 2)
    if (end === -1) this.noQuotedEquationFrom = this.position
    return end > this.position + 2 ? end : undefined
  }

  /** `$x$`: nothing but the expression touches the signs from within, no letter or digit from without ("$5 or $6"). */
  private bareEquationEnd(): number | undefined {
    if (WORD.test(this.source.charAt(this.position - 1))) return undefined
    let end = this.source.indexOf('$', this.position + 1)
    while (end !== -1 && this.source.charAt(end - 1) === '\\') end = this.source.indexOf('$', end + 1)
    const expression = end === -1 ? '' : this.source.slice(this.position + 1, end)
    if (expression === '' || expression.includes('\n')) return undefined
    if (SPACE.test(expression.charAt(0)) || SPACE.test(expression.charAt(expression.length - 1))) return undefined
    return WORD.test(this.source.charAt(end + 1)) ? undefined : end
  }

  private run(character: string): void {
    let end = this.position
    while (this.source.charAt(end) === character) end += 1
    const before = this.escapedUpTo === this.position ? 'x' : this.source.charAt(this.position - 1)
    const run = delimiterRun(this.source.slice(this.position, end), before, this.source.charAt(end))
    this.position = end
    this.runs.push(run)
    this.pieces.push({ kind: 'run', run })
  }

  private tag(): void {
    AUTOLINK.lastIndex = this.position
    const url = AUTOLINK.exec(this.source)?.[1]
    if (url !== undefined) {
      const formats: Format[] = [{ kind: 'link', value: url }]
      this.pieces.push({ kind: 'mark', formats, begins: true }, { kind: 'text', text: url })
      this.pieces.push({ kind: 'mark', formats, begins: false })
      this.position += url.length + 2
      return
    }
    TAG.lastIndex = this.position
    const [whole, slash, name = '', attributes = '', selfClosing] = TAG.exec(this.source) ?? []
    const taken =
      whole !== undefined &&
      (slash ? this.closeTag(name, whole) : this.openTag(name, parseAttributes(attributes), whole, selfClosing === '/'))
    if (!taken) this.literal(1)
  }

  private openTag(name: string, attributes: Map<string, string>, whole: string, selfClosing: boolean): boolean {
    if (name === 'br') return this.take(whole, { kind: 'text', text: '\n' })
    if (name === 'equation') {
      this.equationItem(attributes.get('expression') ?? '')
      this.position += whole.length
      return true
    }
    const isMention = isMentionTag(name)
    if (isMention && selfClosing) {
      return this.take(whole, { kind: 'item', item: mentionFromTag(name, attributes, '') })
    }
    const formats = isMention ? [] : tagFormats(name, attributes)
    if (selfClosing || !formats) return false
    this.open(name, formats, attributes)
    return this.take(whole, { kind: 'text', text: whole })
  }

  private take(source: string, piece: Piece): true {
    this.pieces.push(piece)
    this.position += source.length
    return true
  }

  private open(name: string, formats: Format[], attributes: ReadonlyMap<string, string>): void {
    this.openings.push({ name, piece: this.pieces.length, runs: this.runs.length, formats, attributes })
    this.openCount.set(name, (this.openCount.get(name) ?? 0) + 1)
  }

  /** Takes the last opening of this name and forgets those inside it, which then stand as text. */
  private close(name: string): Opening | undefined {
    if (!this.openCount.get(name)) return undefined
    let opening: Opening | undefined
    do {
      opening = this.openings.pop()
      if (opening) this.openCount.set(opening.name, (this.openCount.get(opening.name) ?? 1) - 1)
    } while (opening && opening.name !== name)
    return opening
  }

  private closeTag(name: string, whole: string): boolean {
    const opening = this.close(name)
    if (!opening) return false
    this.position += whole.length
    if (isMentionTag(name)) this.closeMention(opening)
    else this.mark(opening, opening.formats)
    return true
  }

  private closeMention({ name, attributes, piece, runs }: Opening): void {
    const inner = this.pieces.splice(piece).slice(1)
    this.runs.length = runs
    this.pieces.push({ kind: 'item', item: mentionFromTag(name, attributes, innerText(inner)) })
  }

  /** Turns an opening and this place into marks; what is between them pairs its own runs. */
  private mark({ piece, runs }: Opening, formats: Format[]): void {
    pairRuns(this.runs.splice(runs))
    this.pieces[piece] = { kind: 'mark', formats, begins: true }
    this.pieces.push({ kind: 'mark', formats, begins: false })
  }

  private bracket(): void {
    this.open(BRACKET, NO_FORMATS, NO_ATTRIBUTES)
    this.literal(1)
  }

  private closeBracket(): void {
    const opening = this.close(BRACKET)
    const destination = opening && readDestination(this.source, this.position + 1)
    if (!destination) return this.literal(1)
    this.position = destination.end
    this.mark(opening, [{ kind: 'link', value: destination.url }])
  }
}

function tagFormats(name: string, attributes: Map<string, string>): Format[] | undefined {
  const kind = MARK_TAGS.get(name)
  if (kind) return [{ kind }]
  const href = name === 'a' ? attributes.get('href') : undefined
  if (href !== undefined) return [{ kind: 'link', value: href }]
  if (name !== 'span') return undefined
  const formats: Format[] = []
  const color = colorFromMarkdown(attributes.get('color'))
  if (color !== 'default') formats.push({ kind: 'color', value: color })
  if (attributes.get('underline') === 'true') formats.push({ kind: 'underline' })
  return formats
}

function innerText(pieces: Piece[]): string {
  return pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text
      if (piece.kind === 'item') return piece.item.plain_text
      return piece.kind === 'run' ? piece.run.character.repeat(piece.run.left) : ''
    })
    .join('')
}
