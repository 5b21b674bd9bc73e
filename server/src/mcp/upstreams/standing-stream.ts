import type { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { currentSender, standingAs, type Sender } from './sending.ts'

/**
 * The stream on which a server says, between calls, that its tools have changed: the standing GET of the older revisions,
 * `subscriptions/listen` of 2026-07-28. It belongs to one client and so to one user; it is opened during a call with that
 * call's key, keeps none, and ends with the client. What changes while there is none is seen with the next call.
 */
export interface StandingStream {
  /** Opens it where the server offers one and it is not open; resolves when it stands, and at the latest in a second. */
  readonly open: () => Promise<void>
  readonly isOpen: () => boolean
}

/** Milliseconds that a call waits for the stream, on which older servers ask their questions. */
const OPENING_MS = 1_000
/** Milliseconds between two attempts: a server that ends the stream at once is not asked with every call. */
const ATTEMPT_INTERVAL_MS = 60_000

interface Parts {
  readonly client: Client
  readonly transport: StreamableHTTPClientTransport
  /** The calls of this client that run now. */
  readonly calls: ReadonlySet<Sender>
}

export function createStandingStream({ client, transport, calls }: Parts): StandingStream {
  let isOpen = false
  let attemptedAt = Number.NEGATIVE_INFINITY
  const callUnderWay = () => [...calls].find(({ signal }) => !signal.aborted)

  async function open(): Promise<void> {
    isOpen = true
    const onEnd = () => (isOpen = false)
    try {
      await standingAs({ callUnderWay, onEnd }, async () => {
        if (client.getProtocolEra() === 'modern') await client.listen({ toolsListChanged: true })
        // Without an event to begin after: a new stream.
        else await transport.resumeStream('')
      })
    } catch {
      // A server may well have none.
      onEnd()
    }
  }

  return {
    isOpen: () => isOpen,
    async open() {
      const offers = client.getServerCapabilities()?.tools?.listChanged === true
      const isDue = performance.now() - attemptedAt > ATTEMPT_INTERVAL_MS
      if (!offers || isOpen || !isDue || currentSender() === undefined) return
      attemptedAt = performance.now()
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, OPENING_MS)
      await Promise.race([open(), patience.promise])
      clearTimeout(timer)
    },
  }
}
