import { directCall, legacyCall, modernCall, restCall, type User } from './callers.ts'
import { callEach, percentile, race, residentMegabytes, warmUp, type Contender, type Figures } from './load.ts'
import { startRival, type Rival } from './rival.ts'
import type { Stage } from './stage.ts'

/** The same search, by all contenders by turns, at growing numbers of callers at the same time. */

export const DIRECT = 'straight at the upstream'
export const FLOOR = 'bare forward (the floor)'
const REST = 'REST'
export const MODERN = 'MCP 2026-07-28'
export const LEGACY = 'MCP 2025-11-25'
/** A process for each user has answered what one user asks on a busy day, and the one server what all have asked. */
export const RIVAL = 'notion-mcp-server'
/** The same program after as long a warm-up as ours: thousands of calls of one user. */
const WARM_RIVAL = 'the same, warmed up'
/** Calls that a busy day of one user makes; after it the processes of a desktop are started anew. */
const CALLS_OF_A_DAY = 200

/** The most first: by then the one server has been warmed up by all that it is asked for. */
export const CALLERS = [50, 10, 1] as const
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
    const [used, warm] = [await startRivals(stage, callers, RIVAL), await startRivals(stage, callers, WARM_RIVAL)]
    try {
      await callEach(used.contender, CALLS_OF_A_DAY)
      await warmUp([warm.contender])
      const figures = await race([...(await ownContenders(stage, callers)), used.contender, warm.contender])
      contests.set(callers, figures)
      const { processes } = used.contender
      const megabytes = Math.round(residentMegabytes(processes) / processes.length)
      rival = { megabytes, listBytes: (await used.rivals[0]?.listBytes()) ?? 0 }
      print(callers, figures)
    } finally {
      await Promise.all([...used.rivals, ...warm.rivals].map((each) => each.stop()))
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

/** Made anew for each contest. */
async function startRivals(
  stage: Stage,
  callers: Callers,
  name: string,
): Promise<{ rivals: readonly Rival[]; contender: Contender }> {
  const users = stage.users.slice(0, RIVAL_PROCESSES[callers])
  const rivals = await Promise.all(users.map((user) => startRival(user, stage.upstreamUrl)))
  const calls = Array.from({ length: callers }, (_, index) => (rivals[index % rivals.length] as Rival).call)
  return { rivals, contender: { name, calls, processes: rivals.map(({ pid }) => pid) } }
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
