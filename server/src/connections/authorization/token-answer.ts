import * as oauth from 'oauth4webapi'
import { withDeadline } from '#kernel/deadline.ts'
import { EgressError } from '#kernel/egress-error.ts'
import { isRecord } from '#kernel/json-values.ts'
import { parseJson } from '#kernel/json.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { TokenAnswer } from '#providers/contract.ts'
import type { AuthorizationClient, TokenRequestOptions } from './protocol.ts'

/** One request to a token endpoint and its answer, in the standard's form whatever the provider's is. */

/** Milliseconds for the whole request: a person, or the call of an agent, is waiting. */
const TOKEN_DEADLINE_MS = 20_000
/** Bytes of an answer; real ones have below ten thousand. */
const TOKEN_ANSWER_BYTES = 64 * 1024
const TOKEN_ANSWER_LIMITS = { bytes: TOKEN_ANSWER_BYTES, depth: 16, keys: 1_000, items: 1_000 }

/** Members that some servers send as null where the standard leaves them out. */
const OPTIONAL_MEMBERS = ['refresh_token', 'expires_in', 'scope']

/** Never throws for what the server does. Failures are those of `refreshTokens`. */
export async function tokenAnswer(
  client: AuthorizationClient,
  options: TokenRequestOptions,
  send: (options: oauth.TokenEndpointRequestOptions) => Promise<Response>,
): Promise<Outcome<oauth.TokenEndpointResponse>> {
  const { signal } = options
  try {
    const response = await withDeadline(TOKEN_DEADLINE_MS, signal, async (deadline) => {
      const requestOptions: oauth.TokenEndpointRequestOptions = {
        // Whether an address may be called, and over which scheme, is the guarded fetch's to say.
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: transportOf(client, options),
        signal: deadline,
      }
      if (client.resource !== undefined) requestOptions.additionalParameters = { resource: client.resource }
      return standardForm(client, await send(requestOptions))
    })
    const server = { issuer: client.issuer ?? 'https://issuer.invalid' }
    return success(await oauth.processGenericTokenEndpointResponse(server, { client_id: client.clientId }, response))
  } catch (error) {
    signal?.throwIfAborted()
    return tokenFailure(client.name, error)
  }
}

type Transport = (
  url: string,
  options: oauth.CustomFetchOptions<'POST', URLSearchParams | undefined>,
) => Promise<Response>

function transportOf({ quirks }: AuthorizationClient, options: Pick<TokenRequestOptions, 'fetch'>): Transport {
  return (url, { body, headers, method, redirect, signal }) => {
    const parameters = body ?? new URLSearchParams()
    const isJson = quirks?.tokenRequestBody === 'json'
    return options.fetch(url, {
      method,
      redirect,
      headers: isJson ? { ...headers, 'content-type': 'application/json' } : headers,
      body: isJson ? JSON.stringify(Object.fromEntries(parameters)) : parameters.toString(),
      ...(signal === undefined ? {} : { signal }),
    })
  }
}

/** The answer as RFC 6749 has it. Throws where it is no JSON, or more than a token endpoint has to say. */
async function standardForm({ quirks }: AuthorizationClient, response: Response): Promise<Response> {
  const body = parseJson(await readBounded(response), TOKEN_ANSWER_LIMITS)
  if (!body.ok) throw new MalformedAnswer(response, body.problem.code)
  const given: TokenAnswer = { status: response.status, body: body.value }
  const { status, body: value } = refusedWith200(quirks?.normalizeAnswer?.(given) ?? given)
  if (!isRecord(value)) throw new MalformedAnswer(response, 'not_an_object')
  // We ask for no id_token and rely on none; checking one that came all the same could only fail.
  const { id_token: _ignored, ...members } = value
  for (const name of OPTIONAL_MEMBERS) if (members[name] === null) delete members[name]
  const headers = new Headers({ 'content-type': 'application/json' })
  const retryAfter = response.headers.get('retry-after')
  if (retryAfter !== null) headers.set('retry-after', retryAfter)
  return new Response(JSON.stringify(members), { status, headers })
}

/** Some servers report an error with the status of a success. */
function refusedWith200(answer: TokenAnswer): TokenAnswer {
  const { status, body } = answer
  const isError = status === 200 && isRecord(body) && typeof body['error'] === 'string' && !('access_token' in body)
  return isError ? { status: 400, body } : answer
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > TOKEN_ANSWER_BYTES) throw new MalformedAnswer(response, 'too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

class MalformedAnswer extends Error {
  readonly status: number
  readonly retryAfter: string | null
  readonly fault: string

  constructor({ status, headers }: Response, fault: string) {
    super('The answer of the token endpoint is not what one is')
    this.status = status
    this.retryAfter = headers.get('retry-after')
    this.fault = fault
  }
}

/** Of RFC 6749 5.2 and 4.1.2.1. Whatever else a server sends is its own text, which could quote what it was sent. */
const KNOWN_ERRORS = new Set([
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'server_error',
  'temporarily_unavailable',
])
/** What these say is said of the app of the operator, not of the user's grant. */
const APP_ERRORS = new Set(['invalid_client', 'unauthorized_client'])
const TOO_MANY_REQUESTS = 429

/** Sorts what went wrong. Reasons are our words, or a code of the standard. */
function tokenFailure(name: string, error: unknown): ReturnType<typeof failure> {
  if (error instanceof oauth.ResponseBodyError) {
    const reason = `token endpoint: ${error.status} ${KNOWN_ERRORS.has(error.error) ? error.error : 'another error'}`
    if (error.status === TOO_MANY_REQUESTS) return tooMany(name, reason, error.response.headers.get('retry-after'))
    if (error.error === 'invalid_grant') {
      return failure('credential_rejected', `${name} no longer accepts this authorization.`, { reason })
    }
    if (APP_ERRORS.has(error.error)) {
      const detail = `${name} refuses the app of this server. Its operator has to check the client id and the secret.`
      return failure('forbidden_by_provider', detail, { reason })
    }
    return unavailable(name, reason)
  }
  if (error instanceof MalformedAnswer) {
    const reason = `token endpoint: ${error.status} ${error.fault}`
    return error.status === TOO_MANY_REQUESTS ? tooMany(name, reason, error.retryAfter) : unavailable(name, reason)
  }
  return unavailable(name, `token endpoint: ${reasonOf(error)}`)
}

function reasonOf(error: unknown): string {
  if (error instanceof EgressError) return `${error.code} ${error.reason}`
  // The library's messages are fixed texts; what the server sent is in their cause.
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
}

function unavailable(name: string, reason: string): ReturnType<typeof failure> {
  const detail = `${name} could not give a token right now. Nothing was changed; try again in a minute.`
  return failure('provider_unavailable', detail, { reason })
}

const DEFAULT_RETRY_SECONDS = 60
const LONGEST_RETRY_SECONDS = 3_600

function tooMany(name: string, reason: string, retryAfter: string | null): ReturnType<typeof failure> {
  const asked = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : DEFAULT_RETRY_SECONDS
  const retryAfterSeconds = Math.min(asked, LONGEST_RETRY_SECONDS)
  return failure('rate_limited', `${name} is asked too often. Try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
    reason,
  })
}
