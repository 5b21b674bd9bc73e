import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ListWatch } from './list-watch.ts'
import type { CreateServer } from './server.ts'
import { createSessionIds, type SessionTerms } from './session-id.ts'
import { createServing } from './serve-session.ts'
import { createSessionStore } from './session-store.ts'
import type { Asking } from './source.ts'

/**
 * Sessions of clients before 2026-07-28: one server and one transport each, for one user and one client. Who asks comes
 * with every message; a session keeps nothing of a user but the handshake. Held in memory while in use; an id that this
 * process does not hold is taken up again from what it says (see session-id.ts).
 */
export interface Sessions {
  /** Answers `initialize`: a new session. */
  readonly open: (request: Request, asking: Asking, message: unknown) => Promise<Response>
  /** Answers a message of a session; 404 where the id is not this user's and client's. */
  readonly serve: (request: Request, asking: Asking, message: unknown) => Promise<Response>
  /** True where the id is one of this user and client, held here or not; for paths that need no server. */
  readonly knows: (asking: Asking, id: string) => boolean
  /** Ends the sessions whose principal is not to be served any more. */
  readonly endWhere: (isOver: (principal: Principal) => Promise<boolean>, userId: number | null) => Promise<void>
  /** Ends what is idle. Called by a timer. */
  readonly sweep: () => void
  readonly close: () => Promise<void>
}

export interface SessionOptions {
  readonly createServer: CreateServer
  readonly clock: Clock
  readonly watch: Pick<ListWatch, 'add'>
  /** Signs the ids; the same on every replica. */
  readonly key: string
}

/** Milliseconds without a message after which a session leaves the memory; its id goes on working. */
const IDLE_MS = 10 * 60_000
/** Characters of a handshake's JSON, which a session keeps in memory; what clients declare today takes about 500. */
const LONGEST_HANDSHAKE = 20_000
/** Characters of a revision's name, which the id repeats in a header; it is a date. */
const LONGEST_VERSION = 20

export function createSessions({ createServer, clock, watch, key }: SessionOptions): Sessions {
  const ids = createSessionIds(key)
  const store = createSessionStore()
  const seconds = () => Math.floor(clock.now().getTime() / MILLISECONDS_PER_SECOND)

  const { start, takeUp, handle } = createServing({ createServer, clock, store, watch })

  return {
    async open(request, asking, message) {
      if (JSON.stringify(message).length > LONGEST_HANDSHAKE) return handshakeTooLong()
      const terms = termsOf(message, seconds())
      const session = await start(asking, ids.issue(asking.principal, terms))
      const answer = await handle(session, request, asking, message)
      if (!answer.ok) store.drop(session)
      return answer
    },
    async serve(request, asking, message) {
      const id = request.headers.get('mcp-session-id') ?? ''
      const held = store.find(asking.principal, id)
      if (held !== undefined) return handle(held, request, asking, message)
      const terms = store.isTaken(id) ? null : ids.read(asking.principal, id, seconds())
      if (terms === null) return sessionNotFound()
      return handle(await takeUp(asking, id, terms), request, asking, message)
    },
    knows: ({ principal }, id) =>
      store.find(principal, id) !== undefined || (!store.isTaken(id) && ids.read(principal, id, seconds()) !== null),
    async endWhere(isOver, userId) {
      for (const session of store.all()) {
        const concerned = userId === null || session.principal.userId === userId
        if (concerned && (await isOver(session.principal))) store.drop(session)
      }
    },
    sweep() {
      const longAgo = clock.now().getTime() - IDLE_MS
      for (const session of store.all()) if (session.open === 0 && session.usedAt < longAgo) store.drop(session)
    },
    async close() {
      await Promise.all(store.all().map(({ server }) => server.close().catch(() => {})))
    },
  }
}

function termsOf(message: unknown, startedAt: number): SessionTerms {
  const parameters = (message as { params?: { protocolVersion?: unknown; capabilities?: unknown } }).params
  const { protocolVersion, capabilities } = parameters ?? {}
  const isVersion = typeof protocolVersion === 'string' && protocolVersion.length <= LONGEST_VERSION
  return {
    protocolVersion: isVersion ? protocolVersion : '',
    capabilities: typeof capabilities === 'object' && capabilities !== null ? { ...capabilities } : {},
    startedAt,
  }
}

/** JSON-RPC's error for it in the transport of the protocol (2025-11-25, basic/transports, "Session Management"). */
function sessionNotFound(): Response {
  const code = -32_001
  return Response.json({ jsonrpc: '2.0', error: { code, message: 'Session not found' }, id: null }, { status: 404 })
}

function handshakeTooLong(): Response {
  const error = { code: -32_600, message: `The message has more than ${LONGEST_HANDSHAKE} characters` }
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 413 })
}
