import type { Request } from './request.ts'
import { wordAt } from './text.ts'
import type { Token } from './text.ts'
import { ARTICLES, POINTERS, PREPOSITIONS, STOP_WORDS, words } from './words.ts'

/** Titles as people write them: in quotation marks, or as words of which the first has a capital letter. */

/** A title and the characters of the request that it takes up. */
export interface Written {
  readonly title: string
  readonly start: number
  readonly end: number
}

/** A title without quotation marks ends before one of these. */
const BEHIND_TITLE = words(`
  to as with and e para pra pro com saying dizendo please por into in on from na no nas nos em now agora under inside within
  dentro embaixo sob has have does is are was tem estao esta sao onde where which that que whose sorted filtered ordenada
  ordenado for by called chamada chamado then so thanks obrigado obrigada then
`)
/** Capitalised, and no title. */
const NO_TITLE = words(`
  january february march april may june july august september october november december monday tuesday wednesday thursday friday
  saturday sunday english portuguese spanish portugues ingles espanhol i
`)
const CAPITAL = /^\p{Lu}/u
const MAX_TITLE_WORDS = 8

/** A quotation at this place, or a name that begins with a capital letter. */
export function titleFrom(request: Request, start: number): Written | undefined {
  const head = request.tokens[start]
  if (head?.span?.kind === 'quote') return { title: head.span.value, start: head.start, end: head.end }
  return head !== undefined && isTitleHead(request, start) ? nameFrom(request, start, head) : undefined
}

function nameFrom(request: Request, from: number, head: Token): Written | undefined {
  const { tokens, text } = request
  let end = from + 1
  while (end < tokens.length && end - from < MAX_TITLE_WORDS && continues(tokens[end]!)) end += 1
  // "This" alone is no name, "This week" is.
  if (end === from + 1 && STOP_WORDS.has(head.word)) return undefined
  return { title: text.slice(head.start, tokens[end - 1]!.end), start: head.start, end: tokens[end - 1]!.end }
}

function continues({ kind, opensClause, word }: Token): boolean {
  return kind === 'word' && !opensClause && !BEHIND_TITLE.has(word)
}

/** A capital letter, and neither a place of its own (a product, the workspace) nor the name of a day. */
function isTitleHead(request: Request, start: number): boolean {
  const { kind, text, word, opensClause } = request.tokens[start]!
  if (kind !== 'word' || opensClause || !CAPITAL.test(text) || NO_TITLE.has(word)) return false
  const elsewhere = ['product', 'workspace', 'trash']
  return !request.nouns.some((noun) => noun.start === start && elsewhere.some((thing) => noun.concepts.has(thing)))
}

/** The first of the capitalised words right before a noun, which stand behind an article or a preposition. */
export function capitalBefore(request: Request, end: number): number | undefined {
  const { tokens } = request
  let start = end
  while (start > 0 && tokens[start - 1]!.kind === 'word' && !isSmall(wordAt(tokens, start - 1))) start -= 1
  const first = tokens[start]
  const isName = start > 0 && start < end && end - start <= MAX_TITLE_WORDS && first !== undefined
  return isName && /^\p{Lu}/u.test(first.text) && !first.opensClause && isSmall(wordAt(tokens, start - 1))
    ? start
    : undefined
}

function isSmall(word: string): boolean {
  return ARTICLES.has(word) || PREPOSITIONS.has(word) || POINTERS.has(word)
}
