import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { THIRD_PARTY } from '../../../scripts/third-party.ts'
import { ROOT } from '../../../scripts/steps.ts'

/** Runs the programs that others wrote, under the Node of the project. */

export interface ThirdPartyOptions {
  /** A program of the packages' own, or a file of `third-party/programs`. */
  readonly program: string
  readonly arguments: readonly string[]
  /** A scratch folder: what such a program remembers, it remembers there. */
  readonly home: string
  readonly environment?: Readonly<Record<string, string>>
  /** Milliseconds after which a program that does not end is ended; a minute unless told. */
  readonly patienceMs?: number
}

export interface ThirdPartyResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const PATIENCE_MS = 60_000

/**
 * @param onOutput is given all that was written so far, whenever there is more
 * @throws Error where the program does not end by itself
 */
export async function runThirdParty(
  options: ThirdPartyOptions,
  onOutput: (stdout: string) => void = () => {},
): Promise<ThirdPartyResult> {
  const child = startThirdParty(options)
  child.stdin.end()
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk)
    onOutput(stdout)
  })
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const patience = setTimeout(() => child.kill('SIGKILL'), options.patienceMs ?? PATIENCE_MS)
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (code, endedBy) => resolve([code, endedBy])),
  )
  clearTimeout(patience)
  if (signal !== null) throw new Error(`${options.program} was ended by ${signal}.\n${stdout}\n${stderr}`)
  return { exitCode, stdout, stderr }
}

export function startThirdParty(options: ThirdPartyOptions): ChildProcessWithoutNullStreams {
  const file = options.program.endsWith('.mjs')
    ? join(THIRD_PARTY, 'programs', options.program)
    : join(THIRD_PARTY, 'node_modules', '.bin', options.program)
  return spawn(process.execPath, [file, ...options.arguments], {
    cwd: options.home,
    stdio: 'pipe',
    env: {
      PATH: [join(ROOT, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
      NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'),
      HOME: options.home,
      ...options.environment,
    },
  })
}
