import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProduct } from './product.ts'

/** The example as a reader starts it, and every command of its page. */

const ROOT = join(import.meta.dirname, '..', '..')
const POLL_MS = 100
/** A blocked child would block the test's own timeout too. */
const STORY_MS = 150_000
const page = readFileSync(join(ROOT, 'docs', 'bring-your-own-users.md'), 'utf8')

test('the story ends well, and leaves nothing behind', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['examples/bring-your-own-users/run.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: STORY_MS,
  })
  expect(stderr).toBe('')
  expect(stdout).toContain('The users of the product were themselves, and nobody else.')
  expect(stdout).not.toMatch(/eyJ|ntn_/)
  expect(status).toBe(0)
})

test('the product on the page is the one of the example', () => {
  const shown = /```ts\n([\s\S]*?)```/.exec(page)?.[1]
  expect(shown).toBe(readFileSync(join(ROOT, 'examples', 'bring-your-own-users', 'product.ts'), 'utf8'))
})

describe('the page', () => {
  let directory: string
  let product: Awaited<ReturnType<typeof startProduct>>
  let demo: ChildProcess

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'chaveiro-own-users-'))
    product = await startProduct(0)
    // As the page writes it, but for the port.
    const setting = /^CHAVEIRO_TRUSTED_ISSUERS='(.+)' npm run demo$/m.exec(page)?.[1]
    demo = spawn(process.execPath, ['scripts/demo.ts'], {
      cwd: ROOT,
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        CHAVEIRO_DATA_DIR: directory,
        CHAVEIRO_TRUSTED_ISSUERS: setting?.replace('http://127.0.0.1:9000', product.issuer),
      },
    })
    while (!existsSync(join(directory, 'demo.json'))) {
      if (demo.exitCode !== null) throw new Error(`The demo ended with ${demo.exitCode}`)
      await sleep(POLL_MS)
    }
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => demo.once('exit', resolve))
    demo.kill('SIGTERM')
    await ended
    product.server.close()
    product.server.closeAllConnections()
    rmSync(directory, { recursive: true, force: true })
  })

  test('runs from the first command to the last', async () => {
    const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block)
    expect(commands).toHaveLength(2)
    const strict = 'set -euo pipefail\ncurl() { command curl --fail-with-body --max-time 60 "$@"; echo; }\n'
    // Not blocking: the product answers from this process.
    const shell = spawn('bash', ['-c', strict + commands.join('\n')], {
      cwd: ROOT,
      env: { ...process.env, DEMO: join(directory, 'demo.json'), PRODUCT: product.issuer },
    })
    let output = ''
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (output += chunk))
    const status = await new Promise((resolve) => shell.once('close', resolve))
    expect([status, output]).toEqual([0, expect.stringContaining('"via":"external_jwt"')])
    expect(output).toMatch(/"connected":\s*true/)
    expect(output.match(/Estúdio Aurora/g)?.length).toBeGreaterThanOrEqual(3)
    expect(output).toContain('"jsonrpc"')
  })
})
