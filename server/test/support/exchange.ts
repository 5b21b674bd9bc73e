import type { ServerContext } from '@modelcontextprotocol/server'
import type { Principal } from '../../src/kernel/principal.ts'
import { failure, success, type Outcome } from '../../src/kernel/problem.ts'
import type { ApprovalDesk } from '../../src/tools/approval-desk.ts'
import type { Exchange, PendingState } from '../../src/mcp/source.ts'
import { EVERYTHING, type Toolset } from '../../src/mcp/toolset.ts'
import type { CallTool, PolicyDecision, PolicyOf, ToolCallAnswer, ToolCallRequest } from '../../src/tools/tool-call.ts'

/** One message of an MCP client on its way to a source, without an endpoint around it. */

const testPrincipal: Principal = {
  userId: 7,
  role: 'user',
  scopes: new Set(['tools:read', 'tools:write']),
  via: { kind: 'oauth_client', id: 'client-of-this-test' },
}

export interface ExchangeOptions {
  readonly toolset?: Toolset
  readonly abilities?: readonly ('elicit_form' | 'elicit_url')[]
  readonly state?: PendingState
  readonly inputResponses?: Record<string, unknown>
}

export function testExchange(options: ExchangeOptions = {}): Exchange {
  const { toolset = EVERYTHING, abilities = [], state, inputResponses } = options
  const mcpReq = { signal: new AbortController().signal, inputResponses }
  return {
    principal: testPrincipal,
    toolset,
    requestId: 'request-of-this-test',
    context: { mcpReq } as unknown as ServerContext,
    clientCan: (ability) => abilities.includes(ability),
    mintState: (pending) => Promise.resolve(`minted:${pending.kind}`),
    state,
  }
}

/** Records what reaches the pipeline, and answers with what a test put there. */
export interface RecordedCalls {
  readonly calls: ToolCallRequest[]
  readonly callTool: CallTool
  outcome: Outcome<ToolCallAnswer>
}

export function recordedCalls(text = 'done'): RecordedCalls {
  const recorded: RecordedCalls = {
    calls: [],
    outcome: success(answerOf(text)),
    callTool(_principal, request) {
      recorded.calls.push(request)
      return Promise.resolve(recorded.outcome)
    },
  }
  return recorded
}

export function answerOf(text: string, nextCursor: string | null = null): ToolCallAnswer {
  return {
    tool: 'any',
    text,
    result: null,
    next_cursor: nextCursor,
    truncated: null,
    connection: { id: 1, provider: 'any', label: 'Mine' },
    duration_ms: 1,
  }
}

/** Nobody decides; what is asked for is written down. */
export function openDesk(): ApprovalDesk & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    request(_principal, call) {
      asked.push(call.name)
      return Promise.resolve(
        success({
          id: 1,
          expiresAt: new Date(0),
          url: 'http://localhost/approvals/1',
          arguments: call.arguments,
          connection: 'Mine',
          target: null,
          targets: [],
          now: [],
        }),
      )
    },
    decide: () => Promise.resolve(failure('not_found', 'There is no such approval.')),
    take: () => Promise.resolve(null),
  }
}

/** The decisions of a test; everything else is allowed. */
export function policyOf(decisions: Readonly<Record<string, PolicyDecision>> = {}): PolicyOf {
  return (_principal, names) => Promise.resolve(new Map(names.map((name) => [name, decisions[name] ?? 'allow'])))
}
