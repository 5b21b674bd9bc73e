import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { CommandFailure, EXIT } from './failure.ts'

/** Everything that a command may touch, so that tests can stand in for it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fetch: typeof globalThis.fetch
  /** One line for programs: standard output. */
  readonly print: (line: string) => void
  /** One line for people: standard error. */
  readonly say: (line: string) => void
  readonly readStandardInput: () => Promise<string>
  /** Runs one of the server's own commands, which need no running server, and gives its exit code. */
  readonly runOffline: (command: string, commandArguments: readonly string[]) => Promise<number>
  readonly pause: (milliseconds: number) => Promise<void>
}

export function realSurroundings(): Surroundings {
  return {
    environment: process.env,
    fetch: globalThis.fetch,
    print: (line) => void process.stdout.write(`${line}\n`),
    say: (line) => void process.stderr.write(`${line}\n`),
    readStandardInput: () => text(process.stdin),
    runOffline,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }
}

const ROOT = new URL('../../', import.meta.url)
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function runOffline(command: string, commandArguments: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('server/src/command.ts', ROOT))
  if (!existsSync(program)) {
    throw new CommandFailure(
      EXIT.configuration,
      'This command needs the server’s source beside the program: run it in a clone.',
    )
  }
  // From the root, as the server is: `.env`, ./data and relative paths in settings mean the same to both.
  const child = spawn(process.execPath, [program, command, ...commandArguments], {
    cwd: fileURLToPath(ROOT),
    stdio: 'inherit',
  })
  const forward = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? EXIT.refused))
  })
}
