import { objectsOf } from '../core/json.ts'
import type { Difference } from './compare.ts'
import type { Driven } from './drive.ts'
import type { Interaction } from './recording.ts'

/**
 * Why an answer differs from a recorded one, by pattern. The list is reviewed by hand; a reason never makes two answers
 * equal, it only tells the reader of a report what was found when somebody looked.
 */
interface Reason {
  applies: (difference: Difference, outcome: Driven) => boolean
  text: string
}

const REASONS: Reason[] = [
  {
    applies: ({ place }, { interaction }) => place.startsWith('results') && hasRepeatedIds(interaction),
    text: 'the recording calls two objects of one list by the same id',
  },
  {
    applies: ({ kind }, { looksAtReplaced }) => kind === 'rows' && looksAtReplaced,
    text: 'the recording replaced addresses after the filter had looked at them',
  },
  {
    applies: (_difference, { interaction }) => hasObjectOf2022(interaction),
    text: 'the recorded answer has the shape of 2022-06-28, whatever version stands beside it',
  },
  {
    applies: ({ place, kind }) => place.includes('{rollup}') && kind === 'length',
    text: 'the rows that a rollup reads are not in the recording',
  },
  {
    applies: (_difference, { interaction }) => isPartOfItems(interaction),
    text: 'the recording has one part of a list, and what is before or behind it is not known',
  },
  {
    applies: ({ emulated }) => emulated.includes('start_cursor provided is invalid'),
    text: 'a cursor in the form of older answers, which names the next row by its id alone',
  },
]

/** The reason for a difference, or null where none is known. */
export function reasonFor(difference: Difference, outcome: Driven): string | null {
  return REASONS.find(({ applies }) => applies(difference, outcome))?.text ?? null
}

/** Items of a property, and templates. */
function isPartOfItems({ path, query, answer }: Interaction): boolean {
  const isPart = answer?.['has_more'] === true || query.some(([name]) => name === 'start_cursor')
  return isPart && /\/(?:properties\/[^/]+|templates)$/.test(path)
}

function hasRepeatedIds({ answer }: Interaction): boolean {
  if (answer?.['type'] === 'property_item') return false
  const ids = objectsOf(answer?.['results']).map((row) => row['id'])
  return new Set(ids).size < ids.length
}

/** Until 2022-06-28 a database carried its schema; later its data sources do. */
function hasObjectOf2022({ answer, version }: Interaction): boolean {
  return version > '2022-06-28' && answer !== null && answer['object'] === 'database' && 'properties' in answer
}
