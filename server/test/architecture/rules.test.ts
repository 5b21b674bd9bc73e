import { describe, expect, test } from 'vitest'
import {
  levelRule,
  memberRule,
  pathRule,
  providerImportRule,
  storeRule,
  vaultRule,
  WITHIN_LEVEL,
} from './import-rules.ts'
import { sourceFile, type Findings, type SourceFile } from './source-file.ts'
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
} from './workspace-rules.ts'

/** Every rule finds what it is made to find, and lets pass what looks alike. */

type Rule = (files: readonly SourceFile[]) => Findings
type Sample = readonly [path: string, text: string]

function judge(rule: Rule, [path, text]: Sample): Findings {
  const root = /^(server|sdk|cli|console|scripts|examples|notion-emulator)\//.test(path) ? '' : 'server/src/'
  return rule([sourceFile(root + path, text)])
}

function describeRule(
  name: string,
  rule: Rule,
  samples: { refused: readonly Sample[]; allowed: readonly Sample[] },
): void {
  describe(name, () => {
    test.each(samples.refused)('refuses in %s: %s', (path, text) => {
      expect(judge(rule, [path, text])).not.toEqual([])
    })
    test.each(samples.allowed)('allows in %s: %s', (path, text) => {
      expect(judge(rule, [path, text])).toEqual([])
    })
  })
}

describeRule('levels', levelRule, {
  refused: [
    ['kernel/a.ts', `import { b } from '#db/b.ts'`],
    ['db/a.ts', `import { b } from '#vault/b.ts'`],
    ['connections/a.ts', `import type { B } from '#tools/b.ts'`],
    ['connections/a.ts', `import {\n  b,\n  c,\n} from '#oauth/b.ts'`],
    ['tools/a.ts', `export { b } from '#mcp/b.ts'`],
    ['tools/a.ts', `export * from '#agents/b.ts'`],
    ['tools/a.ts', `import '#jobs/b.ts'`],
    ['tools/a.ts', `const b = await import('#jobs/b.ts')`],
    ['usage/a.ts', `import { config } from '#config.ts'`],
    ['operations/a.ts', `import { doctor } from '#commands/doctor.ts'`],
    ['mystery/a.ts', `import { b } from '#kernel/b.ts'`],
    ['tools/a.ts', `import { b } from '#mystery/b.ts'`],
  ],
  allowed: [
    ['connections/a.ts', `import { b } from '#vault/b.ts'`],
    ['connections/a.ts', `import { b } from '#connections/deep/b.ts'`],
    ['audit/a.ts', `import type { Database } from '#db/database.ts'`],
    ['main.ts', `import { b } from '#jobs/b.ts'`],
    ['commands/a.ts', `import { b } from '#config.ts'`],
    ['kernel/a.ts', `// import { b } from '#jobs/b.ts'`],
    ['kernel/a.ts', 'const text = `\nimport { b } from "#jobs/b.ts"\n`'],
    ['kernel/a.test.ts', `import { b } from '#test/support/b.ts'`],
    ['kernel/a.ts', `import { z } from 'zod'`],
  ],
})

test('the exceptions to the levels make no circle', () => {
  const below = (folder: string): string[] =>
    WITHIN_LEVEL.filter(([upper]) => upper === folder).flatMap(([, lower]) => [lower, ...below(lower)])
  for (const [upper] of WITHIN_LEVEL) expect(below(upper)).not.toContain(upper)
})

describeRule('paths', pathRule, {
  refused: [
    ['agents/a.ts', `import { b } from '../tools/b.ts'`],
    ['agents/a.test.ts', `import { b } from '../tools/b.ts'`],
    ['agents/a.ts', `import { b } from '#agents/../tools/b.ts'`],
    ['agents/a.ts', `import { b } from './b'`],
    ['agents/a.ts', `import { b } from './b.js'`],
    ['agents/a.ts', 'const b = await import(name)'],
    ['agents/a.ts', 'const b = await import(`#tools/${name}.ts`)'],
    ['agents/a.ts', 'const b = require(name)'],
  ],
  allowed: [
    ['agents/a.ts', `import { b } from './deep/b.ts'`],
    ['agents/a.ts', `import { b } from '#tools/b.ts'`],
    ['providers/registry.ts', 'const b = await import(url)'],
    ['agents/a.ts', `const b = await import('#tools/b.ts')`],
    ['agents/a.ts', 'vault.import(token)'],
    ['sdk/src/a.ts', `import { b } from '../b.ts'`],
  ],
})

