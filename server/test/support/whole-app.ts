import { builtinSeed, createEmulator, type Emulator } from '@chaveiro/notion-emulator'
import { compose, type House } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'
import { createLog, type Log } from '../../src/kernel/log.ts'
import { generateKeyText, parseKeys } from '../../src/vault/keys.ts'
import type { TestDatabase } from './database.ts'

/** The whole server on one test database, without a port, next to an emulated Notion with two workspaces of the same titles. */
export interface WholeApp {
  readonly emulator: Emulator
  readonly house: House
  readonly database: TestDatabase
  /** Every line that the server logged. */
  readonly logLines: string[]
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<Answer>
  /** Signs a user up and gives the session token. */
  readonly signUp: (name: string, email: string) => Promise<TestUser>
  readonly close: () => Promise<void>
}

export interface RequestOptions {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: () => Record<string, unknown>
}

export interface TestUser {
  readonly id: number
  readonly token: string
  readonly email: string
  readonly password: string
}

const TEST_PASSWORD = 'correct horse battery staple'
/** High enough that no test meets a limit by accident. */
const PLENTY = '100000'

export async function createWholeApp(
  database: TestDatabase,
  environment: Record<string, string> = {},
): Promise<WholeApp> {
  const emulator = createEmulator({ seeds: [builtinSeed('two-tenants')].flat() })
  const running = await emulator.listen({ host: '127.0.0.1', port: 0 })
  const logLines: string[] = []
  const house = await compose({
    config: loadConfig({
      PUBLIC_URL: 'http://localhost:8001',
      NOTION_API_URL: running.url,
      LOG_LEVEL: 'trace',
      CHAVEIRO_REQUESTS_PER_MINUTE: PLENTY,
      CHAVEIRO_TOOL_CALLS_PER_MINUTE: PLENTY,
      CHAVEIRO_CONNECTS_PER_MINUTE: PLENTY,
      CHAVEIRO_TOKEN_FAILURES_PER_MINUTE: PLENTY,
      ...environment,
    }),
    database,
    keys: testKeys(),
    log: recordingLog(logLines),
  })
  const request = async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const response = await house.app.request(`http://localhost:8001${path}`, {
      method,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) }
  }
  return {
    emulator,
    house,
    database,
    logLines,
    request,
    async signUp(name, email) {
      const body = { name, email, password: TEST_PASSWORD }
      const answer = await request('POST', '/api/auth/sign-up/email', { body })
      const { token, user } = answer.json() as { token: string; user: { id: number } }
      return { id: user.id, token, email, password: TEST_PASSWORD }
    },
    async close() {
      await house.endRuns()
      await house.close()
      await running.close()
    },
  }
}

function testKeys() {
  const parsed = parseKeys(generateKeyText())
  if (!parsed.ok) throw new Error('a generated key must parse')
  return parsed.keys
}

function recordingLog(lines: string[]): Log {
  return createLog({ level: 'trace', destination: { write: (line: string) => void lines.push(line) } })
}

/** A key of the workspace-wide internal integration of a seeded tenant, which sees everything in it. */
export function tenantKey(emulator: Emulator, workspaceName: string): string {
  const install = emulator.control
    .installs()
    .find((candidate) => candidate.workspaceName === workspaceName && candidate.kind === 'internal')
  if (install === undefined) throw new Error(`the seed has no internal integration in ${workspaceName}`)
  return emulator.control.mintToken(install.botId)
}
