import type { FetchLike } from '@modelcontextprotocol/client'

/**
 * Whether an address that takes no message is that of the transport of 2024: it answers GET with a stream whose first event is
 * `endpoint` (2025-11-25, basic/transports, "Backwards Compatibility").
 */

/** What a server of that transport answers to a message at the address of its stream. */
const POST_REFUSALS: ReadonlySet<number | null> = new Set([400, 404, 405])
/** Milliseconds: it is the first thing that such a server says, and a person has waited already. */
const FIRST_EVENT_MS = 3_000
/** Characters before the first event; an honest one stands at the very beginning. */
const BEGINNING_CHARACTERS = 4_096
const ENDPOINT_EVENT = /(?:^|[\r\n])event: ?endpoint[\r\n]/

export interface OldTransportQuestion {
  /** Guarded, with limits of its own. */
  readonly fetch: FetchLike
  readonly url: string
  readonly token?: string
  /** Status of the answer to a message; null where there was none. */
  readonly status: number | null
  readonly signal?: AbortSignal
}

/** Never throws: what cannot be found out in time is not that transport. */
export async function speaksOldTransport({
  fetch: reach,
  url,
  token,
  status,
  signal,
}: OldTransportQuestion): Promise<boolean> {
  if (!POST_REFUSALS.has(status)) return false
  const timeout = AbortSignal.timeout(FIRST_EVENT_MS)
  const ended = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  const headers = {
    accept: 'text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  try {
    const answer = await reach(url, { headers, signal: ended })
    const isStream = answer.ok && answer.headers.get('content-type')?.startsWith('text/event-stream') === true
    if (!isStream || answer.body === null) {
      await answer.body?.cancel()
      return false
    }
    return await beginsWithEndpoint(answer.body)
  } catch {
    return false
  }
}

async function beginsWithEndpoint(body: ReadableStream<Uint8Array>): Promise<boolean> {
  const decoder = new TextDecoder()
  let text = ''
  // Leaving the loop ends the stream.
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    if (ENDPOINT_EVENT.test(text)) return true
    if (text.length > BEGINNING_CHARACTERS) return false
  }
  return false
}
