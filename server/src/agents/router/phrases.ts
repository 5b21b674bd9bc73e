import { ID_MARK } from './request.ts'
import type { Request } from './request.ts'

/** The words at `start`: what is quoted there, else everything up to `end`. Undefined if nothing or only an id stands there. */
export function phraseAt(request: Request, start: number, end: RegExp): string | undefined {
  const rest = request.text.slice(start)
  const quoted = /^["“«'`]([^"”»'`]+)["”»'`]/.exec(rest)?.[1]
  if (quoted !== undefined) return quoted
  const decimal = /^(?:r\$\s*|us\$\s*|\$\s*)?-?\d+[.,][\d.,]*\d(?:\s?%)?(?=\s|$|[,;.!?])/i.exec(rest)?.[0]
  const folded = request.folded.slice(start)
  const stop = end.exec(folded)?.index ?? rest.length
  const phrase = decimal ?? rest.slice(0, stop)
  return phrase.trim() === '' || folded.startsWith(ID_MARK) ? undefined : phrase.trim()
}

/** The words that a pattern found in the folded text, as the user wrote them. */
export function asWritten(request: Request, start: number, folded: string): string {
  return request.text.slice(start, start + folded.length).trim()
}
