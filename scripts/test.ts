import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './check.ts'
import { ensureGitHubDescription } from './github-description.ts'
import { provision } from './provision.ts'
import { describeResult, runStep } from './steps.ts'
import { addTallies, failuresOf, reportersTo, tallyReport, type Tally } from './test-report.ts'
import { ensureThirdParty } from './third-party.ts'

/** Everything: the quick gate, then the tests that need a database, a browser or whole processes. */

/** In this order: what a failing database test explains, a failing system test only shows. */
const PROJECTS = ['database', 'system'] as const

/** Files share nothing: each has databases, ports and processes of its own. Half of their time is waiting. */
const WORKERS = '--maxWorkers=2'

const problem = (await provision((line) => console.log(line))) ?? (await installThirdParty())
if (problem === null) process.exitCode = (await testEverything()) ? 0 : 1
else {
  console.error(problem)
  process.exitCode = 1
}

/** @returns null, or what went wrong and what to do */
async function installThirdParty(): Promise<string | null> {
  try {
    await Promise.all([ensureThirdParty, ensureGitHubDescription].map((ensure) => ensure((line) => console.log(line))))
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function testEverything(): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-reports-'))
  try {
    const unitReport = join(directory, 'unit.json')
    const failedSteps = await check(unitReport)
    const reports = [unitReport]
    for (const project of PROJECTS) {
      const report = join(directory, `${project}.json`)
      await runProject(project, report)
      reports.push(report)
    }
    const steps: Tally = { passed: 0, failed: failedSteps, skipped: 0 }
    for (const failed of reports.flatMap(failuresOf)) console.log(`\n✗ ${failed}`)
    return announce(addTallies([...reports.map(tallyReport), steps]), failedSteps)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function runProject(project: string, report: string): Promise<void> {
  const result = await runStep({
    name: `${project} tests`,
    program: 'vitest',
    arguments: ['run', '--project', project, WORKERS, ...reportersTo(report)],
    live: true,
  })
  console.log(describeResult(result))
}

function announce({ passed, failed, skipped }: Tally, failedSteps: number): boolean {
  const remarks = [
    ...(failedSteps > 0 ? [`${failedSteps} of the failures: format, lint, types or unused code (above)`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  for (const remark of remarks) console.log(remark)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
}
