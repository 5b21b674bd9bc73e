import { describe, expect, it } from 'vitest'
import { createAppRouter } from '#kernel/http.ts'
import { failure } from '#kernel/problem.ts'
import { mcpMessage, mcpParts } from '#test/support/mcp-endpoint.ts'
import type { CallTool, PolicyOf } from '#tools/tool-call.ts'
import { plainAnswers, type PlainAnswerDeps } from './answer-plainly.ts'
import { mcpRoutes, type EndpointDeps } from './endpoint.ts'

/** The quick path and the library give the same answer to everything: each request is sent to both and compared. */

type Json = Record<string, unknown>
type Headers = Record<string, string | undefined>

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body: unknown
}

const MODERN = '2026-07-28'
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
const VERSION = 'io.modelcontextprotocol/protocolVersion'
const ACCEPT = { accept: 'application/json, text/event-stream' }
const ENVELOPE = { [VERSION]: MODERN, [CAPABILITIES]: {} }

function modern(method: string, params: Json, change: { headers?: Headers; body?: Json; meta?: Json } = {}): Sent {
  const name = params['name'] ?? params['uri']
  return {
    headers: strings({
      ...ACCEPT,
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...change.headers,
    }),
    body: {
      jsonrpc: '2.0',
      id: 7,
      method,
      params: { ...params, _meta: { ...ENVELOPE, ...change.meta } },
      ...change.body,
    },
  }
}

function legacy(method: string, params: Json | undefined, change: { headers?: Headers; body?: Json } = {}): Sent {
  return {
    headers: strings({ ...ACCEPT, 'mcp-protocol-version': '2025-11-25', ...change.headers }),
    body: { jsonrpc: '2.0', id: 7, method, ...(params === undefined ? {} : { params }), ...change.body },
  }
}

/** A header that is given as undefined is left out. */
function strings(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

const BOT = { name: 'notion_get_bot_user', arguments: {} }
const SEARCH = { name: 'notion_search_pages', arguments: { query: 'a', page_size: 2 } }

/** What the quick path answers by itself. */
const PLAIN: Record<string, Sent> = {
  'modern list': modern('tools/list', {}),
  'modern call': modern('tools/call', BOT),
  'modern call without arguments': modern('tools/call', { name: BOT.name }),
  'modern call with a text id': modern('tools/call', SEARCH, { body: { id: 'ü-"quoted"' } }),
  'modern call with wrong arguments': modern('tools/call', { name: SEARCH.name, arguments: { page_size: 'many' } }),
  'modern call of what is not there': modern('tools/call', {
    name: 'notion_read_page',
    arguments: { page_id: '00000000-0000-4000-8000-000000000000' },
  }),
  'modern call with client information': modern('tools/call', BOT, {
    meta: { 'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' }, traceparent: '00-0-0-00' },
  }),
  'legacy list': legacy('tools/list', {}),
  'legacy list without params': legacy('tools/list', undefined),
  'legacy list without a version': legacy('tools/list', {}, { headers: { 'mcp-protocol-version': undefined } }),
  'legacy call': legacy('tools/call', BOT),
  'legacy call of 2025-03-26': legacy('tools/call', SEARCH, { headers: { 'mcp-protocol-version': '2025-03-26' } }),
  'legacy call with wrong arguments': legacy('tools/call', { name: SEARCH.name, arguments: { query: 5 } }),
}

