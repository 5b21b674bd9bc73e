import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addTallies, failuresOf, tallyReport } from './test-report.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-report-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function reportOf(changes: Record<string, unknown>): string {
  const path = join(directory, 'report.json')
  const green = {
    success: true,
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ status: 'passed', assertionResults: [{}] }],
  }
  writeFileSync(path, JSON.stringify({ ...green, ...changes }))
  return path
}

describe('tallyReport', () => {
  test('counts a green run', () => {
    expect(tallyReport(reportOf({}))).toEqual({ passed: 5, failed: 0, skipped: 0 })
  })

  test('counts failed and skipped tests', () => {
    const path = reportOf({ success: false, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 })
    expect(tallyReport(path)).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })

  test('counts a file that could not be loaded', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }]
    expect(tallyReport(reportOf({ success: false, testResults })).failed).toBe(1)
  })

  test('counts an error outside any test', () => {
    expect(tallyReport(reportOf({ success: false })).failed).toBe(1)
  })

  test('counts a run that left no report as a failure', () => {
    expect(tallyReport(join(directory, 'absent.json'))).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('failuresOf', () => {
  test('names file, test and fault, and nothing of what passed', () => {
    const assertionResults = [
      { status: 'passed', fullName: 'a good one' },
      { status: 'failed', fullName: 'a bad one', failureMessages: ['expected 1 to be 2'] },
    ]
    const testResults = [{ name: 'some.test.ts', status: 'failed', assertionResults }]
    expect(failuresOf(reportOf({ success: false, testResults }))).toEqual([
      'some.test.ts\na bad one\nexpected 1 to be 2',
    ])
    expect(failuresOf(reportOf({}))).toEqual([])
  })

  test('tells why a file could not be loaded, and cuts what is long', () => {
    const testResults = [{ name: 'some.test.ts', status: 'failed', message: 'x'.repeat(700), assertionResults: [] }]
    expect(failuresOf(reportOf({ success: false, testResults }))).toEqual([`some.test.ts\n${'x'.repeat(600)} …`])
  })

  test('says that a run left no report', () => {
    expect(failuresOf(join(directory, 'absent.json'))).toHaveLength(1)
  })
})

test('addTallies adds every column', () => {
  const tally = { passed: 1, failed: 2, skipped: 3 }
  expect(addTallies([tally, tally])).toEqual({ passed: 2, failed: 4, skipped: 6 })
  expect(addTallies([])).toEqual({ passed: 0, failed: 0, skipped: 0 })
})
