/**
 * Pairs runs of `*`, `_` and `~~` as CommonMark 0.31.2 does (section 6.2 and its appendix), which takes linear time
 * thanks to a lower bound for the search that is kept for every kind of closing run. One rule is looser: a run beside a
 * letter and a punctuation mark may open and close, so that `**"bold"**text` works.
 */

/** The marks that runs of delimiters make. */
export type EmphasisFormat = 'bold' | 'italic' | 'strikethrough'

/** A run of equal delimiter characters. What is left over of it stands as text between `closes` and `opens`. */
export interface DelimiterRun {
  character: string
  /** Characters not used up by a pair. */
  left: number
  /** Characters in the source. */
  length: number
  canOpen: boolean
  canClose: boolean
  /** The marks that end before what is left over. */
  closes: EmphasisFormat[]
  /** The marks that begin after what is left over. */
  opens: EmphasisFormat[]
}

const WHITE_SPACE = /\s/u
const WORD = /[\p{L}\p{N}_]/u
const DOUBLE = 2
/** CommonMark's rule of three: runs that may do both do not pair when their lengths add up to a multiple of this. */
const RULE_OF_THREE = 3

/** Describes a run between two characters; empty strings stand for the start and the end of the text. */
export function delimiterRun(run: string, before: string, after: string): DelimiterRun {
  const character = run.charAt(0)
  const spaceBefore = before === '' || WHITE_SPACE.test(before)
  const spaceAfter = after === '' || WHITE_SPACE.test(after)
  const underscore = character === '_'
  const usable = character !== '~' || run.length === DOUBLE
  return {
    character,
    left: run.length,
    length: run.length,
    canOpen: usable && !spaceAfter && !(underscore && WORD.test(before)),
    canClose: usable && !spaceBefore && !(underscore && WORD.test(after)),
    closes: [],
    opens: [],
  }
}

interface Link {
  run: DelimiterRun
  previous: Link | undefined
  next: Link | undefined
}

/** Pairs what can be paired among these runs, which stand in the order of the text. */
export function pairRuns(runs: readonly DelimiterRun[]): void {
  const bottoms = new Map<string, Link | undefined>()
  let closer = chain(runs)
  while (closer) {
    if (!closer.run.canClose) {
      closer = closer.next
      continue
    }
    const kind = closerKind(closer.run)
    const opener = findOpener(closer, bottoms.get(kind))
    if (opener) {
      closer = pair(opener, closer)
      continue
    }
    bottoms.set(kind, closer.previous)
    const next: Link | undefined = closer.next
    if (!closer.run.canOpen) unlink(closer)
    closer = next
  }
}

function chain(runs: readonly DelimiterRun[]): Link | undefined {
  let first: Link | undefined
  let last: Link | undefined
  for (const run of runs) {
    const link: Link = { run, previous: last, next: undefined }
    if (last) last.next = link
    first ??= link
    last = link
  }
  return first
}

function closerKind({ character, canOpen, length }: DelimiterRun): string {
  return `${character}${canOpen}${length % RULE_OF_THREE}`
}

function findOpener(closer: Link, bottom: Link | undefined): Link | undefined {
  let candidate = closer.previous
  while (candidate && candidate !== bottom) {
    if (canPair(candidate.run, closer.run)) return candidate
    candidate = candidate.previous
  }
  return undefined
}

function canPair(opener: DelimiterRun, closer: DelimiterRun): boolean {
  if (opener.character !== closer.character || !opener.canOpen) return false
  if (!opener.canClose && !closer.canOpen) return true
  const bothMultiples = opener.length % RULE_OF_THREE === 0 && closer.length % RULE_OF_THREE === 0
  return bothMultiples || (opener.length + closer.length) % RULE_OF_THREE !== 0
}

/** Joins the two, drops what lies between, and answers the run to go on with. */
function pair(opener: Link, closer: Link): Link | undefined {
  const size = opener.run.left >= DOUBLE && closer.run.left >= DOUBLE ? DOUBLE : 1
  const format = formatOf(opener.run.character, size)
  opener.run.opens.push(format)
  closer.run.closes.push(format)
  opener.run.left -= size
  closer.run.left -= size
  opener.next = closer
  closer.previous = opener
  if (opener.run.left === 0) unlink(opener)
  if (closer.run.left > 0) return closer
  unlink(closer)
  return closer.next
}

function formatOf(character: string, size: number): EmphasisFormat {
  if (character === '~') return 'strikethrough'
  return size === DOUBLE ? 'bold' : 'italic'
}

function unlink({ previous, next }: Link): void {
  if (previous) previous.next = next
  if (next) next.previous = previous
}
