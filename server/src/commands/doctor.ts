import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import type { Database } from '#db/database.ts'
import { createLog } from '#kernel/log.ts'
import { ConfigError, loadConfig, readEnvironment, type Config } from '#config.ts'
import { openDatabase, openKeys, StartError } from '#start.ts'

/** sysexits.h EX_CONFIG */
const EXIT_CONFIGURATION = 78

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

async function examine(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const config = loadConfig(environment)
    return [
      { level: 'ok', subject: 'Settings', detail: 'every value can be read.' },
      dataDirectory(config),
      ...(await databaseAndKeys(config)),
      ...advice(config),
    ]
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((detail) => ({ level: 'problem', subject: 'Settings', detail }))
  }
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
  const log = createLog({ level: 'silent' })
  let database: Database
  try {
    database = await openDatabase(config, log)
  } catch (error) {
    return [problemOf('Database', error)]
  }
  const where =
    database.engine === 'pglite' ? 'the embedded one' : 'PostgreSQL, under a login that row-level security binds'
  const findings: Finding[] = [{ level: 'ok', subject: 'Database', detail: `${where}; the schema is up to date.` }]
  try {
    const keys = await openKeys(config, database, log)
    const own = config.encryptionKey !== undefined || config.encryptionKeyFile !== undefined
    findings.push({ level: 'ok', subject: 'Keys', detail: `${keys.length} listed, ${keys[0]?.id ?? ''} seals.` })
    if (!own)
      findings.push({
        level: 'warning',
        subject: 'Keys',
        detail: 'a development key in the data directory is in use. Keep a copy of it.',
      })
  } catch (error) {
    findings.push(problemOf('Keys', error))
  } finally {
    await database.close()
  }
  return findings
}

function problemOf(subject: string, error: unknown): Finding {
  if (error instanceof StartError) return { level: 'problem', subject, detail: error.message }
  return { level: 'problem', subject, detail: error instanceof Error ? error.message : String(error) }
}

/** What works, and may still not be what was meant. */
function advice(config: Config): Finding[] {
  const findings: Finding[] = [
    { level: 'ok', subject: 'Sign-up', detail: `${config.signUp}; the first user owns the instance.` },
  ]
  const loopback = config.host === '127.0.0.1' || config.host === '::1' || config.host === 'localhost'
  if (!config.production && !loopback) {
    findings.push({
      level: 'warning',
      subject: 'Exposure',
      detail: `HOST ${config.host} is reachable from outside in development mode. Set NODE_ENV=production and PUBLIC_URL.`,
    })
  }
  if (config.production && !config.publicUrl.startsWith('https:')) {
    findings.push({
      level: 'warning',
      subject: 'PUBLIC_URL',
      detail: 'is not https: keys and passwords would cross the network in clear.',
    })
  }
  if (config.databaseUrl !== undefined && config.limits.store === 'memory') {
    findings.push({
      level: 'warning',
      subject: 'Limits',
      detail: 'each replica counts for itself. With several, set CHAVEIRO_LIMITS_STORE to postgres or redis.',
    })
  }
  for (const [provider, url] of config.providerApiUrls) {
    findings.push({
      level: 'warning',
      subject: 'Provider',
      detail: `${provider} is reached at ${url} instead of its own address.`,
    })
  }
  const model = config.models.defaultModel ?? 'the built-in router, which is not an AI model'
  findings.push({ level: 'ok', subject: 'Default model', detail: model })
  return findings
}
