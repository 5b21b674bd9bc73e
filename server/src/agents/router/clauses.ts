import type { Language } from './language.ts'
import type { Hit } from './lexicon.ts'
import { fold, wordAt } from './text.ts'
import type { Token } from './text.ts'
import {
  ARTICLES,
  DETERMINERS,
  OPENERS,
  PREPOSITIONS,
  QUESTION_WORDS,
  STOP_WORDS,
  VERB_LEADERS,
  words,
} from './words.ts'

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

/** Only the accent tells "dê" (give) from "de" (of), and "é" (is) from "e" (and). */
export function isPreposition(token: Token): boolean {
  const written = token.text.toLowerCase()
  if (written === 'à' || written === 'às') return true
  return PREPOSITIONS.has(token.word) && !ARTICLES.has(token.word) && fold(token.text) === written
}

const BE = words('be is are ser e eh sao seja esta estao ficar')
const NEVER_BEFORE_ORDERS = words('of from in on de do da dos das em com')

/** Whether a word that can be a verb is one where it stands, and not a noun or an adjective. */
export function isVerb(
  tokens: readonly Token[],
  hit: Hit,
  { nouns, language }: { readonly nouns: readonly Hit[]; readonly language: Language },
): boolean {
  const token = tokens[hit.start]
  const before = wordAt(tokens, hit.start - 1)
  if (token === undefined || isPreposition(token) || ARTICLES.has(token.word)) return false
  if (token.opensClause || (VERB_LEADERS.has(before) && !ARTICLES.has(before))) return true
  if (hit.typo === true || isNounPlace(token, hit, before)) return false
  const couldBeNoun = nouns.some((noun) => noun.start <= hit.start && noun.end > hit.start)
  return !couldBeNoun && (language !== 'en' || canBeEnglishVerb(tokens, hit))
}

/** An order begins its clause; what tells of others ("Ana deletes") or of before need not. */
function canBeEnglishVerb(tokens: readonly Token[], hit: Hit): boolean {
  const asks = questionWordAt(tokens, clauseStart(tokens, hit.start)) !== undefined
  return hit.past || asks || /(?:[^s]s|ing)$/.test(wordAt(tokens, hit.start)) || canPrecedeOrder(tokens, hit.start)
}

/** "Um campo de telefone", "deve ser Baixa", "the comment": only nouns and adjectives stand behind such words. */
function isNounPlace({ word }: Token, { past }: Hit, before: string): boolean {
  if (DETERMINERS.has(before) || (past ? PREPOSITIONS.has(before) : BE.has(before))) return true
  return NEVER_BEFORE_ORDERS.has(before) && !word.endsWith('r')
}

const LEADS = words('mind ever even never help try again still instead maybe perhaps guys folks')

/** In English an order begins its clause, but for small words, what it is about ("in X add ...") and who does it. */
function canPrecedeOrder(tokens: readonly Token[], verb: number): boolean {
  const previous = tokens[verb - 1]
  if (previous === undefined || previous.kind !== 'word') return true
  if (
    STOP_WORDS.has(previous.word) ||
    LEADS.has(previous.word) ||
    previous.word.endsWith('ly') ||
    /ing$|s$|['’]/.test(previous.word)
  )
    return true
  return PREPOSITIONS.has(wordAt(tokens, clauseStart(tokens, verb)))
}
