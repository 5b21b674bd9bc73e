/** Length at which the real API cuts the value that it quotes in a validation message (seen in recorded answers). */
const QUOTED_VALUE_LIMIT = 55

/** A refused part of a request: where, what was expected, what was there. */
export interface Refusal {
  path: string
  /** As in Notion's sentences: `defined`, `not present`, `a string`, "one of ..." ... */
  expectation: string
  value: unknown
}

/** The outcome of a compiler when the request is refused; the message is the text of a 400 `validation_error`. */
export interface Refused {
  ok: false
  message: string
}

/** Refuses with the sentence of a failed validation; several refusals are the alternatives of a union. */
export function refuse(...refusals: Refusal[]): Refused {
  const sentences = refusals.map(
    ({ path, expectation, value }) => `${path} should be ${expectation}, instead was \`${quote(value)}\`.`,
  )
  const message =
    sentences.length === 1
      ? `body failed validation: ${sentences[0] ?? ''}`
      : ['body failed validation. Fix one:', ...sentences].join('\n')
  return { ok: false, message }
}

function quote(value: unknown): string {
  const json = value === undefined ? 'undefined' : JSON.stringify(value)
  return json.length > QUOTED_VALUE_LIMIT ? `${json.slice(0, QUOTED_VALUE_LIMIT)}...` : json
}
