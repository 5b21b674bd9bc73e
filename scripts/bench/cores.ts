import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

/**
 * What is measured has a core of its own, and everything else (the load, the upstream, PostgreSQL) another, on every
 * machine: or a program with helper threads, or with ten processes, would be measured on as many cores as happen to be idle.
 */

const LOAD_CORE = 0
const MEASURED_CORE = 1

/** The start of a command line that runs a program on the core of what is measured; nothing where that cannot be had. */
export function onMeasuredCore(program: string, parameters: readonly string[]): [string, string[]] {
  return canPin() ? ['taskset', ['-c', String(MEASURED_CORE), program, ...parameters]] : [program, [...parameters]]
}

/** Keeps this process, and what it starts from now on, to the core of the load. False where that cannot be had. */
export function keepToLoadCore(): boolean {
  if (!canPin()) return false
  execFileSync('taskset', ['-a', '-cp', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' })
  return true
}

function canPin(): boolean {
  if (cpus().length < 2) return false
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
