import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHash } from 'node:crypto'
import { startLocalServer, type LocalServer } from './local-server.ts'

/**
 * A remote MCP server and the authorization server that it names, both at one address of this machine, small enough that
 * a test can bend every word that they say.
 */

export interface BentServer extends AsyncDisposable {
  readonly host: string
  /** Of the MCP server. */
  readonly url: string
  readonly origin: string
  /** Every request, as `METHOD /path`. */
  readonly asked: readonly string[]
  /** What clients registered with, newest last. */
  readonly registrations: readonly Record<string, unknown>[]
  /** The forms that came to the token endpoint, with the client's way to show who it is. */
  readonly tokenRequests: readonly (Record<string, string> & { readonly authorization: string })[]
  /** Replaces members of the documents; an undefined one is left out. */
  readonly bend: (bends: Bends) => void
  /** Answers a path in another way; the way back is `null`. */
  readonly answer: (path: string, listener: Listener | null) => void
  /** Tokens that the MCP server lets in besides those that it gave. */
  readonly accept: (token: string) => void
  /** Ends every token that it gave; none of them is renewed either. */
  readonly forget: () => void
  /** The person agrees: from the address that they were sent to, to the one that they are led back to. */
  readonly allow: (authorizeUrl: string) => Promise<URL>
}

export interface Bends {
  readonly open?: boolean
  /** What has to stand behind `?` of the MCP server's address. */
  readonly query?: string
  readonly challenge?: string
  readonly resource?: Record<string, unknown>
  readonly server?: Record<string, unknown>
  readonly tokens?: Record<string, unknown>
  /** The `iss` of the way back; null for none. */
  readonly iss?: string | null
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void

const SERVER_NAME = 'Toolbox'

export async function startBentServer(): Promise<BentServer> {
  const asked: string[] = []
  const registrations: Record<string, unknown>[] = []
  const tokenRequests: (Record<string, string> & { authorization: string })[] = []
  const listeners = new Map<string, Listener>()
  const tokens = new Set<string>()
  const codes = new Map<string, string>()
  let bends: Bends = {}
  let local: LocalServer | undefined
  const origin = () => `http://${local?.host}`

  const documents: Record<string, () => Record<string, unknown>> = {
    '/.well-known/oauth-protected-resource/mcp': () => ({
      resource: `${origin()}/mcp`,
      authorization_servers: [origin()],
      scopes_supported: ['tools:read', 'tools:write'],
      ...bends.resource,
    }),
    '/.well-known/oauth-authorization-server': () => ({
      issuer: origin(),
      authorization_endpoint: `${origin()}/authorize`,
      token_endpoint: `${origin()}/token`,
      registration_endpoint: `${origin()}/register`,
      revocation_endpoint: `${origin()}/revoke`,
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      authorization_response_iss_parameter_supported: true,
      ...bends.server,
    }),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(`${request.method} ${path}`)
    const bent = listeners.get(path)
    if (bent !== undefined) return bent(request, response)
    const document = documents[path]
    if (document !== undefined) return send(response, 200, document())
    const body = await bodyOf(request)
    if (path === '/mcp') {
      const isKnown = bends.query === undefined || request.url === `/mcp?${bends.query}`
      return isKnown ? mcp(request, response, body) : send(response, 404, { error: 'not_found' })
    }
    if (path === '/authorize') return consent(request, response)
    if (path === '/register') return register(response, body)
    if (path === '/token') return token(request, response, body)
    if (path === '/revoke') return send(response, 200, {})
    send(response, 404, { error: 'not_found' })
  }

  function mcp(request: IncomingMessage, response: ServerResponse, body: string): void {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bends.open !== true && (given === undefined || !tokens.has(given))) {
      const metadata = `${origin()}/.well-known/oauth-protected-resource/mcp`
      const challenge = bends.challenge ?? `Bearer resource_metadata="${metadata}"`
      // As UTF-8, where a host is written in other digits.
      response.setHeader('www-authenticate', Buffer.from(challenge).toString('latin1'))
      return send(response, 401, { error: 'invalid_token' })
    }
    if (request.method !== 'POST') return send(response, 405, {})
    const message = JSON.parse(body) as { id?: number; method: string }
    if (message.id === undefined) return void response.writeHead(202).end()
    const result = RESULTS[message.method]
    if (result === undefined) {
      return send(response, 200, { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'Unknown' } })
    }
    send(response, 200, { jsonrpc: '2.0', id: message.id, result })
  }

  /** The page on which a person with a browser decides. */
  function consent(request: IncomingMessage, response: ServerResponse): void {
    const agreed = backFrom(`${origin()}${request.url}`)
    const refused = new URL(agreed)
    refused.searchParams.delete('code')
    refused.searchParams.set('error', 'access_denied')
    const link = (url: URL, text: string) => `<a href="${url.href.replaceAll('&', '&amp;')}">${text}</a>`
    const page = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>${SERVER_NAME}</title><h1>${SERVER_NAME}</h1>
      ${link(agreed, 'Allow')} ${link(refused, 'Refuse')}`
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  }

  function backFrom(authorizeUrl: string): URL {
    const { searchParams } = new URL(authorizeUrl)
    const code = `code-${codes.size}-${Math.random()}`
    codes.set(code, searchParams.get('code_challenge') ?? '')
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.searchParams.set('code', code)
    back.searchParams.set('state', searchParams.get('state') ?? '')
    const iss = bends.iss === undefined ? origin() : bends.iss
    if (iss !== null) back.searchParams.set('iss', iss)
    return back
  }

  function register(response: ServerResponse, body: string): void {
    registrations.push(JSON.parse(body) as Record<string, unknown>)
    const id = `client-${registrations.length}`
    send(response, 201, { client_id: id, client_secret: `secret-of-${id}`, redirect_uris: [] })
  }

  function token(request: IncomingMessage, response: ServerResponse, body: string): void {
    const form = Object.fromEntries(new URLSearchParams(body))
    tokenRequests.push({ ...form, authorization: request.headers.authorization ?? '' })
    const challenge = createHash('sha256')
      .update(form['code_verifier'] ?? '')
      .digest('base64url')
    const expected = codes.get(form['code'] ?? '')
    codes.delete(form['code'] ?? '')
    if (expected !== challenge) return send(response, 400, { error: 'invalid_grant' })
    const given = `access-${tokenRequests.length}-${local?.port}`
    tokens.add(given)
    const lifetime = 3_600
    send(response, 200, {
      access_token: given,
      token_type: 'Bearer',
      expires_in: lifetime,
      refresh_token: `refresh-${given}`,
      ...bends.tokens,
    })
  }

  local = await startLocalServer((request, response) => void answer(request, response))
  const { host } = local
  return {
    host,
    origin: origin(),
    url: `${origin()}/mcp`,
    asked,
    registrations,
    tokenRequests,
    bend: (next) => (bends = next),
    answer: (path, listener) => void (listener === null ? listeners.delete(path) : listeners.set(path, listener)),
    accept: (each) => void tokens.add(each),
    allow: async (authorizeUrl) => backFrom(authorizeUrl),
    forget: () => tokens.clear(),
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  }
}

/** A server of before the revision without sessions. */
const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    serverInfo: { name: 'toolbox', title: SERVER_NAME, version: '1.2.3' },
    capabilities: { tools: {} },
  },
  'tools/list': { tools: [{ name: 'add', inputSchema: { type: 'object' } }] },
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
