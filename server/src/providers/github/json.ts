/** GitHub's client reads numbers that a double cannot hold as what JSON cannot write. */
export type Id = number | bigint

/** An id that can be written as JSON without losing a digit. */
export function idValue(id: Id): number | string {
  return typeof id === 'number' ? id : String(id)
}
