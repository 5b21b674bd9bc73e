import type { JsonObject, Token } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { failureMessage } from '../validation/check.ts'
import type { Answer, Call } from './call.ts'
import { ApiFailure, failureBody, invalid } from './failure.ts'
import { parseId, type IdGenerator } from './ids.ts'
import { parseQuery, queryObject } from './query-string.ts'
import { spend, type Usage } from './rate-limit.ts'
import { LIST_PARAMETERS, matchRoutes, type Match } from './routes.ts'
import type { Settings } from './settings.ts'
import { tokenHash } from './tokens.ts'
import { versionOf } from './version.ts'

/** A request as the pure core takes it. Header names are in lower case. */
export interface EmulatorRequest {
  method: string
  /** Path with query string; anything before `/v1/` is a mount prefix and is ignored. */
  path: string
  headers: Record<string, string>
  body: string
}

/** An answer, plus what the transport shall do to it when a fault says so. */
export interface EmulatorResponse {
  status: number
  headers: Record<string, string>
  body: string
  transport?: { delayMs?: number; reset?: true }
}

/** What a request is handled against. */
export interface Surroundings {
  state: State
  usage: Usage
  settings: Settings
  newId: IdGenerator
  /** Milliseconds since the epoch. */
  now: number
}

/** Largest body of the documentation, in bytes. */
const MAX_BODY_BYTES = 500_000
/** From here on a proxy in front of the API answers, with a 413 that has no JSON. */
const PROXY_BODY_BYTES = 1_000_000

/** Answers one request. Never throws for anything that a caller can send. */
export function handle(surroundings: Surroundings, request: EmulatorRequest): EmulatorResponse {
  const requestId = surroundings.newId()
  const size = Buffer.byteLength(request.body)
  if (size > PROXY_BODY_BYTES) {
    return { status: 413, headers: { 'content-type': 'text/html', 'cf-ray': rayOf(requestId) }, body: '' }
  }
  try {
    if (size > MAX_BODY_BYTES) throw invalid('body failed validation: the request body is larger than 500KB.')
    const answer = perform(surroundings, request)
    const body = answer.withoutRequestId === true ? answer.body : { ...answer.body, request_id: requestId }
    return jsonResponse(answer.status, body, requestId)
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const response = jsonResponse(error.status, failureBody(error, requestId), requestId)
    const wait = error.additional?.['retry_after']
    if (typeof wait === 'string') response.headers['retry-after'] = wait
    return response
  }
}

/** A JSON answer with the headers that every answer of the API has. */
export function jsonResponse(status: number, body: JsonObject, requestId: string): EmulatorResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-notion-request-id': requestId,
      vary: 'Accept-Encoding',
      'cf-ray': rayOf(requestId),
    },
    body: JSON.stringify(body),
  }
}

const RAY_LENGTH = 16

/** A Cloudflare ray id for a request. */
export function rayOf(requestId: string): string {
  return `${requestId.replaceAll('-', '').slice(0, RAY_LENGTH)}-GRU`
}

/** The pipeline, in the order of the real API as far as it is known. */
function perform(surroundings: Surroundings, request: EmulatorRequest): Answer {
  const { state, settings, usage, now, newId } = surroundings
  const [path, search] = splitPath(request.path)
  const matches = matchRoutes(request.method, path)
  if (matches.length === 0) throw new ApiFailure('invalid_request_url', 'Invalid request URL.')
  const install = authenticate(surroundings, request.headers['authorization'])
  const version = versionOf(request.headers['notion-version'], settings)
  const match = matches.find((candidate) => candidate.route.versions.includes(version))
  if (match === undefined) throw new ApiFailure('invalid_request_url', 'Invalid request URL.')
  const workspace = state.workspaces.get(install.workspaceId)
  if (workspace !== undefined) {
    const isSearch = match.route.segments.at(-1) === 'search'
    spend(usage, settings.rateLimit, { install, workspace, isSearch, now })
  }
  const json = parseBody(request.body)
  const ids = canonicalParameters(match)
  const query = parseQuery(search)
  refuse('query', match.route.query(queryObject(query, LIST_PARAMETERS), 'query'))
  const body = checkedBody(match, version, json)
  const call: Call = { state, settings, newId, now, version, install, path: ids, query, body }
  return match.route.operation(call)
}

function splitPath(target: string): [path: string, search: string] {
  const [path = '', ...rest] = target.split('?')
  const start = path.indexOf('/v1/')
  return [start < 0 ? path : path.slice(start), rest.join('?')]
}

function authenticate(surroundings: Surroundings, authorization: string | undefined): Call['install'] {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  const known = token === undefined ? undefined : surroundings.state.tokens.get(tokenHash(token))
  const install = known === undefined ? undefined : surroundings.state.installs.get(known.botId)
  if (known === undefined || install === undefined || !isUsable(known, surroundings.now) || install.revoked) {
    throw new ApiFailure('unauthorized', 'API token is invalid.')
  }
  return install
}

function isUsable(token: Token, now: number): boolean {
  return !token.revoked && (token.expiresAt === null || token.expiresAt > now)
}

function parseBody(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new ApiFailure('invalid_json', 'Error parsing JSON body.')
  }
}

function canonicalParameters(match: Match): Record<string, string> {
  const entries = Object.entries(match.parameters).map(([name, text]) => {
    if (name.startsWith('property')) return [name, text]
    const id = parseId(text)
    if (id === null) refuse('path', [{ path: `path.${name}`, expectation: 'a valid uuid', value: text }])
    return [name, id]
  })
  return Object.fromEntries(entries)
}

function checkedBody(match: Match, version: Call['version'], json: unknown): JsonObject {
  if (match.route.body === undefined) return {}
  refuse('body', match.route.body(version)(json, 'body'))
  return json as JsonObject
}

function refuse(root: string, findings: ReturnType<Match['route']['query']>): void {
  if (findings !== null) throw invalid(failureMessage(root, findings))
}
