import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The repository, wherever it lies. */
export const ROOT = join(import.meta.dirname, '..')

/** One command of a gate. It passes where the command ends with 0. */
export interface Step {
  readonly name: string
  /** A program of node_modules/.bin or of the PATH. */
  readonly program: string
  readonly arguments: readonly string[]
  /** Shows the output while it runs, not only after a failure. */
  readonly live?: boolean
}

export interface StepResult {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
  readonly output: string
}

const MILLISECONDS_PER_SECOND = 1000
/** A failing step must not fill the screen for minutes: the first complaint matters most. */
const SHOWN_OUTPUT_CHARACTERS = 60_000

/** Runs independent steps, at most `atOnce` of them together, and reports each as it ends. */
export async function runSteps(
  steps: readonly Step[],
  atOnce: number,
  report: (result: StepResult) => void,
): Promise<StepResult[]> {
  const waiting = [...steps]
  const results: StepResult[] = []
  async function work(): Promise<void> {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step)
      results.push(result)
      report(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, work))
  return results
}

export async function runStep(step: Step): Promise<StepResult> {
  const started = performance.now()
  const { code, output } = await runProgram(step)
  const seconds = (performance.now() - started) / MILLISECONDS_PER_SECOND
  return { name: step.name, passed: code === 0, seconds, output }
}

/** One line for each step, and the output of a failing one below it. */
export function describeResult({ name, passed, seconds, output }: StepResult): string {
  const line = `${passed ? '✓' : '✗'} ${name.padEnd(NAME_WIDTH)} ${seconds.toFixed(1).padStart(SECONDS_WIDTH)} s`
  return passed || output === '' ? line : `${line}\n\n${output.slice(0, SHOWN_OUTPUT_CHARACTERS).trimEnd()}\n`
}

const NAME_WIDTH = 20
const SECONDS_WIDTH = 6

/** Those of the paths that exist. Members and folders that a clone lacks are no fault of the tool that is given them. */
export function existing(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(join(ROOT, path)))
}

function runProgram(step: Step): Promise<{ code: number; output: string }> {
  const local = join(ROOT, 'node_modules', '.bin', step.program)
  const child = spawn(existsSync(local) ? local : step.program, step.arguments, {
    cwd: ROOT,
    stdio: step.live === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: step.live === true ? undefined : '0' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
