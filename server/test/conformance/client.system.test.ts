import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureThirdParty } from '../../../scripts/third-party.ts'
import { ROOT } from '../support/server-process.ts'
import { runThirdParty } from '../support/third-party.ts'
import { runClient, type ClientTask } from './upstream-client.ts'

/**
 * The protocol's own conformance suite against the code with which users' remote servers are found, signed in to and
 * called. What each revision requires must pass. The suite starts all scenarios at once, which a small machine answers with
 * timeouts: the clients are here, and wait for their turn.
 */

const LAUNCHER = join(import.meta.dirname, 'start-client.mjs')
/** Clients at work at the same time; those of one scenario are one after the other. */
const AT_ONCE = 2
/** Milliseconds for all scenarios of a revision: the suite measures each from its start, its waiting included. */
const PATIENCE_MS = 300_000

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

let home: string
let clients: Clients

beforeAll(async () => {
  await ensureThirdParty((line) => console.log(line))
  home = mkdtempSync(join(tmpdir(), 'chaveiro-conformance-client-'))
  clients = await startClients()
})
afterAll(async () => {
  await clients?.stop()
  rmSync(home, { recursive: true, force: true })
})

interface Clients {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Runs a client for each task that the launcher brings, and answers with 200 once it has ended well. */
async function startClients(): Promise<Clients> {
  const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve())
  let taken = 0
  const server = createServer((request, response) => {
    const lane = taken % AT_ONCE
    taken += 1
    const turn = lanes[lane] ?? Promise.resolve()
    lanes[lane] = turn.then(() => serve(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

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

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await runClient((await json(request)) as ClientTask)
    response.end()
  } catch (error) {
    response.writeHead(500).end(inspect(error))
  }
}

/** @returns the checks that passed in each scenario; 0 where one of them failed */
async function checksOf(revision: string): Promise<ReadonlyMap<string, number>> {
  const command = `node ${LAUNCHER} ${clients.port}`
  const { stdout, stderr } = await runThirdParty({
    program: 'conformance',
    arguments: ['client', '--command', command, '--requirements', revision, '--timeout', String(PATIENCE_MS)],
    home,
    patienceMs: PATIENCE_MS,
  })
  const report = stdout + stderr
  const [, summary = ''] = report.split('=== SUITE SUMMARY ===')
  const lines = [...summary.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm)]
  if (lines.length === 0) console.log(report)
  return new Map(lines.map(([, name = '', passed, failed]) => [name, failed === '0' ? Number(passed) : 0]))
}

describe('the conformance suite for clients', () => {
  it.each([
    ['2025-11-25', 18],
    ['2026-07-28', 32],
  ])('finds in every scenario of %s what it requires', { timeout: PATIENCE_MS }, async (revision, fewest) => {
    const required = await requiredScenarios(revision)
    expect(required.length).toBeGreaterThanOrEqual(fewest)
    const checks = await checksOf(revision)
    const passed = required.map((name) => checks.get(name) ?? 0)
    expect(required.filter((_, index) => passed[index] === 0)).toEqual([])
    expect(README).toContain(`| ${revision} (client) | ${required.length} of ${required.length} |`)
    const sum = passed.reduce((total, each) => total + each, 0)
    console.log(`MCP conformance ${revision}, client: ${required.length} required scenarios, ${sum} checks, all passed`)
  })
})
