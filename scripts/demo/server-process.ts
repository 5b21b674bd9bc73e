import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { SERVER_FLAGS } from '../server-flags.mjs'
import { ROOT } from '../steps.ts'

export interface ServerProcess {
  /** Resolves once the server answers requests. Rejects if it ends, or does not answer in time. */
  readonly ready: Promise<void>
  /** Resolves with the exit code when the process has ended, for whatever reason. */
  readonly ended: Promise<number>
  /** Asks it to end, and insists after a while. */
  readonly stop: () => Promise<void>
}

/** A first start makes the database: some seconds on a fast machine, far more on a busy one. */
const READY_SECONDS = 120
const POLL_MS = 100
/** Longer than the server's own patience with requests under way. */
const STOP_SECONDS = 20
const MILLISECONDS_PER_SECOND = 1000

/** Starts the product itself, as `npm start` does, with these settings on top of the environment. */
export function startServer(baseUrl: string, settings: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, ['--disable-sigusr1', ...SERVER_FLAGS, 'server/src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...settings },
  })
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
  return {
    ended,
    ready: waitUntilReady(baseUrl, ended),
    async stop() {
      child.kill('SIGTERM')
      const patience = new AbortController()
      const insist = sleep(STOP_SECONDS * MILLISECONDS_PER_SECOND, undefined, { signal: patience.signal })
        .then(() => child.kill('SIGKILL'))
        .catch(() => undefined) // it ended by itself
      await ended
      patience.abort()
      await insist
    },
  }
}

async function waitUntilReady(baseUrl: string, ended: Promise<number>): Promise<void> {
  const deadline = Date.now() + READY_SECONDS * MILLISECONDS_PER_SECOND
  let exitCode: number | undefined
  void ended.then((code) => (exitCode = code))
  while (!(await answers(`${baseUrl}/readyz`))) {
    if (exitCode !== undefined) throw new Error('The server ended before it was ready. Its last lines above say why.')
    if (Date.now() > deadline) throw new Error(`The server did not answer within ${READY_SECONDS} seconds.`)
    await sleep(POLL_MS)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false // not listening yet
  }
}
