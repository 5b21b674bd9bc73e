import type { Server, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import type { Principal } from '#kernel/principal.ts'

/** One client's session: a server and a transport of its own, for one user by one token or client. */
export interface Session {
  readonly id: string
  readonly principal: Principal
  readonly server: Server
  readonly transport: WebStandardStreamableHTTPServerTransport
  usedAt: number
  /** Streams and calls under way: a session in use is not idle. */
  open: number
}

/** The sessions that this process holds, bounded for each user and for all. */
export interface SessionStore {
  /** Makes room first: among the user's own, then among all, the least recently used goes. */
  readonly add: (session: Session) => void
  readonly find: (principal: Principal, id: string) => Session | undefined
  /** True for an id that is somebody's here, or that its client has ended: neither is taken up again. */
  readonly isTaken: (id: string) => boolean
  readonly drop: (session: Session) => void
  /** Its client has ended it. */
  readonly end: (id: string) => void
  readonly all: () => readonly Session[]
}

const SESSIONS_PER_USER = 20
const SESSIONS_MAXIMUM = 5_000
/** Ids that their clients have ended and that must not be taken up again. */
const ENDED_MAXIMUM = 10_000

export function createSessionStore(): SessionStore {
  const sessions = new Map<string, Session>()
  const ended = new Set<string>()

  function drop(session: Session): void {
    sessions.delete(session.id)
    session.server.close().catch(() => {})
  }

  return {
    add(session) {
      const { userId } = session.principal
      const own = [...sessions.values()].filter(({ principal }) => principal.userId === userId)
      if (own.length >= SESSIONS_PER_USER) drop(leastRecent(own))
      if (sessions.size >= SESSIONS_MAXIMUM) drop(leastRecent([...sessions.values()]))
      sessions.set(session.id, session)
    },
    find(principal, id) {
      const session = sessions.get(id)
      return session !== undefined && isSame(session.principal, principal) ? session : undefined
    },
    isTaken: (id) => sessions.has(id) || ended.has(id),
    drop,
    end(id) {
      const [oldest] = ended.size >= ENDED_MAXIMUM ? ended : []
      if (oldest !== undefined) ended.delete(oldest)
      ended.add(id)
      sessions.delete(id)
    },
    all: () => [...sessions.values()],
  }
}

/** The same user by the same token or client: another of the user's own clients is another, too. */
function isSame(a: Principal, b: Principal): boolean {
  return a.userId === b.userId && a.via.kind === b.via.kind && a.via.id === b.via.id
}

function leastRecent(sessions: readonly Session[]): Session {
  return sessions.reduce((oldest, session) => (session.usedAt < oldest.usedAt ? session : oldest))
}
