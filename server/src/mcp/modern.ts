import {
  createMcpHandler,
  InMemoryServerEventBus,
  type McpHttpHandler,
  type ServerEventBus,
} from '@modelcontextprotocol/server'
import type { Principal } from '#kernel/principal.ts'
import { authInfoOf } from './asking.ts'
import type { UserBuses } from './bus.ts'
import type { ListWatch } from './list-watch.ts'
import type { CreateServer } from './server.ts'
import type { Asking } from './source.ts'

/**
 * Serves messages of 2026-07-28: a handler, a server and a bus of the user's own for each message, so that nothing of one
 * request can reach another. Those that listen for changes stay open, and are counted and closed here.
 */
export interface Modern {
  readonly serve: (request: Request, asking: Asking, message: unknown) => Promise<Response>
  /** Closes the streams of principals that are not to be served any more. */
  readonly endWhere: (isOver: (principal: Principal) => Promise<boolean>, userId: number | null) => Promise<void>
  readonly close: () => Promise<void>
}

export interface ModernOptions {
  readonly createServer: CreateServer
  readonly buses: UserBuses
  readonly watch: Pick<ListWatch, 'add'>
  readonly onError: (error: Error) => void
}

interface Listening {
  readonly principal: Principal
  readonly handler: McpHttpHandler
}

/** Streams that listen for changes: a client needs one. */
const STREAMS_PER_USER = 20
const STREAMS_MAXIMUM = 5_000

export function createModern({ createServer, buses, watch, onError }: ModernOptions): Modern {
  const listening = new Set<Listening>()

  function isFull(userId: number): boolean {
    const own = [...listening].filter(({ principal }) => principal.userId === userId).length
    return listening.size >= STREAMS_MAXIMUM || own >= STREAMS_PER_USER
  }

  return {
    async serve(request, asking, message) {
      const { principal } = asking
      const listens = (message as { method?: unknown } | null)?.method === 'subscriptions/listen'
      const own = new InMemoryServerEventBus()
      const handler = createMcpHandler(() => createServer(), {
        legacy: 'reject',
        onerror: onError,
        bus: joined(buses.of(principal.userId), own),
        ...(listens && isFull(principal.userId) ? { maxSubscriptions: 0 } : {}),
      })
      const answer = await handler.fetch(request, { authInfo: authInfoOf(asking), parsedBody: message })
      const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false
      if (!listens || !isStream || answer.body === null) return answer
      const entry = { principal, handler }
      listening.add(entry)
      const stopWatching = watch.add(asking, () => own.publish({ kind: 'tools_list_changed' }))
      const ended = new TransformStream<Uint8Array, Uint8Array>()
      answer.body
        .pipeTo(ended.writable)
        .catch(() => {})
        .finally(() => {
          listening.delete(entry)
          stopWatching()
        })
      return new Response(ended.readable, answer)
    },
    async endWhere(isOver, userId) {
      for (const entry of listening) {
        const concerned = userId === null || entry.principal.userId === userId
        if (concerned && (await isOver(entry.principal))) await entry.handler.close()
      }
    },
    async close() {
      await Promise.all([...listening].map(({ handler }) => handler.close()))
    },
  }
}

/** What the user's bus says, and what is said to this stream alone. */
function joined(ofUser: ServerEventBus, own: ServerEventBus): ServerEventBus {
  return {
    publish: (event) => ofUser.publish(event),
    subscribe(listener) {
      const ends = [ofUser.subscribe(listener), own.subscribe(listener)]
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
