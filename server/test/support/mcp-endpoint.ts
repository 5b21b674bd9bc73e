import { legacyStatelessFallback } from '@modelcontextprotocol/server'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { createLog } from '#kernel/log.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success } from '#kernel/problem.ts'
import type { PlainAnswerDeps } from '#mcp/answer-plainly.ts'
import type { ApprovalDesk } from '#tools/approval-desk.ts'
import { authInfoOf } from '#mcp/asking.ts'
import { createUserBuses } from '#mcp/bus.ts'
import { createModern } from '#mcp/modern.ts'
import { providerTools } from '#mcp/provider-tools.ts'
import { createRunningCalls } from '#mcp/running-calls.ts'
import { serverFactory } from '#mcp/server.ts'
import { createSessions } from '#mcp/sessions.ts'
import type { Asking } from '#mcp/source.ts'
import { createRegistry, type Registry } from '#providers/registry.ts'
import { createCatalog } from '#tools/catalog.ts'
import { readArguments } from '#tools/steps.ts'
import type { CallTool, PolicyOf } from '#tools/tool-call.ts'

/** The parts of the MCP endpoint without a database: the real catalog, and tools that answer what they were given. */

export const MCP_PRINCIPAL: Principal = {
  userId: 1,
  role: 'user',
  scopes: new Set(['tools:read', 'tools:write']),
  via: { kind: 'api_token', id: '1' },
}

export async function mcpParts(change: Partial<PlainAnswerDeps> & { clock?: Clock } = {}) {
  const registry = await createRegistry()
  const catalog = createCatalog(registry)
  const log = createLog({ level: 'silent' })
  const tools = {
    catalog,
    policyOf: (async (_principal, names) => new Map(names.map((name) => [name, 'allow']))) as PolicyOf,
    callTool: answering(registry),
    approvals: EMPTY_DESK,
    running: createRunningCalls(),
    connectedProviders: async () => new Set<string>(),
    toolsShown: 60,
    ...change,
  }
  const sources = [providerTools(tools)]
  const createServer = serverFactory({ version: '1', sources, stateKey: KEY, onError: () => {} })
  const sessions = createSessions({ createServer, clock: change.clock ?? systemClock, watch: UNWATCHED, key: KEY })
  const stateless = legacyStatelessFallback(createServer)
  return {
    ...tools,
    sources,
    sessions,
    version: '1',
    log,
    resolve: async () => success(MCP_PRINCIPAL),
    audit: { record: async () => {} },
    publicUrl: 'http://localhost:8001',
    providers: registry.providers.map(({ id }) => id),
    modern: createModern({ createServer, buses: createUserBuses(), watch: UNWATCHED, onError: () => {} }),
    stateless: (request: Request, asking: Asking, message: unknown) =>
      stateless(request, { authInfo: authInfoOf(asking), parsedBody: message }),
    isClosing: () => false,
    scopesOf: async () => [],
  }
}

const KEY = 'a key that is long enough to sign with: 32'

/** Nothing changes in these tests. */
const UNWATCHED = { add: () => () => {} }

const EMPTY_DESK: ApprovalDesk = {
  request: async () => failure('approval_required', 'This waits for the user.'),
  decide: async () => failure('not_found', 'There is no such approval.'),
  take: async () => null,
}

/** Arguments are checked as in the pipeline; the answer itself is made up. */
function answering(registry: Registry): CallTool {
  return async (_principal, request) => {
    const found = registry.tool(request.tool)
    if (found === undefined) return failure('not_found', 'There is no such tool.')
    const input = readArguments(found.tool, request)
    if (!input.ok) return input
    return success({
      tool: request.tool,
      text: `answered "${JSON.stringify(input.value)}" ü`,
      result: null,
      next_cursor: request.tool === 'notion_search_pages' ? 'more' : null,
      truncated: null,
      connection: { id: 1, provider: 'notion', label: 'Aurora' },
      duration_ms: 1,
    })
  }
}

/** JSON, or the messages of a stream. */
export function mcpMessage(text: string): unknown {
  if (text === '' || text.startsWith('{') || text.startsWith('[')) return text === '' ? null : JSON.parse(text)
  const messages = [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? 'null') as unknown)
  return messages.length === 1 ? messages[0] : messages
}
