import { DIRECT, FLOOR, LEGACY, MODERN, RIVAL, type Callers, type Contests, type RivalFigures } from './contests.ts'
import type { FirstCall } from './first-call.ts'
import { percentile, type Figures } from './load.ts'
import type { Memory } from './memory.ts'

/** What the product is to reach: ratios of figures of one and the same run, for the worse of both eras. */

export interface Measured {
  readonly contests: Contests
  readonly rival: RivalFigures
  readonly firstCall: FirstCall
  readonly listBytes: number
  readonly memory: Memory
}

interface Target {
  readonly name: string
  readonly good: number
  readonly goal: number
  readonly smallerIsBetter: boolean
  readonly value: (measured: Measured, contestants: readonly string[]) => number
  /** Whether the floor has this figure as well: what nothing that answers over HTTP on this machine can beat by much. */
  readonly isOfFloor?: true
}

/** Both eras of the product. */
const OWN = [MODERN, LEGACY]

const TARGETS: readonly Target[] = [
  {
    name: 'added p50 over direct, 1 caller (ms)',
    good: 1,
    goal: 0.7,
    smallerIsBetter: true,
    value: (measured, who) => Math.max(...figuresOf(measured, 1, who).map(p50)) - p50(of(measured, 1, DIRECT)),
    isOfFloor: true,
  },
  {
    name: 'p50 over direct, 50 callers (times)',
    good: 8,
    goal: 6.5,
    smallerIsBetter: true,
    value: (measured, who) => Math.max(...figuresOf(measured, 50, who).map(p50)) / p50(of(measured, 50, DIRECT)),
    isOfFloor: true,
  },
  {
    name: 'CPU over the floor, 50 callers (times)',
    good: 1.5,
    goal: 1.2,
    smallerIsBetter: true,
    value: (measured, who) =>
      Math.max(...figuresOf(measured, 50, who).map(({ cpu }) => cpu)) / of(measured, 50, FLOOR).cpu,
  },
  {
    name: 'calls a second against one stdio process, 10 callers (times)',
    good: 1.5,
    goal: 2.5,
    smallerIsBetter: false,
    value: (measured, who) =>
      Math.min(...figuresOf(measured, 10, who).map(({ rate }) => rate)) / of(measured, 10, RIVAL).rate,
    isOfFloor: true,
  },
  {
    name: 'calls a second against ten stdio processes, 50 callers (times)',
    good: 4,
    goal: 7,
    smallerIsBetter: false,
    value: (measured, who) =>
      Math.min(...figuresOf(measured, 50, who).map(({ rate }) => rate)) / of(measured, 50, RIVAL).rate,
    isOfFloor: true,
  },
  {
    name: 'memory with all users connected and idle (MB)',
    good: 200,
    goal: 130,
    smallerIsBetter: true,
    value: ({ memory }) => memory.idle,
  },
  {
    name: 'memory with all users active (MB)',
    good: 350,
    goal: 250,
    smallerIsBetter: true,
    value: ({ memory }) => memory.active,
  },
  {
    name: 'first call of a user, against starting their process (times)',
    good: 50,
    goal: 150,
    smallerIsBetter: false,
    value: ({ firstCall }) => firstCall.rival / firstCall.own,
  },
  {
    name: 'bytes of the list of tools, theirs to ours (times)',
    good: 5,
    goal: 8,
    smallerIsBetter: false,
    value: ({ rival, listBytes }) => rival.listBytes / listBytes,
  },
]

const HUNDREDTHS = 100

export function printTargets(measured: Measured): void {
  console.log('\nTargets')
  console.table(
    Object.fromEntries(
      TARGETS.map((target) => {
        const value = target.value(measured, OWN)
        const reaches = (limit: number) => (target.smallerIsBetter ? value <= limit : value >= limit)
        const { name, good, goal, isOfFloor } = target
        const floor = isOfFloor === true ? rounded(target.value(measured, [FLOOR])) : ''
        const verdict = reaches(goal) ? 'goal reached' : reaches(good) ? 'good reached' : 'NOT REACHED'
        return [name, { measured: rounded(value), good, goal, verdict, 'the floor alone': floor }]
      }),
    ),
  )
}

function of({ contests }: Measured, callers: Callers, name: string): Figures {
  const figures = contests.get(callers)?.get(name)
  if (figures === undefined) throw new Error(`${name} did not run with ${callers} callers`)
  return figures
}

function figuresOf(measured: Measured, callers: Callers, contestants: readonly string[]): Figures[] {
  return contestants.map((name) => of(measured, callers, name))
}

function rounded(value: number): number {
  return Math.round(value * HUNDREDTHS) / HUNDREDTHS
}

function p50({ times }: Figures): number {
  return percentile(times, 0.5)
}
