import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtinSeed, createEmulator, type Emulator } from '../../../notion-emulator/src/index.ts'
import { createClient } from '../../../sdk/src/index.ts'
import { prepareDirectory } from './prepared-directory.ts'
import { startServerProcess } from './server-process.ts'
import { tenantKey } from './whole-app.ts'

/**
 * The server as a process next to an emulated Notion, and two users whose workspaces hold pages of the same titles: what a
 * client of one sees of the other is a leak, and every page bears the mark of its workspace.
 */
export interface McpStage {
  readonly baseUrl: string
  /** The MCP endpoint. */
  readonly url: string
  readonly users: readonly [StageUser, StageUser]
  readonly emulator: Emulator
  /** A scratch folder. */
  readonly directory: string
  /** Everything that the server wrote. */
  readonly serverOutput: () => string
  readonly close: () => Promise<void>
}

export interface StageUser {
  readonly name: string
  readonly email: string
  readonly password: string
  /** Of the API, with every scope that one can have by default. */
  readonly token: string
  /** Of the session that signing up began. */
  readonly session: string
  /** Of the page `SHARED_TITLE`. */
  readonly pageId: string
  /** What stands on every page of this user's workspace, and on none of the other's. */
  readonly canary: string
  readonly otherCanary: string
}

/** A page that both workspaces have. */
export const SHARED_TITLE = 'Onboarding'

/** High enough that no test meets a limit by accident. */
const PLENTY = '1000000'

const TENANTS = [
  { name: 'Ana Aurora', email: 'ana@aurora.example', workspace: 'Estúdio Aurora', canary: 'CANARY-AURORA' },
  { name: 'Ana Boreal', email: 'ana@boreal.example', workspace: 'Boreal Advocacia', canary: 'CANARY-BOREAL' },
] as const

export async function startMcpStage(environment: Readonly<Record<string, string>> = {}): Promise<McpStage> {
  const emulator = createEmulator({ seeds: [builtinSeed('two-tenants')].flat() })
  const notion = await emulator.listen({ host: '127.0.0.1', port: 0 })
  const directory = prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-mcp-')))
  const server = await startServerProcess(directory, {
    NOTION_API_URL: notion.url,
    LOG_LEVEL: 'warn',
    CHAVEIRO_REQUESTS_PER_MINUTE: PLENTY,
    CHAVEIRO_TOOL_CALLS_PER_MINUTE: PLENTY,
    ...environment,
  })
  // By the name that the server gives itself: a token is for that address.
  const baseUrl = server.url.replace('127.0.0.1', 'localhost')
  const settle = (tenant: (typeof TENANTS)[number], other: (typeof TENANTS)[number]) =>
    settleUser(baseUrl, { ...tenant, otherCanary: other.canary }, tenantKey(emulator, tenant.workspace))
  const first = await settle(TENANTS[0], TENANTS[1])
  const second = await settle(TENANTS[1], TENANTS[0])
  return {
    baseUrl,
    url: `${baseUrl}/mcp`,
    users: [first, second],
    emulator,
    directory,
    serverOutput: server.output,
    async close() {
      await server.end('SIGTERM')
      await notion.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

type Profile = Pick<StageUser, 'name' | 'email' | 'canary' | 'otherCanary'>

async function settleUser(baseUrl: string, profile: Profile, notionKey: string): Promise<StageUser> {
  const password = 'correct horse battery staple'
  const { name, email } = profile
  const { token: session } = await createClient({ baseUrl }).auth.signUp({ name, email, password })
  const client = createClient({ baseUrl, token: session })
  await client.connections.connect('notion', { api_key: notionKey })
  const { token } = await client.tokens.create({ name: 'Test client' })
  const { text } = await client.tools.call('notion_search_pages', { query: SHARED_TITLE })
  const pageId = /[0-9a-f]{32}/.exec(text)?.[0]
  if (pageId === undefined) throw new Error(`No id in the answer of a search: ${text}`)
  return { ...profile, password, session, token, pageId }
}
