import { describe, expect, test } from 'vitest'
import { describeResult, existing } from './steps.ts'

describe('describeResult', () => {
  const passing = { name: 'lint', passed: true, seconds: 1.25, output: 'noise' }

  test('gives a passing step one line', () => {
    expect(describeResult(passing)).toMatch(/^✓ lint +1\.3 s$/)
  })

  test('shows the output of a failing step', () => {
    expect(describeResult({ ...passing, passed: false })).toMatch(/^✗ lint +1\.3 s\n\nnoise\n$/)
  })

  test('cuts an endless output', () => {
    expect(describeResult({ ...passing, passed: false, output: 'x'.repeat(1_000_000) }).length).toBeLessThan(100_000)
  })
})

test('existing keeps the paths that are there, in their order', () => {
  expect(existing(['scripts', 'no-such-folder', 'package.json'])).toEqual(['scripts', 'package.json'])
})
