import { setTimeout as sleep } from 'node:timers/promises'
import { modernCall, type User } from './callers.ts'
import { residentMegabytes } from './load.ts'
import type { Stage } from './stage.ts'

/** Users who connect or call at the same time. */
const CONCURRENCY = 16
/** Calls of each user while memory is watched. */
const CALLS_EACH = 3
const WATCH_INTERVAL_MS = 200
/** The round of the server through its caches (30 s) and two of those through its memory (60 s), and some room. */
const IDLE_WAIT_MS = 126_000

export interface Memory {
  /** Megabytes before anybody connected. */
  readonly before: number
  readonly connected: number
  /** The most while all users called. */
  readonly active: number
  /** With all users connected, after none of them did anything for a while. */
  readonly idle: number
}

/** @param before of {@link residentMegabytes} when nobody had connected */
export async function measureMemory(stage: Stage, before: number, alreadyConnected: number): Promise<Memory> {
  await eachUser(stage.users.slice(alreadyConnected), (user) => connect(stage, user))
  const connected = residentMegabytes([stage.serverProcess])
  const active = await mostWhile(stage, () =>
    eachUser(stage.users, async (user) => {
      const call = modernCall(stage.server, user)
      for (let count = 0; count < CALLS_EACH; count += 1) await call()
    }),
  )
  await sleep(IDLE_WAIT_MS)
  return { before, connected, active, idle: residentMegabytes([stage.serverProcess]) }
}

async function mostWhile(stage: Stage, work: () => Promise<void>): Promise<number> {
  let most = 0
  const look = () => void (most = Math.max(most, residentMegabytes([stage.serverProcess])))
  const watching = setInterval(look, WATCH_INTERVAL_MS)
  await work()
  clearInterval(watching)
  look()
  return most
}

export async function eachUser(users: readonly User[], act: (user: User) => Promise<void>): Promise<void> {
  const left = users.values()
  const work = async () => {
    for (const user of left) await act(user)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
}

/** Connects a user's workspace with their own key. */
export async function connect(stage: Stage, { token, notionKey }: User): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const { status, text } = await stage.server.post(
    '/api/mcp/notion/connect',
    headers,
    JSON.stringify({ api_key: notionKey }),
  )
  if (status !== 200) throw new Error(`connect: ${status} ${text}`)
}
