import { classifyInboundRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server'
import type { IncomingHttpHeaders } from 'node:http'
import { isRecord } from '#kernel/json-values.ts'
import { inboundOf, type McpHeaders } from './inbound.ts'

/**
 * Recognises the two messages that nearly all traffic consists of, in their plain form: nothing optional, nothing odd.
 * Everything else, and above all everything that is wrong, is for the library; when in doubt a message is not plain.
 */
export interface PlainMessage {
  readonly era: 'modern' | 'legacy'
  readonly id: string | number
  readonly method: 'tools/list' | 'tools/call'
  /** Of a call. */
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

const MODERN_VERSION = '2026-07-28'
const LEGACY_VERSIONS = new Set(SUPPORTED_PROTOCOL_VERSIONS.filter((version) => version < MODERN_VERSION))
const MESSAGE_MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params'])
const LIST_MEMBERS = new Set(['_meta'])
const CALL_MEMBERS = new Set(['name', 'arguments', '_meta'])
const JSON_TYPE = /^application\/json\s*(?:;|$)/i

/** @param headers of a POST, each of which came once */
export function plainMessage(headers: IncomingHttpHeaders, body: unknown): PlainMessage | null {
  if (!takesBoth(headers) || !isRecord(body) || !hasOnly(body, MESSAGE_MEMBERS)) return null
  const { jsonrpc, id, method, params } = body
  if (jsonrpc !== '2.0' || !isId(id)) return null
  if (method !== 'tools/list' && method !== 'tools/call') return null
  const called = calledIn(method, params)
  if (called === null) return null
  const era = eraOf({ headers: mcpHeadersOf(headers), body, method, name: called.name, meta: called.meta })
  return era === null ? null : { era, id, method, name: called.name, arguments: called.arguments }
}

/** What the library asks of every POST: JSON comes, and either JSON or a stream may go. */
function takesBoth({ accept = '', 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  return accept.includes('application/json') && accept.includes('text/event-stream') && JSON_TYPE.test(type)
}

function mcpHeadersOf(headers: IncomingHttpHeaders): McpHeaders {
  const text = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined)
  return {
    version: text(headers['mcp-protocol-version']),
    method: text(headers['mcp-method']),
    name: text(headers['mcp-name']),
  }
}

interface Called {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly meta: unknown
}

function calledIn(method: 'tools/list' | 'tools/call', params: unknown): Called | null {
  if (method === 'tools/list') {
    if (params === undefined) return { name: '', arguments: {}, meta: undefined }
    return isRecord(params) && hasOnly(params, LIST_MEMBERS) ? { name: '', arguments: {}, meta: params['_meta'] } : null
  }
  if (!isRecord(params) || !hasOnly(params, CALL_MEMBERS)) return null
  const { name, arguments: given, _meta } = params
  if (typeof name !== 'string' || (given !== undefined && !isRecord(given))) return null
  return { name, arguments: given ?? {}, meta: _meta }
}

interface Versioned {
  readonly headers: McpHeaders
  readonly body: unknown
  readonly method: string
  readonly name: string
  readonly meta: unknown
}

/** Verdicts that are remembered: a program says the same about itself with every message. */
const REMEMBERED = 1_000
const LONGEST_REMEMBERED = 2_000
const eras = new Map<string, PlainMessage['era'] | null>()

/**
 * Which revision the message is of, where its headers say exactly what its body says; null leaves it to the library. The
 * verdict depends on nothing but these: of the body, all other members were found plain before.
 */
function eraOf(versioned: Versioned): PlainMessage['era'] | null {
  const { headers, method, name, meta } = versioned
  const key = JSON.stringify([headers.version, headers.method, headers.name, method, name, meta === undefined, meta])
  const known = eras.get(key)
  if (known !== undefined) return known
  const era = judgeEra(versioned)
  if (eras.size >= REMEMBERED) eras.clear()
  if (key.length <= LONGEST_REMEMBERED) eras.set(key, era)
  return era
}

function judgeEra({ headers, body, method, name, meta }: Versioned): PlainMessage['era'] | null {
  const { kind } = classifyInboundRequest(inboundOf('POST', headers, body))
  if (kind === 'legacy') {
    const { version } = headers
    return meta === undefined && (version === undefined || LEGACY_VERSIONS.has(version)) ? 'legacy' : null
  }
  // The library has found the envelope right; a progress token asks for more than an answer.
  if (kind !== 'modern' || !isRecord(meta) || meta['progressToken'] !== undefined) return null
  const nameFits = method === 'tools/call' ? headers.name === name : headers.name === undefined
  return headers.version === MODERN_VERSION && headers.method === method && nameFits ? 'modern' : null
}

function isId(id: unknown): id is string | number {
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id))
}

function hasOnly(value: Record<string, unknown>, members: ReadonlySet<string>): boolean {
  return Object.keys(value).every((member) => members.has(member))
}
