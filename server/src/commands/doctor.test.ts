import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generateKeyText } from '#vault/keys.ts'
import { examine } from './doctor.ts'

/** Nothing listens here: port 1 (tcpmux) is for the administrator alone. */
const UNREACHABLE = 'postgres://chaveiro_app@127.0.0.1:1/chaveiro'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-doctor-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function linesFor(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const findings = await examine({ CHAVEIRO_DATA_DIR: directory, ...environment })
  return findings.map(({ level, subject, detail }) => `${level} ${subject}: ${detail}`)
}

function linesOn(subject: string, lines: readonly string[]): string[] {
  return lines.filter((line) => line.split(' ')[1] === `${subject}:`)
}

describe('a directory that was never used', () => {
  it('stays as it is', async () => {
    const lines = await linesFor({})
    expect(linesOn('Database', lines)).toEqual([expect.stringMatching(/^ok .*made at the first start/)])
    expect(linesOn('Keys', lines)).toEqual([expect.stringMatching(/^ok .*will be made/)])
    expect(readdirSync(directory)).toEqual([])
  })

  it('need not exist, and is not made', async () => {
    const deep = join(directory, 'data')
    expect((await linesFor({ CHAVEIRO_DATA_DIR: deep })).filter((line) => line.startsWith('problem'))).toEqual([])
    expect(readdirSync(directory)).toEqual([])
  })

  it('says whether the text of a key is right', async () => {
    const right = linesOn('Keys', await linesFor({ MCP_ENCRYPTION_KEY: generateKeyText() }))
    expect(right).toEqual([expect.stringMatching(/^ok Keys: 1 listed, [0-9a-f]{16} seals\. Not compared/)])
    const wrong = linesOn('Keys', await linesFor({ MCP_ENCRYPTION_KEY: 'c2hvcnQ=' }))
    expect(wrong).toEqual([expect.stringContaining('has 5 bytes')])
    expect(wrong.join()).not.toContain('c2hvcnQ')
  })

  it('with a development key of an earlier start names it', async () => {
    writeFileSync(join(directory, 'encryption.key'), generateKeyText())
    const keys = linesOn('Keys', await linesFor({}))
    expect(keys).toEqual([expect.stringMatching(/^ok/), expect.stringMatching(/^warning .*development key/)])
  })
})

describe('everything at once', () => {
  it('half of an app at a provider is a problem of the settings', async () => {
    expect(linesOn('Settings', await linesFor({ GITHUB_CLIENT_ID: 'canary' }))).toEqual([
      expect.stringMatching(/^problem Settings: provider_app_incomplete: GITHUB_CLIENT_SECRET is not set/),
    ])
  })

  it('settings, data directory and key beside each other', async () => {
    const lines = await linesFor({
      PORT: 'many',
      NODE_ENV: 'production',
      CHAVEIRO_DATA_DIR: '/proc/none/data',
      MCP_ENCRYPTION_KEY: 'short',
    })
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'problem Settings: PORT',
      'problem Settings: PUBLIC_URL',
      'problem Data directory:',
      'problem Keys: MCP_ENCRYPTION_KEY',
    ])
  })

  it('production without anything misses its address and its key, each once', async () => {
    const problems = (await linesFor({ NODE_ENV: 'production' })).filter((line) => line.startsWith('problem'))
    expect(problems).toEqual([
      expect.stringContaining('PUBLIC_URL must be set'),
      expect.stringContaining('Keys: MCP_ENCRYPTION_KEY not set'),
    ])
  })

  it('a key that is set twice is said once', async () => {
    const lines = await linesFor({ MCP_ENCRYPTION_KEY: 'short', MCP_ENCRYPTION_KEY_FILE: 'none' })
    expect(lines.filter((line) => line.startsWith('problem'))).toEqual([expect.stringContaining('are both set')])
  })

  it('the text of a key, where the database does not answer', async () => {
    const lines = await linesFor({ DATABASE_URL: UNREACHABLE, MCP_ENCRYPTION_KEY: 'short' })
    expect(linesOn('Database', lines)).toEqual([expect.stringContaining('does not answer')])
    expect(linesOn('Keys', lines)).toEqual([expect.stringContaining('MCP_ENCRYPTION_KEY is not valid')])
  })
})
