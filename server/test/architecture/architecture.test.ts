import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LockedPackages } from '../../../scripts/lockfile.ts'
import { levelRule, memberRule, pathRule, providerImportRule, storeRule, vaultRule } from './import-rules.ts'
import { isBalanced } from './scan.ts'
import { listFiles, readSource, ROOT, serverCode, type Findings, type SourceFile } from './source-file.ts'
import {
  environmentRule,
  networkRule,
  openRule,
  providerNameRule,
  skippedTestRule,
  systemRule,
  unfinishedRule,
} from './text-rules.ts'
import {
  completeLockfileRule,
  dependencyCountRule,
  lockfileRule,
  machineRule,
  sizeRule,
  versionRule,
  type Manifest,
} from './workspace-rules.ts'

/**
 * The rules of the house, read off the sources. That each rule can fail is shown in `rules.test.ts`; that it looked at
 * something is shown by the floors below. Raise them as the house grows.
 */

const FEWEST_SERVER_FILES = 250
const FEWEST_FILES = 570
const FEWEST_IMPORTS = 1_300
const FEWEST_DOCUMENTS = 25

const MEMBERS = ['server', 'console', 'sdk', 'cli', 'notion-emulator']
/** Programs of others that the tests run: no member, and a lockfile of its own. */
const THIRD_PARTY = 'server/test/third-party'
const SOURCE_FOLDERS = [...MEMBERS, 'scripts', 'examples', 'docs'].filter((folder) => existsSync(join(ROOT, folder)))
const files = listFiles(SOURCE_FOLDERS, ['.ts', '.tsx', '.mjs']).map(readSource)
const documents = listFiles(['.'], ['.md']).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
const providerIds = listFiles(['server/src/providers'], ['/provider.ts']).map((path) => path.split('/').at(-2) ?? '')

describe('the test sees the house', () => {
  test('enough files', () => {
    expect(serverCode(files).length).toBeGreaterThan(FEWEST_SERVER_FILES)
    expect(files.length).toBeGreaterThan(FEWEST_FILES)
    expect(documents.length).toBeGreaterThanOrEqual(FEWEST_DOCUMENTS)
  })

  test('enough imports', () => {
    expect(serverCode(files).flatMap(({ imports }) => imports).length).toBeGreaterThan(FEWEST_IMPORTS)
  })

  test('every provider', () => {
    expect(providerIds).not.toEqual([])
  })

  test('every file to its end', () => {
    expect(files.filter(({ bare }) => !isBalanced(bare)).map(({ path }) => path)).toEqual([])
  })
})

const RULES: Readonly<Record<string, (sources: readonly SourceFile[]) => Findings>> = {
  'imports go to a lower level only': levelRule,
  'inside a folder ./file.ts, across folders #folder/file.ts': pathRule,
  'a store is imported only inside its folder': storeRule,
  'the module that opens credentials is imported only by connections, tools and the root': vaultRule,
  'a provider imports only the contract, the kernel and its own SDK': providerImportRule,
  'members reach each other only by package': memberRule,
  'credentials are opened only in connections and tools': openRule,
  'asSystem is used only where a caller is not yet, or no longer, known': systemRule,
  'the environment is read in config.ts only': environmentRule,
  'everything outbound goes through the guarded fetch': networkRule,
  'no test is skipped': skippedTestRule,
  'nothing is left for later': unfinishedRule,
  'files stay small enough to read': sizeRule,
  'sources name no machine': machineRule,
  'no provider is named outside its folder': (sources) => providerNameRule(sources, providerIds),
}

describe('rules', () => {
  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(rule(files)).toEqual([])
  })

  test('documents name no machine', () => {
    expect(machineRule(documents)).toEqual([])
  })
})

describe('dependencies', () => {
  const manifests = ['.', ...MEMBERS, THIRD_PARTY].map((folder) => join(folder, 'package.json'))

  test.each(manifests)('%s has exact versions', (path) => {
    expect(versionRule(path, readJson(path) as Manifest)).toEqual([])
  })

  test('the server has few', () => {
    expect(dependencyCountRule('server/package.json', readJson('server/package.json') as Manifest)).toEqual([])
  })

  test.each(['.', THIRD_PARTY])('the lockfile of %s is complete, with digests and without addresses', (folder) => {
    const { packages } = readJson(join(folder, 'package-lock.json')) as { packages: LockedPackages }
    expect(Object.keys(packages).length).toBeGreaterThan(FEWEST_LOCKED_PACKAGES)
    expect([...lockfileRule(packages), ...completeLockfileRule(packages)]).toEqual([])
  })
})

const FEWEST_LOCKED_PACKAGES = 250

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}
