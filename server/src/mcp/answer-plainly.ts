import { SERVER_INFO_META_KEY, type CallToolResult, type Tool } from '@modelcontextprotocol/server'
import type { EndpointDeps } from './endpoint.ts'
import { plainMessage, type PlainMessage } from './plain-message.ts'
import type { ProviderToolDeps } from './provider-tools.ts'
import { failedResult, resultOf } from './result.ts'
import { listTools, PRIVATE, serverInfoOf } from './server.ts'
import type { Sessions } from './sessions.ts'
import type { Asking, Source } from './source.ts'

/**
 * Answers a plain `tools/list` or `tools/call` without the library, with the very answer that the library would give
 * (answer-plainly.test.ts holds the two together), at a third of the cost. Whatever is not plain is the library's.
 */

export interface PlainAnswerDeps extends Pick<ProviderToolDeps, 'catalog' | 'policyOf' | 'callTool'> {
  readonly sources: readonly Source[]
  readonly sessions: Pick<Sessions, 'knows'>
  readonly version: string
}

/** Problems that a client can be asked to help with: by the library, which knows how to ask it. */
const NEED_THE_CLIENT: ReadonlySet<string> = new Set(['not_connected', 'reauthorize', 'approval_required'])

export function plainAnswers(deps: PlainAnswerDeps): EndpointDeps['answerPlainly'] {
  const meta = { [SERVER_INFO_META_KEY]: serverInfoOf(deps.version) }
  const listText = listTexts(meta)
  const callText = (era: PlainMessage['era'], result: CallToolResult) =>
    JSON.stringify(
      era === 'legacy' ? result : { ...result, resultType: 'complete', _meta: { ...result._meta, ...meta } },
    )
  return async (request, asking, message) => {
    const plain = plainMessage(request, message)
    if (plain === null || !isOfKnownSession(deps.sessions, request, asking, plain)) return undefined
    if (plain.method === 'tools/list') {
      return respond(plain, listText(plain.era, await listTools(deps.sources, asking)))
    }
    if (!(await mayAnswer(deps, asking, plain))) return undefined
    const outcome = await deps.callTool(asking.principal, {
      tool: plain.name,
      arguments: plain.arguments,
      confirmed: false,
      requestId: asking.requestId,
      // Before 2026-07-28 a client that went away has not cancelled its call (2025-11-25, basic/transports).
      ...(plain.era === 'modern' ? { signal: request.signal } : {}),
    })
    if (outcome.ok) return respond(plain, callText(plain.era, resultOf(outcome.value)))
    if (NEED_THE_CLIENT.has(outcome.problem.code)) return { ...asking, outcome }
    return respond(plain, callText(plain.era, failedResult(outcome.problem)))
  }
}

/** A message of a session must bring an id that is this user's; one without a session needs none. */
function isOfKnownSession(
  sessions: PlainAnswerDeps['sessions'],
  request: Request,
  asking: Asking,
  { era }: PlainMessage,
): boolean {
  const id = request.headers.get('mcp-session-id')
  return id === null || (era === 'legacy' && sessions.knows(asking, id))
}

async function mayAnswer(
  deps: PlainAnswerDeps,
  { principal, toolset }: Asking,
  { name }: PlainMessage,
): Promise<boolean> {
  const entry = deps.catalog.entry(name)
  if (entry === undefined || !toolset.includes(entry)) return false
  return (await deps.policyOf(principal, [name])).get(name) === 'allow'
}

function respond({ id }: PlainMessage, result: string): Response {
  return new Response(`{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`, {
    headers: { 'content-type': 'application/json' },
  })
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
