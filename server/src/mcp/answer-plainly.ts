import { SERVER_INFO_META_KEY, type CallToolResult, type Tool } from '@modelcontextprotocol/server'
import type { PlainMessage } from './plain-message.ts'
import type { ProviderToolDeps } from './provider-tools.ts'
import { failedResult, resultOf } from './result.ts'
import { listTools, PRIVATE, serverInfoOf } from './server.ts'
import type { Asking, Source } from './source.ts'

/**
 * Answers a plain `tools/list` or `tools/call` without the library, with the very answer that the library would give
 * (plain-door.test.ts holds the two together), at a third of the cost. Whatever is not plain is the library's.
 */

export interface PlainAnswerDeps extends Pick<ProviderToolDeps, 'catalog' | 'policyOf' | 'callTool'> {
  readonly sources: readonly Source[]
  readonly version: string
}

/**
 * The JSON-RPC response as text; else who asks, with what the call has led to already, for the library to go on with.
 * @param signal aborts when the client has gone
 */
export type AnswerPlainly = (
  asking: Asking,
  message: PlainMessage,
  signal: () => AbortSignal,
) => Promise<string | Asking>

/** Problems that a client can be asked to help with: by the library, which knows how to ask it. */
const NEED_THE_CLIENT: ReadonlySet<string> = new Set(['not_connected', 'reauthorize', 'approval_required'])

export function plainAnswers(deps: PlainAnswerDeps): AnswerPlainly {
  const meta = { [SERVER_INFO_META_KEY]: serverInfoOf(deps.version) }
  const listText = listTexts(meta)
  const callText = (era: PlainMessage['era'], result: CallToolResult) =>
    JSON.stringify(
      era === 'legacy' ? result : { ...result, resultType: 'complete', _meta: { ...result._meta, ...meta } },
    )
  return async (asking, message, signal) => {
    const { era, name, method } = message
    if (method === 'tools/list') return respond(message, listText(era, await listTools(deps.sources, asking)))
    if (!(await mayAnswer(deps, asking, name))) return asking
    const outcome = await deps.callTool(asking.principal, {
      tool: name,
      arguments: message.arguments,
      confirmed: false,
      requestId: asking.requestId,
      // Before 2026-07-28 a client that went away has not cancelled its call (2025-11-25, basic/transports).
      ...(era === 'modern' ? { signal: signal() } : {}),
    })
    if (outcome.ok) return respond(message, callText(era, resultOf(outcome.value)))
    if (NEED_THE_CLIENT.has(outcome.problem.code)) return { ...asking, outcome }
    return respond(message, callText(era, failedResult(outcome.problem)))
  }
}

/** A tool of this address that the token and the user's policy allow without a question. */
async function mayAnswer(deps: PlainAnswerDeps, { principal, toolset }: Asking, name: string): Promise<boolean> {
  const entry = deps.catalog.entry(name)
  if (entry === undefined || !toolset.includes(entry)) return false
  if (!entry.annotations.readOnly && !principal.scopes.has('tools:write')) return false
  return (await deps.policyOf(principal, [name])).get(name) === 'allow'
}

function respond({ id }: PlainMessage, result: string): string {
  return `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`
}

/** The text of each list is made once: the same list is the same array. */
function listTexts(meta: object): (era: PlainMessage['era'], tools: readonly Tool[]) => string {
  const texts = { modern: new WeakMap<readonly Tool[], string>(), legacy: new WeakMap<readonly Tool[], string>() }
  return (era, tools) => {
    const known = texts[era].get(tools)
    if (known !== undefined) return known
    const modern = { resultType: 'complete', ...PRIVATE, _meta: meta }
    const text = JSON.stringify({ tools, ...(era === 'modern' ? modern : {}) })
    texts[era].set(tools, text)
    return text
  }
}
