import { conceptOf } from './columns.ts'
import type { Noun } from './request.ts'
import { does, doesOnly, names } from './situation.ts'
import type { Situation } from './situation.ts'
import { looksLikeState, OF_ROWS } from './states.ts'
import { fold, wordAt } from './text.ts'
import { capitalBefore, titleFrom } from './written-titles.ts'
import type { Written } from './written-titles.ts'
import { ARTICLES, words } from './words.ts'

/**
 * Things that a request names by their titles instead of ids. Each is put into the request as an id that stands for it, so
 * that every rule for ids holds for titles as well; the tool that is called gets the title.
 */

/** A title and the piece of the request that it takes up. */
interface Titled extends Written {
  /** What stays of the piece: the noun, where the title stood in front of it. */
  readonly noun?: string
}

/** A request in which ids stand for titles. */
export interface Substituted {
  readonly message: string
  /** Id → title. */
  readonly titles: ReadonlyMap<string, string>
}

/** Kinds of things that have a title. */
const TITLED = ['page', 'database', 'row'] as const
/** What of a thing is looked at: "the rows of X", "comments on X". */
const PARTS = 'rowset row column schema comment thread content children metadata property block'.split(' ')
const CALLED = words('called named titled entitled chamada chamado intitulada intitulado nomeada nomeado')
/** Behind one of these stands something that is not there yet. */
const NEW = {
  en: words('a an new another some any'),
  pt: words('um uma nova novo outra outro mais alguma algum'),
} as const
/** What no title begins with: other products, places, and what no tool has. */
const ELSEWHERE = ['product', 'workspace', 'trash', 'outside', 'unsupported', 'chat', 'people', 'secret']
/** Prepositions before what a deed is done to. */
const AT = words('on in to into under inside em na no nas nos ao dentro')
const OF = words('of from in on em da do de das dos na no nas nos')
const TOWARDS = words('to into under inside below beneath within para pra pro dentro sob embaixo em na no')
/** Prepositions behind which only a place can stand, never a state. */
const INSIDE = words('into under inside below beneath within dentro sob embaixo')
const NO_PLACE = ['product', 'workspace', 'trash', 'people', 'secret']
/** What is done to one row; else its noun only says what is spoken of. */
const DEEDS_ON_ROWS = ['open', 'read', 'update', 'rename', 'delete', 'restore', 'comment', 'move', 'add', 'create']
/** Ids that no one else gives out. */
const PLACEHOLDER = 'ffffffff-ffff-4fff-bfff-fffffffffff'

/** The request with an id for each thing that it names by title; undefined where it names none so. */
export function substituteTitles(situation: Situation): Substituted | undefined {
  const { text } = situation.request
  if (does(situation, 'search') || text.includes(PLACEHOLDER)) return undefined
  const found = titlesIn(situation).toSorted((a, b) => a.start - b.start)
  if (found.length === 0) return undefined
  const titles = new Map<string, string>()
  let message = ''
  let position = 0
  for (const [index, { title, start, end, noun }] of found.entries()) {
    const id = `${PLACEHOLDER}${index}`
    titles.set(id, title)
    message += `${text.slice(position, start)}${noun === undefined ? '' : `${noun} `}${id}`
    position = end
  }
  return { message: message + text.slice(position), titles }
}

/** Puts titles back where their ids stand: alone in an argument, or anywhere in a text. */
export function withTitles(value: unknown, titles: Substituted['titles']): unknown {
  if (typeof value === 'string') return [...titles].reduce((text, [id, title]) => text.replaceAll(id, title), value)
  if (Array.isArray(value)) return value.map((each) => withTitles(each, titles))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withTitles(each, titles)]))
}

function titlesIn(situation: Situation): Titled[] {
  const { focus } = situation
  const moves = (does(situation, 'move') || isPut(situation)) && !names(situation, 'block', 'comment')
  if (focus.how === 'title' || (focus.own.length > 0 && !moves)) return []
  const place = moves ? placeOf(situation) : undefined
  const target = place ?? (focus.recalled === undefined ? behindPreposition(situation) : undefined)
  const found = [...behindNouns(situation), directObject(situation), target]
    .filter((each) => each !== undefined)
    .filter((each) => !isMaterial(situation, each) && !isRecalled(situation, each))
  return found.filter((each, index) => !found.slice(0, index).some((other) => overlaps(each, other)))
}

function overlaps(one: Titled, other: Titled): boolean {
  return one.start < other.end && other.start < one.end
}

/** What is to be written, or looked for, names nothing. */
function isMaterial({ request }: Situation, { start }: Titled): boolean {
  return [request.tail, request.said, request.topic].some(
    (piece) => piece !== undefined && start >= piece.start && start < piece.end,
  )
}

/** The one thing spoken of before bears this title: its id is better. */
function isRecalled({ focus }: Situation, { title }: Titled): boolean {
  return focus.recalled?.around.includes(fold(title)) === true
}

/** "the page "Plan"", "the Suppliers database", "a página Contrato Alfa", "the page called Plan". */
function behindNouns(situation: Situation): (Titled | undefined)[] {
  const titled = situation.request.nouns.filter((noun) => TITLED.some((thing) => noun.concepts.has(thing)))
  return titled.filter((noun) => isThere(situation, noun)).map((noun) => behindNoun(situation, noun))
}

/** What is made, or added, is named by its own noun; only a noun behind a preposition is a place that is there. */
function isThere(situation: Situation, noun: Noun): boolean {
  const { tokens, language } = situation.request
  if (NEW[language].has(wordAt(tokens, noun.start - 1))) return false
  if (isOnlyRow(noun) && !does(situation, ...DEEDS_ON_ROWS)) return false
  const makes = does(situation, 'create') || (does(situation, 'add') && !isPut(situation))
  return noun.governed || !makes
}

