import { accessSync, constants, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Database } from '#db/database.ts'
import { createLog } from '#kernel/log.ts'
import { compareKeys, sealedRowsExist } from '#vault/canary.ts'
import { DEVELOPMENT_KEY_FILE, loadKeys } from '#vault/key-file.ts'
import type { KeyProblem, VaultKey } from '#vault/keys.ts'
import { createRegistry } from '#providers/registry.ts'
import { appProblems } from '#provider-settings.ts'
import { adviceOf } from '#advice.ts'
import { readConfig, readEnvironment, type Config } from '#config.ts'
import { openDatabase } from '#start.ts'

/** sysexits.h EX_CONFIG */
const EXIT_CONFIGURATION = 78
/** Of the data directory. */
const EMBEDDED_FOLDER = 'postgres'

interface Finding {
  readonly level: 'ok' | 'warning' | 'problem'
  readonly subject: string
  readonly detail: string
}

/** Says what is wrong with a configuration, and what is fine: everything at once, nothing secret. */
export async function doctor(commandArguments: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...commandArguments], options: { json: { type: 'boolean', default: false } } })
  const findings = await examine(readEnvironment())
  if (values.json) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`)
  else process.stdout.write(findings.map(lineOf).join(''))
  return findings.some(({ level }) => level === 'problem') ? EXIT_CONFIGURATION : 0
}

const MARKS = { ok: '✓', warning: '!', problem: '✗' } as const

function lineOf({ level, subject, detail }: Finding): string {
  return `${MARKS[level]} ${subject}: ${detail.replaceAll('\n', '\n  ')}\n`
}

/** Looks, and makes nothing: neither a database nor a key. */
export async function examine(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { config, problems: unreadable } = readConfig(environment)
  const { providers } = await createRegistry()
  const problems = [...unreadable, ...appProblems(config.incompleteApps, providers)]
  if (problems.length > 0) {
    return [
      ...problems.map((detail): Finding => ({ level: 'problem', subject: 'Settings', detail })),
      dataDirectory(config),
      ...(await keysAlone(config)),
    ]
  }
  return [
    { level: 'ok', subject: 'Settings', detail: 'every value can be read.' },
    dataDirectory(config),
    ...(await databaseAndKeys(config)),
    ...advice(config),
  ]
}

function dataDirectory({ dataDirectory: directory }: Config): Finding {
  const subject = 'Data directory'
  try {
    accessSync(existsSync(directory) ? directory : dirname(directory), constants.W_OK)
    return { level: 'ok', subject, detail: `${directory} can be written.` }
  } catch {
    return {
      level: 'problem',
      subject,
      detail: `${directory} cannot be written. Change its owner, or set CHAVEIRO_DATA_DIR.`,
    }
  }
}

async function databaseAndKeys(config: Config): Promise<Finding[]> {
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDirectory, EMBEDDED_FOLDER))) {
    const detail = 'the embedded one; it will be made at the first start.'
    return [{ level: 'ok', subject: 'Database', detail }, ...(await keysAlone(config))]
  }
  let database: Database
  try {
    database = await openDatabase(config, createLog({ level: 'silent' }))
  } catch (error) {
    return [problemOf('Database', error), ...(await keysAlone(config))]
  }
  const where =
    database.engine === 'pglite' ? 'the embedded one' : 'PostgreSQL, under a login that row-level security binds'
  try {
    return [
      { level: 'ok', subject: 'Database', detail: `${where}; the schema is up to date.` },
      ...(await keysBeside(config, database)),
    ]
  } catch (error) {
    return [problemOf('Database', error)]
  } finally {
    await database.close()
  }
}

/** What can be said of the keys without a database: whether their text is right. */
async function keysAlone(config: Config): Promise<Finding[]> {
  if (config.encryptionKey !== undefined && config.encryptionKeyFile !== undefined) return [] // said under Settings
  if (keyWouldBeMade(config)) {
    const detail = 'a development key will be made in the data directory at the first start. Keep a copy of it.'
    return [{ level: 'ok', subject: 'Keys', detail }]
  }
  const { keys, findings } = await readKeys(config)
  if (keys.length === 0) return findings
  return [{ level: 'ok', subject: 'Keys', detail: `${describeKeys(keys)} Not compared with a database.` }, ...findings]
}

async function keysBeside(config: Config, database: Database): Promise<Finding[]> {
  if (keyWouldBeMade(config) && !(await sealedRowsExist(database))) return keysAlone(config)
  const { keys, findings } = await readKeys(config)
  if (keys.length === 0) return findings
  const problems = await compareKeys(database, keys)
  if (problems.length > 0) return problems.map(findingOf)
  return [{ level: 'ok', subject: 'Keys', detail: describeKeys(keys) }, ...findings]
}

/** True where a start makes a development key, unless the database knows that another is lost. */
function keyWouldBeMade({ encryptionKey, encryptionKeyFile, production, dataDirectory: directory }: Config): boolean {
  const isSet = encryptionKey !== undefined || encryptionKeyFile !== undefined
  return !isSet && !production && !existsSync(join(directory, DEVELOPMENT_KEY_FILE))
}

/** The keys that a start would take, and what is to be said of them; none where their text is wrong. */
async function readKeys(config: Config): Promise<{ keys: readonly VaultKey[]; findings: Finding[] }> {
  const loaded = await loadKeys({
    key: config.encryptionKey,
    keyFile: config.encryptionKeyFile,
    production: config.production,
    dataDirectory: config.dataDirectory,
    sealedRowsExist: async () => true, // makes none
  })
  if (!loaded.ok) return { keys: [], findings: loaded.problems.map(findingOf) }
  if (loaded.warning === undefined) return { keys: loaded.keys, findings: [] }
  const detail = 'a development key in the data directory is in use. Keep a copy of it.'
  return { keys: loaded.keys, findings: [{ level: 'warning', subject: 'Keys', detail }] }
}

function describeKeys(keys: readonly VaultKey[]): string {
  return `${keys.length} listed, ${keys[0]?.id ?? ''} seals.`
}

function findingOf({ title, detail }: KeyProblem): Finding {
  return { level: 'problem', subject: 'Keys', detail: `${title}\n${detail}` }
}

function problemOf(subject: string, error: unknown): Finding {
  return { level: 'problem', subject, detail: error instanceof Error ? error.message : String(error) }
}

/** What works, and may still not be what was meant. */
function advice(config: Config): Finding[] {
  const findings: Finding[] = [
    { level: 'ok', subject: 'Sign-up', detail: `${config.signUp}; the first user owns the instance.` },
  ]
  for (const { subject, detail } of adviceOf(config)) findings.push({ level: 'warning', subject, detail })
  const model = config.models.defaultModel ?? 'the built-in router, which is not an AI model'
  findings.push({ level: 'ok', subject: 'Default model', detail: model })
  return findings
}