describeRule('stores', storeRule, {
  refused: [
    ['tools/a.ts', `import { find } from '#connections/store.ts'`],
    ['agents/runs/a.ts', `import { find } from '#agents/store.ts'`],
    ['agents/a.ts', `import { find } from './runs/store.ts'`],
    ['tools/a.test.ts', `import type { Row } from '#connections/store.ts'`],
    ['tools/a.ts', `const store = await import('#connections/store.ts')`],
    ['tools/a.ts', `import { end } from '#oauth/grants/grant-store.ts'`],
  ],
  allowed: [
    ['tools/a.ts', `import { find } from './store.ts'`],
    ['oauth/tokens/a.ts', `import { list } from './key-store.ts'`],
    ['oauth/tokens/a.ts', `import { end } from '#oauth/grants/grant-store.ts'`],
    ['tools/a.ts', `import { keep } from '#kernel/restore.ts'`],
  ],
})

describeRule('the opening module', vaultRule, {
  refused: [
    ['agents/a.ts', `import type { Vault } from '#vault/seal.ts'`],
    ['providers/registry.ts', `import { createVault } from '#vault/seal.ts'`],
    ['connections/a.ts', `import { decryptFernet } from '#vault/fernet.ts'`],
    ['main.ts', `import { decryptFernet } from '#vault/fernet.ts'`],
  ],
  allowed: [
    ['connections/a.ts', `import type { Vault } from '#vault/seal.ts'`],
    ['tools/a.ts', `import type { Vault } from '#vault/seal.ts'`],
    ['main.ts', `import { createVault } from '#vault/seal.ts'`],
    ['vault/rotate.ts', `import { decryptFernet } from './fernet.ts'`],
  ],
})

describeRule('opening', openRule, {
  refused: [
    ['agents/a.ts', 'const opened = vault.open(context, row)'],
    ['agents/a.ts', 'const opened = dependencies.vault.open(context, row)'],
    ['agents/a.ts', 'const opened = vault\n  .open(context, row)'],
    ['agents/a.ts', 'const opened = vault?.open(context, row)'],
    ['agents/a.ts', 'const { open } = vault'],
    ['agents/a.ts', 'const { openForCall } = vault'],
    ['agents/a.ts', 'const opened = vault.openForCall(context, row)'],
    ['agents/a.ts', 'const { seal, open: unseal } = dependencies.vault'],
    ['agents/a.ts', `const opened = vault['open'](context, row)`],
    ['agents/a.ts', 'const give = { open: userVault.open }'],
    ['main.ts', 'const opened = vault.open(context, row)'],
    ['tools/a.ts', 'const opened = vault.openForeign(token)'],
    ['agents/a.ts', 'const { openForeign } = parts'],
  ],
  allowed: [
    ['connections/a.ts', 'const opened = vault.open(context, row)'],
    ['tools/a.ts', 'const opened = vault.open(context, row)'],
    ['connections/import.ts', 'const opened = vault.openForeign(token)'],
    ['agents/a.ts', 'const sealed = vault.seal(context, credential)'],
    ['agents/a.ts', 'const file = await open(path)'],
    ['agents/a.ts', '// vault.open is not ours'],
    ['agents/a.ts', `log('vault.open')`],
    ['agents/a.test.ts', 'vault.open(context, row)'],
  ],
})

describeRule('asSystem', systemRule, {
  refused: [
    ['agents/a.ts', `await database.asSystem('reason', work)`],
    ['connections/a.ts', 'const { asSystem } = database'],
    ['tools/a.ts', `database['asSystem']('reason', work)`],
    ['vault/seal.ts', `await database.asSystem('reason', work)`],
    ['main.ts', `await database.asSystem('reason', work)`],
  ],
  allowed: [
    ['identity/a.ts', `await database.asSystem('reason', work)`],
    ['vault/rotate-rows.ts', `await database.asSystem('reason', work)`],
    ['vault/canary.ts', `await database.asSystem('reason', work)`],
    ['agents/a.ts', 'await database.asUser(userId, work)'],
    ['agents/a.ts', '/** Never asSystem. */'],
    ['agents/a.db.test.ts', `await database.asSystem('reason', work)`],
  ],
})

describeRule('the environment', environmentRule, {
  refused: [
    ['tools/a.ts', `const port = process.env['PORT']`],
    ['tools/a.ts', `const port = process.env.PORT`],
    ['tools/a.ts', `const port = process['env'].PORT`],
    ['tools/a.ts', 'const { env } = process'],
    ['tools/a.ts', `import { env } from 'node:process'`],
    ['main.ts', 'start(process.env)'],
  ],
  allowed: [
    ['config.ts', `const port = process.env['PORT']`],
    ['tools/a.ts', 'const { pid } = process'],
    ['tools/a.ts', `const text = 'from the environment'`],
    ['scripts/a.ts', 'start(process.env)'],
    ['tools/a.test.ts', 'start(process.env)'],
  ],
})

