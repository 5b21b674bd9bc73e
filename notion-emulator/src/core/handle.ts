import { settleTasks } from '../async-tasks/task.ts'
import { settleMeetings } from '../meeting-notes/meeting.ts'
import { oauthOperation } from '../oauth/routes.ts'
import { PAGE_HEADERS } from '../oauth/page.ts'
import type { Install, JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { isStoragePath, serveFile } from '../uploads/serve.ts'
import { settleUploads } from '../uploads/settle.ts'
import { failureMessage } from '../validation/check.ts'
import { observed } from '../webhooks/observe.ts'
import { bodyLimits, bodySize } from './body-limits.ts'
import type { Answer, Call } from './call.ts'
import { ApiFailure, failureBody, invalid } from './failure.ts'
import { parseId, type IdGenerator } from './ids.ts'
import { parseMultipart, type FormPart } from './multipart.ts'
import { parseQuery, queryObject } from './query-string.ts'
import { spend, type Usage } from './rate-limit.ts'
import { LIST_PARAMETERS, matchRoutes, type Match } from './routes.ts'
import type { Settings } from './settings.ts'
import { isUsable, tokenHash } from './tokens.ts'
import { versionOf } from './version.ts'

/** A request as the pure core takes it. Header names are in lower case. */
export interface EmulatorRequest {
  method: string
  /** Path with query string; anything before `/v1/` is a mount prefix and is ignored. */
  path: string
  headers: Record<string, string>
  body: string
  /** The body when it is not text, as uploads are; `body` is then empty. */
  bytes?: Uint8Array
  /** Scheme and host that the caller used: addresses in answers begin with it. That of the real API by default. */
  origin?: string
}

/** An answer, plus what the transport shall do to it when a fault says so. */
export interface EmulatorResponse {
  status: number
  headers: Record<string, string>
  body: string
  /** The body when it is not text, as files are; `body` is then empty. */
  bytes?: Uint8Array
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
  /** Who acts, when the control plane says so: no token is asked for and no limit counts. */
  actor?: Install
}

/** Answers one request. Never throws for anything that a caller can send. */
export function handle(surroundings: Surroundings, request: EmulatorRequest): EmulatorResponse {
  if (isStoragePath(request.path)) return serveFile(surroundings.state, request.method, request.path, surroundings.now)
  const requestId = surroundings.newId()
  const size = bodySize(request)
  const limits = bodyLimits(request.path)
  if (size > limits.read) {
    return { status: 413, headers: { 'content-type': 'text/html', 'cf-ray': rayOf(requestId) }, body: '' }
  }
  try {
    if (size > limits.accepted) throw invalid('body failed validation: the request body is larger than 500KB.')
    settleUploads(surroundings)
    settleTasks(surroundings)
    settleMeetings(surroundings)
    const oauth = performOAuth(surroundings, request, requestId)
    if (oauth !== null) return oauth
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

/** The answer of an OAuth address, or null for any other. They come before the bearer token and the version. */
function performOAuth(
  surroundings: Surroundings,
  request: EmulatorRequest,
  requestId: string,
): EmulatorResponse | null {
  const [path, search] = splitPath(request.path)
  const operation = oauthOperation(request.method, path)
  if (operation === null) return null
  const { state, settings, newId, now } = surroundings
  const query = new URLSearchParams(search)
  const authorization = request.headers['authorization']
  const reply = operation({ state, settings, newId, now, query, authorization, body: textOf(request) })
  switch (reply.type) {
    case 'json':
      return jsonResponse(reply.status, { ...reply.body, request_id: requestId }, requestId)
    case 'page':
      return { status: reply.status, headers: { ...PAGE_HEADERS }, body: reply.html }
    default:
      return { status: 302, headers: { location: reply.location, 'cache-control': 'no-store' }, body: '' }
  }
}

/** The pipeline, in the order of the real API as far as it is known. */
function perform(surroundings: Surroundings, request: EmulatorRequest): Answer {
  const { state, settings, usage, now, newId } = surroundings
  const [path, search] = splitPath(request.path)
  const matches = matchRoutes(request.method, path)
  if (matches.length === 0) throw new ApiFailure('invalid_request_url', 'Invalid request URL.')
  const { actor } = surroundings
  const install = actor ?? authenticate(surroundings, request.headers['authorization'])
  const version = versionOf(request.headers['notion-version'], settings)
  const match = matches.find((candidate) => candidate.route.versions.includes(version))
  if (match === undefined) throw new ApiFailure('invalid_request_url', 'Invalid request URL.')
  const workspace = state.workspaces.get(install.workspaceId)
  if (workspace !== undefined && actor === undefined) {
    const isSearch = match.route.segments.at(-1) === 'search'
    spend(usage, settings.rateLimit, { install, workspace, isSearch, now })
  }
  const form = match.route.takesForm === true ? formOf(request) : []
  const json = match.route.takesForm === true ? {} : parseBody(textOf(request))
  const ids = canonicalParameters(match)
  const query = parseQuery(search)
  refuse('query', match.route.query(queryObject(query, LIST_PARAMETERS), 'query'))
  const body = checkedBody(match, version, json)
  const base = baseOf(request)
  const call: Call = { state, settings, newId, now, version, install, base, path: ids, query, body, form }
  // What only reads can change nothing that anybody wants to hear of.
  return match.route.method === 'GET' ? match.route.operation(call) : observed(call, match.route.operation)
}

const REAL_ORIGIN = 'https://api.notion.com'

/** What comes before `/v1` in addresses of this API: scheme, host and the prefix that it is mounted under. */
function baseOf(request: EmulatorRequest): string {
  const start = request.path.indexOf('/v1/')
  return (request.origin ?? REAL_ORIGIN) + request.path.slice(0, Math.max(start, 0))
}

function textOf(request: EmulatorRequest): string {
  return request.bytes === undefined ? request.body : Buffer.from(request.bytes).toString('utf8')
}

function formOf(request: EmulatorRequest): FormPart[] {
  const bytes = request.bytes ?? Buffer.from(request.body)
  const form = parseMultipart(bytes, request.headers['content-type'] ?? '')
  if (form === null)
    throw invalid('Content-Type should be multipart/form-data with a boundary, and the body such a form.')
  return form
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
  const isAlive = known !== undefined && known.kind !== 'refresh' && isUsable(known, surroundings.now)
  if (!isAlive || install === undefined || install.revoked) {
    throw new ApiFailure('unauthorized', 'API token is invalid.')
  }
  return install
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
