import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureThirdParty } from '../../../scripts/third-party.ts'
import { startBearerProxy, type BearerProxy } from '../support/bearer-proxy.ts'
import { startMcpStage, type McpStage } from '../support/mcp-stage.ts'
import { letIn } from '../support/person.ts'
import { freePort } from '../support/postgres-cluster.ts'
import { ROOT, runServerProcess } from '../support/server-process.ts'
import { runThirdParty } from '../support/third-party.ts'

/**
 * The protocol's own conformance suite against the server as it runs, with authorization on: the suite cannot send a token,
 * so that a proxy adds one. What each revision requires must pass; the number that it requires is asserted as well.
 */

/** sysexits.h EX_CONFIG: a supervisor need not try again. */
const EXIT_CONFIGURATION = 78

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

interface Scenario {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

let stage: McpStage
let proxy: BearerProxy

beforeAll(async () => {
  await ensureThirdParty((line) => console.log(line))
  stage = await startMcpStage({ CHAVEIRO_CONFORMANCE: '1' })
  proxy = await startBearerProxy(stage.baseUrl, stage.users[0].token)
})
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]()
  await stage?.close()
})

async function conformance(...line: readonly string[]): Promise<string> {
  const { stdout } = await runThirdParty({ program: 'conformance', arguments: line, home: stage.directory })
  return stdout
}

/** Those of a server that the revision requires, as the suite lists them. */
async function requiredScenarios(revision: string): Promise<string[]> {
  const listed = await conformance('list', '--requirements', revision)
  const [, section = ''] = /Server scenarios[^\n]*\n([\s\S]*?)\n\n/.exec(listed) ?? []
  return [...section.matchAll(/^ +- (\S+)$/gm)].map(([, name = '']) => name)
}

async function runScenarios(revision: string): Promise<Scenario[]> {
  const url = `${proxy.url}/mcp`
  const folder = join(stage.directory, revision)
  return scenariosIn(await conformance('server', '--url', url, '--requirements', revision, '-o', folder))
}

function scenariosIn(report: string): Scenario[] {
  const [, summary = ''] = report.split('=== SUMMARY ===')
  return [...summary.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed$/gm)].map(([, name = '', passed, failed]) => ({
    name,
    passed: Number(passed),
    failed: Number(failed),
  }))
}

describe('the conformance suite', () => {
  it.each([
    ['2025-11-25', 30],
    ['2026-07-28', 37],
  ])('finds in every scenario of %s what it requires', async (revision, fewest) => {
    const required = await requiredScenarios(revision)
    expect(required.length).toBeGreaterThanOrEqual(fewest)
    const scenarios = await runScenarios(revision)
    const outcomes = required.map((name) => scenarios.find((scenario) => scenario.name === name))
    expect(required.filter((_, index) => (outcomes[index]?.passed ?? 0) === 0)).toEqual([])
    expect(outcomes.filter((outcome) => outcome !== undefined && outcome.failed > 0)).toEqual([])
    const checks = outcomes.reduce((sum, outcome) => sum + (outcome?.passed ?? 0), 0)
    expect(README).toContain(`| ${revision} | ${required.length} of ${required.length} | ${checks} |`)
    console.log(`MCP conformance ${revision}: ${required.length} required scenarios, ${checks} checks, all passed`)
  })
})

describe('the suite for authorization servers', () => {
  it('finds the metadata, and a code that somebody allowed', async () => {
    const port = await freePort()
    const registered = await fetch(`${stage.baseUrl}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Conformance', redirect_uris: [`http://127.0.0.1:${port}/callback`] }),
    })
    const { client_id: clientId } = (await registered.json()) as { client_id: string }
    const line = ['--url', stage.baseUrl, '--client-id', clientId, '--resource', stage.url, '-p', String(port)]
    const folder = join(stage.directory, 'authorization')
    let visit: Promise<void> | undefined
    const { stdout } = await runThirdParty(
      { program: 'conformance', arguments: ['authorization', ...line, '-o', folder], home: stage.directory },
      (output) => {
        const address = /^http\S+code_challenge=\S+$/m.exec(output)?.[0]
        if (address !== undefined && output.includes('Callback server started')) visit ??= comeBack(address)
      },
    )
    await visit
    expect(scenariosIn(stdout)).toEqual([
      { name: 'authorization-server-metadata-endpoint', passed: 2, failed: 0 },
      { name: 'authorization-code-grant', passed: 1, failed: 0 },
    ])
  })
})

async function comeBack(address: string): Promise<void> {
  await fetch(await letIn(address, stage.users[0]))
}

describe('the suite’s tools', () => {
  it('are refused in production', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chaveiro-conformance-'))
    const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://keys.example.com' }
    const { exitCode, stderr } = await runServerProcess(directory, { ...production, CHAVEIRO_CONFORMANCE: '1' })
    rmSync(directory, { recursive: true, force: true })
    expect(exitCode).toBe(EXIT_CONFIGURATION)
    expect(stderr).toContain('CHAVEIRO_CONFORMANCE')
  })
})
