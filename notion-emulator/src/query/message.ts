import { failureMessage, type Finding } from '../validation/check.ts'

/** The outcome of a compiler when the request is refused; the message is the text of a 400 `validation_error`. */
export interface Refused {
  ok: false
  message: string
}

/** Refuses with the sentence of a failed validation; several findings are the alternatives of a union. */
export function refuse(...findings: Finding[]): Refused {
  return { ok: false, message: failureMessage('body', findings) }
}
