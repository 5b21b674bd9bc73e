import type { CallProgress, WaitingCaller } from '#providers/waiting-caller.ts'
import { cleanText } from './definitions.ts'

/** What a remote server says of how far a call is, as far as it is passed on: growing numbers, short words, not without end. */

/** Of one call: a report for every percent, and then some. */
const REPORTS_MAXIMUM = 1_000
/** Characters of what a server says to it. */
const MESSAGE_CHARACTERS = 300

export function relayed(caller: WaitingCaller | undefined): WaitingCaller | undefined {
  const { onProgress } = caller ?? {}
  if (caller === undefined || onProgress === undefined) return caller
  let count = 0
  let last = Number.NEGATIVE_INFINITY
  return {
    ...caller,
    onProgress(report) {
      // It must grow with each (basic/utilities/progress): what does not is noise.
      if (!(report.progress > last) || count >= REPORTS_MAXIMUM) return
      last = report.progress
      count += 1
      onProgress(cleaned(report))
    },
  }
}

function cleaned({ progress, total, message }: CallProgress): CallProgress {
  const words = message === undefined ? '' : cleanText(message.replace(/\s+/g, ' '), MESSAGE_CHARACTERS)
  return { progress, ...(total === undefined ? {} : { total }), ...(words === '' ? {} : { message: words }) }
}
