import { stringOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import type { Difference } from './compare.ts'
import type { Names } from './translate.ts'

/** The rows of a list, by what they are called in the recording and in the emulator. */
export interface RowComparison {
  differences: Difference[]
  /** Rows that are on both sides, in the order of the recording. */
  pairs: [recorded: JsonObject, emulated: JsonObject][]
  /** Rows that were left out of account, since the recording does not determine whether they are there. */
  undetermined: number
}

/** Which rows a recording leaves open; by default none. */
export interface OpenRows {
  /** A recorded row that the emulator need not give. */
  mayMiss: (recorded: JsonObject) => boolean
  /** An emulated row, by id, that the recording need not have. */
  mayExceed: (emulatedId: string) => boolean
}

const CLOSED: OpenRows = { mayMiss: () => false, mayExceed: () => false }

/**
 * Pairs the rows of two lists by id. Rows that the recording never named before take the unnamed ones of the emulator
 * in order: the children of a block that came with it.
 */
export function compareRows(
  recorded: JsonObject[],
  emulated: JsonObject[],
  names: Names,
  open: OpenRows = CLOSED,
): RowComparison {
  nameNewRows(recorded, emulated, names)
  const emulatedIds = new Set(emulated.map(idOf))
  const isMissing = (row: JsonObject): boolean => !emulatedIds.has(names.name(idOf(row)))
  const wanted = recorded.filter((row) => !(isMissing(row) && open.mayMiss(row)))
  const expected = wanted.map((row) => names.name(idOf(row)))
  const given = emulated.map(idOf).filter((id) => expected.includes(id) || !open.mayExceed(id))
  const pairs = wanted.flatMap((row): RowComparison['pairs'] => {
    const match = emulated.find((candidate) => idOf(candidate) === names.name(idOf(row)))
    return match === undefined ? [] : [[row, match]]
  })
  const undetermined = recorded.length - wanted.length + (emulated.length - given.length)
  const differences = rowDifferences(expected, given)
  const isElsewhere = differences[0]?.kind === 'order' && open !== CLOSED && keepsOrder(pairs, given)
  return { differences: isElsewhere ? [] : differences, pairs, undetermined: undetermined + (isElsewhere ? 1 : 0) }
}

/** Whether the rows that were edited at the same time on both sides stand in the same order. */
function keepsOrder(pairs: RowComparison['pairs'], given: string[]): boolean {
  const settled = pairs.filter(([left, right]) => left['last_edited_time'] === right['last_edited_time'])
  const places = settled.map(([, right]) => given.indexOf(idOf(right)))
  return places.every((place, index) => index === 0 || (places[index - 1] ?? 0) < place)
}

function idOf(row: JsonObject): string {
  return stringOf(row['id'])
}

function nameNewRows(recorded: JsonObject[], emulated: JsonObject[], names: Names): void {
  const named = new Set(recorded.map(idOf).filter((id) => names.knows(id)))
  const taken = new Set([...named].map((id) => names.name(id)))
  const free = emulated.filter((row) => !taken.has(idOf(row)))
  for (const row of recorded) {
    const index = free.findIndex((candidate) => candidate['type'] === row['type'])
    if (names.knows(idOf(row)) || index < 0) continue
    const [match] = free.splice(index, 1)
    if (match !== undefined) names.set(idOf(row), idOf(match))
  }
}

function rowDifferences(expected: string[], given: string[]): Difference[] {
  const missing = expected.filter((id) => !given.includes(id)).length
  const extra = given.filter((id) => !expected.includes(id)).length
  const recorded = `${expected.length} rows`
  if (missing > 0 || extra > 0 || expected.length !== given.length) {
    const emulated = `${given.length} rows, ${missing} missing, ${extra} more`
    return [{ kind: 'rows', place: 'results', recorded, emulated }]
  }
  const isOrdered = expected.every((id, index) => id === given[index])
  return isOrdered ? [] : [{ kind: 'order', place: 'results', recorded, emulated: 'the same in another order' }]
}
