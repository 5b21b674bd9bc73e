import { readFileSync } from 'node:fs'

/** A closed loop: each of so many callers sends its next call when the last one was answered. */

export type Call = () => Promise<void>

export interface Figures {
  /** Milliseconds of every call. */
  readonly times: number[]
  /** Calls a second. */
  readonly rate: number
  /** Microseconds of processor time that the watched processes spent on a call. */
  readonly cpu: number
}

export interface Contender {
  readonly name: string
  /** One for each of the callers at the same time; each belongs to another user. */
  readonly calls: readonly Call[]
  /** Processes whose processor time counts. */
  readonly processes: readonly number[]
}

const ROUNDS = 3
const ROUND_MS = 900
const WARM_UP_MS = 300
/** The runtime compiles what runs often; before that every program is several times slower than it will be. */
const FIRST_WARM_UP_MS = 20_000
const MICROSECONDS_PER_SECOND = 1e6
const MILLISECONDS_PER_SECOND = 1_000
/** What /proc counts in on Linux. */
const TICKS_PER_SECOND = 100

/** Lets each contender run until it is as fast as it will be. */
export async function warmUp(contenders: readonly Contender[]): Promise<void> {
  for (const { calls } of contenders) await loop(calls, FIRST_WARM_UP_MS)
}

/** Lets each of a contender's processes have answered so many calls, spread over its callers. */
export async function callEach({ calls, processes }: Contender, callsEach: number): Promise<void> {
  const rounds = Math.ceil((callsEach * processes.length) / calls.length)
  const work = async (call: Call) => {
    for (let round = 0; round < rounds; round += 1) await call()
  }
  await Promise.all(calls.map(work))
}

/** All contenders by turns, so that a slow moment of the machine meets each of them. */
export async function race(contenders: readonly Contender[]): Promise<Map<string, Figures>> {
  const sums = new Map(contenders.map(({ name }) => [name, { times: [] as number[], seconds: 0, cpuSeconds: 0 }]))
  for (const contender of contenders) await loop(contender.calls, WARM_UP_MS)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, calls, processes } of contenders) {
      const sum = sums.get(name)
      if (sum === undefined) continue
      const cpuBefore = cpuSeconds(processes)
      const startedAt = performance.now()
      sum.times.push(...(await loop(calls, ROUND_MS)))
      sum.seconds += (performance.now() - startedAt) / MILLISECONDS_PER_SECOND
      sum.cpuSeconds += cpuSeconds(processes) - cpuBefore
    }
  }
  return new Map([...sums].map(([name, { times, seconds, cpuSeconds: cpu }]) => [name, figuresOf(times, seconds, cpu)]))
}

function figuresOf(times: number[], seconds: number, cpu: number): Figures {
  const cpuMicroseconds = (cpu * MICROSECONDS_PER_SECOND) / times.length
  return { times: times.sort((a, b) => a - b), rate: times.length / seconds, cpu: cpuMicroseconds }
}

async function loop(calls: readonly Call[], milliseconds: number): Promise<number[]> {
  const times: number[] = []
  const until = performance.now() + milliseconds
  const work = async (call: Call) => {
    for (let now = performance.now(); now < until;) {
      await call()
      const after = performance.now()
      times.push(after - now)
      now = after
    }
  }
  await Promise.all(calls.map(work))
  return times
}

/** Of sorted times, in milliseconds. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
}

/** User and system time of processes, from /proc: on Linux only. */
function cpuSeconds(processes: readonly number[]): number {
  const ticks = processes.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const [user, system] = [11, 12]
    return Number(fields[user]) + Number(fields[system])
  })
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND
}

const KILOBYTES_PER_MEGABYTE = 1_024

/** Resident memory of processes together, in megabytes, from /proc. */
export function residentMegabytes(processes: readonly number[]): number {
  const kilobytes = processes.map((pid) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
  )
  return Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / KILOBYTES_PER_MEGABYTE)
}
