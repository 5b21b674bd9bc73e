import { colorToMarkdown, formatAttributes } from './attributes.ts'
import type { Annotations, EquationItem, MentionItem, RichTextItem } from './block.ts'
import { formatCodeSpan } from './code-spans.ts'
import { formatDestination } from './destination.ts'
import type { DelimiterRun } from './emphasis.ts'
import { scanInline, type Format, type Piece } from './inline-scan.ts'
import { mentionAsText, mentionToTag } from './mentions.ts'
import { PLAIN, normalizeRichText, sameLook, textItem } from './rich-text.ts'
import { planMarks, type Token } from './mark-plan.ts'

/** Reads inline Markdown: items in the shape of answers, in the form that `normalizeRichText` describes. */
export function markdownToRichText(markdown: string): RichTextItem[] {
  if (!MARKUP.test(markdown)) return normalizeRichText([textItem(markdown)])
  const state = new MarkState()
  const items = scanInline(markdown).flatMap((piece) => readPiece(piece, state))
  return normalizeRichText(items)
}

class MarkState {
  private current: Annotations | undefined
  private readonly active = new Map<Format['kind'], (string | undefined)[]>()

  change(formats: readonly Format[], begins: boolean): void {
    if (formats.length > 0) this.current = undefined
    for (const { kind, value } of formats) {
      const values = this.active.get(kind) ?? []
      if (begins) values.push(value)
      else values.pop()
      this.active.set(kind, values)
    }
  }

  /** One object between two changes: texts made of many small pieces need no more. */
  annotations(): Annotations {
    this.current ??= this.compute()
    return this.current
  }

  private compute(): Annotations {
    return {
      bold: this.has('bold'),
      italic: this.has('italic'),
      strikethrough: this.has('strikethrough'),
      underline: this.has('underline'),
      code: this.has('code'),
      color: this.active.get('color')?.at(-1) ?? PLAIN.color,
    }
  }

  link(): string | null {
    return this.active.get('link')?.at(-1) ?? null
  }

  private has(kind: Format['kind']): boolean {
    return (this.active.get(kind)?.length ?? 0) > 0
  }
}

function readPiece(piece: Piece, state: MarkState): RichTextItem[] {
  if (piece.kind === 'mark') {
    state.change(piece.formats, piece.begins)
    return []
  }
  if (piece.kind === 'run') return readRun(piece.run, state)
  const annotations = state.annotations()
  if (piece.kind === 'item') return [{ ...piece.item, annotations: { ...annotations } }]
  return [textItem(piece.text, piece.code ? { ...annotations, code: true } : annotations, state.link())]
}

function readRun({ character, left, closes, opens }: DelimiterRun, state: MarkState): RichTextItem[] {
  state.change(
    closes.map((kind) => ({ kind })),
    false,
  )
  const literal = textItem(character.repeat(left), state.annotations(), state.link())
  state.change(
    opens.map((kind) => ({ kind })),
    true,
  )
  return [literal]
}

/**
 * Writes rich text as inline Markdown of one line. The usual marks are used where they read back as what they were;
 * where they would not (a mark that ends in a space and the like), tags such as `<strong>` are. `refuses` may turn down
 * the usual marks for what the surroundings would read differently.
 */
export function richTextToMarkdown(
  richText: readonly RichTextItem[],
  refuses: (markdown: string) => boolean = () => false,
): string {
  const items = normalizeRichText(richText.map(mentionAsText))
  const plain = onlyPlainText(items)
  if (plain !== undefined) return plain
  const tokens = planMarks(items)
  const usual = write(tokens, USUAL)
  return !LINE_BREAK.test(usual) && !refuses(usual) && readsBackAs(usual, items) ? usual : write(tokens, TAGGED)
}

/** Most texts bear no marks at all: they need neither writing nor checking. */
const MARKUP = /[\\`$<[\]*_~]/
const NEEDS_CARE = /[\\`$<[\]*_~!{}\n]|^\s|\s$/u

function onlyPlainText(items: readonly RichTextItem[]): string | undefined {
  const [item, second] = items
  if (item?.type !== 'text' || second || !sameLook(item, textItem(''))) return undefined
  return NEEDS_CARE.test(item.text.content) ? undefined : item.text.content
}

function readsBackAs(markdown: string, items: readonly RichTextItem[]): boolean {
  const read = markdownToRichText(markdown)
  return read.length === items.length && read.every((item, index) => equalItems(item, items[index]))
}

