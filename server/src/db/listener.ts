import pg from 'pg'
import type { Database } from './database.ts'

/** Milliseconds before a lost connection is opened again. */
const REOPEN_DELAY_MS = 1_000

type Hear = (payload: string | null) => void
type Channels = ReadonlyMap<string, ReadonlySet<Hear>>

export interface Listener extends Pick<Database, 'listen'> {
  readonly close: () => Promise<void>
}

/** LISTEN for all channels on one connection, which comes back by itself after a break. */
export function createListener(openSession: () => pg.Client, onError: (error: Error) => void): Listener {
  const channels = new Map<string, Set<Hear>>()
  let client: Promise<pg.Client> | undefined
  let timer: NodeJS.Timeout | undefined
  let wasLost = false
  let isClosed = false

  async function open(): Promise<pg.Client> {
    const fresh = openSession()
    fresh.on('error', onError)
    await subscribeToAll(fresh, channels)
    fresh.on('end', reopen)
    if (wasLost) tellOfLoss(channels)
    wasLost = false
    return fresh
  }

  function reopen(): void {
    client = undefined
    if (isClosed) return
    wasLost = true
    tellOfLoss(channels)
    timer = setTimeout(() => {
      client ??= open() // somebody who began to listen may be about to
      client.catch((error: unknown) => {
        onError(error instanceof Error ? error : new Error(String(error)))
        reopen()
      })
    }, REOPEN_DELAY_MS)
  }

  return {
    async listen(channel, hear) {
      const hearing = channels.get(channel) ?? new Set()
      channels.set(channel, hearing.add(hear))
      try {
        // The first one opens the connection, and subscribes with it to whatever was asked for meanwhile.
        client ??= open()
        await subscribe(await client, channel)
      } catch (error) {
        hearing.delete(hear)
        if (client !== undefined) await client.catch(() => (client = undefined))
        throw error
      }
      return async () => {
        hearing.delete(hear)
      }
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      const open = await client?.catch(() => undefined)
      await open?.end()
    },
  }
}

/** Connects, and hears what is said on every channel that somebody listens to by then. */
async function subscribeToAll(client: pg.Client, channels: Channels): Promise<void> {
  client.on('notification', ({ channel, payload }) => {
    for (const hear of channels.get(channel) ?? []) hear(payload ?? '')
  })
  await client.connect()
  try {
    for (const channel of channels.keys()) await subscribe(client, channel)
  } catch (error) {
    await client.end()
    throw error
  }
}

/** What was said meanwhile is lost: whoever caches must forget everything. */
function tellOfLoss(channels: Channels): void {
  for (const hear of [...channels.values()].flatMap((each) => [...each])) hear(null)
}

/** Harmless where the session listens to the channel already. */
async function subscribe(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${pg.escapeIdentifier(channel)}`)
}
