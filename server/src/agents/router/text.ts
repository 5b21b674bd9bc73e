/** Splits a message into words, ids, links and quotations, with offsets into the original text. */

export interface Span {
  readonly kind: 'id' | 'link' | 'quote' | 'email'
  readonly start: number
  readonly end: number
  /** The id in its hyphenated form, the text between the quotation marks, the address. */
  readonly value: string
  /** Of a link: the whole address, and the title that its path spells, if any. */
  readonly url?: string
  readonly slug?: string
}

export interface Token {
  readonly kind: 'word' | Span['kind']
  /** As written. */
  readonly text: string
  /** Lower case, without accents; of a span its kind in angle brackets. */
  readonly word: string
  readonly start: number
  readonly end: number
  /** Punctuation that ends a clause stands before it. */
  readonly opensClause: boolean
  readonly span?: Span
}

const LINK = /https?:\/\/[^\s<>"'`)\]]+/g
const TRAILING_PUNCTUATION = /[.,;:!?]+$/
const HEX_ID = /(?<![0-9a-f])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])/gi
const QUOTES = [
  /"([^"\n]+)"/g,
  /“([^“”\n]+)”/g,
  /«([^«»\n]+)»/g,
  /`([^`\n]+)`/g,
  /(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}])/gu,
]
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g
const WORD = /[\p{L}\p{N}#%$][\p{L}\p{N}%$'’.,/-]*/gu
const CLAUSE_END = /[,;:.!?\n—–(]|-\s/

/** Lower case without accents, one character for one: an offset in the result is an offset in the original. */
export function fold(text: string): string {
  return text.replace(/[\u00c0-\u024f]/g, (letter) => letter.normalize('NFD').charAt(0)).toLowerCase()
}

/** The usual 8-4-4-4-12 form of an id that may come without hyphens. */
export function hyphenate(id: string): string {
  const hex = id.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** What is not prose: links, ids, quotations and addresses, in order and never overlapping. */
export function findSpans(text: string): Span[] {
  const found = [...links(text), ...ids(text), ...quotations(text), ...addresses(text)]
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  let end = 0
  return found.filter((span) => {
    if (span.start < end) return false
    end = span.end
    return true
  })
}

/** The folded word at a place; empty beyond either end. */
export function wordAt(tokens: readonly Token[], index: number): string {
  return tokens[index]?.word ?? ''
}

/** Words and spans in order. */
export function tokenize(text: string, spans: readonly Span[] = findSpans(text)): Token[] {
  const tokens: Token[] = []
  let position = 0
  for (const span of spans) {
    addWords(text, position, span.start, tokens)
    const { kind, start, end } = span
    const opensClause = breaksBetween(text, tokens.at(-1)?.end ?? 0, start)
    tokens.push({ kind, text: text.slice(start, end), word: `<${kind}>`, start, end, opensClause, span })
    position = end
  }
  addWords(text, position, text.length, tokens)
  return tokens
}

function addWords(text: string, from: number, to: number, tokens: Token[]): void {
  for (const match of text.slice(from, to).matchAll(WORD)) {
    const written = match[0].replace(/[.,'’/-]+$/, '')
    const start = from + match.index
    const opensClause = breaksBetween(text, tokens.at(-1)?.end ?? 0, start)
    tokens.push({ kind: 'word', text: written, word: fold(written), start, end: start + written.length, opensClause })
  }
}

function breaksBetween(text: string, from: number, to: number): boolean {
  return from === 0 || CLAUSE_END.test(text.slice(from, to))
}

function links(text: string): Span[] {
  return [...text.matchAll(LINK)].map((match) => {
    const url = match[0].replace(TRAILING_PUNCTUATION, '')
    const found = idInLink(url)
    const slug = found === undefined ? undefined : slugBefore(url, found)
    const place = { start: match.index, end: match.index + url.length }
    return {
      kind: 'link',
      ...place,
      value: found === undefined ? url : hyphenate(found),
      url,
      ...(slug ? { slug } : {}),
    }
  })
}

/** A fragment names a part of the page, so it wins over the path; a view in the query never does. */
function idInLink(url: string): string | undefined {
  const [address = '', fragment = ''] = url.split('#', 2)
  const [path = '', query = ''] = address.split('?', 2)
  const inFragment = fragment.match(HEX_ID)?.at(-1)
  const peeked = /(?:^|&)p=([0-9a-f-]{32,36})/i.exec(query)?.[1]
  return inFragment ?? peeked ?? path.match(HEX_ID)?.at(-1)
}

function slugBefore(url: string, id: string): string | undefined {
  const before = url.slice(0, url.indexOf(id)).split('/').at(-1) ?? ''
  const words = before.replaceAll('-', ' ').trim()
  return words === '' || url.includes('#') ? undefined : words
}

function ids(text: string): Span[] {
  return [...text.matchAll(HEX_ID)].map((match) => ({
    kind: 'id',
    start: match.index,
    end: match.index + match[0].length,
    value: hyphenate(match[0]),
  }))
}

function quotations(text: string): Span[] {
  return QUOTES.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      kind: 'quote' as const,
      start: match.index,
      end: match.index + match[0].length,
      value: (match[1] ?? '').trim(),
    })),
  )
}

function addresses(text: string): Span[] {
  return [...text.matchAll(EMAIL)].map((match) => ({
    kind: 'email',
    start: match.index,
    end: match.index + match[0].length,
    value: match[0],
  }))
}
