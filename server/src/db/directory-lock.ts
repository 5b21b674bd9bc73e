import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The embedded database does not refuse a second process on its directory, and would be corrupted by one: we do. */

const LOCK_FILE = 'chaveiro.lock'

/** Another process that lives holds the data directory; the message is for the operator. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError'
}

/**
 * Takes the directory for this process.
 * @returns the function that gives it back.
 * @throws DirectoryInUseError while another live process holds it.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, LOCK_FILE)
  const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid) })
  if (!create(path, mine)) {
    const holder = readHolder(path)
    if (holder !== null && isAlive(holder)) {
      throw new DirectoryInUseError(
        `The data directory ${directory} is in use by process ${holder.pid}. Stop that process first, choose another directory ` +
          'with CHAVEIRO_DATA_DIR, or use PostgreSQL (DATABASE_URL), which several processes can share.',
      )
    }
    rmSync(path, { force: true })
    if (!create(path, mine))
      throw new DirectoryInUseError(`The data directory ${directory} was just taken by another process.`)
  }
  return () => {
    if (safeRead(path) === mine) rmSync(path, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly started: string | null
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(safeRead(path) ?? '') as Partial<Holder>
    return typeof holder.pid === 'number' ? { pid: holder.pid, started: holder.started ?? null } : null
  } catch {
    return null
  }
}

/** A process id is reused sooner or later, so the start time must match too, where the system tells it. */
function isAlive(holder: Holder): boolean {
  if (holder.pid === process.pid && holder.started === processStart(process.pid)) return true
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const started = processStart(holder.pid)
  return started === null || holder.started === null || started === holder.started
}

/** Linux: field 22 of /proc/PID/stat, clock ticks after boot. Elsewhere null. */
function processStart(pid: number): string | null {
  const stat = safeRead(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

function safeRead(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
