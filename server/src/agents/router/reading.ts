import { readConnection, readDiscussion, readPerson } from './reading-people.ts'
import { readAddition, readCreation, readDeletion, readRestoration, readUpdate } from './reading-changes.ts'
import { readEdit, readMove } from './reading-pages.ts'
import { readBlock, readLocation, readPage, readQuestion, readRows, readSchema } from './reading-looks.ts'
import { readLiteral } from './reading-literal.ts'
import type { Fits } from './reading-literal.ts'
import type { Situation } from './situation.ts'

/** What tools do, in the words of the router. */
export type Deed = 'search' | 'read' | 'list' | 'query' | 'create' | 'append' | 'update' | 'move' | 'delete' | 'restore'

/** A request understood: a deed done to a thing. Tools are described by the same pair, and so the two can be matched. */
export interface Reading {
  readonly deed: Deed | (string & {})
  readonly thing: string
}

export type Rule = (situation: Situation, fits: Fits) => Reading | undefined

/**
 * Tried in this order; the first that answers decides. Specific things come before general ones: a comment on a page is
 * about a comment, a column of a database about its schema.
 */
const RULES: readonly Rule[] = [
  readRestoration,
  readLiteral,
  readDiscussion,
  readSchema,
  readConnection,
  readMove,
  readEdit,
  readCreation,
  readAddition,
  readUpdate,
  readDeletion,
  readPerson,
  readBlock,
  readRows,
  readLocation,
  readPage,
  readQuestion,
]

/**
 * Reads a request as a deed and a thing; undefined if nothing in it says clearly enough what is wanted.
 * @param fits whether a tool does it; asked only of things that no list of words knows
 */
export function readSituation(situation: Situation, fits: Fits = () => true): Reading | undefined {
  for (const rule of RULES) {
    const reading = rule(situation, fits)
    if (reading !== undefined) return reading
  }
  return undefined
}
