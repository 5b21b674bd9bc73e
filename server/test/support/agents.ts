import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test'
import { createAgents, type Agents } from '../../src/agents/agents.ts'
import type { AgentDependencies } from '../../src/agents/dependencies.ts'
import { DEFAULT_AGENT_LIMITS, type AgentLimits } from '../../src/agents/limits.ts'
import type { ModelPrice, Models } from '../../src/agents/models/model.ts'
import type { Audit, AuditEvent } from '../../src/audit/audit.ts'
import type { Database } from '../../src/db/database.ts'
import { createAppRouter, sendProblem } from '../../src/kernel/http.ts'
import type { LogFields } from '../../src/kernel/log.ts'
import { SCOPES, type Principal } from '../../src/kernel/principal.ts'
import { failure, success, type Outcome } from '../../src/kernel/problem.ts'
import type {
  CallTool,
  Catalog,
  CatalogEntry,
  PolicyDecision,
  ToolCallAnswer,
  ToolCallRequest,
} from '../../src/tools/tool-call.ts'

/** Agents with a scripted model and a scripted pipeline, for the tests of everything around them. */

export interface ScriptedCall {
  readonly id?: string
  readonly tool: string
  readonly arguments: unknown
}

/** What the scripted model says in one step. */
export interface Reply {
  readonly text?: string
  readonly calls?: readonly ScriptedCall[]
  /** Read, and written as many. Null: the model does not say. */
  readonly tokens?: number | null
}

export type Script = (
  prompt: LanguageModelV4CallOptions['prompt'],
  options: LanguageModelV4CallOptions,
) => Reply | Promise<Reply>

let callCounter = 0

/** A model that answers as the script says; `doStreamCalls` has what it was asked. */
function scriptedModel(script: Script): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider: 'scripted',
    modelId: 'scripted-1',
    async doStream(options) {
      const reply = await script(options.prompt, options)
      return { stream: convertArrayToReadableStream(partsOf(reply)) }
    },
  })
}

function partsOf({ text, calls = [], tokens: used = 5 }: Reply): LanguageModelV4StreamPart[] {
  const tokens = used ?? undefined
  const words = text === undefined ? [] : (text.match(/\S+\s*/g) ?? [])
  return [
    { type: 'stream-start', warnings: [] },
    ...(text === undefined ? [] : [{ type: 'text-start' as const, id: 't' }]),
    ...words.map((delta) => ({ type: 'text-delta' as const, id: 't', delta })),
    ...(text === undefined ? [] : [{ type: 'text-end' as const, id: 't' }]),
    ...calls.map((call) => {
      callCounter += 1
      return {
        type: 'tool-call' as const,
        toolCallId: call.id ?? `call-${callCounter}`,
        toolName: call.tool,
        input: JSON.stringify(call.arguments),
      }
    }),
    {
      type: 'finish',
      finishReason: { unified: calls.length > 0 ? 'tool-calls' : 'stop', raw: undefined },
      usage: {
        inputTokens: { total: tokens, noCache: tokens, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: tokens, text: tokens, reasoning: 0 },
      },
    },
  ]
}

/** Replies one after the other, step by step, whatever is asked; then says "done". */
export function inTurn(...replies: readonly Reply[]): Script {
  let next = 0
  return () => {
    const reply = replies[next] ?? { text: 'done' }
    next += 1
    return reply
  }
}

function entry(name: string, annotations: Partial<CatalogEntry['annotations']>): CatalogEntry {
  return {
    name,
    provider: 'acme',
    title: { en: name, pt: name },
    description: `Does ${name}`,
    input_schema: { type: 'object', properties: { id: { type: 'string' } } },
    annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false, ...annotations },
    intent: { verbs: { en: [], pt: [] }, nouns: { en: [], pt: [] } },
  }
}

export const ENTRIES = [
  entry('acme_read_page', { readOnly: true, idempotent: true }),
  entry('acme_create_page', {}),
  entry('acme_delete_page', { destructive: true }),
]

const scriptedCatalog: Catalog = {
  entries: ENTRIES,
  entry: (name) => ENTRIES.find((candidate) => candidate.name === name),
  closest: (name) => ENTRIES.find((candidate) => candidate.name.startsWith(name.slice(0, 6)))?.name,
}

export interface PipelineCall {
  readonly principal: Principal
  readonly request: ToolCallRequest
}

export function toolAnswer(tool: string, text: string, userId = 0): ToolCallAnswer {
  return {
    tool,
    text,
    result: { text },
    next_cursor: null,
    truncated: null,
    connection: { id: userId, provider: 'acme', label: `Acme of ${userId}` },
    duration_ms: 7,
  }
}

/** Whatever came back: a test says what it expects of it. */
export type ParsedJson = ReturnType<typeof JSON.parse>

