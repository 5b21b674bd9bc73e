import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureThirdParty } from '../../../scripts/third-party.ts'
import { ROOT } from '../support/server-process.ts'
import { runThirdParty } from '../support/third-party.ts'

/**
 * The protocol's own conformance suite against the code with which users' remote servers are found, signed in to and
 * called. What each revision requires must pass, two scenarios at a time: the suite would start all of them at once, which a
 * small machine answers with timeouts.
 */

const PROGRAM = join(import.meta.dirname, 'upstream-client.ts')
/** Milliseconds for all scenarios of a revision; one takes about five seconds. */
const PATIENCE_MS = 600_000

const AT_ONCE = 2
/** Half of a scenario is the compiling of two programs, which are the same each time. */
const ENVIRONMENT = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled') }

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

let home: string

beforeAll(async () => {
  await ensureThirdParty((line) => console.log(line))
  home = mkdtempSync(join(tmpdir(), 'chaveiro-conformance-client-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Those of a client that the revision requires, as the suite lists them. */
async function requiredScenarios(revision: string): Promise<string[]> {
  const { stdout } = await runThirdParty({
    program: 'conformance',
    arguments: ['list', '--requirements', revision],
    home,
  })
  const [, section = ''] = /Client scenarios[^\n]*\n([\s\S]*?)\n\n/.exec(stdout) ?? []
  return [...section.matchAll(/^ +- (\S+)$/gm)].map(([, name = '']) => name)
}

/** @returns the number of checks that passed; 0 where the scenario did not */
async function checksOf(revision: string, scenario: string): Promise<number> {
  const line = ['client', '--command', `node ${PROGRAM}`, '--scenario', scenario, '--spec-version', revision]
  const { stdout, stderr } = await runThirdParty({
    program: 'conformance',
    arguments: line,
    home,
    environment: ENVIRONMENT,
  })
  const report = stdout + stderr
  const passed = Number(/^Passed: (\d+)\/\d+, 0 failed/m.exec(report)?.[1] ?? 0)
  if (!report.includes('OVERALL: PASSED')) console.log(report)
  return report.includes('OVERALL: PASSED') ? passed : 0
}

describe('the conformance suite for clients', () => {
  it.each([
    ['2025-11-25', 18],
    ['2026-07-28', 32],
  ])('finds in every scenario of %s what it requires', { timeout: PATIENCE_MS }, async (revision, fewest) => {
    const required = await requiredScenarios(revision)
    expect(required.length).toBeGreaterThanOrEqual(fewest)
    const checks = new Map<string, number>()
    const waiting = [...required]
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        checks.set(next, await checksOf(revision, next))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    expect([...checks].filter(([, passed]) => passed === 0)).toEqual([])
    expect(README).toContain(`| ${revision} (client) | ${required.length} of ${required.length} |`)
    const sum = [...checks.values()].reduce((total, passed) => total + passed, 0)
    console.log(`MCP conformance ${revision}, client: ${required.length} required scenarios, ${sum} checks, all passed`)
  })
})
