import { rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { ensureConsole } from './build-console.ts'
import { ensureUsers } from './demo/accounts.ts'
import { claimDirectory } from './demo/directory.ts'
import { claimPort } from './demo/port.ts'
import { writePrivateJson } from './demo/private-file.ts'
import { startServer, type ServerProcess } from './demo/server-process.ts'
import { describeDemo, whatToTry, type RunningDemo } from './demo/what-to-try.ts'
import { createDemoNotion, registerDemoApp, type DemoApp } from './demo/workspaces.ts'
import { ROOT } from './steps.ts'

/** The product next to a made-up Notion, with two users: no key, no account, nothing to set. */

const DEFAULT_PORT = 8001
const DEFAULT_HOST = '127.0.0.1'
const PROFILES = [
  { name: 'Ana Aurora', email: 'ana@aurora.example' },
  { name: 'Ana Boreal', email: 'ana@boreal.example' },
] as const

/**
 * Settings that must come from whoever starts the demo, never from a `.env` made for a real instance: an empty value
 * counts as none and keeps the file from being asked.
 */
const NOT_FROM_FILE = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'REDIS_URL',
  'MCP_ENCRYPTION_KEY',
  'MCP_ENCRYPTION_KEY_FILE',
  'CHAVEIRO_AUTH_SECRET',
]

const environment = process.env
const host = environment['HOST'] ?? DEFAULT_HOST
const dataDirectory = resolve(ROOT, environment['CHAVEIRO_DATA_DIR'] ?? 'data/demo')
const descriptionPath = join(dataDirectory, 'demo.json')
/** Removes what this process has described; before that there is nothing of its own to remove. */
let removeDescription = (): void => {}

try {
  process.exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run(): Promise<number> {
  const port = await claimPort(host, Number(environment['PORT'] ?? DEFAULT_PORT))
  claimDirectory(dataDirectory)
  // A description that outlives its demo (one that was killed) would send readers to a Notion that is gone.
  rmSync(descriptionPath, { force: true })
  await ensureConsole((line) => console.error(line))
  const baseUrl = `http://${reachable(host)}:${port}`
  const { emulator, workspaces } = createDemoNotion()
  const notion = await emulator.listen()
  const publicUrl = environment['PUBLIC_URL'] ?? baseUrl
  const app = registerDemoApp(emulator, publicUrl)
  const server = startServer(baseUrl, settingsFor({ publicUrl, port, notionUrl: notion.url, app }))
  const stopped = stopSignal()
  try {
    return await Promise.race([serve(server, { baseUrl, notionApiUrl: notion.url, workspaces }), stopped])
  } finally {
    removeDescription()
    await server.stop()
    await notion.close()
  }
}

async function serve(
  server: ServerProcess,
  parts: Pick<RunningDemo, 'baseUrl' | 'notionApiUrl' | 'workspaces'>,
): Promise<number> {
  await server.ready
  const accounts = await ensureUsers(parts.baseUrl, join(dataDirectory, 'demo-users.json'), PROFILES)
  const users = accounts.map((user, index) => {
    const workspace = parts.workspaces[index]
    if (workspace === undefined) throw new TypeError('Fewer workspaces than users')
    return { ...user, workspace }
  })
  const demo: RunningDemo = { ...parts, users, descriptionPath: shortPath(descriptionPath) }
  removeDescription = writePrivateJson(descriptionPath, describeDemo(demo))
  console.log(whatToTry(demo))
  return server.ended
}

interface DemoSettings {
  readonly publicUrl: string
  readonly port: number
  readonly notionUrl: string
  readonly app: DemoApp
}

function settingsFor({ publicUrl, port, notionUrl, app }: DemoSettings): Record<string, string> {
  return {
    ...Object.fromEntries(NOT_FROM_FILE.map((name) => [name, environment[name] ?? ''])),
    HOST: host,
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    CHAVEIRO_DATA_DIR: dataDirectory,
    NOTION_API_URL: notionUrl,
    NOTION_CLIENT_ID: app.clientId,
    NOTION_CLIENT_SECRET: app.clientSecret,
    NODE_ENV: 'development',
    CHAVEIRO_SIGN_UP: 'open',
    LOG_LEVEL: environment['LOG_LEVEL'] ?? 'error', // a warning that a demo's key is no real one would read as a fault
  }
}

/** A second signal changes nothing: the first one is already being followed. */
function stopSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(0))
  })
}

function reachable(listening: string): string {
  if (listening === '0.0.0.0' || listening === '::') return DEFAULT_HOST
  return listening.includes(':') ? `[${listening}]` : listening
}

function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}