/** Of a mention only the kind counts: its tag always reads back, and its text is what Notion makes of it. */
function equalItems(a: RichTextItem, b: RichTextItem | undefined): boolean {
  if (!b || !sameLook(a, b)) return false
  if (a.type === 'mention') return b.type === 'mention' && a.mention.type === b.mention.type
  return a.type === b.type && a.plain_text === b.plain_text
}

/** One of the two ways of writing marks. */
interface Notation {
  begin: (format: Format) => string
  end: (format: Format) => string
  text: (text: string) => string
  code: (text: string) => string
  equation: (expression: string) => string
}

const DELIMITERS = new Map<Format['kind'], string>([
  ['bold', '**'],
  ['italic', '*'],
  ['strikethrough', '~~'],
])
const TAG_NAMES = new Map<Format['kind'], string>([
  ['bold', 'strong'],
  ['italic', 'em'],
  ['strikethrough', 'del'],
])

function beginTag({ kind, value }: Format): string {
  if (kind === 'link') return '['
  return kind === 'color'
    ? `<span${formatAttributes({ color: colorToMarkdown(value) ?? '' })}>`
    : '<span underline="true">'
}

function endTag({ kind, value }: Format): string {
  return kind === 'link' ? `]${formatDestination(value ?? '')}` : '</span>'
}

const USUAL: Notation = {
  begin: (format) => DELIMITERS.get(format.kind) ?? beginTag(format),
  end: (format) => DELIMITERS.get(format.kind) ?? endTag(format),
  text: (text) => text.replace(SPECIAL_TEXT, '\\$&').replaceAll('\n', '<br>'),
  code: formatCodeSpan,
  equation: (expression) => `$\`${expression}\`$`,
}

const TAGGED: Notation = {
  begin: (format) => (TAG_NAMES.has(format.kind) ? `<${TAG_NAMES.get(format.kind)}>` : beginTag(format)),
  end: (format) => (TAG_NAMES.has(format.kind) ? `</${TAG_NAMES.get(format.kind)}>` : endTag(format)),
  text: (text) => text.replace(/[\\`*$[\]<>{}|^~_!]/g, '\\$&').replaceAll('\n', '<br>'),
  code: (text) => `<code>${TAGGED.text(text)}</code>`,
  equation: (expression) => `<equation${formatAttributes({ expression })}/>`,
}

// A lone `_` within a word, a lone `~` and a `<` before a space are no marks, so they stay readable.
const SPECIAL_TEXT = /[\\`*$[\]]|~(?=~|$)|(?<=~|^)~|<(?=[a-z/!]|$)|!(?=\[|$)|(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/giu

const SPACE = /\s/u
const LINE_BREAK = /[\r\n]/

function write(tokens: readonly Token[], notation: Notation): string {
  return tokens.map((token, index) => writeToken(token, tokens[index - 1], tokens[index + 1], notation)).join('')
}

function writeToken(token: Token, previous: Token | undefined, next: Token | undefined, notation: Notation): string {
  if (token.kind !== 'item') return notation[token.kind](token.format)
  const { item } = token
  if (item.type !== 'text') {
    const atom = writeAtom(item, notation)
    return item.annotations.code ? `<code>${atom}</code>` : atom
  }
  if (item.annotations.code) return notation.code(item.text.content)
  return guardSpaces(notation.text(item.text.content), needsGuard(previous, 'begin'), needsGuard(next, 'end'))
}

function writeAtom(item: EquationItem | MentionItem, { equation }: Notation): string {
  if (item.type === 'equation') return equation(item.equation.expression)
  return mentionToTag(item, (text) => USUAL.text(text)) ?? ''
}

/** Whether white space on this side would be lost, or would keep a mark from being one. */
function needsGuard(neighbour: Token | undefined, edge: 'begin' | 'end'): boolean {
  return !neighbour || (neighbour.kind === edge && DELIMITERS.has(neighbour.format.kind))
}

/** White space just inside a mark, or at either end of the line, is kept by a backslash. */
function guardSpaces(text: string, atStart: boolean, atEnd: boolean): string {
  const started = atStart && SPACE.test(text.charAt(0)) ? `\\${text}` : text
  const guarded = started !== text && text.length === 1
  if (!atEnd || guarded || !SPACE.test(text.charAt(text.length - 1))) return started
  return `${started.slice(0, -1)}\\${started.slice(-1)}`
}
