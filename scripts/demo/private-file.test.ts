import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readJsonIfThere, writePrivateJson } from './private-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-private-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('writes what it reads, for its owner alone, and leaves nothing else behind', () => {
  const path = join(directory, 'deep', 'demo.json')
  writePrivateJson(path, { a: 1 })
  writePrivateJson(path, { a: 2 })
  expect(readJsonIfThere(path)).toEqual({ a: 2 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(directory, 'deep'))).toEqual(['demo.json'])
})

test('an absent file is nothing; a broken one is an error that names it', () => {
  const path = join(directory, 'demo.json')
  expect(readJsonIfThere(path)).toBeUndefined()
  writeFileSync(path, '{')
  expect(() => readJsonIfThere(path)).toThrow(path)
})

test('what is removed is what was written, never what another has put in its place', () => {
  const path = join(directory, 'demo.json')
  const removeFirst = writePrivateJson(path, { a: 1 })
  const removeSecond = writePrivateJson(path, { a: 2 })
  removeFirst()
  expect(readJsonIfThere(path)).toEqual({ a: 2 })
  removeSecond()
  removeSecond()
  expect(readdirSync(directory)).toEqual([])
})