describeRule('the network', networkRule, {
  refused: [
    ['tools/a.ts', 'const answer = await fetch(url)'],
    ['tools/a.ts', '  return fetch(url)'],
    ['tools/a.ts', 'run(() => fetch(url))'],
    ['tools/a.ts', 'const get = globalThis.fetch'],
    ['tools/a.ts', 'const get = options.fetch ?? fetch'],
    ['tools/a.ts', 'const get = fetch'],
    ['tools/a.ts', 'const socket = new WebSocket(url)'],
    ['tools/a.ts', `import { request } from 'undici'`],
    ['tools/a.ts', `import { connect, isIP } from 'node:net'`],
    ['tools/a.ts', `import net from 'net'`],
    ['tools/a.ts', `import * as https from 'node:https'`],
    ['tools/a.ts', `import { lookup } from 'node:dns/promises'`],
    ['tools/a.ts', `const { request } = await import('node:http')`],
    ['providers/example/client.ts', 'const answer = await fetch(url)'],
  ],
  allowed: [
    ['kernel/egress.ts', 'const answer = await fetch(url)'],
    ['kernel/egress-dispatcher.ts', `import { Agent } from 'undici'`],
    ['tools/a.ts', 'const answer = await access.fetch(url)'],
    ['tools/a.ts', 'const api = {\n  async fetch(url) {\n    return access.fetch(url)\n  },\n}'],
    ['tools/a.ts', 'type Fetch = typeof globalThis.fetch'],
    ['tools/a.ts', `import type { IncomingMessage } from 'node:http'`],
    ['tools/a.ts', `import { isIP } from 'node:net'`],
    ['tools/a.ts', 'const row = await prefetch(url)'],
    ['tools/a.ts', 'const model = create({ fetch: guarded })'],
  ],
})

const namesExample: Rule = (files) => providerNameRule(files, ['example'])
describeRule('names of providers', namesExample, {
  refused: [
    ['tools/a.ts', `const name = 'example_read_page'`],
    ['tools/a.ts', '// as Example does'],
    ['tools/a.ts', 'const EXAMPLE_API_URL = 1'],
    ['tools/call-example.ts', ''],
    ['console/src/a.tsx', `const label = 'Example'`],
    ['sdk/src/a.ts', `const label = 'Example'`],
    ['providers/other/a.ts', '// not as example does'],
  ],
  allowed: [
    ['providers/example/provider.ts', `const id = 'example'`],
    ['tools/a.test.ts', `const name = 'example_read_page'`],
    ['scripts/demo.ts', `const name = 'Example'`],
    ['tools/a.ts', `const name = 'other'`],
  ],
})

describe('imports of providers', () => {
  const outside = sourceFile('server/src/tools/a.ts', `import pino from 'pino'\nimport { z } from 'zod'`)
  const judgeProvider = (text: string) =>
    providerImportRule([outside, sourceFile('server/src/providers/one/a.ts', text)])

  test.each([
    `import { b } from '#providers/two/b.ts'`,
    `import { b } from '#providers/registry.ts'`,
    `import { b } from '#connections/b.ts'`,
    `import { b } from '#vault/seal.ts'`,
    `import pino from 'pino'`,
  ])('refuses %s', (text) => {
    expect(judgeProvider(text)).not.toEqual([])
  })

  test.each([
    `import { b } from './b.ts'`,
    `import { b } from '#providers/one/tools/b.ts'`,
    `import { b } from '#providers/contract.ts'`,
    `import { b } from '#providers/identify.ts'`,
    `import { b } from '#kernel/b.ts'`,
    `import { setTimeout } from 'node:timers/promises'`,
    `import { Client } from '@one/client'`,
    `import { z } from 'zod'`,
  ])('allows %s', (text) => {
    expect(judgeProvider(text)).toEqual([])
  })
})

describeRule('members', memberRule, {
  refused: [
    ['sdk/src/a.ts', `import { z } from 'zod'`],
    ['sdk/src/a.ts', `import { b } from '../../server/src/b.ts'`],
    ['server/src/tools/a.ts', `import { b } from '@chaveiro/sdk'`],
    ['console/src/a.tsx', `import { b } from '../../server/src/b.ts'`],
    ['notion-emulator/src/core/a.ts', `import { b } from '../../../server/src/kernel/b.ts'`],
  ],
  allowed: [
    ['sdk/src/a.ts', `import { b } from './b.ts'`],
    ['console/src/a.tsx', `import { b } from '@chaveiro/sdk'`],
    ['notion-emulator/src/core/a.ts', `import { b } from '../server/b.ts'`],
    ['sdk/test/a.test.ts', `import { b } from '../../server/src/b.ts'`],
  ],
})

