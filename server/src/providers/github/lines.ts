import { RESULT_CHARACTERS } from './results.ts'
import { wholeStart } from './texts.ts'

/** A file in parts of whole lines. */

export interface ShownLines {
  readonly text: string
  /** Counted from one. */
  readonly first: number
  readonly last: number
  readonly total: number
  /** Where the next part begins; undefined at the end of what was asked for. */
  readonly next: number | undefined
  /** One line alone was too long, and its rest is left out. */
  readonly isCut: boolean
}

const LINE_CURSOR = /^l(\d{1,7})$/

/** @returns null where it is no cursor of ours, undefined where there is none */
export function readLineCursor(cursor: string | undefined): number | null | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const digits = LINE_CURSOR.exec(cursor)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** The cursor to the part that begins with this line. */
export function lineCursor(first: number): string {
  return `l${first}`
}

/**
 * @param last the last line that is wanted; the end of the file where there is none
 * @returns undefined where the file has no such line
 */
export function showLines(text: string, first: number, last: number | undefined): ShownLines | undefined {
  const lines = text.replace(/\n$/, '').split('\n')
  const wantedEnd = Math.min(last ?? lines.length, lines.length)
  if (first < 1 || first > wantedEnd) return undefined
  let end = first - 1
  let characters = 0
  while (end < wantedEnd) {
    characters += (lines[end]?.length ?? 0) + 1
    if (characters > RESULT_CHARACTERS && end >= first) break
    end += 1
  }
  const whole = lines.slice(first - 1, end).join('\n')
  const shown = wholeStart(whole, RESULT_CHARACTERS)
  return {
    text: shown,
    first,
    last: end,
    total: lines.length,
    next: end < wantedEnd ? end + 1 : undefined,
    isCut: shown.length < whole.length,
  }
}
