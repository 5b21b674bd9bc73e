import { inflect } from './inflect.ts'
import type { Language } from './language.ts'
import { NOUNS } from './lexicon-nouns.ts'
import { VERBS } from './lexicon-verbs.ts'
import { fold, wordAt } from './text.ts'
import type { Token } from './text.ts'
import { vocabularyOf, wordsMeantBy } from './typos.ts'
import type { Vocabulary } from './typos.ts'
import { STOP_WORDS } from './words.ts'

/** A word or phrase of the lexicon found in a request. */
export interface Hit {
  readonly concepts: ReadonlySet<string>
  /** Index of its first token, and of the one after its last. */
  readonly start: number
  readonly end: number
  /** The last word of a phrase with a gap: "back" in "bring it back". */
  readonly particle?: number
  /** It tells what happened instead of ordering. */
  readonly past: boolean
  /** It is no word of the lexicon, but one typing slip away from one. */
  readonly typo?: boolean
}

interface Entry {
  readonly concept: string
  readonly rest: readonly string[]
  /** Index in `rest` before which other words may stand. */
  readonly gapAt: number
  readonly past: boolean
}

type Index = Map<string, Entry[]>

/** The words of an index, for typing slips; built when first needed. */
const vocabularies = new WeakMap<Index, Vocabulary>()

export interface Lexicon {
  readonly verbs: Index
  readonly nouns: Index
  /** Names of the services whose tools are known, whether they are at hand or not. */
  readonly services: ReadonlySet<string>
  /** The words without those that only the tools of other services use; absent where that was done already. */
  readonly ofService?: (service: string) => Lexicon
}

/** Slips are looked for at the beginning of a message only, which keeps a long one fast. */
const MAX_TYPO_TOKENS = 60
/** How many words a phrase may be torn apart by. */
const MAX_GAP_WORDS = 6
const LANGUAGES: readonly Language[] = ['en', 'pt']
const CLITIC = /-(?:me|te|se|nos|lhe|lhes|lo|la|los|las|o|a|os|as)$/

/** A word that only the tools at hand have, and what it means to them. */
export interface OwnWord {
  readonly word: string
  readonly language: Language
  readonly concept: string
}

const BASE: Lexicon = buildBase()

function buildBase(): Lexicon {
  const lexicon: Lexicon = { verbs: new Map(), nouns: new Map(), services: new Set() }
  for (const language of LANGUAGES) {
    for (const [concept, text] of Object.entries(VERBS)) {
      for (const word of splitWords(text[language])) addEntry(lexicon.verbs, { word, language, part: 'verb' }, concept)
    }
    for (const [concept, text] of Object.entries(NOUNS)) {
      for (const word of splitWords(text[language])) addEntry(lexicon.nouns, { word, language, part: 'noun' }, concept)
    }
  }
  return lexicon
}

/** The built-in words, and those of the tools that the built-in ones do not cover. */
export function buildLexicon(own: {
  readonly verbs: readonly OwnWord[]
  readonly nouns: readonly OwnWord[]
  readonly services: ReadonlySet<string>
}): Lexicon {
  const lexicon: Lexicon = { verbs: copy(BASE.verbs), nouns: copy(BASE.nouns), services: own.services }
  for (const part of ['verbs', 'nouns'] as const) {
    for (const { word, language, concept } of own[part]) {
      const known = isLiteral(concept) && conceptsOf(BASE[part], word).some((each) => !OUTSIDE.has(each))
      if (!known) addEntry(lexicon[part], { word, language, part: part === 'verbs' ? 'verb' : 'noun' }, concept)
    }
  }
  return lexicon
}

/** Concepts of nouns for things that the tools at hand have no part in. */
export const OUTSIDE: ReadonlySet<string> = new Set([
  'outside',
  'chat',
  'unsupported',
  'product',
  'contact',
  'foreign',
  'toss',
])

/** Concept of a word that no list knows: the word itself, marked. */
export function literal(word: string): string {
  return `=${fold(word)}`
}

export function isLiteral(concept: string): boolean {
  return concept.startsWith('=')
}

/** Concepts of one word or phrase, best first; empty if it is not in the lexicon. */
export function conceptsOf(index: Index, phrase: string): string[] {
  const [head = '', ...rest] = fold(phrase).split(' ')
  const wanted = rest.join(' ')
  return (index.get(head) ?? []).filter((entry) => entry.rest.join(' ') === wanted).map((entry) => entry.concept)
}

/** Every place where a word of the index occurs, longest phrase first; `skip` marks tokens that are not to be read. */
export function findHits(index: Index, tokens: readonly Token[], skip: ReadonlySet<number> = new Set()): Hit[] {
  const hits: Hit[] = []
  let position = 0
  while (position < tokens.length) {
    const found = skip.has(position) ? undefined : hitAt(index, tokens, position)
    if (found !== undefined) hits.push(found)
    position = found?.end ?? position + 1
  }
  return hits
}

