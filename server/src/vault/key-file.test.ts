import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DEVELOPMENT_KEY_FILE,
  KEY_FILE_UNREADABLE,
  KEY_NOT_SET,
  KEY_SET_TWICE,
  loadKeys,
  type KeySource,
  type LoadedKeys,
} from './key-file.ts'
import { generateKeyText, KEY_NOT_VALID } from './keys.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-keys-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const load = (source: Partial<KeySource>): Promise<LoadedKeys> =>
  loadKeys({
    production: false,
    dataDirectory: join(directory, 'data'),
    sealedRowsExist: () => Promise.resolve(false),
    ...source,
  })

const titles = (loaded: LoadedKeys): string[] => (loaded.ok ? [] : loaded.problems.map(({ title }) => title))
const keyIds = (loaded: LoadedKeys): string[] => (loaded.ok ? loaded.keys.map(({ id }) => id) : [])

function file(name: string, content: string): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

describe('set keys', () => {
  const [one, two] = [generateKeyText(), generateKeyText()]

  it('come from the environment, or from a file', async () => {
    const set = await load({ key: `${one},${two}`, production: true })
    expect(keyIds(set)).toHaveLength(2)
    expect(set).not.toHaveProperty('warning')
    expect(keyIds(await load({ keyFile: file('keys', `${one},\n${two}\n`), production: true }))).toEqual(keyIds(set))
  })

  it('do not come from both', async () => {
    expect(titles(await load({ key: one, keyFile: file('keys', one) }))).toEqual([KEY_SET_TWICE])
  })

  it('are checked', async () => {
    expect(titles(await load({ key: 'short,also short' }))).toEqual([KEY_NOT_VALID, KEY_NOT_VALID])
    expect(titles(await load({ keyFile: file('empty', '\n') }))).toEqual([KEY_NOT_VALID])
  })

  it('are not replaced where their file cannot be read', async () => {
    const loaded = await load({ keyFile: join(directory, 'missing') })
    expect(titles(loaded)).toEqual([KEY_FILE_UNREADABLE])
    expect(JSON.stringify(loaded)).toContain('ENOENT')
    expect(titles(await load({ keyFile: directory }))).toEqual([KEY_FILE_UNREADABLE])
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('without a key', () => {
  it.each([undefined, ''])('production does not start (%j)', async (key) => {
    const loaded = await load({ production: true, key, keyFile: key })
    expect(titles(loaded)).toEqual(['MCP_ENCRYPTION_KEY not set'])
    expect(readdirSync(directory)).toEqual([])
  })

  it('production does not take the key of development', async () => {
    await load({})
    expect(titles(await load({ production: true }))).toEqual([KEY_NOT_SET])
  })

  it('development makes one, warns and keeps it to its owner', async () => {
    const first = await load({})
    const path = join(directory, 'data', DEVELOPMENT_KEY_FILE)
    expect(first).toMatchObject({ ok: true, warning: expect.stringContaining(path) })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700)
    expect(readFileSync(path, 'utf8')).toMatch(/^[\w-]{43}=\n$/)
    expect(JSON.stringify(first)).not.toContain(readFileSync(path, 'utf8').slice(0, 20))
    const again = await load({ sealedRowsExist: () => Promise.reject(new Error('not asked')) })
    expect(keyIds(again)).toEqual(keyIds(first))
    expect(readdirSync(join(directory, 'data'))).toEqual([DEVELOPMENT_KEY_FILE])
  })

  it('development takes back rights that others were given', async () => {
    await load({})
    const path = join(directory, 'data', DEVELOPMENT_KEY_FILE)
    chmodSync(path, 0o644)
    await load({})
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('development makes none where rows are sealed', async () => {
    const loaded = await load({ sealedRowsExist: () => Promise.resolve(true) })
    expect(titles(loaded)).toEqual([KEY_NOT_SET])
    expect(JSON.stringify(loaded)).toContain('restore it')
    expect(readdirSync(directory)).toEqual([])
  })

  it('development does not replace a file that is damaged', async () => {
    await load({})
    const path = join(directory, 'data', DEVELOPMENT_KEY_FILE)
    writeFileSync(path, 'damaged')
    expect(titles(await load({}))).toEqual([KEY_NOT_VALID])
    expect(readFileSync(path, 'utf8')).toBe('damaged')
  })

  it('processes that start at once agree on one', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => load({})))
    expect(new Set(all.flatMap(keyIds)).size).toBe(1)
  })
})