export interface TestAgents extends Agents {
  readonly calls: PipelineCall[]
  readonly events: AuditEvent[]
  readonly logged: string[]
  /** Sends a request as a user; JSON unless a stream is asked for. */
  readonly send: (
    userId: number,
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: ParsedJson }>
  readonly stream: (userId: number, method: string, path: string, body?: unknown) => Promise<Response>
  readonly createAgent: (userId: number, more?: Record<string, unknown>) => Promise<number>
}

export interface TestAgentsOptions {
  readonly database: Database
  readonly script: Script
  readonly isLlm?: boolean
  readonly price?: ModelPrice
  readonly callTool?: CallTool
  readonly clock?: { now: () => Date }
  readonly limits?: Partial<AgentLimits>
  readonly policies?: Readonly<Record<string, PolicyDecision>>
  readonly audit?: Audit
  readonly connectionFor?: AgentDependencies['connectionFor']
  readonly models?: Models
  readonly agents?: Partial<AgentDependencies>
}

function testPrincipal(userId: number): Principal {
  return { userId, role: 'user', scopes: new Set(SCOPES), via: { kind: 'session', id: `session-${userId}` } }
}

export function openTestAgents(options: TestAgentsOptions): TestAgents {
  const calls: PipelineCall[] = []
  const events: AuditEvent[] = []
  const logged: string[] = []
  const callTool: CallTool =
    options.callTool ?? (async (principal, request) => success(toolAnswer(request.tool, 'result', principal.userId)))
  const log = (fields: LogFields, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const agents = createAgents({
    database: options.database,
    audit: options.audit ?? { record: async (event) => void events.push(event) },
    clock: options.clock ?? { now: () => new Date() },
    log: { warn: log, error: log },
    async callTool(principal, request) {
      calls.push({ principal, request })
      return callTool(principal, request)
    },
    catalog: scriptedCatalog,
    policyOf: async (_principal, tools) => new Map(tools.map((tool) => [tool, decisionOf(tool, options.policies)])),
    agentPolicies: { list: async () => [], decide: async () => {}, forget: () => {} },
    connectionFor: options.connectionFor ?? (async (userId) => success({ id: userId * 10 })),
    checkCall: async ({ userId }) => success({ id: userId * 10, label: `Acme of ${userId}` }),
    describeTarget: async () => null,
    pinTargets: async (_principal, call) => success(call.arguments),
    requireScope: () => async (c, next) => {
      const userId = Number(c.req.header('x-user'))
      if (!Number.isSafeInteger(userId) || userId <= 0) {
        return sendProblem(c, failure('missing_token', 'No user.').problem)
      }
      c.set('principal', testPrincipal(userId))
      return next()
    },
    stillValid: async () => true,
    models: options.models ?? scriptedModels(options),
    limits: { ...DEFAULT_AGENT_LIMITS, modelRetries: 0, ...options.limits },
    publicUrl: 'https://chaveiro.example',
    ...options.agents,
  })
  return { ...agents, calls, events, logged, ...client(agents) }
}

function decisionOf(tool: string, policies: TestAgentsOptions['policies']): PolicyDecision {
  const known = scriptedCatalog.entry(tool)
  return policies?.[tool] ?? (known?.annotations.destructive === false ? 'allow' : 'ask')
}

function scriptedModels({ script, isLlm = true, price }: TestAgentsOptions): Models {
  const id = isLlm ? 'scripted/scripted-1' : 'embedded/router-1'
  const model = scriptedModel(script)
  return {
    entries: [{ id, provider: 'scripted', name: 'scripted-1', is_llm: isLlm, is_default: true }],
    knows: (wanted) => wanted === id,
    resolve: (): Outcome<never> =>
      success({ id, isLlm, model, providerOptions: {}, ...(price === undefined ? {} : { price }) }) as Outcome<never>,
  }
}

function client(agents: Agents) {
  const app = createAppRouter()
  app.use('*', async (c, next) => {
    c.set('requestId', 'request-1')
    c.set('clientAddress', '127.0.0.1')
    await next()
  })
  app.route('/', agents.router)
  app.onError((error, c) => sendProblem(c as never, failure('internal_error', error.message).problem))
  async function request(userId: number, accept: string, [method, path, body]: [string, string, unknown]) {
    return app.request(path, {
      method,
      headers: { 'x-user': String(userId), accept, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  async function send(userId: number, method: string, path: string, body?: unknown) {
    const response = await request(userId, 'application/json', [method, path, body])
    return { status: response.status, body: (await response.json()) as ParsedJson }
  }
  return {
    send,
    stream: (userId: number, method: string, path: string, body?: unknown) =>
      request(userId, 'text/event-stream', [method, path, body]),
    async createAgent(userId: number, more: Record<string, unknown> = {}) {
      const tools = ENTRIES.map(({ name }) => name)
      const { body } = await send(userId, 'POST', '/api/agents', { name: 'Helper', tools, ...more })
      return body.id as number
    },
  }
}

/** The chunks of a UI message stream, without the final mark. */
export async function chunksOf(response: Response): Promise<ParsedJson[]> {
  const text = await response.text()
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice('data: '.length)))
}
