import { readFileSync } from 'node:fs'

/** What a run of vitest came to. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly FileReport[]
}

interface FileReport {
  /** The file's path. */
  readonly name: string
  readonly status: string
  readonly message?: string
  readonly assertionResults: readonly {
    readonly status: string
    readonly fullName: string
    readonly failureMessages?: readonly string[]
  }[]
}

/** Options of vitest: what people read as it goes, and the report that is read here. */
export function reportersTo(path: string): string[] {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
}

/** Counts a report. A file that could not even be loaded, and a run that left no report, count as one failure each. */
export function tallyReport(path: string): Tally {
  const report = readReport(path)
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + unloadable
  return {
    passed: report.numPassedTests,
    // An error outside any test (an unhandled rejection) fails the run without failing a test.
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Characters of what a failed test said: enough to know the fault, short enough to read ten of them. */
const SHOWN_CHARACTERS = 600

/** Every failure of a report as text: file, test and what it said. Empty where nothing failed. */
export function failuresOf(path: string): string[] {
  const report = readReport(path)
  if (report === undefined) return [`${path}: the run left no report`]
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && assertionResults.length === 0) return [`${name}\n${shorten(message ?? '')}`]
    return failed.map(
      ({ fullName, failureMessages = [] }) => `${name}\n${fullName}\n${shorten(failureMessages.join('\n'))}`,
    )
  })
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)} …`
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: sum(tallies.map(({ passed }) => passed)),
    failed: sum(tallies.map(({ failed }) => failed)),
    skipped: sum(tallies.map(({ skipped }) => skipped)),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function readReport(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return undefined
  }
}