describeRule('skipped tests', skippedTestRule, {
  refused: [
    ['tools/a.test.ts', `test.skip('a', () => {})`],
    ['tools/a.test.ts', `describe.only('a', () => {})`],
    ['tools/a.test.ts', `it.todo('a')`],
    ['tools/a.test.ts', `test.concurrent.skip('a', () => {})`],
    ['tools/a.test.ts', `describe.skipIf(isBusy)('a', () => {})`],
  ],
  allowed: [
    ['tools/a.test.ts', `test.each([1])('skip', () => {})`],
    ['tools/a.test.ts', `expect(list.skip(1)).toEqual([])`],
    ['tools/a.test.ts', `// test.skip would be worse`],
  ],
})

describeRule('unfinished work', unfinishedRule, {
  refused: [
    ['tools/a.ts', '// TODO: later'],
    ['tools/a.ts', '/* FIXME */'],
  ],
  allowed: [['tools/a.ts', `const block = 'to_do'`]],
})

describeRule('sizes', sizeRule, {
  refused: [
    ['tools/a.ts', 'x\n'.repeat(401)],
    ['tools/a.test.ts', 'x\n'.repeat(601)],
  ].map(([path = '', text = '']) => [path, text] as const),
  allowed: [
    ['tools/a.ts', 'x\n'.repeat(400)],
    ['tools/a.test.ts', 'x\n'.repeat(600)],
    ['server/test/support/a.ts', 'x\n'.repeat(600)],
  ],
})

/** In parts, so that the file itself keeps the rule. */
const NPM_HOST = ['npmjs', 'org'].join('.')

describeRule('machines', machineRule, {
  refused: [
    ['scripts/a.ts', `const root = '/home/ana/project'`],
    ['scripts/a.ts', `const root = '${['', 'work', 'main'].join('/')}'`],
    ['scripts/a.ts', `const root = '/tmp/x'`],
    ['scripts/a.ts', `const host = 'https://registry.${NPM_HOST}/x'`],
    ['scripts/a.ts', `const host = 'https://npm.corp.internal/x'`],
  ],
  allowed: [
    ['scripts/a.ts', `const path = '/usr/bin/chromium'`],
    ['scripts/a.ts', `const path = '/v1/work/a'`],
    ['scripts/a.ts', `const page = 'https://www.npmjs.com/package/x'`],
  ],
})

describe('manifests', () => {
  test.each(['^1.0.0', '~1.0.0', '1.x', '1.0', '*', 'latest', '>=1.0.0', 'file:../a', 'git+ssh://a/b'])(
    'refuse the version %s in every group',
    (version) => {
      const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
      for (const group of groups) expect(versionRule('package.json', { [group]: { a: version } })).toHaveLength(1)
    },
  )

  test('allow exact versions', () => {
    expect(versionRule('package.json', { dependencies: { a: '1.2.3', b: '5.0.0-beta.1' } })).toEqual([])
  })

  test('hold at most thirty runtime dependencies', () => {
    const dependencies = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`package-${index}`, '1.0.0']))
    expect(dependencyCountRule('package.json', { dependencies: dependencies(30) })).toEqual([])
    expect(dependencyCountRule('package.json', { dependencies: dependencies(31) })).toHaveLength(1)
  })
})

describe('the lockfile', () => {
  test.each(['https://registry.example/a.tgz', 'http://127.0.0.1/a.tgz', 'git+ssh://git@host/a', 'file:a.tgz'])(
    'refuses the address %s',
    (resolved) => {
      expect(lockfileRule({ 'node_modules/a': { version: '1.0.0', resolved, integrity: 'sha512-a' } })).toHaveLength(1)
    },
  )

  test('refuses a package without a digest', () => {
    expect(lockfileRule({ 'node_modules/a': { version: '1.0.0' } })).toHaveLength(1)
  })

  test('refuses an optional package that it names and lacks', () => {
    const packages = { 'node_modules/a': { optionalDependencies: { '@a/linux-x64': '1.0.0' } } }
    expect(completeLockfileRule(packages)).toEqual([expect.stringContaining('@a/linux-x64')])
    expect(completeLockfileRule({ ...packages, 'node_modules/@a/linux-x64': {} })).toEqual([])
    expect(completeLockfileRule({ ...packages, 'node_modules/a/node_modules/@a/linux-x64': {} })).toEqual([])
  })

  test('allows a part for one platform to have no digest', () => {
    expect(lockfileRule({ 'node_modules/@a/win32-x64': { optional: true, os: ['win32'], cpu: ['x64'] } })).toEqual([])
    expect(lockfileRule({ 'node_modules/a': { optional: true } })).toHaveLength(1)
  })

  test('allows members and digests', () => {
    const packages = {
      '': {},
      server: { version: '0.1.0' },
      'node_modules/@chaveiro/server': { resolved: 'server', link: true },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    }
    expect(lockfileRule(packages)).toEqual([])
  })
})
