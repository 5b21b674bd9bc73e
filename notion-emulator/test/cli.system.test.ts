import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const BIN = fileURLToPath(new URL('../bin/notion-emulator.mjs', import.meta.url))
/** Two lines of addresses, one token for each of the eight installs, and the client of OAuth. */
const EXPECTED_LINES = 11

function start(...args: string[]) {
  return spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The line tells all that the authorize address needs. */
async function checkClient(line: string, url: string, callback: string): Promise<void> {
  const match = /^OAuth client (?<id>\S+) secret_[A-Za-z0-9]{43} {2}Agent platform, returns to (?<addresses>.+)$/.exec(
    line,
  )
  expect(match?.groups?.['addresses']).toBe(`http://localhost:3000/callback ${callback}`)
  const client_id = match?.groups?.['id'] ?? ''
  const asked = new URLSearchParams({ client_id, redirect_uri: callback, response_type: 'code', owner: 'user' })
  expect((await fetch(`${url}/v1/oauth/authorize?${asked.toString()}`)).status).toBe(200)
}

describe('notion-emulator on the command line', () => {
  it('prints where it listens and one token per install, serves, and stops on SIGTERM', async () => {
    const callback = 'http://127.0.0.1:9/back'
    const addresses = ['--port', '0', '--control-port', '0', '--control-secret', 's3cret', '--redirect-uri', callback]
    const child = start('--seed', 'two-tenants', ...addresses)
    try {
      const lines: string[] = []
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line)
        if (lines.length === EXPECTED_LINES) break
      }
      const url = /^Notion API: (\S+)$/.exec(lines[0] ?? '')?.[1] ?? ''
      const controlUrl = /^Control plane: (\S+) \(secret s3cret\)$/.exec(lines[1] ?? '')?.[1] ?? ''
      const tokens = lines.slice(2, -1).map((line) => /^(ntn_[A-Za-z0-9]{46}) {2}\S/.exec(line)?.[1])
      expect(new Set(tokens).size).toBe(8)
      await checkClient(lines[EXPECTED_LINES - 1] ?? '', url, callback)
      const headers = { authorization: `Bearer ${tokens[4] ?? ''}`, 'notion-version': '2026-03-11' }
      const me = (await (await fetch(`${url}/v1/users/me`, { headers })).json()) as object
      expect(me).toMatchObject({ bot: { workspace_name: 'Boreal Advocacia' } })
      const installs = await fetch(`${controlUrl}/installs`, { headers: { authorization: 'Bearer s3cret' } })
      expect(installs.status).toBe(200)
    } finally {
      child.kill('SIGTERM')
    }
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  })

  it('explains itself, and fails with one line when asked for nonsense', async () => {
    const help = start('--help')
    expect(await text(help.stdout)).toContain('--control-port')
    const failing = start('--seed', 'nothing')
    const message = await text(failing.stderr)
    expect(message).toMatch(/^No seed named nothing\. Known: empty, demo,/)
    const [code] = (failing.exitCode === null ? await once(failing, 'exit') : [failing.exitCode]) as [number]
    expect(code).toBe(1)
  })
})
