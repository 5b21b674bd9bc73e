import type { Clock } from '#kernel/clock.ts'
import { sendingAs, type UpstreamAccess } from './sending.ts'
import { connectUpstream, type UpstreamClient } from './upstream-client.ts'

/**
 * The clients of remote servers that are at work, each of one user and one of that user's connections. Connected on first
 * use by one caller while the others wait; bounded in number; dropped when idle, when broken, and when the connection
 * changes or ends. Nothing is shared between two users: not a client, not a session at the server, not a notification.
 */
export interface UpstreamPool {
  /** Runs work with the client of this connection, sending with this call's credential and no other's. */
  readonly use: <T>(place: UpstreamPlace, access: UpstreamAccess, work: Work<T>) => Promise<T>
  /** No call begins any more with the client of this connection, of this user, or any; calls under way come to their end. */
  readonly drop: (userId?: number, connectionId?: number) => void
  /** Ends what has been idle for too long. Called by a timer. */
  readonly sweep: () => void
  readonly size: () => number
}

export interface UpstreamPlace {
  readonly userId: number
  readonly connectionId: number
  readonly url: string
}

export type Work<T> = (client: HeldClient) => Promise<T>

/** A client, and what is known of it. */
export interface HeldClient extends UpstreamClient {
  /** Lists its tools through `learn` where that was never done, is long ago, or the server said that they are others. */
  readonly refreshed: <T>(learn: (offered: readonly unknown[]) => Promise<T>, isForced: boolean) => Promise<T>
}

export interface PoolOptions {
  readonly clock: Clock
  readonly maximumClients?: number
  readonly idleMs?: number
  /** A server said to one user's client, outside of any call or in one, that its tools are others now. */
  readonly onToolsChanged?: (place: UpstreamPlace) => void
}

/** A client holds a few kilobytes, and no socket while it is idle but that of its standing stream. */
const CLIENTS_MAXIMUM = 2_000
/** Streams that stand open: the others hear of changes with their next call. */
const STREAMS_MAXIMUM = 500
/** To one host: the greater part of its sockets is left to calls. */
const STREAMS_PER_HOST = 64
const STREAMS_PER_USER = 10
/** Milliseconds; connecting again costs two requests. */
const IDLE_MS = 5 * 60_000
/** Milliseconds after which tools are listed again, although the server did not say that they have changed. */
const LIST_AGE_MS = 10 * 60_000

/** Whether one more stream may stand open for this user, to this host. */
function hasRoom(entries: readonly Entry[], { userId, url }: UpstreamPlace): boolean {
  const open = entries.filter(({ stream }) => stream?.isOpen() === true)
  const { host } = new URL(url)
  const own = open.filter(({ place }) => place.userId === userId).length
  const toHost = open.filter(({ place }) => new URL(place.url).host === host).length
  return open.length < STREAMS_MAXIMUM && own < STREAMS_PER_USER && toHost < STREAMS_PER_HOST
}

interface Entry {
  readonly key: string
  readonly place: UpstreamPlace
  readonly client: Promise<UpstreamClient>
  /** Once it is connected. */
  stream: UpstreamClient['stream'] | null
  learned: Promise<unknown> | null
  learnedAt: number
  users: number
  usedAt: number
  /** Whether it has left the pool, and is closed when nobody uses it any more. */
  isRetired: boolean
}

export function createUpstreamPool(options: PoolOptions): UpstreamPool {
  const { clock, maximumClients = CLIENTS_MAXIMUM, idleMs = IDLE_MS, onToolsChanged = () => {} } = options
  const now = () => clock.now().getTime()
  const shelf = createShelf({ maximumClients, now, onToolsChanged })
  return {
    use(place, access, work) {
      return sendingAs(access, async () => {
        const entry = shelf.enter(place)
        try {
          const client = await entry.client
          entry.stream = client.stream
          if (!client.stream.isOpen() && hasRoom(shelf.all(), place)) await client.stream.open()
          return await work(heldClient(entry, client, now))
        } catch (error) {
          // Whatever it was, the next call begins with a client of which nothing is amiss.
          if (!access.signal.aborted) shelf.retire(entry)
          throw error
        } finally {
          shelf.leave(entry)
        }
      })
    },
    drop(userId, connectionId) {
      for (const entry of shelf.all()) {
        const { place } = entry
        const isMeant = userId === undefined || place.userId === userId
        if (isMeant && (connectionId === undefined || place.connectionId === connectionId)) shelf.retire(entry)
      }
    },
    sweep() {
      for (const entry of shelf.all()) {
        if (entry.users === 0 && now() - entry.usedAt > idleMs) shelf.retire(entry)
      }
    },
    size: () => shelf.all().length,
  }
}

