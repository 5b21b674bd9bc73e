import { CHANGING } from './mood.ts'
import type { Focus } from './focus.ts'
import type { Kind, Mention } from './mentions.ts'
import type { Noun, Request, Verb } from './request.ts'
import { wordAt } from './text.ts'

/** A request together with what it points at: all that the rules of reading look at. */
export interface Situation {
  readonly request: Request
  readonly focus: Focus
  /** The verb that says what to do, if one orders anything. */
  readonly main?: Verb
  /** What the main verb acts on: the first noun behind it that hangs on no preposition. */
  readonly object?: Noun
  /** Kind of the thing that the request is about, where its words or the conversation tell. */
  readonly kind?: Kind
  /** An id in the request, or the one thing spoken of before. */
  readonly hasTarget: boolean
}

/** Verbs that only lead up to the order behind them: "open X and add a line". */
const LEADING_IN: ReadonlySet<string> = new Set(['open', 'get', 'check'])

export function describeSituation(request: Request, focus: Focus): Situation {
  const main = mainVerb(request, focus)
  const object = main === undefined ? request.nouns[0] : directObject(request, main)
  const target = focus.own[0] ?? focus.recalled
  return {
    request,
    focus,
    ...(main && { main }),
    ...(object && { object }),
    ...(target?.kind && { kind: target.kind }),
    hasTarget: target !== undefined,
  }
}

function mainVerb(request: Request, focus: Focus): Verb | undefined {
  const commands = request.verbs.filter((verb) => verb.command && !isModal(request, verb))
  const first = commands[0]
  if (first === undefined || focus.own.length === 0) return first
  if (![...first.concepts].some((concept) => LEADING_IN.has(concept))) return first
  const later = commands.find(
    (verb) => CHANGING.some((action) => verb.concepts.has(action)) && !verb.concepts.has('get'),
  )
  return later ?? first
}

/** "Dá pra listar ...": only asks for what the verb behind it does. */
function isModal({ tokens, verbs }: Request, { start, end }: Verb): boolean {
  const asks = /^(?:da|daria)$/.test(wordAt(tokens, start)) && /^(?:pra|para)$/.test(wordAt(tokens, end))
  return asks && verbs.some((verb) => verb.start === end + 1)
}

function directObject(request: Request, main: Verb): Noun | undefined {
  const next = request.verbs.find((verb) => verb.command && verb.start >= main.end)?.start ?? request.tokens.length
  const behind = request.nouns.filter((noun) => noun.start >= main.end && noun.start < next)
  return headOf(behind.find((noun) => !noun.governed) ?? behind[0], request)
}

/** Of "workspace members" the members are meant: in English the last of adjacent nouns says what it is. */
function headOf(noun: Noun | undefined, request: Pick<Request, 'nouns' | 'language'>): Noun | undefined {
  const { nouns, language } = request
  const next = language === 'en' && noun !== undefined ? nouns.find((other) => other.start === noun.end) : undefined
  return next === undefined ? noun : headOf(next, request)
}

/** The main verb has one of these meanings. */
export function does(situation: Situation, ...actions: readonly string[]): boolean {
  return actions.some((action) => situation.main?.concepts.has(action) ?? false)
}

/** The main verb has one of these meanings and no other: "get" may also fetch something from somewhere. */
export function doesOnly(situation: Situation, ...actions: readonly string[]): boolean {
  const concepts = [...(situation.main?.concepts ?? [])].filter((concept) => concept !== 'toss')
  return concepts.length > 0 && concepts.every((concept) => actions.includes(concept))
}

/** A clause of the request asks instead of ordering. */
export function asks({ request }: Pick<Situation, 'request'>): boolean {
  return request.question !== undefined
}

/** The request names one of these things anywhere outside quotations and material. */
export function names(situation: Pick<Situation, 'request'>, ...things: readonly string[]): boolean {
  return situation.request.nouns.some((noun) => things.some((thing) => noun.concepts.has(thing)))
}

/** The main verb acts on one of these things. */
export function actsOn(situation: Situation, ...things: readonly string[]): boolean {
  return things.some((thing) => situation.object?.concepts.has(thing) ?? false)
}

/** Any order in the request has one of these meanings. */
export function orders(situation: Situation, ...actions: readonly string[]): boolean {
  return situation.request.verbs.some((verb) => verb.command && actions.some((action) => verb.concepts.has(action)))
}

/** The folded words of the request match, outside quotations. */
export function says(situation: Situation, pattern: RegExp): boolean {
  return pattern.test(situation.request.folded)
}

const BY_MISTAKE =
  /(?<![a-z])(?:by (?:mistake|accident)|accidentally|mistakenly|unintentionally|sem querer|por (?:engano|acidente|erro|descuido)|acidentalmente)(?![a-z])/
const IN_TRASH =
  /(?<![a-z])(?:trash|bin|archived|deleted|removed|lixeira|lixo|arquivad[ao]|excluid[ao]|apagad[ao]|removid[ao])(?![a-z])/
const UNDO = /(?<![a-z])(?:undo|revert|desfa[zc]\w*|revert\w*|volt(?:a|e|ar)|back|de volta)(?![a-z])/

/** "I deleted it by mistake": a wish to have it back, whatever verb follows. */
export function regretsDeletion(situation: Situation): boolean {
  const deleted = situation.request.verbs.some((verb) => verb.concepts.has('delete') && verb.past)
  const isWantedBack = situation.request.verbs.some((verb) => verb.concepts.has('restore') && verb.mood !== 'negated')
  return deleted && (isWantedBack || says(situation, BY_MISTAKE))
}

/** "Undo that", said of something that was just put in the trash. */
export function takesBack(situation: Situation): boolean {
  const { recalled } = situation.focus
  return recalled !== undefined && says(situation, UNDO) && IN_TRASH.test(recalled.around)
}

const PLACE =
  /(?<![a-z])(?:into|inside|under|beneath|below|within|to|in|dentro d[aeo]|(?:em|a)?baixo d[aeo]|sob|para|pra|pro|em|n[ao])\s+(?:[a-z]+\s+){0,2}$/

/** What is named stands behind "under", "into", "dentro de" and the like. */
export function isPlaceFor({ request }: Pick<Situation, 'request'>, { start }: Mention): boolean {
  return PLACE.test(request.folded.slice(0, start))
}

/** Two things are named, and the one is a place for the other: "transfer A to B". */
export function givesPlace(situation: Situation): boolean {
  const { own } = situation.focus
  return (
    does(situation, 'move', 'toss', 'add') &&
    own.length === 2 &&
    own.filter((each) => isPlaceFor(situation, each)).length === 1
  )
}
