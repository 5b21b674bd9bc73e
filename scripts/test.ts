import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from './check.ts'
import { provision } from './provision.ts'
import { describeResult, runStep } from './steps.ts'
import { addTallies, tallyReport, type Tally } from './test-report.ts'
import { ensureThirdParty } from './third-party.ts'

/** Everything: the quick gate, then the tests that need a database, a browser or whole processes. */

/** In this order: what a failing database test explains, a failing system test only shows. */
const PROJECTS = ['database', 'system'] as const

const problem = (await provision((line) => console.log(line))) ?? (await installThirdParty())
if (problem === null) process.exitCode = (await testEverything()) ? 0 : 1
else {
  console.error(problem)
  process.exitCode = 1
}

/** @returns null, or what went wrong and what to do */
async function installThirdParty(): Promise<string | null> {
  try {
    await ensureThirdParty((line) => console.log(line))
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
    const tallies = [tallyReport(unitReport), { passed: 0, failed: failedSteps, skipped: 0 }]
    for (const project of PROJECTS) tallies.push(await runProject(project, join(directory, `${project}.json`)))
    return announce(addTallies(tallies), failedSteps)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function runProject(project: string, report: string): Promise<Tally> {
  const result = await runStep({
    name: `${project} tests`,
    program: 'vitest',
    arguments: ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    live: true,
  })
  console.log(describeResult(result))
  return tallyReport(report)
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
