import type { Noun } from './request.ts'
import type { Situation } from './situation.ts'
import { wordAt } from './text.ts'
import type { Profile } from './tools.ts'
import { capitalBefore, titleFrom } from './written-titles.ts'
import { words } from './words.ts'

/** Kinds of things that have a title by which they can be searched for. */
const TITLED = ['page', 'database', 'row'] as const
const CALLED = words('called named titled entitled chamada chamado intitulada intitulado nomeada nomeado de nome')

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
  const behind = titleFrom(situation.request, at)
  if (behind !== undefined) return behind.title
  const first = capitalBefore(situation.request, noun.start)
  const [from, to] = [tokens[first ?? 0], tokens[noun.start - 1]]
  return first === undefined || from === undefined || to === undefined
    ? undefined
    : situation.request.text.slice(from.start, to.end)
}
