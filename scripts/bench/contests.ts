import { directCall, legacyCall, modernCall, restCall, type User } from './callers.ts'
import { percentile, race, residentMegabytes, warmUp, type Contender, type Figures } from './load.ts'
import { startRival, type Rival } from './rival.ts'
import type { Stage } from './stage.ts'

/** The same search, by all contenders by turns, at growing numbers of callers at the same time. */

export const DIRECT = 'straight at the upstream'
export const FLOOR = 'bare forward (the floor)'
const REST = 'REST'
export const MODERN = 'MCP 2026-07-28'
export const LEGACY = 'MCP 2025-11-25'
export const RIVAL = 'notion-mcp-server'

export const CALLERS = [1, 10, 50] as const
export type Callers = (typeof CALLERS)[number]
/** Processes of the other server: one user, one user, ten users. */
const RIVAL_PROCESSES: Readonly<Record<Callers, number>> = { 1: 1, 10: 1, 50: 10 }

export type Contests = ReadonlyMap<Callers, ReadonlyMap<string, Figures>>

export interface RivalFigures {
  /** Megabytes of each process after the contest. */
  readonly megabytes: number
  readonly listBytes: number
}

export async function holdContests(stage: Stage): Promise<{ contests: Contests; rival: RivalFigures }> {
  const contests = new Map<Callers, ReadonlyMap<string, Figures>>()
  let rival: RivalFigures = { megabytes: 0, listBytes: 0 }
  await warmUp(await ownContenders(stage, Math.max(...CALLERS)))
  for (const callers of CALLERS) {
    const rivals = await Promise.all(
      stage.users.slice(0, RIVAL_PROCESSES[callers]).map((user) => startRival(user, stage.upstreamUrl)),
    )
    try {
      // Made anew for each contest, and warmed up as long as the others were.
      await warmUp([rivalContender(rivals, callers)])
      const figures = await race([...(await ownContenders(stage, callers)), rivalContender(rivals, callers)])
      contests.set(callers, figures)
      const pids = rivals.map(({ pid }) => pid)
      const megabytes = Math.round(residentMegabytes(pids) / pids.length)
      rival = { megabytes, listBytes: (await rivals[0]?.listBytes()) ?? 0 }
      print(callers, figures)
    } finally {
      await Promise.all(rivals.map((each) => each.stop()))
    }
  }
  return { contests, rival }
}

async function ownContenders(stage: Stage, callers: number): Promise<Contender[]> {
  const { upstream, server, floor, serverProcess } = stage
  const users = stage.users.slice(0, callers)
  const own = (name: string, calls: Contender['calls']) => ({ name, calls, processes: [serverProcess] })
  const withKey = (user: User) => ({ ...user, token: user.notionKey })
  return [
    { name: DIRECT, calls: users.map((user) => directCall(upstream, user)), processes: [] },
    { name: FLOOR, calls: users.map((user) => modernCall(floor, withKey(user))), processes: [stage.floorProcess] },
    own(
      REST,
      users.map((user) => restCall(server, user)),
    ),
    own(
      MODERN,
      users.map((user) => modernCall(server, user)),
    ),
    own(LEGACY, await Promise.all(users.map((user) => legacyCall(server, user)))),
  ]
}

function rivalContender(rivals: readonly Rival[], callers: number): Contender {
  const calls = Array.from({ length: callers }, (_, index) => (rivals[index % rivals.length] as Rival).call)
  return { name: RIVAL, calls, processes: rivals.map(({ pid }) => pid) }
}

function print(callers: number, figures: ReadonlyMap<string, Figures>): void {
  console.log(`\n${callers} at the same time`)
  console.table(
    Object.fromEntries(
      [...figures].map(([name, { times, rate, cpu }]) => [
        name,
        {
          'p50 ms': rounded(percentile(times, 0.5)),
          'p99 ms': rounded(percentile(times, 0.99)),
          'calls/s': Math.round(rate),
          'CPU µs a call': name === DIRECT ? null : Math.round(cpu),
        },
      ]),
    ),
  )
}

const HUNDREDTHS = 100

function rounded(value: number): number {
  return Math.round(value * HUNDREDTHS) / HUNDREDTHS
}
