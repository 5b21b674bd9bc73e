import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import {
  insideServer,
  isTest,
  serverCode,
  serverFolder,
  type Findings,
  type Import,
  type SourceFile,
} from './source-file.ts'

/** Who may import whom. Each rule takes files and gives what is wrong with them. */

/** Imports go to a lower number only. Files at the root of server/src stand above all. */
const LEVELS: Readonly<Record<string, number>> = {
  kernel: 0,
  db: 1,
  vault: 1,
  audit: 1,
  identity: 2,
  access: 2,
  providers: 2,
  connections: 3,
  oauth: 3,
  tools: 4,
  mcp: 5,
  agents: 5,
  jobs: 6,
  usage: 6,
  webhooks: 6,
  admin: 6,
  operations: 6,
  '': 7,
  commands: 8,
}

/** On one level, and still allowed: the folder named first stands on the second. */
export const WITHIN_LEVEL: readonly (readonly [string, string])[] = [
  ['audit', 'db'], // events are rows
  ['vault', 'db'], // rotation walks through the rows
  ['identity', 'access'], // who somebody is decides what they may do
  ['', 'commands'], // command.ts starts what stands on the same ground as main.ts
]

/** The registry reads the folders of the providers; nothing else may hide an import from this test. */
const COMPUTED_IMPORTS = new Set(['providers/registry.ts'])

/** Who may take the vault into their hands: the two folders that open credentials, and the root, which passes it to them. */
const VAULT_HOLDERS = new Set(['vault', 'connections', 'tools', ''])
/** Keeps the key that signs our own access tokens. */
const KEY_OPENER = 'oauth/tokens/signing-keys.ts'

/** A schema library is part of the contract; every other package in a provider's folder is its own SDK. */
const PACKAGES_FOR_PROVIDERS = new Set(['zod'])

export function levelRule(files: readonly SourceFile[]): Findings {
  return eachImport(serverCode(files), (file, { specifier }) => {
    const from = partOf(serverFolder(file.path))
    const to = partOf(folderOfSpecifier(specifier))
    if (from === undefined || to === undefined || from === to) return null
    const [above, below] = [LEVELS[from], LEVELS[to]]
    if (above === undefined) return `the folder ${from} has no level in import-rules.ts`
    if (below === undefined) return `the folder ${to} has no level in import-rules.ts`
    if (above > below || WITHIN_LEVEL.some(([upper, lower]) => upper === from && lower === to)) return null
    return `${from} (${above}) imports ${specifier} (${below}); imports go to a lower number only`
  })
}

/** The operator's commands stand beside main.ts, each an entry of its own. */
function partOf(folder: string | undefined): string | undefined {
  return folder === 'commands' ? '' : folder
}

export function pathRule(files: readonly SourceFile[]): Findings {
  return eachImport(serverSource(files), (file, { specifier }) => {
    if (specifier === null) {
      return COMPUTED_IMPORTS.has(insideServer(file.path)) || isTest(file.path) ? null : 'imports a computed path'
    }
    if (specifier.startsWith('../')) return `imports ${specifier}; across folders write #folder/file.ts`
    if (!/^[.#]/.test(specifier)) return null
    if (specifier.startsWith('#') && specifier.includes('..')) return `imports ${specifier}, which climbs`
    return specifier.endsWith('.ts') ? null : `imports ${specifier} without .ts`
  })
}

/** `store.ts` is its own folder's; where a feature has several tables, `<noun>-store.ts` is the whole feature's. */
export function storeRule(files: readonly SourceFile[]): Findings {
  return eachImport(serverSource(files), (file, { specifier }) => {
    const name = specifier ?? ''
    if (name === './store.ts' || !/(^|[/-])store(\.ts)?$/.test(name)) return null
    const isOwn = name.startsWith('./') || folderOfSpecifier(name) === serverFolder(file.path)
    return isOwn && name.endsWith('-store.ts') ? null : `imports ${name}; a store is private to its folder`
  })
}

/** Together with {@link openRule} of text-rules: whoever cannot name the vault's type or make one cannot open with it. */
export function vaultRule(files: readonly SourceFile[]): Findings {
  return eachImport(serverCode(files), (file, { specifier }) => {
    const folder = serverFolder(file.path) ?? ''
    if (specifier === '#vault/fernet.ts') return 'imports the cipher, which only the vault uses'
    if (specifier !== '#vault/seal.ts' || VAULT_HOLDERS.has(folder) || insideServer(file.path) === KEY_OPENER)
      return null
    return 'imports the module that opens credentials'
  })
}

export function providerImportRule(files: readonly SourceFile[]): Findings {
  const source = serverCode(files)
  const usedOutside = new Set(
    source
      .filter(({ path }) => providerOf(path) === undefined)
      .flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier)))
      .filter((name) => name !== undefined),
  )
  return eachImport(source, (file, { specifier }) => {
    const id = providerOf(file.path)
    if (id === undefined || specifier === null || specifier.startsWith('./')) return null
    const allowed = [`#providers/${id}/`, '#providers/contract.ts', '#providers/identify.ts', '#kernel/']
    if (allowed.some((start) => specifier.startsWith(start)) || isBuiltin(specifier)) return null
    const name = packageOf(specifier)
    if (name === undefined) return `imports ${specifier}; a provider knows only the contract and the kernel`
    if (PACKAGES_FOR_PROVIDERS.has(name) || !usedOutside.has(name)) return null
    return `imports ${name}, which is not its own SDK: others use it too`
  })
}

/** Members are published or built alone: what they need of each other comes by the name of the package. */
export function memberRule(files: readonly SourceFile[]): Findings {
  const running = files.filter(({ path }) => !isTest(path))
  return eachImport(running, ({ path }, { specifier }) => {
    const member = path.slice(0, path.indexOf('/'))
    const refused = REFUSED_PACKAGES[member]
    if (specifier === null || refused === undefined) return null
    const name = packageOf(specifier)
    if (name !== undefined && refused.test(name)) return `imports ${specifier}, which this member may not`
    const leaves = specifier.startsWith('.') && !posix.join(posix.dirname(path), specifier).startsWith(`${member}/`)
    return leaves ? `imports ${specifier}, outside its own member` : null
  })
}

/** Packages that a member may not import. The cli is missing on purpose: its commands run parts of the server. */
const REFUSED_PACKAGES: Readonly<Record<string, RegExp>> = {
  server: /^@chaveiro\//, // a real folder in node_modules would not run from source
  sdk: /./, // no dependencies
  console: /^@chaveiro\/(?!sdk$)/,
  'notion-emulator': /^@chaveiro\//,
}

/** The id of the provider whose folder a file lies in. */
export function providerOf(path: string): string | undefined {
  return /^server\/src\/providers\/([^/]+)\//.exec(path)?.[1]
}

function serverSource(files: readonly SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => serverFolder(path) !== undefined)
}

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, imported: Import) => string | null,
): Findings {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const complaint = judge(file, imported)
      return complaint === null ? [] : [`${file.path}: ${complaint}`]
    }),
  )
}

function folderOfSpecifier(specifier: string | null): string | undefined {
  if (!specifier?.startsWith('#') || specifier.startsWith('#test/')) return undefined
  return specifier.includes('/') ? specifier.slice(1, specifier.indexOf('/')) : ''
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

function packageOf(specifier: string | null): string | undefined {
  if (specifier === null || /^[.#]/.test(specifier) || isBuiltin(specifier)) return undefined
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]
}
