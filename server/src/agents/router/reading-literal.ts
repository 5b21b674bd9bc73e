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

/** Whether a tool at hand does what was read. */
export type Fits = (reading: Reading) => boolean

/**
 * Things that only the tools have a word for, such as a channel: the main verb says what to do with them. Where no tool at hand
 * does it, such a word beside the object is only part of what is said of other things.
 */
export function readLiteral(situation: Situation, fits: Fits): Reading | undefined {
  const { request, main, object } = situation
  // A comment on such a thing is a comment.
  if (does(situation, 'comment', 'reply') && !isLiteralVerb(main)) return undefined
  const things = literalsOf([...(object === undefined ? [] : [object]), ...request.nouns])
  const known = [...(main?.concepts ?? [])].map((concept) => DEEDS[concept]).filter((deed) => deed !== undefined)
  const deeds = [...literalsOf(main === undefined ? [] : [main]), ...known]
  if (deeds.length === 0 && request.question !== undefined) deeds.push('list')
  const readings = things.flatMap((thing) => deeds.map((deed) => ({ deed, thing })))
  return readings.find(fits) ?? (literalsOf(object === undefined ? [] : [object]).length > 0 ? readings[0] : undefined)
}

function isLiteralVerb(main: Situation['main']): boolean {
  return main !== undefined && literalsOf([main]).length > 0
}

function literalsOf(hits: readonly Pick<Hit, 'concepts'>[]): string[] {
  return [...new Set(hits.flatMap(({ concepts }) => [...concepts].filter(isLiteral)))]
}
