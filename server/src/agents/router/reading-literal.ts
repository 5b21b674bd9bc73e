import { isLiteral } from './lexicon.ts'
import type { Reading } from './reading.ts'
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

/** Things that only the tools at hand have a word for, such as a channel: the main verb says what to do with them. */
export function readLiteral({ request, main, object }: Situation): Reading | undefined {
  const thing =
    literalOf(object?.concepts) ?? request.nouns.map((noun) => literalOf(noun.concepts)).find((found) => found)
  if (thing === undefined) return undefined
  const known = [...(main?.concepts ?? [])].map((concept) => DEEDS[concept]).find((deed) => deed !== undefined)
  const deed = literalOf(main?.concepts) ?? known ?? (request.question === undefined ? undefined : 'list')
  return deed === undefined ? undefined : { deed, thing }
}

function literalOf(concepts: ReadonlySet<string> | undefined): string | undefined {
  return [...(concepts ?? [])].find((concept) => isLiteral(concept))
}
