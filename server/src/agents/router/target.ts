import type { Noun } from './request.ts'
import type { Situation } from './situation.ts'
import { wordAt } from './text.ts'
import type { Profile } from './tools.ts'
import { ARTICLES, POINTERS, PREPOSITIONS, words } from './words.ts'

/** Kinds of things that have a title by which they can be searched for. */
const TITLED = ['page', 'database', 'row'] as const
const CALLED = words('called named titled entitled chamada chamado intitulada intitulado nomeada nomeado de nome')
/** A title without quotation marks ends before one of these. */
const BEHIND_TITLE = words(
  'to as with and e para pra como com saying dizendo please por into in on from na no em now agora',
)
const CAPITAL = /^\p{Lu}/u
const MAX_TITLE_WORDS = 8

/** A call that finds what a request names by its title. */
export interface Lookup {
  readonly profile: Profile
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * What a change or a look needs first when it names its target by title: ids are never guessed, so the target is searched
 * for. Undefined if no title is given or nothing can search.
 */
export function lookupFor(wanted: Profile, situation: Situation, profiles: readonly Profile[]): Lookup | undefined {
  if (situation.focus.own.length > 0 || situation.focus.ambiguous) return undefined
  const query = targetTitle(situation, wanted)
  const profile = profiles.find(({ deed, tool }) => deed === 'search' && tool.provider === wanted.tool.provider)
  if (query === undefined || profile === undefined) return undefined
  return { profile, input: { query } }
}

/** "the page "Plan"", "the Old roadmap page", "a página Contrato Alfa", "the page called Plan". */
function targetTitle(situation: Situation, wanted: Profile): string | undefined {
  const { request } = situation
  const titled = request.nouns.filter((noun) => TITLED.some((thing) => noun.concepts.has(thing)))
  // What is created is named behind its own noun: only a noun behind a preposition names the place for it.
  const places = wanted.deed === 'create' ? titled.filter((noun) => noun.governed) : titled
  const title = places.map((noun) => titleAt(situation, noun)).find((found) => found !== undefined)
  const isTarget = wanted.deed === 'delete' || wanted.deed === 'restore' || wanted.tool.annotations.readOnly
  if (title !== undefined || !isTarget) return title
  return request.name?.text ?? (titled.length > 0 ? request.quotes[0]?.value : undefined)
}

function titleAt(situation: Situation, noun: Noun): string | undefined {
  const { tokens } = situation.request
  let at = noun.end
  while (CALLED.has(wordAt(tokens, at))) at += 1
  const span = tokens[at]?.span
  if (span?.kind === 'quote') return span.value
  return capitalsFrom(situation, at) ?? capitalsBefore(situation, noun.start)
}

function capitalsFrom({ request }: Situation, start: number): string | undefined {
  const { tokens, text } = request
  let end = start
  while (end < tokens.length && end - start < MAX_TITLE_WORDS) {
    const token = tokens[end]!
    if (token.kind !== 'word' || token.opensClause || BEHIND_TITLE.has(token.word)) break
    end += 1
  }
  const [first, last] = [tokens[start], tokens[end - 1]]
  if (end <= start || first === undefined || last === undefined || !CAPITAL.test(first.text)) return undefined
  return text.slice(first.start, last.end)
}

function capitalsBefore({ request }: Situation, end: number): string | undefined {
  const { tokens, text } = request
  let start = end
  while (start > 0 && tokens[start - 1]!.kind === 'word' && !isSmall(wordAt(tokens, start - 1))) start -= 1
  const [first, last] = [tokens[start], tokens[end - 1]]
  const isName = start > 0 && start < end && end - start <= MAX_TITLE_WORDS && first !== undefined && last !== undefined
  return isName && CAPITAL.test(first.text) && !first.opensClause ? text.slice(first.start, last.end) : undefined
}

function isSmall(word: string): boolean {
  return ARTICLES.has(word) || PREPOSITIONS.has(word) || POINTERS.has(word)
}