/**
 * Places where a word stands that no list knows but that is one typing slip away from a word of the index. Where it could be
 * several words that mean different things, it is none of them.
 */
export function findTypos(lexicon: Lexicon, part: 'verbs' | 'nouns', tokens: readonly Token[]): Hit[] {
  const index = lexicon[part]
  return tokens.slice(0, MAX_TYPO_TOKENS).flatMap((token, start) => {
    if (token.kind !== 'word' || isKnown(lexicon, token.word)) return []
    const entries = wordsMeantBy(token.word, vocabularyFor(index)).map((word) =>
      (index.get(word) ?? []).filter((entry) => entry.rest.length === 0),
    )
    const [first = [], ...others] = entries.filter((each) => each.length > 0)
    const shared = first.filter(({ concept }) =>
      others.every((each) => each.some((entry) => entry.concept === concept)),
    )
    if (shared.length === 0) return []
    const past = shared.every((entry) => entry.past)
    return [{ concepts: new Set(shared.map(({ concept }) => concept)), start, end: start + 1, past, typo: true }]
  })
}

function isKnown({ verbs, nouns }: Lexicon, word: string): boolean {
  return STOP_WORDS.has(word) || lookups(word).some((form) => verbs.has(form) || nouns.has(form))
}

function vocabularyFor(index: Index): Vocabulary {
  const known = vocabularies.get(index) ?? vocabularyOf(index.keys())
  vocabularies.set(index, known)
  return known
}

function hitAt(index: Index, tokens: readonly Token[], position: number): Hit | undefined {
  for (const form of lookups(wordAt(tokens, position))) {
    const best = longest(index.get(form) ?? [], tokens, position)
    const [first] = best
    if (first === undefined) continue
    const { end, particle } = first
    const concepts = new Set(best.map(({ entry }) => entry.concept))
    const past = best.every(({ entry }) => entry.past)
    return { concepts, start: position, end, past, ...(particle === undefined ? {} : { particle }) }
  }
  return undefined
}

interface Reach {
  readonly entry: Entry
  readonly end: number
  readonly particle?: number
}

/** Of all entries that fit here, those with the most words. */
function longest(entries: readonly Entry[], tokens: readonly Token[], position: number): Reach[] {
  const fitting = entries.flatMap((entry) => {
    const reach = follow(entry, tokens, position)
    return reach === undefined ? [] : [{ entry, ...reach }]
  })
  const most = Math.max(...fitting.map(({ entry }) => entry.rest.length))
  return fitting.filter(({ entry }) => entry.rest.length === most)
}

/** The word as it stands, without its hyphen, and without a pronoun hung on it ("mostre-me", "apagá-la"). */
function lookups(word: string): string[] {
  const bare = word.replace(/['’]s$/, '')
  const forms = [bare, bare.replaceAll('-', ''), bare.replace(CLITIC, '')]
  return [...new Set(forms)].filter((form) => form !== '')
}

function follow(
  entry: Entry,
  tokens: readonly Token[],
  position: number,
): { end: number; particle?: number } | undefined {
  let at = position + 1
  for (const [index, word] of entry.rest.entries()) {
    if (index === entry.gapAt) {
      const particle = particleAfter(tokens, position, entry.rest.slice(index))
      return particle === undefined ? undefined : { end: position + 1, particle }
    }
    if (tokens[at]?.word !== word) return undefined
    at += 1
  }
  return { end: at }
}

function particleAfter(tokens: readonly Token[], position: number, words: readonly string[]): number | undefined {
  for (let at = position + 1; at <= position + MAX_GAP_WORDS + 1; at += 1) {
    const token = tokens[at]
    if (token === undefined || (token.opensClause && token.kind === 'word')) return undefined
    if (at > position + 1 && words.every((word, index) => tokens[at + index]?.word === word)) return at
  }
  return undefined
}

function addEntry(
  index: Index,
  source: { word: string; language: Language; part: 'verb' | 'noun' },
  concept: string,
): void {
  for (const form of inflect(source.word, source.language, source.part)) {
    const [head = '', ...all] = form.word.split(' ')
    const gapAt = all.indexOf('*')
    const rest = all.filter((word) => word !== '*')
    const entries = index.get(head) ?? []
    const same = entries.find(
      (entry) => entry.concept === concept && entry.gapAt === gapAt && entry.rest.join(' ') === rest.join(' '),
    )
    if (same === undefined) index.set(head, [...entries, { concept, rest, gapAt, past: form.past }])
    else if (same.past && !form.past)
      index.set(head, [...entries.filter((entry) => entry !== same), { ...same, past: false }])
  }
}

function splitWords(text: string): string[] {
  return text
    .replaceAll(/\s+/g, ' ')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function copy(index: Index): Index {
  return new Map([...index].map(([head, entries]) => [head, [...entries]]))
}
