import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, type Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, sendProblem } from '#kernel/http.ts'
import type { AppRouter, RequireScope } from '#kernel/http.ts'
import { languageOf } from '#oauth/pages/language.ts'
import { IDEMPOTENCY_KEY_CHARACTERS } from './ledger.ts'
import { defaultDecision } from './policy.ts'
import type { PolicyCache } from './policy-cache.ts'
import { findTool } from './steps.ts'
import { deletePolicy, setPolicy } from './store.ts'
import type { CallTool, CatalogEntry, PolicyDecision, PolicyOf } from './tool-call.ts'
import { catalogFor, type CatalogDeps } from './tool-source.ts'

const TAG = 'Tools'

export interface ToolRouteDeps extends CatalogDeps {
  readonly callTool: CallTool
  readonly policyOf: PolicyOf
  readonly policies: PolicyCache
  readonly database: Database
  readonly audit: Audit
  readonly requireScope: RequireScope
}

const localText = z.object({ en: z.string(), pt: z.string() })
const decision = z.enum(['allow', 'ask', 'deny'])
const nameParameter = z.object({ name: z.string().max(100) })

const toolSchema = z
  .object({
    name: z.string(),
    provider: z.string(),
    connection_id: z.number().int().optional(),
    title: localText,
    description: z.string(),
    input_schema: z.record(z.string(), z.unknown()),
    annotations: z.object({
      readOnly: z.boolean(),
      destructive: z.boolean(),
      idempotent: z.boolean(),
      openWorld: z.boolean(),
    }),
    policy: decision,
  })
  .openapi('Tool')

const policySchema = z.object({ tool: z.string(), decision, default: decision }).openapi('ToolPolicy')

const answerSchema = z
  .object({
    tool: z.string(),
    text: z.string(),
    result: z.unknown(),
    next_cursor: z.string().nullable(),
    truncated: z.string().nullable(),
    connection: z.object({ id: z.number().int(), provider: z.string(), label: z.string() }),
    source: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('remote_server'), host: z.string() }),
        z.object({ kind: z.literal('open_world'), place: z.string().nullable().optional() }),
      ])
      .optional(),
    duration_ms: z.number(),
  })
  .openapi('ToolCallAnswer')

const routes = {
  list: createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/tools',
      tag: TAG,
      summary: 'Every tool, with my policy for it',
      response: z.object({ tools: z.array(toolSchema), next_cursor: z.null() }),
    }),
    request: { query: z.strictObject({ provider: z.string().max(50).optional() }) },
  }),
  call: createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/tools/{name}/call',
      tag: TAG,
      summary: 'Call a tool with my own connection',
      description:
        'The caller decides on these very arguments, so a policy of *ask* lets the call through; *deny* does not. The same `Idempotency-Key` with the same arguments never takes effect twice.',
      response: answerSchema,
    }),
    request: {
      params: nameParameter,
      headers: z.object({ 'idempotency-key': z.string().min(1).max(IDEMPOTENCY_KEY_CHARACTERS).optional() }),
      body: jsonBody(
        z.strictObject({
          arguments: z.record(z.string(), z.unknown()).default({}),
          connection_id: z.number().int().positive().optional(),
        }),
      ),
    },
  }),
  setPolicy: createRoute({
    ...jsonRoute({
      method: 'put',
      path: '/api/tools/{name}/policy',
      tag: TAG,
      summary: 'Allow, ask or deny a tool for everything that acts in my name',
      response: policySchema,
    }),
    request: { params: nameParameter, body: jsonBody(z.strictObject({ decision: decision.nullable() })) },
  }),
}

function shownTool(
  { intent: _intent, ...entry }: CatalogEntry,
  policies: ReadonlyMap<string, PolicyDecision>,
): Omit<CatalogEntry, 'intent'> & { readonly policy: PolicyDecision } {
  return { ...entry, policy: policies.get(entry.name) ?? 'deny' }
}

/** `/api/tools/*`: list, call, policy. */
export function toolRoutes(deps: ToolRouteDeps): AppRouter {
  const router = createAppRouter()
  router.get('/api/tools', deps.requireScope('tools:read'))
  router.post('/api/tools/:name/call', deps.requireScope('tools:read'))
  router.put('/api/tools/:name/policy', deps.requireScope('account'))

  router.openapi(routes.list, async (c) => {
    const { provider } = c.req.valid('query')
    const { entries: all } = await catalogFor(deps, c.get('principal').userId)
    const entries = all.filter((entry) => provider === undefined || entry.provider === provider)
    const policies = await deps.policyOf(
      c.get('principal'),
      entries.map(({ name }) => name),
    )
    return c.json({ tools: entries.map((entry) => shownTool(entry, policies)), next_cursor: null }, 200)
  })

  router.openapi(routes.call, async (c) => {
    const body = c.req.valid('json')
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const outcome = await deps.callTool(c.get('principal'), {
      tool: c.req.valid('param').name,
      arguments: body.arguments,
      confirmed: true,
      requestId: c.get('requestId'),
      language: languageOf(undefined, c.req.header('accept-language')),
      signal: c.req.raw.signal,
      ...(body.connection_id === undefined ? {} : { connectionId: body.connection_id }),
      // Apart from the keys of runs, which the agents make themselves.
      ...(idempotencyKey === undefined ? {} : { idempotencyKey: `api:${idempotencyKey}` }),
    })
    return answer(c, outcome)
  })

  router.openapi(routes.setPolicy, async (c) => {
    const { name } = c.req.valid('param')
    const principal = c.get('principal')
    const catalog = await catalogFor(deps, principal.userId)
    const entry = catalog.entry(name)
    if (entry === undefined) {
      const missing = findTool(() => undefined, catalog, name)
      if (!missing.ok) return sendProblem(c, missing.problem) as never
    }
    const chosen = c.req.valid('json').decision
    await deps.database.asUser(principal.userId, (tx) =>
      chosen === null ? deletePolicy(principal.userId, tx, name) : setPolicy(principal.userId, tx, name, chosen),
    )
    deps.policies.forget(principal.userId)
    await deps.audit.record({
      userId: principal.userId,
      type: 'policy.changed',
      outcome: 'success',
      actor: actorOf(principal),
      target: { kind: 'tool', tool: name },
      details: { decision: chosen },
      requestId: c.get('requestId'),
    })
    const fallback = entry === undefined ? 'deny' : defaultDecision(entry.annotations)
    return c.json({ tool: name, decision: chosen ?? fallback, default: fallback }, 200)
  })
  return router
}
