import type { Language } from './language.ts'
import { findHits, findTypos } from './lexicon.ts'
import type { Hit, Lexicon } from './lexicon.ts'
import { wordAt } from './text.ts'
import type { Token } from './text.ts'
import { words } from './words.ts'

/** Words of the lexicon, and those that are meant by a typing slip: of nouns only such as name a thing of the tools. */
export function hitsIn(
  lexicon: Lexicon,
  part: 'verbs' | 'nouns',
  tokens: readonly Token[],
  material: ReadonlySet<number>,
): Hit[] {
  const slips = findTypos(lexicon, part, tokens).filter(
    ({ start, concepts }) =>
      !material.has(start) &&
      !PAST.test(wordAt(tokens, start)) &&
      (part === 'verbs'
        ? wordAt(tokens, start).length >= MIN_TYPED_VERB
        : [...concepts].some((each) => THINGS.has(each))),
  )
  return [...findHits(lexicon[part], tokens, material), ...slips].toSorted((a, b) => a.start - b.start)
}

/** Letters. Shorter words are too often words of their own: "fine" is no slip of "find". */
const MIN_TYPED_VERB = 5
/** A slip is never taken for an order where it may as well be a past that no list knows. */
const PAST = /(?:ed|ei|ou|aram|eram|iram|iu|eu|[ai]d[ao]s?)$/
const THINGS = words('page database block user comment column trash workspace')

/** "Todos" is "all" in one language and things to do in the other. */
const FALSE_FRIENDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(['time']),
  pt: new Set(['todo', 'todos']),
}

/** A word that only looks like one of the lexicon in this language. */
export function isFalseFriend(tokens: readonly Token[], { start, end }: Hit, language: Language): boolean {
  return end === start + 1 && FALSE_FRIENDS[language].has(wordAt(tokens, start))
}
