import { randomUUID } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { unknownConnection } from '#connections/connection.ts'
import {
  answer,
  createAppRouter,
  jsonBody,
  jsonRoute,
  sendProblem,
  type AppRouter,
  type RequireScope,
} from '#kernel/http.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { CallTool } from '#tools/tool-call.ts'
import { acceptChanges, toolChanges, type ChangeDeps } from './changes.ts'
import { TOOLS_MAXIMUM } from './definitions.ts'
import type { UpstreamTools } from './tool-source.ts'
import { upkeepName } from './tool-source.ts'
import { serverParameters } from './schema.ts'

const TAG = 'Remote servers'
/** Characters of a SHA-256 in hex. */
const DIGEST_CHARACTERS = 64

const changeSchema = z
  .object({
    name: z.string(),
    tool: z.string(),
    kind: z.enum(['added', 'changed', 'removed']),
    digest: z.string().nullable(),
    since: z.string(),
    fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
    reads_only: z.object({ before: z.boolean().nullable(), after: z.boolean().nullable() }),
  })
  .openapi('ToolChange')

const routes = {
  changes: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/mcp/servers/{id}/changes',
      tag: TAG,
      summary: 'What a remote server says otherwise of its tools than I accepted',
      description:
        'A tool that changed, or that came after the server was connected, is not called before it is accepted. The difference stands field by field; a removed tool is listed to be seen.',
      response: z.object({ changes: z.array(changeSchema), next_cursor: z.null() }),
    }),
    request: { params: serverParameters },
  }),
  accept: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/mcp/servers/{id}/accept',
      tag: TAG,
      summary: 'Accept changes of tools, as they were shown',
      description:
        '`digests` are those of the changes that were looked at. One that has changed again since is not accepted, and its digest comes back as outdated.',
      response: z.object({ accepted: z.array(z.string()), outdated: z.array(z.string()) }),
    }),
    request: {
      params: serverParameters,
      body: jsonBody(
        z.strictObject({ digests: z.array(z.string().length(DIGEST_CHARACTERS)).min(1).max(TOOLS_MAXIMUM) }),
      ),
    },
  }),
  refresh: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/mcp/servers/{id}/refresh',
      tag: TAG,
      summary: 'Ask a remote server for its tools now',
      response: z.object({ tools: z.number().int(), left_out: z.array(z.string()), changed: z.array(z.string()) }),
    }),
    request: { params: serverParameters },
  }),
}

export interface ChangeRouteDeps extends ChangeDeps {
  readonly requireScope: RequireScope
  readonly tools: UpstreamTools
  readonly callTool: CallTool
}

/** `/api/mcp/servers/{id}/…`: the tools of a remote server, and what its user accepts of them. */
export function changeRoutes(deps: ChangeRouteDeps): AppRouter {
  const router = createAppRouter()
  router.get('/api/mcp/servers/:id/changes', deps.requireScope('connections:read'))
  router.post('/api/mcp/servers/:id/accept', deps.requireScope('connections:write'))
  router.post('/api/mcp/servers/:id/refresh', deps.requireScope('connections:write'))

  router.openapi(routes.changes, async (c) => {
    const changes = await toolChanges(deps, c.get('principal'), c.req.valid('param').id)
    if (changes === null) return sendProblem(c, unknownConnection().problem) as never
    return c.json({ changes: [...changes], next_cursor: null }, 200) as never
  })
  router.openapi(routes.accept, async (c) => {
    const principal = c.get('principal')
    const { id: connectionId } = c.req.valid('param')
    if ((await toolChanges(deps, principal, connectionId)) === null) {
      return sendProblem(c, unknownConnection().problem) as never
    }
    const { digests } = c.req.valid('json')
    const accepted = await acceptChanges(deps, principal, { connectionId, digests, requestId: c.get('requestId') })
    deps.tools.forget(principal.userId)
    return answer(c, accepted) as never
  })
  router.openapi(routes.refresh, async (c) => {
    const place = { connectionId: c.req.valid('param').id, requestId: c.get('requestId') }
    const listed = await refreshTools(deps, c.get('principal'), place)
    return answer(c, listed) as never
  })
  return router
}

interface RefreshInput {
  readonly connectionId: number
  readonly requestId: string
}

interface LearnDeps extends Pick<ChangeRouteDeps, 'tools' | 'callTool'> {
  /** False for a user who is suspended: their server's word must not have their key sent. */
  readonly stillValid: (principal: Principal) => Promise<boolean>
}

/** Asks a server for its tools after it has said, to this user's client, that they have changed. Nobody is signed in for it. */
export async function learnAgain(
  { stillValid, ...deps }: LearnDeps,
  { userId, connectionId }: { readonly userId: number; readonly connectionId: number },
): Promise<Outcome<unknown>> {
  const principal: Principal = {
    userId,
    role: 'user',
    scopes: new Set(['tools:read']),
    via: { kind: 'remote_server', id: String(connectionId) },
  }
  if (!(await stillValid(principal))) return unknownConnection()
  return refreshTools(deps, principal, { connectionId, requestId: randomUUID() })
}

/** Asks a server for its tools, as a call of its user's. */
export async function refreshTools(
  { tools, callTool }: Pick<ChangeRouteDeps, 'tools' | 'callTool'>,
  principal: Principal,
  { connectionId, requestId }: RefreshInput,
): Promise<Outcome<unknown>> {
  tools.forget(principal.userId)
  const own = await tools.toolsOf(principal.userId)
  const tool = upkeepName(connectionId)
  if (own.find(tool) === undefined) return unknownConnection()
  const listed = await callTool(principal, { tool, arguments: {}, confirmed: true, requestId })
  tools.forget(principal.userId)
  return listed.ok ? success(listed.value.result) : listed
}
