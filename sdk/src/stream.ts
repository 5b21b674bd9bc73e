import { StreamCutError } from './error.ts'

/** One event of a run: a chunk of the AI SDK's UI message stream, for example `{type: 'text-delta', id, delta}`. */
export type StreamEvent = { readonly type: string } & Readonly<Record<string, unknown>>

const END = '[DONE]'

/**
 * Reads a `text/event-stream` body to its end mark.
 * @throws StreamCutError where the body ends without it.
 */
export async function* readEvents(response: Response): AsyncGenerator<StreamEvent, void> {
  for await (const text of eventTexts(response.body)) {
    if (text === END) return
    yield JSON.parse(text) as StreamEvent
  }
  throw new StreamCutError('The stream was cut. The run goes on: follow it with runs.stream(run_id).')
}

/** What each event carries. Comments, which keep the connection alive, carry nothing. */
async function* eventTexts(body: Response['body']): AsyncGenerator<string, void> {
  if (body === null) return
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = withPlainEnds(rest + decoder.decode(part.value as Uint8Array, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      yield* blocks.flatMap(textsOf)
    }
  } finally {
    // Also reached when the reader of events stops early: the connection is given back.
    await reader.cancel().catch(() => undefined)
  }
}

function withPlainEnds(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

function textsOf(block: string): string[] {
  const lines = block.split('\n').filter((line) => line.startsWith('data:'))
  return lines.length === 0 ? [] : [lines.map((line) => line.slice('data:'.length).replace(/^ /, '')).join('\n')]
}
