import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDirectory } from '../../server/src/db/directory-lock.ts'
import { claimDirectory } from './directory.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-claim-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('makes a directory that is not there, and leaves it free', () => {
  const deep = join(directory, 'data', 'demo')
  claimDirectory(deep)
  claimDirectory(deep)
  expect(readdirSync(deep)).toEqual([])
})

test('says in words that a server works there, and advises only what helps a demo', () => {
  const release = lockDirectory(directory)
  const words = messageOf(() => claimDirectory(directory))
  expect(words).toContain(`The directory ${directory} is in use`)
  expect(words).toContain('CHAVEIRO_DATA_DIR=')
  expect(words).not.toContain('DATABASE_URL')
  expect(readdirSync(directory)).toEqual(['chaveiro.lock'])
  release()
  expect(messageOf(() => claimDirectory(directory))).toBe('')
})

function messageOf(work: () => void): string {
  try {
    work()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
