import type { Language } from './language.ts'
import { findHits, findTypos } from './lexicon.ts'
import type { Hit, Lexicon } from './lexicon.ts'
import { wordAt } from './text.ts'
import type { Token } from './text.ts'
import { PREPOSITIONS, words } from './words.ts'

/** Letters. Shorter words are too often words of their own: "fine" is no slip of "find". */
const MIN_TYPED_VERB = 5
/** What may as well be a past or a gerund that no list knows, and common words that only look like a slip. */
const NO_SLIP =
  /(?:ed|ing|ndo|ei|ou|aram|eram|iram|iu|eu|[ai]d[ao]s?)$|^(?:antes|depois|consta|conste|faltam?|lembro|login|logins)$/
const THINGS = words('page database block user comment column trash workspace')

/**
 * Words of the lexicon, and those that are meant by a typing slip: verbs by their place, nouns only of things of the tools and
 * right before what they name ("blok <id>").
 */
export function hitsIn(
  lexicon: Lexicon,
  part: 'verbs' | 'nouns',
  tokens: readonly Token[],
  material: ReadonlySet<number>,
): Hit[] {
  const slips = findTypos(lexicon, part, tokens).filter(
    (hit) => !material.has(hit.start) && (part === 'verbs' ? isVerbSlip(tokens, hit) : isNounSlip(tokens, hit)),
  )
  return [...findHits(lexicon[part], tokens, material), ...slips].toSorted((a, b) => a.start - b.start)
}

function isVerbSlip(tokens: readonly Token[], { start }: Hit): boolean {
  const word = wordAt(tokens, start)
  return word.length >= MIN_TYPED_VERB && !NO_SLIP.test(word)
}

function isNounSlip(tokens: readonly Token[], { end, concepts }: Hit): boolean {
  // "A coment on <id>": a preposition may lead to what is named.
  const next = tokens[PREPOSITIONS.has(wordAt(tokens, end)) ? end + 1 : end]
  return next !== undefined && next.kind !== 'word' && [...concepts].some((each) => THINGS.has(each))
}

/** "Todos" is "all" in one language and things to do in the other. */
const FALSE_FRIENDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(['time']),
  pt: new Set(['todo', 'todos']),
}

/** A word that only looks like one of the lexicon in this language. */
export function isFalseFriend(tokens: readonly Token[], { start, end }: Hit, language: Language): boolean {
  return end === start + 1 && FALSE_FRIENDS[language].has(wordAt(tokens, start))
}
