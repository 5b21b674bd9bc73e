import { WebStandardStreamableHTTPServerTransport, type Server } from '@modelcontextprotocol/server'
import type { Clock } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import { authInfoOf } from './asking.ts'
import type { CreateServer } from './server.ts'
import { createSessionIds, type SessionTerms } from './session-id.ts'
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
  /** Tells this user's sessions that their tools have changed. */
  readonly toolsChanged: (userId: number) => void
  /** Ends the sessions whose principal is not to be served any more. */
  readonly endWhere: (isOver: (principal: Principal) => Promise<boolean>, userId: number | null) => Promise<void>
  /** Ends what is idle. Called by a timer. */
  readonly sweep: () => void
  readonly size: () => number
  readonly close: () => Promise<void>
}

export interface SessionOptions {
  readonly createServer: CreateServer
  readonly clock: Clock
  /** Signs the ids; the same on every replica. */
  readonly key: string
}

interface Session {
  readonly id: string
  readonly principal: Principal
  readonly server: Server
  readonly transport: WebStandardStreamableHTTPServerTransport
  usedAt: number
  /** Streams and calls under way: a session in use is not idle. */
  open: number
}

/** Milliseconds without a message after which a session leaves the memory; its id goes on working. */
const IDLE_MS = 10 * 60_000
/** Sessions in memory: of one user, and of all. The least recently used goes first. */
const SESSIONS_PER_USER = 20
const SESSIONS_MAXIMUM = 5_000
/** Ids that their clients have ended and that must not be taken up again. */
const ENDED_MAXIMUM = 10_000
const MILLISECONDS_PER_SECOND = 1_000

export function createSessions({ createServer, clock, key }: SessionOptions): Sessions {
  const ids = createSessionIds(key)
  const sessions = new Map<string, Session>()
  const ended = new Set<string>()

  function seconds(): number {
    return Math.floor(clock.now().getTime() / MILLISECONDS_PER_SECOND)
  }

  function drop(session: Session): void {
    sessions.delete(session.id)
    session.server.close().catch(() => {})
  }

  function end(id: string): void {
    const [oldest] = ended.size >= ENDED_MAXIMUM ? ended : []
    if (oldest !== undefined) ended.delete(oldest)
    ended.add(id)
    sessions.delete(id)
  }

  /** Room for one more: first among this user's own, then among all that are idle. */
  function makeRoom(userId: number): void {
    const own = [...sessions.values()].filter(({ principal }) => principal.userId === userId)
    if (own.length >= SESSIONS_PER_USER) drop(leastRecent(own))
    if (sessions.size >= SESSIONS_MAXIMUM) drop(leastRecent([...sessions.values()]))
  }

  async function start(asking: Asking, id: string): Promise<Session> {
    makeRoom(asking.principal.userId)
    const server = createServer()
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: end,
    })
    const session: Session = {
      id,
      principal: asking.principal,
      server,
      transport,
      usedAt: clock.now().getTime(),
      open: 0,
    }
    sessions.set(id, session)
    await server.connect(transport)
    return session
  }

  function find(asking: Asking, id: string): Session | undefined {
    const session = sessions.get(id)
    return session !== undefined && isSame(session.principal, asking.principal) ? session : undefined
  }

  /** Repeats the handshake of a session that this process does not hold. */
  async function takeUp(asking: Asking, id: string, terms: SessionTerms): Promise<Session> {
    const session = await start(asking, id)
    const options = { authInfo: authInfoOf(asking), parsedBody: handshakeOf(terms) }
    const answer = await session.transport.handleRequest(handshakeRequest(), options)
    await answer.body?.cancel()
    return session
  }

  async function handle(session: Session, request: Request, asking: Asking, message: unknown): Promise<Response> {
    session.usedAt = clock.now().getTime()
    const answer = await session.transport.handleRequest(request, {
      authInfo: authInfoOf(asking),
      ...(message === undefined ? {} : { parsedBody: message }),
    })
    if (answer.body === null) return answer
    session.open += 1
    return new Response(
      whenEnded(answer.body, () => (session.open -= 1)),
      answer,
    )
  }

  return {
    async open(request, asking, message) {
      const terms = termsOf(message, seconds())
      const session = await start(asking, ids.issue(asking.principal, terms))
      const answer = await handle(session, request, asking, message)
      if (!answer.ok) drop(session)
      return answer
    },
    async serve(request, asking, message) {
      const id = request.headers.get('mcp-session-id') ?? ''
      const held = find(asking, id)
      if (held !== undefined) return handle(held, request, asking, message)
      const terms = ended.has(id) || sessions.has(id) ? null : ids.read(asking.principal, id, seconds())
      if (terms === null) return sessionNotFound()
      return handle(await takeUp(asking, id, terms), request, asking, message)
    },
    knows(asking, id) {
      if (find(asking, id) !== undefined) return true
      return !ended.has(id) && ids.read(asking.principal, id, seconds()) !== null
    },
    toolsChanged(userId) {
      for (const { principal, server } of sessions.values()) {
        // Nobody listens where no stream is open: then there is nothing to tell.
        if (principal.userId === userId) server.sendToolListChanged().catch(() => {})
      }
    },
    async endWhere(isOver, userId) {
      for (const session of [...sessions.values()]) {
        const concerned = userId === null || session.principal.userId === userId
        if (concerned && (await isOver(session.principal))) drop(session)
      }
    },
    sweep() {
      const now = clock.now().getTime()
      for (const session of [...sessions.values()]) {
        if (session.open === 0 && now - session.usedAt > IDLE_MS) drop(session)
      }
    },
    size: () => sessions.size,
    async close() {
      const all = [...sessions.values()]
      sessions.clear()
      await Promise.all(all.map(({ server }) => server.close().catch(() => {})))
    },
  }
}

/** The same user by the same token or client: another of the user's own clients is another, too. */
function isSame(a: Principal, b: Principal): boolean {
  return a.userId === b.userId && a.via.kind === b.via.kind && a.via.id === b.via.id
}

function leastRecent(sessions: readonly Session[]): Session {
  return sessions.reduce((oldest, session) => (session.usedAt < oldest.usedAt ? session : oldest))
}

function termsOf(message: unknown, startedAt: number): SessionTerms {
  const parameters = (message as { params?: { protocolVersion?: unknown; capabilities?: unknown } }).params
  const { protocolVersion, capabilities } = parameters ?? {}
  return {
    protocolVersion: typeof protocolVersion === 'string' ? protocolVersion : '',
    capabilities: typeof capabilities === 'object' && capabilities !== null ? { ...capabilities } : {},
    startedAt,
  }
}

function handshakeOf({ protocolVersion, capabilities }: SessionTerms) {
  return {
    jsonrpc: '2.0',
    id: 'taken-up',
    method: 'initialize',
    params: { protocolVersion, capabilities, clientInfo: { name: 'taken up', version: '0' } },
  }
}

function handshakeRequest(): Request {
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  })
}

/** JSON-RPC's error for it in the transport of the protocol (2025-11-25, basic/transports, "Session Management"). */
function sessionNotFound(): Response {
  const code = -32_001
  return Response.json({ jsonrpc: '2.0', error: { code, message: 'Session not found' }, id: null }, { status: 404 })
}

/** Calls back once when a stream has ended, either way. */
function whenEnded(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  let isOver = false
  const end = () => {
    if (!isOver) onEnd()
    isOver = true
  }
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        end()
        controller.close()
      } catch (error) {
        end()
        controller.error(error)
      }
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  })
}
