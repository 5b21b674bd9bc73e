import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyText, parseKeys, type KeyProblem, type VaultKey } from './keys.ts'

/** Where the keys come from at start: the settings, or in development a file that is made once. */

export const KEY_NOT_SET = 'MCP_ENCRYPTION_KEY not set'
export const KEY_SET_TWICE = 'MCP_ENCRYPTION_KEY and MCP_ENCRYPTION_KEY_FILE are both set'
export const KEY_FILE_UNREADABLE = 'MCP_ENCRYPTION_KEY_FILE cannot be read'

/** In the data directory, of development only. */
export const DEVELOPMENT_KEY_FILE = 'encryption.key'
const OWNER_ONLY = 0o600
const OWNER_ONLY_DIRECTORY = 0o700
const OTHERS = 0o077

export interface KeySource {
  /** MCP_ENCRYPTION_KEY; empty counts as not set. */
  readonly key?: string | undefined
  /** MCP_ENCRYPTION_KEY_FILE */
  readonly keyFile?: string | undefined
  readonly production: boolean
  readonly dataDirectory: string
  /** Asked only where a new key would be made: never one next to rows that another key sealed. */
  readonly sealedRowsExist: () => Promise<boolean>
}

export type LoadedKeys =
  | { readonly ok: true; readonly keys: readonly VaultKey[]; readonly warning?: string }
  | { readonly ok: false; readonly problems: readonly KeyProblem[] }

/** The keys to start with, or every reason not to start. */
export async function loadKeys(source: KeySource): Promise<LoadedKeys> {
  const { key = '', keyFile = '' } = source
  if (key !== '' && keyFile !== '') return problem(KEY_SET_TWICE, 'Set one of them.')
  if (key !== '') return parseKeys(key)
  if (keyFile !== '') return readKeys(keyFile)
  const advice =
    'Set it, or MCP_ENCRYPTION_KEY_FILE. Make a key with `chaveiro keys generate` and keep a copy: without it nobody can open a stored credential.'
  if (source.production) return problem(KEY_NOT_SET, advice)
  return developmentKeys(source)
}

function problem(title: string, detail: string): LoadedKeys {
  return { ok: false, problems: [{ title, detail }] }
}

async function readKeys(file: string): Promise<LoadedKeys> {
  try {
    return parseKeys(await readFile(file, 'utf8'))
  } catch (error) {
    return problem(KEY_FILE_UNREADABLE, `${file}: ${codeOf(error)}`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}

async function developmentKeys({ dataDirectory, sealedRowsExist }: KeySource): Promise<LoadedKeys> {
  const file = join(dataDirectory, DEVELOPMENT_KEY_FILE)
  if (!(await restrictToOwner(file))) {
    if (await sealedRowsExist()) {
      const detail = `Credentials are sealed with a key that is neither set nor in ${file}. A new one could not open them: restore it.`
      return problem(KEY_NOT_SET, detail)
    }
    await writeOnce(dataDirectory, file)
  }
  const loaded = await readKeys(file)
  if (!loaded.ok) return loaded
  const warning = `MCP_ENCRYPTION_KEY is not set. Using the development key in ${file}; in production the server does not start without one.`
  return { ...loaded, warning }
}

/** False where there is no such file. */
async function restrictToOwner(file: string): Promise<boolean> {
  try {
    await using handle = await open(file, 'r')
    const { mode } = await handle.stat()
    if ((mode & OTHERS) !== 0) await handle.chmod(OWNER_ONLY)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Writes a whole new key, or leaves the one that another process has just written. */
async function writeOnce(directory: string, file: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY_DIRECTORY })
  const draft = `${file}.${randomUUID()}`
  try {
    await writeDurably(draft)
    await link(draft, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function writeDurably(file: string): Promise<void> {
  await using handle = await open(file, 'wx', OWNER_ONLY)
  await handle.writeFile(`${generateKeyText()}\n`)
  await handle.sync()
}
