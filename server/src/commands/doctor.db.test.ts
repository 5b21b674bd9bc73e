import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEmbedded } from '#db/pglite.ts'
import { checkKeys, sealedRowsExist } from '#vault/canary.ts'
import { generateKeyText, parseKeys } from '#vault/keys.ts'
import { examine } from './doctor.ts'

let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-doctor-'))
  const database = await openEmbedded({ directory })
  await database.close()
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function keysFor(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const findings = await examine({ CHAVEIRO_DATA_DIR: directory, ...environment })
  return findings.filter(({ subject }) => subject === 'Keys').map(({ level, detail }) => `${level} ${detail}`)
}

it('binds a database that was never used to no key, and makes none', async () => {
  expect(await keysFor({ MCP_ENCRYPTION_KEY: generateKeyText() })).toEqual([expect.stringMatching(/^ok 1 listed/)])
  expect(await keysFor({})).toEqual([expect.stringMatching(/^ok .*will be made/)])
  expect(existsSync(join(directory, 'encryption.key'))).toBe(false)
  const database = await openEmbedded({ directory })
  expect(await sealedRowsExist(database)).toBe(false)
  await database.close()
})

it('compares keys with those that were at work', async () => {
  const text = generateKeyText()
  const parsed = parseKeys(text)
  if (!parsed.ok) throw new Error('A generated key must be valid')
  const database = await openEmbedded({ directory })
  await checkKeys(database, parsed.keys)
  await database.close()
  expect(await keysFor({ MCP_ENCRYPTION_KEY: text })).toEqual([expect.stringMatching(/^ok 1 listed, \w+ seals\.$/)])
  const other = await keysFor({ MCP_ENCRYPTION_KEY: generateKeyText() })
  expect(other).toEqual([expect.stringMatching(/^problem MCP_ENCRYPTION_KEY does not match/)])
  expect(await keysFor({})).toEqual([expect.stringContaining('restore it')])
})