/** What it must leave to the library. */
const ODD: Record<string, Sent> = {
  'an unknown tool': modern('tools/call', { name: 'notion_steal', arguments: {} }),
  'an unknown tool, legacy': legacy('tools/call', { name: 'notion_steal', arguments: {} }),
  'a cursor': modern('tools/list', { cursor: 'abc' }),
  'a cursor, legacy': legacy('tools/list', { cursor: 'abc' }),
  'a progress token': modern('tools/call', BOT, { meta: { progressToken: 1 } }),
  'a progress token, legacy': legacy('tools/call', { ...BOT, _meta: { progressToken: 'p' } }),
  'another version in the header': modern('tools/call', BOT, { headers: { 'mcp-protocol-version': '2025-11-25' } }),
  'a version that nobody knows': modern('tools/call', BOT, { headers: { 'mcp-protocol-version': '2099-01-01' } }),
  'an unknown version in header and envelope': modern('tools/call', BOT, {
    headers: { 'mcp-protocol-version': '2099-01-01' },
    meta: { [VERSION]: '2099-01-01' },
  }),
  'an unknown version, legacy': legacy('tools/call', BOT, { headers: { 'mcp-protocol-version': '1999-01-01' } }),
  'no version header': modern('tools/call', BOT, { headers: { 'mcp-protocol-version': undefined } }),
  'another method in the header': modern('tools/call', BOT, { headers: { 'mcp-method': 'tools/list' } }),
  'no method header': modern('tools/call', BOT, { headers: { 'mcp-method': undefined } }),
  'another name in the header': modern('tools/call', BOT, { headers: { 'mcp-name': 'notion_read_page' } }),
  'no name header': modern('tools/call', BOT, { headers: { 'mcp-name': undefined } }),
  'a name header on a list': modern('tools/list', {}, { headers: { 'mcp-name': 'x' } }),
  'an encoded name header': modern('tools/call', BOT, {
    headers: { 'mcp-name': `=?base64?${Buffer.from(BOT.name).toString('base64')}?=` },
  }),
  'no capabilities': modern('tools/call', BOT, { meta: { [CAPABILITIES]: undefined } }),
  'capabilities that are none': modern('tools/call', BOT, { meta: { [CAPABILITIES]: 5 } }),
  'malformed capabilities': modern('tools/call', BOT, { meta: { [CAPABILITIES]: { elicitation: 'yes' } } }),
  'malformed client information': modern('tools/call', BOT, { meta: { 'io.modelcontextprotocol/clientInfo': 'me' } }),
  'a null id': modern('tools/call', BOT, { body: { id: null } }),
  'a broken id': modern('tools/call', BOT, { body: { id: 1.5 } }),
  'an object as id': legacy('tools/call', BOT, { body: { id: {} } }),
  'no id': legacy('tools/call', BOT, { body: { id: undefined } }),
  'JSON-RPC 1': legacy('tools/call', BOT, { body: { jsonrpc: '1.0' } }),
  'no JSON-RPC': modern('tools/call', BOT, { body: { jsonrpc: undefined } }),
  'a member too many': modern('tools/call', BOT, { body: { extra: 1 } }),
  'a parameter too many': modern('tools/call', { ...BOT, extra: 1 }),
  'arguments that are a list': modern('tools/call', { name: BOT.name, arguments: [] }),
  'arguments that are null': legacy('tools/call', { name: BOT.name, arguments: null }),
  'a name that is a number': legacy('tools/call', { name: 5 }),
  'no name': modern('tools/call', { arguments: {} }),
  'params that are a list': legacy('tools/call', undefined, { body: { params: [] } }),
  'an unknown method': modern('tools/steal', {}),
  'an unknown method, legacy': legacy('tools/steal', {}),
  'a batch': { headers: ACCEPT, body: [legacy('tools/list', {}).body, legacy('tools/call', BOT).body] },
  'a batch of modern messages': { headers: ACCEPT, body: [modern('tools/list', {}).body] },
  'an empty batch': { headers: ACCEPT, body: [] },
  'a number': { headers: ACCEPT, body: 5 },
  null: { headers: ACCEPT, body: null },
  'a response': { headers: ACCEPT, body: { jsonrpc: '2.0', id: 1, result: {} } },
  'a notification': legacy('notifications/initialized', {}, { body: { id: undefined } }),
  'Accept without streams': legacy('tools/call', BOT, { headers: { accept: 'application/json' } }),
  'Accept without JSON': modern('tools/call', BOT, { headers: { accept: 'text/event-stream' } }),
  'no Accept': modern('tools/call', BOT, { headers: { accept: undefined } }),
  'plain text': modern('tools/call', BOT, { headers: { 'content-type': 'text/plain' } }),
  'a session id that is none': legacy('tools/call', BOT, { headers: { 'mcp-session-id': 'x' } }),
  'a session id on a modern call': modern('tools/call', BOT, { headers: { 'mcp-session-id': 'x' } }),
}

describe('the quick path and the library', () => {
  it.each(Object.entries(PLAIN))('agree on %s, which is plain', async (_name, sent) => {
    const { quick, slow, wasPlain } = await both(sent)
    expect(quick).toEqual(slow)
    expect(quick.status).toBe(200)
    expect(wasPlain).toBe(true)
  })

  it.each(Object.entries(ODD))('agree on %s, which is the library’s', async (_name, sent) => {
    const { quick, slow, wasPlain } = await both(sent)
    expect(quick).toEqual(slow)
    expect(quick.status).toBeLessThan(500)
    expect(wasPlain).toBe(false)
  })

  it.each(['not_connected', 'reauthorize', 'approval_required'] as const)(
    'agree where the call leads to %s, which is called once',
    async (code) => {
      const calls: string[] = []
      const callTool: CallTool = async (_principal, { tool }) => {
        calls.push(tool)
        return failure(code, 'The user has to do something.')
      }
      const { quick, slow } = await both(modern('tools/call', BOT), { callTool })
      expect(quick).toEqual(slow)
      expect(calls).toEqual([BOT.name, BOT.name])
    },
  )

  it.each(['ask', 'deny'] as const)('leave a tool of the policy %s to the library', async (decision) => {
    const policyOf: PolicyOf = async (_principal, tools) => new Map(tools.map((tool) => [tool, decision]))
    const { quick, slow, wasPlain } = await both(modern('tools/call', BOT), { policyOf })
    expect(quick).toEqual(slow)
    expect(wasPlain).toBe(false)
  })

  it('show no tool of another toolset', async () => {
    const { quick, slow, wasPlain } = await both(modern('tools/call', BOT), {}, '/mcp/search-only-in-a-dream')
    expect(quick).toEqual(slow)
    expect(quick.status).toBe(404)
    expect(wasPlain).toBe(false)
  })
})

interface Answered {
  readonly status: number
  readonly body: unknown
}

/** The same request to two endpoints that differ in the quick path alone. */
async function both(
  sent: Sent,
  change: Partial<PlainAnswerDeps> = {},
  path = '/mcp',
): Promise<{ quick: Answered; slow: Answered; wasPlain: boolean }> {
  const parts = await mcpParts(change)
  let wasPlain = false
  const quick = await send(sent, path, {
    ...parts,
    async answerPlainly(...given) {
      const answer = await plainAnswers(parts)(...given)
      wasPlain = answer instanceof Response
      return answer
    },
  })
  const slow = await send(sent, path, { ...parts, answerPlainly: async () => undefined })
  return { quick, slow, wasPlain }
}

async function send(sent: Sent, path: string, deps: EndpointDeps): Promise<Answered> {
  const app = createAppRouter()
  app.route('/', mcpRoutes(deps))
  const answer = await app.request(`http://localhost:8001${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sent.headers },
    body: JSON.stringify(sent.body),
  })
  return { status: answer.status, body: mcpMessage(await answer.text()) }
}
