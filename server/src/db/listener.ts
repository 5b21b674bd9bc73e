import pg from 'pg'
import type { Database } from './database.ts'

/** Milliseconds before a lost connection is opened again. */
const REOPEN_DELAY_MS = 1_000

type Hear = (payload: string | null) => void

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
    fresh.on('notification', ({ channel, payload }) => {
      for (const hear of channels.get(channel) ?? []) hear(payload ?? '')
    })
    fresh.on('error', onError)
    await fresh.connect()
    try {
      for (const channel of channels.keys()) await subscribe(fresh, channel)
    } catch (error) {
      await fresh.end()
      throw error
    }
    fresh.on('end', reopen)
    if (wasLost) missed()
    wasLost = false
    return fresh
  }

  function reopen(): void {
    client = undefined
    if (isClosed) return
    wasLost = true
    missed()
    timer = setTimeout(() => {
      if (client !== undefined) return // somebody who began to listen has opened it
      client = open()
      client.catch((error: unknown) => {
        onError(error instanceof Error ? error : new Error(String(error)))
        reopen()
      })
    }, REOPEN_DELAY_MS)
  }

  /** What was said meanwhile is lost: whoever caches must forget everything. */
  function missed(): void {
    for (const hear of [...channels.values()].flatMap((each) => [...each])) hear(null)
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

/** Harmless where the session listens to the channel already. */
async function subscribe(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${pg.escapeIdentifier(channel)}`)
}
