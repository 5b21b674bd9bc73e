import { describe, expect, it } from 'vitest'
import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { bearerOf } from '#identity/presented.ts'
import { createAppRouter } from '#kernel/http.ts'
import { failure } from '#kernel/problem.ts'
import { MCP_PRINCIPAL, mcpMessage, mcpParts } from '#test/support/mcp-endpoint.ts'
import type { CallTool, PolicyOf } from '#tools/tool-call.ts'
import { plainAnswers, type PlainAnswerDeps } from './answer-plainly.ts'
import { mcpRoutes, type EndpointDeps } from './endpoint.ts'
import { createPlainDoor, type PlainDoorDeps } from './plain-door.ts'

/** The short way and the long one give the same answer to everything: each request is sent on both and compared. */

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

describe('what is not plain', () => {
  it.each<[string, Partial<Given>]>([
    ['another method', { method: 'PUT' }],
    ['another address', { path: '/mcp/notion/x' }],
    ['a query', { path: '/mcp?x=1' }],
    ['a toolset that is not there', { path: '/mcp/nowhere' }],
    ['another host', { headers: { host: 'evil.example' } }],
    ['a page of a browser', { headers: { origin: 'http://localhost:8001' } }],
    ['a cookie', { headers: { cookie: 'a=b' } }],
    ['a packed body', { headers: { 'content-encoding': 'gzip' } }],
    ['a body of unknown length', { headers: { 'content-length': undefined } }],
    ['a large body', { headers: { 'content-length': '65537' } }],
    ['no token', { headers: { authorization: undefined } }],
    ['another kind of token', { headers: { authorization: 'Basic eDp5' } }],
    ['two tokens in one header', { headers: { authorization: 'Bearer a, Bearer b' } }],
    ['a header that came twice', { twice: 'mcp-name' }],
  ])('is passed on untouched: %s', async (_name, change) => {
    const { door, admitted } = await doorOf()
    const plain = plainRequest(modern('tools/call', BOT))
    const incoming = incomingOf({ ...plain, ...change, headers: { ...plain.headers, ...change.headers } })
    const outgoing = new FakeOutgoing()
    await new Promise<void>((resolve) => door.enter(incoming, outgoing.asResponse(), resolve))
    expect(admitted).toEqual([])
    expect(incoming.readableDidRead).toBe(false)
    expect(outgoing.sent).toBeUndefined()
    expect(door.begunBy(incoming)).toBeUndefined()
  })

  it('is passed on before its body is read where the token is not admitted', async () => {
    const { door } = await doorOf({ admit: async () => undefined })
    const incoming = incomingOf(plainRequest(modern('tools/call', BOT)))
    await new Promise<void>((resolve) => door.enter(incoming, new FakeOutgoing().asResponse(), resolve))
    expect(incoming.readableDidRead).toBe(false)
    expect(door.begunBy(incoming)).toBeUndefined()
  })

  it.each([undefined, 'x', 'my-request-1'])('goes on under one id, whatever it came with: %s', async (given) => {
    const { door } = await doorOf()
    const request = plainRequest(modern('tools/steal', {}, { headers: { 'x-request-id': given } }))
    const incoming = incomingOf(request)
    await new Promise<void>((resolve) => door.enter(incoming, new FakeOutgoing().asResponse(), resolve))
    const ids = incoming.rawHeaders.filter((_, index) => incoming.rawHeaders[index - 1] === 'x-request-id')
    expect(ids).toEqual([door.begunBy(incoming)?.requestId])
    expect(ids[0] === given).toBe(given === 'my-request-1')
  })

  it('is counted once: whoever goes on knows who asks', async () => {
    const { door, admitted } = await doorOf()
    const incoming = incomingOf(plainRequest(modern('tools/steal', {})))
    await new Promise<void>((resolve) => door.enter(incoming, new FakeOutgoing().asResponse(), resolve))
    expect(admitted).toEqual(['token'])
    expect(door.begunBy(incoming)?.principal).toBe(MCP_PRINCIPAL)
    expect(Reflect.get(incoming, 'rawBody')).toEqual(Buffer.from(JSON.stringify(modern('tools/steal', {}).body)))
  })
})

