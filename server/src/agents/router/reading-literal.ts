import { isLiteral } from './lexicon.ts'
import type { Hit } from './lexicon.ts'
import type { Reading } from './reading.ts'
import { does } from './situation.ts'
import type { Situation } from './situation.ts'

const DEEDS: Readonly<Record<string, string>> = {
  search: 'search',
  read: 'read',
  open: 'read',
  get: 'read',
  list: 'list',
  query: 'query',
  create: 'create',
  add: 'create',
  update: 'update',
  rename: 'update',
  tick: 'update',
  delete: 'delete',
  restore: 'restore',
  comment: 'create',
  reply: 'create',
}

/** What is said to be one of these is a thing of documents, whatever else is said of it. */
const OF_DOCUMENTS = 'page database block column schema title property content'.split(' ')

/** Whether a tool at hand does what was read. */
export type Fits = (reading: Reading) => boolean

/**
 * Things that only the tools have a word for, such as a channel: the main verb says what to do with them. Where no tool at hand
 * does it, such a word beside the object is only part of what is said of other things.
 */
export function readLiteral(situation: Situation, fits: Fits): Reading | undefined {
  const { object, focus } = situation
  // A comment on such a thing is a comment.
  if (does(situation, 'comment', 'reply') && !isLiteralVerb(situation.main)) return undefined
  if (OF_DOCUMENTS.some((concept) => object?.concepts.has(concept))) return undefined
  const deeds = deedsOf(situation)
  const readings = thingsOf(situation).flatMap((thing) => deeds.map((deed) => ({ deed, thing })))
  const isAboutIt = focus.own.length === 0 && object !== undefined && literalsOf([object]).length > 0
  return readings.find(fits) ?? (isAboutIt ? readings[0] : undefined)
}

/** The object first. */
function thingsOf({ request, object }: Situation): string[] {
  const nouns = request.nouns.filter(({ end }) => !opensTopic(request, end))
  return literalsOf([...nouns.filter((noun) => noun === object), ...nouns])
}

function deedsOf({ request, main }: Situation): string[] {
  const known = [...(main?.concepts ?? [])].map((concept) => DEEDS[concept]).filter((deed) => deed !== undefined)
  const deeds = [...literalsOf(main === undefined ? [] : [main]), ...known]
  return deeds.length === 0 && request.question !== undefined ? ['list'] : deeds
}

/** "That mention Acme": the word before what is looked for is no thing. */
function opensTopic({ tokens, topic }: Situation['request'], end: number): boolean {
  const next = tokens[end]
  return topic !== undefined && next !== undefined && next.start >= topic.start && tokens[end - 1]!.end <= topic.start
}

function isLiteralVerb(main: Situation['main']): boolean {
  return main !== undefined && literalsOf([main]).length > 0
}

function literalsOf(hits: readonly Pick<Hit, 'concepts'>[]): string[] {
  return [...new Set(hits.flatMap(({ concepts }) => [...concepts].filter(isLiteral)))]
}
