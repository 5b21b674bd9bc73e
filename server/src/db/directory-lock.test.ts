import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryInUseError, lockDirectory } from './directory-lock.ts'

describe('lockDirectory', () => {
  let directory: string
  let lockFile: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'chaveiro-lock-'))
    lockFile = join(directory, 'chaveiro.lock')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('refuses the same directory twice, and says what to do', () => {
    lockDirectory(directory)
    expect(() => lockDirectory(directory)).toThrow(DirectoryInUseError)
    expect(() => lockDirectory(directory)).toThrow(/CHAVEIRO_DATA_DIR.*DATABASE_URL/)
  })

  it('gives the directory back', () => {
    lockDirectory(directory)()
    expect(existsSync(lockFile)).toBe(false)
    expect(() => lockDirectory(directory)).not.toThrow()
  })

  it('names the process that holds it', () => {
    const holder = spawn('sleep', ['60'])
    try {
      writeFileSync(lockFile, JSON.stringify({ pid: holder.pid, started: null }))
      expect(() => lockDirectory(directory)).toThrow(new RegExp(`process ${holder.pid}`))
    } finally {
      holder.kill()
    }
  })

  it.each([
    ['a process that is gone', () => JSON.stringify({ pid: goneProcess(), started: null })],
    [
      'a process id that belongs to another program now',
      () => JSON.stringify({ pid: process.ppid, started: 'long ago' }),
    ],
    ['a half-written lock', () => '{"pid":'],
    ['an empty lock', () => ''],
  ])('takes over from %s', (_name, content) => {
    writeFileSync(lockFile, content())
    expect(() => lockDirectory(directory)).not.toThrow()
    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toMatchObject({ pid: process.pid })
  })

  it('does not remove a lock that another process has taken over', () => {
    const release = lockDirectory(directory)
    writeFileSync(lockFile, 'somebody else')
    release()
    expect(existsSync(lockFile)).toBe(true)
  })
})

/** The id of a process that has ended. */
function goneProcess(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))
}
