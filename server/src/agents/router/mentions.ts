import { conceptsOf, findTypos } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'
import { fold, tokenize, wordAt } from './text.ts'
import type { Token } from './text.ts'
import { ARTICLES } from './words.ts'

/** What an id stands for, as far as the words next to it tell. */
export type Kind = 'page' | 'database' | 'block' | 'user' | 'thread'

/** An id or link that somebody wrote. */
export interface Mention {
  readonly id: string
  readonly kind?: Kind
  /** The words around it, folded: title, list item, slug. */
  readonly around: string
  readonly url?: string
  /** Offset in its message. */
  readonly start: number
}

const KINDS: Readonly<Record<string, Kind>> = {
  page: 'page',
  row: 'page',
  database: 'database',
  block: 'block',
  user: 'user',
  thread: 'thread',
  comment: 'thread',
  // "o título <id>": a heading, as the title of a page has no id.
  title: 'block',
}
/** Words that may stand between a noun and the id that it names. */
const FILLERS = new Set([
  'with',
  'id',
  'de',
  'is',
  'e',
  'the',
  'number',
  'uuid',
  'com',
  'o',
  'a',
  'has',
  'tem',
  '<quote>',
  'at',
  'link',
  'url',
  'this',
  'esse',
  'este',
])
const MAX_FILLERS = 5
const OF = new Set(['of', 'de'])
const COPULAS = new Set(['is', "it's", 'its', "that's", 'thats', 'e', 'eh'])

/** All ids and links of a text, each with the kind that the neighbouring noun gives it. */
export function findMentions(text: string, lexicon: Lexicon): Mention[] {
  const tokens = tokenize(text)
  return tokens.flatMap((token, index) => {
    const span = token.span
    if (span === undefined || (span.kind !== 'id' && span.kind !== 'link')) return []
    if (span.kind === 'link' && span.value === span.url) return []
    const kind = kindOf(tokens, index, lexicon) ?? kindOfLink(span.url)
    const around = fold(`${lineAround(text, span.start)} ${span.slug ?? ''}`)
    return [{ id: span.value, around, start: span.start, ...(kind && { kind }), ...(span.url && { url: span.url }) }]
  })
}

function kindOf(tokens: readonly Token[], index: number, lexicon: Lexicon): Kind | undefined {
  const before = kindBefore(tokens, index, lexicon)
  // "The item X" is a row of a table unless it is said to be something else.
  const isOpen = before === undefined || before === 'page'
  return (isOpen ? kindBehind(tokens, index, lexicon) : undefined) ?? before
}

function kindBefore(tokens: readonly Token[], index: number, lexicon: Lexicon): Kind | undefined {
  for (let at = index - 1; at >= 0 && at >= index - MAX_FILLERS; at -= 1) {
    const kind = kindOfWord(tokens, at, lexicon)
    if (kind !== undefined) return kindInPhrase(kind, tokens, at, lexicon)
    // "A base de processos X": what stands between says which table it is.
    if (!joins(tokens, at)) return OF.has(wordAt(tokens, at - 1)) ? kindOfWord(tokens, at - 2, lexicon) : undefined
  }
  return undefined
}

/** "De" joins only in "bloco de id"; "comments de X" are comments on something else. */
function joins(tokens: readonly Token[], at: number): boolean {
  const word = wordAt(tokens, at)
  return FILLERS.has(word) && (word !== 'de' || wordAt(tokens, at + 1) === 'id')
}

/** "X is a to-do", "X, é um bloco": said of what was named just before. */
function kindBehind(tokens: readonly Token[], index: number, lexicon: Lexicon): Kind | undefined {
  const be = tokens.findIndex(({ word }, at) => at > index && COPULAS.has(word) && ARTICLES.has(wordAt(tokens, at + 1)))
  return be === -1 ? undefined : (kindOfWord(tokens, be + 3, lexicon) ?? kindOfWord(tokens, be + 2, lexicon))
}

/** In "base de tarefas" and "database of tasks" the first noun says what it is; "the one of tasks" says nothing. */
function kindInPhrase(kind: Kind, tokens: readonly Token[], at: number, lexicon: Lexicon): Kind | undefined {
  if (!OF.has(tokens[at - 1]?.word ?? '')) return kind
  if (kindOfWord(tokens, at - 2, lexicon) === 'database') return 'database'
  return conceptsOf(lexicon.nouns, tokens[at]?.word ?? '').includes('row') ? undefined : kind
}

function kindOfWord(tokens: readonly Token[], at: number, lexicon: Lexicon): Kind | undefined {
  const word = tokens[at]?.word ?? ''
  const before = tokens[at - 1]?.word ?? ''
  const beforeThat = tokens[at - 2]?.word ?? ''
  for (const phrase of [`${beforeThat} ${before} ${word}`, `${before} ${word}`, word]) {
    for (const concept of conceptsOf(lexicon.nouns, phrase)) {
      const kind = KINDS[concept]
      if (kind !== undefined) return kind
    }
  }
  const [typo] = findTypos(lexicon, 'nouns', tokens.slice(at, at + 1))
  return [...(typo?.concepts ?? [])].map((concept) => KINDS[concept]).find((kind) => kind !== undefined)
}

/** A link with a fragment leads to a block in a page, one with a view to a table; a title in its path may be of either. */
function kindOfLink(url: string | undefined): Kind | undefined {
  if (url === undefined) return undefined
  if (url.includes('#')) return 'block'
  return /[?&]v=/.test(url) ? 'database' : undefined
}

function lineAround(text: string, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1
  const end = text.indexOf('\n', position)
  return text.slice(start, end === -1 ? text.length : end)
}
