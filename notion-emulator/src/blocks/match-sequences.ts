/** A place in the first list and the place of the equal entry in the second. */
export type SequenceMatch = readonly [first: number, second: number]

/** The longest common subsequence of two lists, as pairs of places in order. */
export function matchSequences(first: readonly string[], second: readonly string[]): SequenceMatch[] {
  const start = commonStart(first, second)
  const end = commonEnd(first, second, start)
  const firstMiddle = first.slice(start, first.length - end)
  const secondMiddle = second.slice(start, second.length - end)
  const middle = longestCommon(firstMiddle, secondMiddle).map(
    ([left, right]) => [left + start, right + start] satisfies SequenceMatch,
  )
  return [
    ...Array.from({ length: start }, (_, index) => [index, index] satisfies SequenceMatch),
    ...middle,
    ...Array.from(
      { length: end },
      (_, index) => [first.length - end + index, second.length - end + index] satisfies SequenceMatch,
    ),
  ]
}

function commonStart(first: readonly string[], second: readonly string[]): number {
  const limit = Math.min(first.length, second.length)
  let count = 0
  while (count < limit && first[count] === second[count]) count += 1
  return count
}

function commonEnd(first: readonly string[], second: readonly string[], start: number): number {
  const limit = Math.min(first.length, second.length) - start
  let count = 0
  while (count < limit && first.at(-1 - count) === second.at(-1 - count)) count += 1
  return count
}

/** Dynamic programming over both lists: `lengths[i][j]` is the best for what follows places i and j. */
function longestCommon(first: string[], second: string[]): SequenceMatch[] {
  const lengths = Array.from({ length: first.length + 1 }, () => new Uint32Array(second.length + 1))
  const at = (left: number, right: number): number => lengths[left]?.[right] ?? 0
  for (let left = first.length - 1; left >= 0; left -= 1) {
    const row = lengths[left] ?? new Uint32Array()
    for (let right = second.length - 1; right >= 0; right -= 1) {
      const isEqual = first[left] === second[right]
      row[right] = isEqual ? at(left + 1, right + 1) + 1 : Math.max(at(left + 1, right), at(left, right + 1))
    }
  }
  return walk(first, second, at)
}

function walk(first: string[], second: string[], at: (left: number, right: number) => number): SequenceMatch[] {
  const matches: SequenceMatch[] = []
  let left = 0
  let right = 0
  while (left < first.length && right < second.length) {
    if (first[left] === second[right]) {
      matches.push([left, right])
      left += 1
      right += 1
    } else if (at(left + 1, right) >= at(left, right + 1)) left += 1
    else right += 1
  }
  return matches
}
