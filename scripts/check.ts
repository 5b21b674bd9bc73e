import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeResult, existing, runSteps, type Step, type StepResult } from './steps.ts'
import { reportersTo, tallyReport } from './test-report.ts'

/** The quick gate: format, lint, types, unused code and unit tests. Needs nothing but the dependencies. */

/** Each step uses about one core; more at once would only slow each other down. */
const STEPS_AT_ONCE = Math.max(1, Math.min(3, availableParallelism()))

/** Named one by one: without paths the linter would walk through node_modules as well. */
const LINTED = [
  ...['server', 'console', 'sdk', 'cli', 'notion-emulator'].flatMap((member) => [
    `${member}/bin`,
    `${member}/src`,
    `${member}/test`,
  ]),
  'console/vite.config.ts',
  'scripts',
  'examples',
  'vitest.config.ts',
]

/** The projects of the compiler: one for what runs in Node, one for the browser. */
const COMPILED = ['tsconfig.json', 'console/tsconfig.json']

const MILLISECONDS_PER_SECOND = 1000

const UNIT_TESTS = 'unit tests'
/** They run alone for the last half of the time, and the runner's own choice leaves a core idle then. */
const UNIT_WORKERS = '--maxWorkers=2'

/**
 * @param unitReport where to write vitest's JSON report of the unit tests
 * @returns how many steps failed, the unit tests not counted: their report says more
 */
export async function check(unitReport: string): Promise<number> {
  const results = await runSteps(stepsOf(unitReport), STEPS_AT_ONCE, announce)
  return results.filter(({ name, passed }) => !passed && name !== UNIT_TESTS).length
}

function announce(result: StepResult): void {
  console.log(describeResult(result))
}

/** The longest first, so that the last one does not run alone for long. */
function stepsOf(unitReport: string): Step[] {
  return [
    {
      name: UNIT_TESTS,
      program: 'vitest',
      arguments: ['run', '--project=unit', UNIT_WORKERS, ...reportersTo(unitReport)],
    },
    {
      name: 'lint',
      program: 'oxlint',
      arguments: ['--type-aware', '--deny-warnings', ...existing(LINTED)],
    },
    ...existing(COMPILED).map((project) => ({
      name: project === 'tsconfig.json' ? 'types' : `types of ${project.split('/')[0]}`,
      program: 'tsc',
      arguments: ['--noEmit', '--pretty', 'false', '-p', project],
    })),
    { name: 'unused code', program: 'knip', arguments: ['--no-config-hints', '--no-progress'] },
    { name: 'format', program: 'oxfmt', arguments: ['--check', '.'] },
  ]
}

if (import.meta.main) {
  const started = performance.now()
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-check-'))
  const unitReport = join(directory, 'unit.json')
  const failedSteps = await check(unitReport)
  const { passed, failed } = tallyReport(unitReport)
  rmSync(directory, { recursive: true, force: true })
  const seconds = Math.round((performance.now() - started) / MILLISECONDS_PER_SECOND)
  console.log(`\n${passed} passed, ${failed + failedSteps} failed in ${seconds} s`)
  process.exitCode = failed + failedSteps === 0 ? 0 : 1
}
