import { createRoute, z } from '@hono/zod-openapi'
import { answer, createAppRouter, jsonBody, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { agentView, type AgentDraft } from './agent.ts'
import { createAgent } from './create-agent.ts'
import { deleteAgent } from './delete-agent.ts'
import type { AgentDependencies } from './dependencies.ts'
import { listAgents } from './list-agents.ts'
import { idParameter, pageQuery } from './page.ts'
import { decideAgentPolicy, listAgentPolicies } from './policies.ts'
import { readAgent } from './read-agent.ts'
import { updateAgent } from './update-agent.ts'

const NAME_CHARACTERS = 100
const DESCRIPTION_CHARACTERS = 2_000
const INSTRUCTIONS_CHARACTERS = 20_000
/** The longest name of a tool or model that is worth comparing with what exists. */
const IDENTIFIER_CHARACTERS = 200
/** A list longer than any that the agents' limits allow is refused before it is looked at. */
const TOOLS_ACCEPTED = 1_000

const fields = {
  name: z.string().trim().min(1).max(NAME_CHARACTERS),
  description: z.string().max(DESCRIPTION_CHARACTERS),
  instructions: z.string().max(INSTRUCTIONS_CHARACTERS),
  tools: z.array(z.string().max(IDENTIFIER_CHARACTERS)).max(TOOLS_ACCEPTED),
  model: z.string().max(IDENTIFIER_CHARACTERS).nullable(),
  shared: z.boolean(),
}

const createBody = z.strictObject({
  name: fields.name,
  description: fields.description.default(''),
  instructions: fields.instructions.default(''),
  tools: fields.tools,
  model: fields.model.default(null),
  shared: fields.shared.default(false),
})

const changeBody = z.strictObject(fields).partial()

const agentSchema = z
  .object({
    id: z.number().int(),
    ...fields,
    owned: z.boolean().openapi({ description: 'Whether it is yours to change' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Agent')

const policyDecision = z.enum(['allow', 'ask', 'deny'])

const policySchema = z
  .object({
    tool: z.string(),
    decision: policyDecision.openapi({ description: 'What holds for this agent' }),
    for_agent: policyDecision.nullable().openapi({ description: 'What I decided for this agent alone' }),
    for_all: policyDecision.nullable().openapi({ description: 'What I decided for everything that acts in my name' }),
    default: policyDecision,
  })
  .openapi('AgentPolicy')

function policyDefinitions({ requireScope }: Pick<AgentDependencies, 'requireScope'>) {
  const tag = 'Agents'
  return {
    policies: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/agents/{id}/policies',
        tag,
        summary: 'What each tool may do when this agent calls it for me',
        response: z.object({ policies: z.array(policySchema) }),
      }),
      request: { params: idParameter },
      middleware: requireScope('agents:read'),
    }),
    decidePolicy: createRoute({
      ...jsonRoute({
        method: 'put',
        path: '/api/agents/{id}/policies',
        tag,
        summary: 'Allow, ask or deny a tool for this agent alone',
        description:
          'Null goes back to what holds for everything. What is denied to everything stays denied; another person’s agent can be made to ask or denied, not allowed.',
        response: policySchema,
      }),
      request: {
        params: idParameter,
        body: jsonBody(
          z.strictObject({ tool: z.string().max(IDENTIFIER_CHARACTERS), decision: policyDecision.nullable() }),
        ),
      },
      middleware: requireScope('account'),
    }),
  }
}

function definitions({ requireScope }: Pick<AgentDependencies, 'requireScope'>) {
  const reading = requireScope('agents:read')
  const writing = requireScope('agents:write')
  const tag = 'Agents'
  return {
    list: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/agents',
        tag,
        summary: 'My agents and those shared with this instance',
        response: z.object({ agents: z.array(agentSchema), next_cursor: z.number().int().nullable() }),
      }),
      request: { query: z.strictObject(pageQuery) },
      middleware: reading,
    }),
    create: createRoute({
      ...jsonRoute({ method: 'post', path: '/api/agents', tag, summary: 'Create an agent', response: agentSchema }),
      request: { body: jsonBody(createBody) },
      middleware: writing,
    }),
    read: createRoute({
      ...jsonRoute({ method: 'get', path: '/api/agents/{id}', tag, summary: 'One agent', response: agentSchema }),
      request: { params: idParameter },
      middleware: reading,
    }),
    change: createRoute({
      ...jsonRoute({
        method: 'patch',
        path: '/api/agents/{id}',
        tag,
        summary: 'Change an agent of mine',
        response: agentSchema,
      }),
      request: { params: idParameter, body: jsonBody(changeBody) },
      middleware: writing,
    }),
    remove: createRoute({
      ...jsonRoute({
        method: 'delete',
        path: '/api/agents/{id}',
        tag,
        summary: 'Delete an agent of mine; threads with it stay',
        response: z.object({ deleted: z.literal(true), id: z.number().int() }),
      }),
      request: { params: idParameter },
      middleware: writing,
    }),
  }
}

/** The definitions of agents. Chat, threads, runs and approvals have routes of their own. */
export function agentRoutes(deps: AgentDependencies): AppRouter {
  const routes = definitions(deps)
  const router = createAppRouter()
  router.openapi(routes.list, async (c) => {
    const principal = c.get('principal')
    const page = await listAgents(deps, principal, c.req.valid('query'))
    const agents = page.rows.map((row) => agentView(row, principal.userId))
    return answer(c, success({ agents, next_cursor: page.nextCursor }))
  })
  router.openapi(routes.create, async (c) => {
    const principal = c.get('principal')
    const created = await createAgent(deps, principal, c.req.valid('json'), c.get('requestId'))
    return answer(c, created.ok ? success(agentView(created.value, principal.userId)) : created)
  })
  router.openapi(routes.read, async (c) => {
    const principal = c.get('principal')
    const read = await readAgent(deps, principal, c.req.valid('param').id)
    return answer(c, read.ok ? success(agentView(read.value, principal.userId)) : read)
  })
  router.openapi(routes.change, async (c) => {
    const principal = c.get('principal')
    const change = withoutUndefined(c.req.valid('json'))
    const changed = await updateAgent(deps, principal, { id: c.req.valid('param').id, change }, c.get('requestId'))
    return answer(c, changed.ok ? success(agentView(changed.value, principal.userId)) : changed)
  })
  router.openapi(routes.remove, async (c) =>
    answer(c, await deleteAgent(deps, c.get('principal'), c.req.valid('param').id, c.get('requestId'))),
  )
  servePolicies(router, deps)
  return router
}

function servePolicies(router: AppRouter, deps: AgentDependencies): void {
  const routes = policyDefinitions(deps)
  router.openapi(routes.policies, async (c) => {
    const listed = await listAgentPolicies(deps, c.get('principal'), c.req.valid('param').id)
    return answer(c, listed.ok ? success({ policies: listed.value }) : listed)
  })
  router.openapi(routes.decidePolicy, async (c) => {
    const chosen = { agentId: c.req.valid('param').id, ...c.req.valid('json') }
    return answer(c, await decideAgentPolicy(deps, c.get('principal'), chosen, c.get('requestId')))
  })
}

function withoutUndefined(change: { [Key in keyof AgentDraft]?: AgentDraft[Key] | undefined }): Partial<AgentDraft> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
