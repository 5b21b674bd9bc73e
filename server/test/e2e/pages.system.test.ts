import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../support/browser.ts'
import { ROOT, startDemo, type RunningDemo } from '../support/demo.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'
import { useBrowser } from '../support/use-browser.ts'

/** What a person reads: the guide's commands really run, and the pages open in a real browser without a complaint. */

const GUIDE_TIMEOUT_MS = 120_000

let demo: RunningDemo
const browser = useBrowser()

beforeAll(async () => {
  demo = await startDemo(prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-demo-'))))
})
afterAll(async () => {
  await demo.stop()
  rmSync(demo.directory, { recursive: true, force: true })
})

describe('docs/first-run.md', () => {
  const guide = readFileSync(join(ROOT, 'docs/first-run.md'), 'utf8')
  const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block)

  it('runs from the first command to the last', () => {
    expect(commands.length).toBeGreaterThanOrEqual(6)
    const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body "$@"; }\n'
    const { status, stdout, stderr } = spawnSync('bash', ['-c', strict + commands.join('\n')], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: GUIDE_TIMEOUT_MS,
      env: { ...process.env, DEMO: demo.file },
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
    for (const expected of [
      '"connected":true',
      '"is_llm":false',
      '"status":"denied"',
      '"disconnected":true',
      'tool.called',
    ]) {
      expect(stdout.replaceAll(/: /g, ':')).toContain(expected)
    }
  })
})

describe.each(['/connect/notion', '/approvals/1', '/clients', '/docs'])('the page %s', (path) => {
  async function openPage(scheme: 'light' | 'dark', width: number): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser().newContext({ colorScheme: scheme, viewport: { width, height: 800 } })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => void complaints.push(error.message))
    page.on('requestfailed', (request) => void complaints.push(request.url()))
    await page.goto(demo.description.base_url + path)
    return { page, complaints }
  }

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('opens in %s at %i pixels without an error, and axe finds nothing', async (scheme, width) => {
    const { page, complaints } = await openPage(scheme, width)
    expect(await page.title()).toMatch(/Chaveiro/)
    expect(complaints).toEqual([])
    expect(await faultsOf(page)).toEqual([])
    await page.context().close()
  })

  it('forbids scripts and frames', async () => {
    const response = await fetch(demo.description.base_url + path)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src|unsafe/)
  })
})

it('leads to signing in where a connect link leads, in the language of the reader', async () => {
  const open = async (language: string) => {
    const answer = await fetch(`${demo.description.base_url}/connect/notion`, {
      headers: { 'accept-language': language },
    })
    return answer.text()
  }
  expect(await open('en')).toContain('Sign in to go on')
  expect(await open('pt-BR')).toContain('Entre para continuar')
  const missing = await fetch(`${demo.description.base_url}/connect/nothing`)
  expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
})

it('lists every operation on /docs', async () => {
  const document = (await (await fetch(`${demo.description.base_url}/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, Record<string, unknown>>
  }
  expect(document.openapi).toBe('3.1.0')
  const page = await (await fetch(`${demo.description.base_url}/docs`)).text()
  const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods))
  expect(page.match(/<details>/g)).toHaveLength(operations.length)
})
