/** Typing slips: one letter left out, doubled or added, or two swapped; in a long word also one letter for another. */

/** Shorter words have too many neighbours that are words themselves: "tag" and "tar", "black" and "block". */
const MIN_TYPED = 4
const MIN_MEANT = 5
const MIN_LONG = 7

/** The words of a vocabulary, by first letter: people rarely miss that one. */
export type Vocabulary = ReadonlyMap<string, readonly string[]>

export function vocabularyOf(words: Iterable<string>): Vocabulary {
  return Map.groupBy(words, (word) => word.charAt(0))
}

/** The words of the vocabulary that a typed word is one slip away from. */
export function wordsMeantBy(typed: string, vocabulary: Vocabulary): readonly string[] {
  if (typed.length < MIN_TYPED || !/^[a-z]+$/.test(typed)) return []
  return (vocabulary.get(typed.charAt(0)) ?? []).filter((word) => isSlip(typed, word))
}

/** Whether `typed` is one slip away from `meant`. */
export function isSlip(typed: string, meant: string): boolean {
  if (meant.length - typed.length === 1) return meant.length >= MIN_MEANT && isMissingOne(typed, meant)
  if (typed.length - meant.length === 1) return meant.length >= MIN_MEANT && isMissingOne(meant, typed)
  if (typed.length !== meant.length || typed === meant) return false
  const at = firstDifference(typed, meant)
  const isSwap = typed.charAt(at) === meant.charAt(at + 1) && typed.charAt(at + 1) === meant.charAt(at)
  if (isSwap && typed.slice(at + 2) === meant.slice(at + 2)) return true
  return meant.length >= MIN_LONG && typed.slice(at + 1) === meant.slice(at + 1)
}

function isMissingOne(shorter: string, longer: string): boolean {
  const at = firstDifference(shorter, longer)
  return shorter.slice(at) === longer.slice(at + 1)
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one.charAt(at) === other.charAt(at)) at += 1
  return at
}
