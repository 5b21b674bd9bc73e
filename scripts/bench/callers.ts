import type { HttpDoor, HttpReply } from '../../server/test/support/http-door.ts'
import type { Call } from './load.ts'
import { checkOwner } from './upstream.ts'

/** The same search over every way in; each checks that its answer belongs to its user. */

const QUERY = 'roadmap'
const TOOL = 'notion_search_pages'

export interface User {
  readonly index: number
  /** API token of the server. */
  readonly token: string
  readonly notionKey: string
}

/** Straight at the upstream, as a program with its own key would. */
export function directCall(door: HttpDoor, { index, notionKey }: User): Call {
  const headers = {
    authorization: `Bearer ${notionKey}`,
    'notion-version': '2026-03-11',
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ query: QUERY })
  return async () => check(await door.post('/v1/search', headers, body), index)
}

export function restCall(door: HttpDoor, { index, token }: User): Call {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ arguments: { query: QUERY } })
  return async () => check(await door.post(`/api/tools/${TOOL}/call`, headers, body), index)
}

const MODERN = '2026-07-28'
const LEGACY = '2025-11-25'

/** `POST /mcp` of the stateless revision. */
export function modernCall(door: HttpDoor, { index, token }: User): Call {
  const headers = mcpHeaders(token, MODERN, { 'mcp-method': 'tools/call', 'mcp-name': TOOL })
  let id = 0
  return async () => {
    id += 1
    const body = rpc(id, 'tools/call', { name: TOOL, arguments: { query: QUERY }, _meta: MODERN_META })
    checkRpc(await door.post('/mcp', headers, body), id, index)
  }
}

/** `POST /mcp` of a client that initialises first, with a session where one is given. */
export async function legacyCall(door: HttpDoor, { index, token }: User): Promise<Call> {
  const parameters = { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  const hello = await door.post('/mcp', mcpHeaders(token, LEGACY, {}), rpc(0, 'initialize', parameters))
  if (hello.status !== 200) throw new Error(`initialize: ${hello.status} ${hello.text}`)
  const session = hello.header('mcp-session-id')
  const headers = mcpHeaders(token, LEGACY, session === undefined ? {} : { 'mcp-session-id': session })
  await door.post('/mcp', headers, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
  let id = 0
  return async () => {
    id += 1
    const body = rpc(id, 'tools/call', { name: TOOL, arguments: { query: QUERY } })
    checkRpc(await door.post('/mcp', headers, body), id, index)
  }
}

/** Bytes of the list of tools as a modern client gets it. */
export async function listBytes(door: HttpDoor, { token }: User): Promise<number> {
  const headers = mcpHeaders(token, MODERN, { 'mcp-method': 'tools/list' })
  const reply = await door.post('/mcp', headers, rpc(1, 'tools/list', { _meta: MODERN_META }))
  if (reply.status !== 200) throw new Error(`tools/list: ${reply.status} ${reply.text}`)
  return Buffer.byteLength(reply.text)
}

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}

function mcpHeaders(token: string, version: string, more: Record<string, string>): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': version,
    ...more,
  }
}

function rpc(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params })
}

function checkRpc(reply: HttpReply, id: number, user: number): void {
  check(reply, user)
  if (!reply.text.includes(`"id":${id}`)) throw new Error(`The answer to ${id} bears another id`)
}

function check({ status, text }: HttpReply, user: number): void {
  if (status !== 200) throw new Error(`${status} ${text}`)
  checkOwner(text, user)
}