describe('a plain call', () => {
  it('ends when its modern client goes', async () => {
    const outgoing = new FakeOutgoing()
    const aborted = new Promise<boolean>((resolve) => {
      const callTool: CallTool = async (_principal, { signal }) => {
        signal?.addEventListener('abort', () => resolve(true))
        outgoing.emit('close')
        return failure('cancelled', 'The call was stopped.')
      }
      void doorOf({}, { callTool }).then(({ door }) =>
        door.enter(incomingOf(plainRequest(modern('tools/call', BOT))), outgoing.asResponse(), () => resolve(false)),
      )
    })
    expect(await aborted).toBe(true)
  })

  it('that throws is answered as a problem, and not made again', async () => {
    const callTool: CallTool = async () => {
      throw new Error('The database is gone')
    }
    const { door } = await doorOf({}, { callTool })
    const outgoing = new FakeOutgoing()
    let wasPassedOn = false
    door.enter(incomingOf(plainRequest(modern('tools/call', BOT))), outgoing.asResponse(), () => {
      wasPassedOn = true
    })
    const { status, headers, text } = await outgoing.answered
    expect(status).toBe(500)
    expect(headers).toContain('application/problem+json')
    expect(JSON.parse(text)).toMatchObject({ code: 'internal_error', request_id: expect.any(String) })
    expect(wasPassedOn).toBe(false)
  })

  it('is noted with its user, and answers under the id that it came with', async () => {
    const { door, noted } = await doorOf()
    const outgoing = new FakeOutgoing()
    const request = plainRequest(modern('tools/call', BOT, { headers: { 'x-request-id': 'my-request-1' } }))
    door.enter(incomingOf({ ...request, path: '/mcp/notion' }), outgoing.asResponse(), () => {})
    const { headers } = await outgoing.answered
    expect(headers).toEqual(expect.arrayContaining(['x-content-type-options', 'nosniff', 'my-request-1']))
    expect(noted).toEqual([
      expect.objectContaining({
        requestId: 'my-request-1',
        path: '/mcp/notion',
        route: '/mcp/:toolset',
        status: 200,
        userId: 1,
      }),
    ])
  })
})

interface Given {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body: string
  readonly twice?: string
}

function plainRequest(sent: Sent): Given {
  const body = JSON.stringify(sent.body)
  const headers = {
    host: 'localhost:8001',
    authorization: 'Bearer token',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...sent.headers,
  }
  return { method: 'POST', path: '/mcp', headers, body }
}

/** A request as the socket's library gives it, without a socket. */
function incomingOf({ method, path: url, headers: given, body, twice }: Given): IncomingMessage {
  const headers = strings(given)
  const rawHeaders = [...Object.entries(headers).flat(), ...(twice === undefined ? [] : [twice, 'x'])]
  return Object.assign(Readable.from([Buffer.from(body)]), { method, url, headers, rawHeaders }) as never
}

interface Outgone {
  readonly status: number
  readonly headers: readonly string[]
  readonly text: string
}

class FakeOutgoing extends EventEmitter {
  sent: Outgone | undefined
  readonly #head = { status: 0, headers: [] as readonly string[] }
  readonly #answered = Promise.withResolvers<Outgone>()
  readonly answered = this.#answered.promise
  readonly writableFinished = false

  writeHead(status: number, headers: readonly string[]): void {
    Object.assign(this.#head, { status, headers })
  }

  end(text: string): void {
    this.sent = { ...this.#head, text }
    this.#answered.resolve(this.sent)
  }

  asResponse(): ServerResponse {
    return this as never
  }
}

async function doorOf(change: Partial<PlainDoorDeps> = {}, parts: Partial<PlainAnswerDeps> = {}) {
  const made = await mcpParts(parts)
  const admitted: string[] = []
  const noted: unknown[] = []
  const door = createPlainDoor({
    ...made,
    answer: plainAnswers(made),
    admit: async (token) => {
      admitted.push(token)
      return MCP_PRINCIPAL
    },
    bearerOf,
    isOwnHost: (host) => host === 'localhost:8001',
    headers: ['x-content-type-options', 'nosniff'],
    problemOf: () => ({ code: 'internal_error', detail: 'It was not your request.' }),
    noteAnswer: (answered) => noted.push(answered),
    ...change,
  })
  return { door, parts: made, admitted, noted }
}

interface Answered {
  readonly status: number
  readonly body: unknown
}

/** The same request with and without the door in front of the router. */
async function both(
  sent: Sent,
  change: Partial<PlainAnswerDeps> = {},
  path = '/mcp',
): Promise<{ quick: Answered; slow: Answered; wasPlain: boolean }> {
  const { door, parts } = await doorOf({}, change)
  const incoming = incomingOf({ ...plainRequest(sent), path })
  const outgoing = new FakeOutgoing()
  const passedOn = new Promise<Answered>((resolve) => {
    door.enter(incoming, outgoing.asResponse(), () => {
      void throughRouter(sent, path, { ...parts, begunBy: door.begunBy }, incoming).then(resolve)
    })
  })
  const plain = outgoing.answered.then(({ status, text }) => ({ status, body: mcpMessage(text) }))
  const quick = await Promise.race([plain, passedOn])
  const slow = await throughRouter(sent, path, { ...parts, begunBy: () => undefined }, incoming)
  return { quick, slow, wasPlain: outgoing.sent !== undefined }
}

async function throughRouter(
  sent: Sent,
  path: string,
  deps: EndpointDeps,
  incoming: IncomingMessage,
): Promise<Answered> {
  const app = createAppRouter()
  app.route('/', mcpRoutes(deps))
  const answer = await app.request(
    `http://localhost:8001${path}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sent.headers },
      body: JSON.stringify(sent.body),
    },
    { incoming },
  )
  return { status: answer.status, body: mcpMessage(await answer.text()) }
}
