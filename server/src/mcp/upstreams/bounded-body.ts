/**
 * Bounds what is inside an answer before anybody parses it: a text of a million nested arrays holds the process for a
 * second, and what it makes breaks whoever writes it out again.
 */

/** Arrays and objects inside each other; honest messages have about twenty. */
const DEPTH_MAXIMUM = 3_000

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b])
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d])

export class TooDeepError extends Error {
  override readonly name = 'TooDeepError'
}

/** The same answer, whose body ends with a {@link TooDeepError} where it is nested too deep. */
export function boundedBody(response: Response): Response {
  if (response.body === null) return response
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const counter = createDepthCounter(isStream)
  const bounded = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        counter(chunk)
        controller.enqueue(chunk)
      },
    }),
  )
  const { status, statusText, headers } = response
  return new Response(bounded, { status, statusText, headers })
}

/**
 * Counts brackets outside of strings, chunk by chunk.
 * @param isStream an empty line ends an event, and what was open in it; in JSON a line's end ends a string at most, as no
 *   string of JSON goes over it
 */
export function createDepthCounter(isStream: boolean): (chunk: Uint8Array) => void {
  let depth = 0
  let inString = false
  let isEscaped = false
  let lineIsEmpty = true
  let before = 0

  function endLine(byte: number): void {
    const isSecondOfTwo = byte === LINE_FEED && before === CARRIAGE_RETURN
    if (isStream && lineIsEmpty && !isSecondOfTwo) depth = 0
    lineIsEmpty = true
    inString = false
    isEscaped = false
  }

  function read(byte: number): void {
    lineIsEmpty = false
    if (isEscaped) isEscaped = false
    else if (inString) {
      if (byte === BACKSLASH) isEscaped = true
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (OPENING.has(byte)) depth += 1
    else if (CLOSING.has(byte)) depth = Math.max(0, depth - 1)
    if (depth > DEPTH_MAXIMUM) throw new TooDeepError('The answer is nested too deep.')
  }

  return (chunk) => {
    for (const byte of chunk) {
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) endLine(byte)
      else read(byte)
      before = byte
    }
  }
}
