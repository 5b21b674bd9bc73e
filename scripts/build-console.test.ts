import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { digestOfSources } from './build-console.ts'

let root: string

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chaveiro-sources-'))
  write('package-lock.json', '{}')
  write('console/index.html', '<html>')
  write('console/src/a/page.tsx', 'export {}')
  write('sdk/src/index.ts', 'export {}')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test.each([
  'package-lock.json',
  'console/index.html',
  'console/src/a/page.tsx',
  'sdk/src/index.ts',
  'console/public/new.svg',
])('a change of %s asks for another build', (path) => {
  const before = digestOfSources(root)
  write(path, 'changed')
  expect(digestOfSources(root)).not.toBe(before)
})

test('a file that was moved asks for another build', () => {
  const before = digestOfSources(root)
  rmSync(join(root, 'console/src/a/page.tsx'))
  write('console/src/b/page.tsx', 'export {}')
  expect(digestOfSources(root)).not.toBe(before)
})

test('a checkout, a test, and what was built do not', () => {
  const before = digestOfSources(root)
  utimesSync(join(root, 'sdk/src/index.ts'), new Date(0), new Date(0))
  write('console/src/a/page.test.ts', 'export {}')
  write('console/dist/index.html', '<html>')
  write('server/src/main.ts', 'export {}')
  expect(digestOfSources(root)).toBe(before)
})
