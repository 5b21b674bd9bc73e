import { fold, wordAt } from './text.ts'
import type { Request } from './request.ts'
import type { Situation } from './situation.ts'
import { isLiteral } from './lexicon.ts'
import type { Profile } from './tools.ts'
import { schemaOf, THING_OF_CONCEPT } from './tools.ts'
import { ARTICLES, words } from './words.ts'

/** With which service a request is to be done: it says so, or speaks of things that only one has. */

/** Before the name of a service that is spoken of as a place. */
const PLACES = words(`
  on in at from to via through using of into with inside no na do da em de pelo pela pro pra para ao usando com
`)

const OURS = words('our my this your nosso nossa meu minha deste neste desse nesse')
const ID_ARGUMENT = /_id$/

/**
 * The services that a request names: as a place ("on X", "no X"), before a thing ("an X issue"), or by the address of a
 * link. What is to be written, or looked for, names none.
 */
export function servicesNamed(request: Request, services: ReadonlySet<string>): ReadonlySet<string> {
  const named = request.tokens.flatMap((token, index) => {
    if (token.span?.url !== undefined) return [...services].filter((service) => isOf(service, token.span?.url ?? ''))
    const isName = token.kind === 'word' && services.has(token.word) && !isMaterial(request, token.start)
    return isName && isPlaceOrOwner(request, index) ? [token.word] : []
  })
  return new Set(named)
}

function isOf(service: string, url: string): boolean {
  return URL.canParse(url) && new URL(url).hostname.split('.').includes(service)
}

function isMaterial({ tail, said, topic, name }: Request, start: number): boolean {
  return [tail, said, topic, name].some((piece) => piece !== undefined && start >= piece.start && start < piece.end)
}

function isPlaceOrOwner({ tokens, nouns }: Request, index: number): boolean {
  const isThingBehind = nouns.some(
    (noun) =>
      noun.start === index + 1 && [...noun.concepts].some((concept) => isLiteral(concept) || concept === 'workspace'),
  )
  let before = index - 1
  if (OURS.has(wordAt(tokens, before))) return true
  while (ARTICLES.has(wordAt(tokens, before)) && !PLACES.has(wordAt(tokens, before))) before -= 1
  return isThingBehind || PLACES.has(wordAt(tokens, before))
}

/** Of tools that fit alike, those of the one service that has most of the things spoken of; all where none stands out. */
export function ofServiceSpokenOf(
  profiles: readonly Profile[],
  all: readonly Profile[],
  situation: Situation,
): readonly Profile[] {
  const byId = situation.hasTarget ? profiles.filter(takesId) : []
  const fitting = byId.length > 0 ? byId : profiles
  const services = [...new Set(fitting.map(({ tool }) => tool.provider))]
  if (services.length < 2) return fitting
  const scores = services.map((service) =>
    spokenOf(
      situation,
      all.filter(({ tool }) => tool.provider === service),
    ),
  )
  const best = Math.max(...scores)
  const winners = services.filter((_, index) => scores[index] === best)
  return winners.length === 1 ? fitting.filter(({ tool }) => tool.provider === winners[0]) : fitting
}

/**
 * The one service that a request can be meant for, so that words of other services' tools are not read into it: the one that it
 * names, or where it names none but points at something by its id, the only one whose tools take ids.
 */
export function serviceMeant(
  { request, focus }: Situation,
  profiles: readonly Profile[],
  services: ReadonlySet<string>,
): string | undefined {
  const named = servicesNamed(request, services)
  if (named.size === 0 && focus.own.length === 0) return undefined
  const meant = profiles.filter((each) => (named.size === 0 ? takesId(each) : named.has(each.tool.provider)))
  const [service, ...others] = new Set(meant.map(({ tool }) => tool.provider))
  return others.length === 0 && named.size < 2 ? service : undefined
}

/** What was named by an id can only be meant for a tool that takes ids. */
export function takesId({ tool }: Profile): boolean {
  return Object.keys(schemaOf(tool).properties ?? {}).some((name) => ID_ARGUMENT.test(name))
}

/** How many of the things that a request names or points at are the tools' own. */
function spokenOf({ request, kind }: Situation, profiles: readonly Profile[]): number {
  const things = new Set(profiles.map(({ thing }) => thing))
  const intents = new Set(
    profiles.flatMap(({ tool }) => [...tool.intent.nouns.en, ...tool.intent.nouns.pt].map((noun) => fold(noun))),
  )
  const named = request.nouns.filter(({ concepts, start, end }) => {
    const phrase = request.tokens.slice(start, end).map(({ word }) => word)
    const isThing = [...concepts].some((concept) => things.has(THING_OF_CONCEPT[concept] ?? concept))
    return isThing || intents.has(phrase.join(' '))
  })
  return named.length + (kind !== undefined && things.has(kind) ? 1 : 0)
}
