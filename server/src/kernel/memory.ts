import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Gives memory back to the machine after work is over. The runtime keeps what a busy moment, or the loading of modules,
 * made its heap grow to; with hundreds of instances or users on one machine that is most of what they occupy.
 */
export interface MemoryKeeper {
  /** To be called for every request that is work: no probe. */
  readonly noteWork: () => void
  readonly stop: () => void
}

/**
 * Milliseconds without work before the heap is cleaned. The cleaning takes some tenths of a second and forgets compiled code, which
 * makes the next thousand calls half as fast: nobody who pauses for moments should meet that.
 */
const QUIET_MS = 60_000

/** @param release what cleans; the runtime's own where not given */
export function keepMemorySmall(release: () => void = releaseMemory): MemoryKeeper {
  let hasWorked = true // loading the modules was work
  let isClean = false
  const timer = setInterval(() => {
    if (hasWorked) isClean = false
    else if (!isClean) {
      release()
      isClean = true
    }
    hasWorked = false
  }, QUIET_MS).unref()
  return {
    noteWork() {
      hasWorked = true
    },
    stop: () => clearInterval(timer),
  }
}

/**
 * Percent of the live heap that may gather as garbage before old objects are collected. The runtime's own choice, up to
 * several times the heap, keeps twice as much memory under load and answers no faster.
 */
const HEAP_GROWTH_PERCENT = 40

/** Keeps memory small under load, too. To be called once, when the process starts. */
export function growHeapSlowly(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
}

/** The collector in its most thorough form, which nothing but this flag makes reachable. */
function releaseMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