interface Shelf {
  /** The entry of a place, made where there is none; its user leaves it again. */
  readonly enter: (place: UpstreamPlace) => Entry
  readonly leave: (entry: Entry) => void
  /** Nobody enters it any more; it is closed when its last user leaves. */
  readonly retire: (entry: Entry) => void
  readonly all: () => readonly Entry[]
}

function createShelf({
  maximumClients,
  now,
  onToolsChanged,
}: Required<Pick<PoolOptions, 'maximumClients' | 'onToolsChanged'>> & { readonly now: () => number }): Shelf {
  const entries = new Map<string, Entry>()

  function retire(entry: Entry): void {
    if (entries.get(entry.key) === entry) entries.delete(entry.key)
    entry.isRetired = true
    if (entry.users === 0) close(entry)
  }

  function add(key: string, place: UpstreamPlace): Entry {
    const client = connectUpstream(place.url, {
      onToolsChanged() {
        entry.learned = null
        if (!entry.isRetired) onToolsChanged(place)
      },
      onClose: () => retire(entry),
    })
    const unused = { stream: null, learned: null, learnedAt: 0, users: 0, usedAt: now(), isRetired: false }
    const entry: Entry = { key, place, client, ...unused }
    client.catch(() => retire(entry))
    return entry
  }

  /** The least recently used first, those at work last. */
  function evict(): void {
    if (entries.size <= maximumClients) return
    const idle = [...entries.values()].filter(({ users }) => users === 0)
    for (const entry of [...idle, ...entries.values()]) {
      if (entries.size <= maximumClients) return
      retire(entry)
    }
  }

  return {
    enter(place) {
      const key = `${place.userId}:${place.connectionId}`
      const known = entries.get(key)
      const isSame = known?.place.url === place.url
      if (known !== undefined && !isSame) retire(known)
      const entry = known !== undefined && isSame ? known : add(key, place)
      entry.users += 1
      entry.usedAt = now()
      // Re-insertion keeps the map in the order of use.
      entries.delete(key)
      entries.set(key, entry)
      evict()
      return entry
    },
    leave(entry) {
      entry.users -= 1
      entry.usedAt = now()
      if (entry.isRetired && entry.users === 0) close(entry)
    },
    retire,
    all: () => [...entries.values()],
  }
}

/** One that never connected has nothing to close. */
function close(entry: Entry): void {
  entry.client.then((client) => client.close()).catch(() => {})
}

function heldClient(entry: Entry, client: UpstreamClient, now: () => number): HeldClient {
  return {
    ...client,
    refreshed<T>(learn: (offered: readonly unknown[]) => Promise<T>, isForced: boolean): Promise<T> {
      if (isForced || entry.learned === null || now() - entry.learnedAt > LIST_AGE_MS) {
        const learning = client.listTools().then(learn)
        entry.learnedAt = now()
        entry.learned = learning
        learning.catch(() => {
          if (entry.learned === learning) entry.learned = null
        })
      }
      return entry.learned as Promise<T>
    },
  }
}

/** The channel `connection_changed`: `<user>:<connection>`; null where messages may have been missed. */
export function applyConnectionChange(pool: Pick<UpstreamPool, 'drop'>, payload: string | null): void {
  const [userId = Number.NaN, connectionId = Number.NaN] = (payload ?? '').split(':').map(Number)
  const isKnown = Number.isSafeInteger(userId) && Number.isSafeInteger(connectionId)
  if (isKnown) pool.drop(userId, connectionId)
  else pool.drop()
}

/**
 * The channel `principal_changed`: the user who was suspended, or whose session, token or grant has ended. Streams that stand
 * open for them end; where nothing else is amiss, the next call opens another.
 */
export function applyUserChange(pool: Pick<UpstreamPool, 'drop'>, payload: string | null): void {
  const userId = Number(payload ?? Number.NaN)
  if (Number.isSafeInteger(userId)) pool.drop(userId)
  else pool.drop()
}