function isOnlyRow({ concepts }: Noun): boolean {
  return concepts.has('row') && !concepts.has('page') && !concepts.has('database')
}

/** "Put the page A inside B": what is there already gets another place. */
function isPut(situation: Situation): boolean {
  return situation.request.tokens.some(({ word }) => INSIDE.has(word)) && does(situation, 'toss')
}

function behindNoun({ request }: Situation, noun: Noun): Titled | undefined {
  const { tokens, text } = request
  let at = noun.end
  while (CALLED.has(wordAt(tokens, at))) at += 1
  const behind = titleFrom(request, at)
  if (behind !== undefined) return { ...behind, start: tokens[at === noun.end ? at : noun.end]!.start }
  if (isOnlyRow(noun)) return undefined
  const [first, last] = [capitalBefore(request, noun.start), tokens[noun.end - 1]]
  if (first === undefined || last === undefined) return undefined
  const { start } = tokens[first]!
  const nounStart = tokens[noun.start]!.start
  return { title: text.slice(start, nounStart).trim(), start, end: last.end, noun: text.slice(nounStart, last.end) }
}

/** "Read "Welcome letter"", "rename Old plan to ...": what stands right behind the verb. */
function directObject(situation: Situation): Titled | undefined {
  const { request, main } = situation
  const acts = doesOnly(situation, 'open', 'read', 'delete', 'restore', 'rename', 'move') || tosses(situation)
  if (
    main === undefined ||
    !acts ||
    does(situation, 'add') ||
    NEW[request.language].has(wordAt(request.tokens, main.end))
  )
    return undefined
  const found = titleFrom(situation.request, withoutArticles(situation, main.end))
  return found === undefined || speaksOf(situation, found, ELSEWHERE) ? undefined : found
}

function isQuoted({ quotes }: Situation['request'], { start }: Pick<Titled, 'start'>): boolean {
  return quotes.some((quote) => quote.start === start)
}

/** Words of a title that is not quoted name one of these things. */
function speaksOf({ request }: Situation, { start, end }: Titled, things: readonly string[]): boolean {
  if (isQuoted(request, { start })) return false
  return request.nouns.some((noun) => {
    const at = request.tokens[noun.start]!.start
    return at >= start && at < end && things.some((thing) => noun.concepts.has(thing))
  })
}

function tosses(situation: Situation): boolean {
  return (
    (does(situation, 'restore') && !does(situation, 'get')) ||
    (does(situation, 'toss', 'move') && (names(situation, 'trash') || hasPlace(situation)))
  )
}

function hasPlace({ request, main }: Situation): boolean {
  return request.tokens.slice(main?.end ?? 0).some(({ word }) => TOWARDS.has(word))
}

/** "Comment on Clientes", "the rows of Tarefas": what a deed is done to behind the preposition that goes with it. */
function behindPreposition(situation: Situation): Titled | undefined {
  const prepositions = prepositionsFor(situation)
  const { tokens } = situation.request
  for (const [index, { word, kind }] of tokens.entries()) {
    if (kind !== 'word' || !prepositions.has(word)) continue
    const found = titleFrom(situation.request, withoutArticles(situation, index + 1))
    if (found !== undefined) return speaksOf(situation, found, ELSEWHERE) ? undefined : found
  }
  return undefined
}

function prepositionsFor(situation: Situation): ReadonlySet<string> {
  if (does(situation, 'comment', 'add', 'create')) return AT
  if (does(situation, 'update', 'rename')) return namesColumn(situation) ? OF : new Set()
  const looks = situation.main === undefined || does(situation, 'list', 'query', 'get', 'read', 'check')
  return looks && names(situation, ...PARTS) ? OF : new Set()
}

/** "Move X to Archive", "coloque a página X dentro de Eventos": what is no state can only be a place. */
function placeOf(situation: Situation): Titled | undefined {
  const { tokens } = situation.request
  const from = situation.main?.end ?? tokens.length
  if (names(situation, 'trash')) return undefined
  for (let at = tokens.length - 1; at >= from; at -= 1) {
    const word = wordAt(tokens, at)
    const leads = INSIDE.has(word) || (TOWARDS.has(word) && does(situation, 'move'))
    const found = leads ? titleFrom(situation.request, withoutArticles(situation, at + 1)) : undefined
    if (found === undefined) continue
    const isState = !INSIDE.has(word) && isStateFor(situation, found)
    return isState || speaksOf(situation, found, NO_PLACE) ? undefined : found
  }
  return undefined
}

function isStateFor(situation: Situation, goal: Titled): boolean {
  if (isQuoted(situation.request, goal)) return false
  return changesState(situation, goal.start) || looksLikeState(goal.title)
}

/** What is moved goes from state to state, or one of its columns is spoken of: then the goal is a value. */
export function changesState({ request }: Situation, goalStart = request.text.length): boolean {
  return OF_ROWS.test(request.folded.slice(0, goalStart)) || namesColumn({ request })
}

function namesColumn({ request }: Pick<Situation, 'request'>): boolean {
  return (
    request.nouns.some(({ concepts }) => concepts.has('column')) ||
    request.tokens.some(({ word }) => conceptOf(word) !== undefined)
  )
}

/** Articles, and "de" behind "dentro". */
function withoutArticles({ request }: Situation, start: number): number {
  let at = start
  while (ARTICLES.has(wordAt(request.tokens, at)) || /^d[aeo]s?$/.test(wordAt(request.tokens, at))) at += 1
  return at
}
