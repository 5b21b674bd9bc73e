import { wordAt } from './text.ts'
import type { Token } from './text.ts'
import { ARTICLES, OPENERS, PREPOSITIONS, QUESTION_WORDS, words } from './words.ts'

const ASKING_BEHIND = words('what which whom whose que qual quais quem onde quando')

/** Index of the first token of the clause that a token stands in. */
export function clauseStart(tokens: readonly Token[], index: number): number {
  let start = index
  while (start > 0 && tokens[start]?.opensClause === false) start -= 1
  return start
}

/** The word that makes the clause that begins at `start` a question, if one does. */
export function questionWordAt(tokens: readonly Token[], start: number): string | undefined {
  let at = start
  while (OPENERS.has(wordAt(tokens, at)) || (at > start && PREPOSITIONS.has(wordAt(tokens, at)))) at += 1
  const next = wordAt(tokens, at + 1)
  // "O que", "as quais", "com qual", "in which": an article or a preposition may lead.
  const leads = PREPOSITIONS.has(wordAt(tokens, at)) || ARTICLES.has(wordAt(tokens, at))
  if (leads && ASKING_BEHIND.has(next)) return next
  const word = wordAt(tokens, at).replace(/['’]/g, '')
  // Only the accent tells "está" (is it?) from "esta" (this).
  return QUESTION_WORDS.has(word) || tokens[at]?.text.toLowerCase() === 'está' ? word : undefined
}
