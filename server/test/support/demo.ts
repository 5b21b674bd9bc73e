import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The demo as a person starts it: server, emulated Notion and two users, in processes of their own. */

export const ROOT = join(import.meta.dirname, '..', '..', '..')
const POLL_MS = 100

export interface DemoDescription {
  readonly base_url: string
  readonly notion_api_url: string
  readonly users: readonly {
    readonly email: string
    readonly password: string
    readonly api_token: string
    readonly notion_api_key: string
  }[]
}

export interface RunningDemo {
  readonly process: ChildProcess
  readonly directory: string
  /** Path of demo.json. */
  readonly file: string
  readonly description: DemoDescription
  /** Everything that it printed so far. */
  readonly output: () => string
  /** Ends it as Ctrl-C does, and gives its exit code. */
  readonly stop: () => Promise<number | null>
}

/**
 * @param directory of an earlier demo, to start it again; a fresh one otherwise
 * @param settings of the server, on top of the demo's
 */
export async function startDemo(
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-demo-')),
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningDemo> {
  const child = spawn(process.execPath, ['scripts/demo.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'),
      PORT: '0',
      CHAVEIRO_DATA_DIR: directory,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const file = join(directory, 'demo.json')
  rmSync(file, { force: true })
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error(`The demo ended with ${child.exitCode}:\n${output}`)
    await sleep(POLL_MS)
  }
  return {
    process: child,
    directory,
    file,
    description: JSON.parse(readFileSync(file, 'utf8')) as DemoDescription,
    output: () => output,
    stop() {
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      return ended
    },
  }
}
