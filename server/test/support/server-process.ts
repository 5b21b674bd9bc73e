import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './postgres-cluster.ts'

/** The server as an operator starts it: a process with a port. */
export interface ServerProcess {
  readonly url: string
  /** All that it wrote, on both streams. */
  readonly output: () => string
  /** Sends the signal and gives the exit code, or the signal that ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals>
}

export interface EndedProcess {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export const ROOT = join(import.meta.dirname, '..', '..', '..')
const MAIN = join(ROOT, 'server', 'src', 'main.ts')
const CLI = join(ROOT, 'cli', 'bin', 'chaveiro.mjs')
const POLL_MS = 50

/** Set, and so not read from a developer's `.env`; empty, and so none. */
const NOT_FROM_FILE = Object.fromEntries(
  [
    'NODE_ENV',
    'DATABASE_URL',
    'DATABASE_OWNER_URL',
    'REDIS_URL',
    'MCP_ENCRYPTION_KEY',
    'MCP_ENCRYPTION_KEY_FILE',
    'CHAVEIRO_AUTH_SECRET',
    'CHAVEIRO_SIGN_UP',
    'CHAVEIRO_URL',
    'CHAVEIRO_TOKEN',
    'PUBLIC_URL',
  ].map((name) => [name, '']),
)

type Environment = Readonly<Record<string, string>>

/** As `npm start` sets it: compiling the dependencies takes most of a start. */
const BASE = {
  ...NOT_FROM_FILE,
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'),
}

/**
 * @param main the server's first file, where it is a copy of the server
 * @throws Error with its output where it ends instead of getting ready
 */
export async function startServerProcess(
  directory: string,
  environment: Environment = {},
  main = MAIN,
): Promise<ServerProcess> {
  const port = await freePort()
  const child = spawnServer(directory, { PORT: String(port), ...environment }, main)
  const ended = endOf(child)
  const output = recorded(child)
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}: ${output()}`)
    await sleep(POLL_MS)
  }
  return {
    url,
    output,
    async end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** For a server that must not start. */
export async function runServerProcess(directory: string, environment: Environment = {}): Promise<EndedProcess> {
  return outcomeOf(spawnServer(directory, { PORT: '0', ...environment }))
}

/** Runs `chaveiro` as from a shell. */
export async function runChaveiro(
  line: readonly string[],
  { environment = {}, input = '' }: { readonly environment?: Environment; readonly input?: string } = {},
): Promise<EndedProcess> {
  const child = spawn(process.execPath, [CLI, ...line], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...BASE, ...environment },
  })
  child.stdin.on('error', () => {}) // it may end without reading
  child.stdin.end(input)
  return outcomeOf(child)
}

function spawnServer(directory: string, environment: Environment, main = MAIN): ChildProcess {
  return spawn(process.execPath, [main], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...BASE, CHAVEIRO_DATA_DIR: directory, ...environment },
  })
}

function recorded(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  return () => text
}

async function outcomeOf(child: ChildProcess): Promise<EndedProcess> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { exitCode, stdout, stderr }
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)))
}
