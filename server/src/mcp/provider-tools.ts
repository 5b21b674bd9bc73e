import {
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type InputRequiredResult,
  type Tool,
} from '@modelcontextprotocol/server'
import type { Problem } from '#kernel/problem.ts'
import type { CallTool, Catalog, PolicyOf } from '#tools/tool-call.ts'
import type { ApprovalDesk } from './approval-desk.ts'
import { askForApproval, decisionIn } from './ask-for-approval.ts'
import { failedResult, resultOf } from './result.ts'
import type { Asking, Exchange, Source, ToolCall } from './source.ts'
import { toolDefinition } from './tool-definition.ts'

/** The tools of the providers, through the one pipeline. */

export interface ProviderToolDeps {
  readonly catalog: Catalog
  readonly policyOf: PolicyOf
  readonly callTool: CallTool
  readonly approvals: ApprovalDesk
}

export function providerTools(deps: ProviderToolDeps): Source {
  const definitions = new Map(deps.catalog.entries.map((entry) => [entry.name, toolDefinition(entry)]))
  return {
    async listTools(asking) {
      const names = await listedNames(deps, asking)
      return names.flatMap((name) => definitions.get(name) ?? []) as Tool[]
    },
    callTool: (call, exchange) =>
      deps.catalog.entry(call.name) === undefined ? undefined : callProviderTool(deps, call, exchange),
  }
}

/** What this user may list under this URL, in the catalog's order: all but what their own policy denies. */
export async function listedNames(
  deps: Pick<ProviderToolDeps, 'catalog' | 'policyOf'>,
  { principal, toolset }: Pick<Asking, 'principal' | 'toolset'>,
): Promise<readonly string[]> {
  const names = deps.catalog.entries.filter((entry) => toolset.includes(entry)).map(({ name }) => name)
  const policies = await deps.policyOf(principal, names)
  return names.filter((name) => policies.get(name) !== 'deny')
}

/** A tool outside of the URL's toolset does not exist there. */
export function unknownTool(name: string): ProtocolError {
  const shownCharacters = 80
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${name.slice(0, shownCharacters)} not found`)
}

async function callProviderTool(
  deps: ProviderToolDeps,
  call: ToolCall,
  exchange: Exchange,
): Promise<CallToolResult | InputRequiredResult> {
  const entry = deps.catalog.entry(call.name)
  if (entry === undefined || !exchange.toolset.includes(entry)) throw unknownTool(call.name)
  const decision = await decisionIn(deps.approvals, call, exchange)
  if (decision.kind === 'denied') return failedResult({ code: 'denied', detail: decision.detail })
  const outcome = await deps.callTool(exchange.principal, {
    tool: call.name,
    arguments: call.arguments,
    confirmed: decision.kind === 'approved',
    ...(decision.kind === 'approved' ? { idempotencyKey: `approval:${decision.approvalId}` } : {}),
    requestId: exchange.requestId,
    signal: exchange.context.mcpReq.signal,
  })
  if (outcome.ok) return resultOf(outcome.value)
  const { problem } = outcome
  if (problem.code === 'approval_required') return askForApproval(deps.approvals, call, exchange)
  if (problem.code === 'not_connected' || problem.code === 'reauthorize') return askToConnect(problem, exchange)
  return failedResult(problem)
}

/**
 * Sends the user to the page where they connect, if the client can open one. Asked once: whoever comes back without having
 * connected gets the link as text, so that nothing loops.
 */
async function askToConnect(problem: Problem, exchange: Exchange): Promise<CallToolResult | InputRequiredResult> {
  const url = problem.extra?.['connect_url']
  const askedBefore = exchange.state?.kind === 'connect'
  if (typeof url !== 'string' || askedBefore || !exchange.clientCan('elicit_url')) return failedResult(problem)
  return inputRequired({
    inputRequests: { connect: inputRequired.elicitUrl({ message: problem.detail, url }) },
    requestState: await exchange.mintState({ kind: 'connect' }),
  })
}
