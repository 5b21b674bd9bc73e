import * as oauth from 'oauth4webapi'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { BoundFetch, Credential, OAuthMethod, ScopeParameter } from '#providers/contract.ts'
import { tokenAnswer } from './token-answer.ts'

/**
 * OAuth 2.0 as a client, over one guarded fetch: the address that a user is sent to, what comes back from there, and
 * tokens for a code or for a refresh token. It takes plain data and keeps nothing.
 */

/** One client at one authorization server. */
export interface AuthorizationClient {
  /** For the user's eyes, in sentences. */
  readonly name: string
  /** Whom the server says it is. Where it is known, an `iss` that comes back must be this one (RFC 9207). */
  readonly issuer?: string
  /** The server always sends `iss`: an answer without one is refused. */
  readonly requiresIssuer?: boolean
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly clientAuth: 'client_secret_basic' | 'client_secret_post' | 'none'
  /** What the tokens are for (RFC 8707); sent with every request. */
  readonly resource?: string
  /** What differs from the standard at this provider. */
  readonly quirks?: Pick<OAuthMethod, 'tokenRequestBody' | 'normalizeAnswer' | 'keep'>
}

export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  /** Absent only where the server is known to have no PKCE. */
  readonly codeVerifier?: string
  readonly scopes: readonly string[]
  readonly scopeParameter?: ScopeParameter | undefined
  /** Further parameters; none of them replaces one of the protocol's own. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What a callback brought, after {@link validateCallback} has found it in order. */
export type ValidCallback = URLSearchParams

/** Why a callback is refused, apart from `denied`, which is the user's or the server's own word. */
export type CallbackFault = 'denied' | 'refused_by_provider' | 'wrong_issuer' | 'malformed'

export interface TokenSet {
  readonly accessToken: string
  readonly refreshToken?: string
  /** Absent where the server says nothing of an end. */
  readonly expiresAt?: Date
  /** As the server wrote it; absent where it granted what was asked for. */
  readonly scope?: string
  /** The members of the answer that the provider wants kept. */
  readonly kept: Readonly<Record<string, unknown>>
}

export interface TokenRequestOptions {
  readonly fetch: BoundFetch
  readonly now: Date
  readonly signal?: AbortSignal
}

/** As in RFC 7636 4.1: 256 random bits. */
export const newCodeVerifier = oauth.generateRandomCodeVerifier
/** 256 random bits. */
export const newState = oauth.generateRandomState

/** RFC 6749 3.3. */
const STANDARD_SCOPES: ScopeParameter = { name: 'scope', separator: ' ' }

/** Where the user's browser goes. Fails with `provider_unavailable` where the endpoint is no web address. */
export async function authorizationUrl(
  client: AuthorizationClient,
  request: AuthorizationRequest,
): Promise<Outcome<string>> {
  const url = URL.parse(client.authorizationEndpoint)
  if (url === null || !isWebAddress(url)) {
    return failure('provider_unavailable', `${client.name} names no address where access could be allowed.`)
  }
  const { redirectUri, state, codeVerifier, scopes, scopeParameter = STANDARD_SCOPES, parameters = {} } = request
  const own: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    state,
    [scopeParameter.name]: scopes.length === 0 ? undefined : scopes.join(scopeParameter.separator),
    resource: client.resource,
    code_challenge: codeVerifier === undefined ? undefined : await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: codeVerifier === undefined ? undefined : 'S256',
  }
  for (const [name, value] of Object.entries({ ...parameters, ...own })) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return success(url.href)
}

/** An endpoint has no fragment (RFC 6749 3.1); another scheme would run in the browser as whatever it is. */
function isWebAddress({ protocol, hash, username, password }: URL): boolean {
  return ['https:', 'http:'].includes(protocol) && hash === '' && username === '' && password === ''
}

/** Characters of a code or of any other parameter of a callback; the longest codes in use have about 2,000. */
const MAXIMUM_PARAMETER_LENGTH = 8_192
const MAXIMUM_PARAMETERS = 20

/**
 * Looks at what came back before anything is sent: its state, its issuer (the defence against one server that passes on
 * the code of another), no parameter twice, a code and no token. A fragment never reaches a server, so an answer in
 * one is an answer without a code.
 */
export function validateCallback(
  client: AuthorizationClient,
  parameters: URLSearchParams,
  state: string,
): { readonly ok: true; readonly value: ValidCallback } | { readonly ok: false; readonly fault: CallbackFault } {
  const names = [...parameters.keys()]
  const isBounded = names.length <= MAXIMUM_PARAMETERS && parameters.toString().length <= MAXIMUM_PARAMETER_LENGTH
  if (!isBounded || new Set(names).size !== names.length) return { ok: false, fault: 'malformed' }
  if (!isFromIssuer(client, parameters.get('iss'))) return { ok: false, fault: 'wrong_issuer' }
  if (parameters.has('access_token')) return { ok: false, fault: 'malformed' }
  try {
    const value = oauth.validateAuthResponse(
      serverOf(client, parameters),
      { client_id: client.clientId },
      parameters,
      state,
    )
    return (value.get('code') ?? '') === '' ? { ok: false, fault: 'malformed' } : { ok: true, value }
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) return { ok: false, fault: 'malformed' }
    return { ok: false, fault: error.error === 'access_denied' ? 'denied' : 'refused_by_provider' }
  }
}

function isFromIssuer({ issuer, requiresIssuer, authorizationEndpoint }: AuthorizationClient, given: string | null) {
  if (given === null) return requiresIssuer !== true
  if (issuer !== undefined) return given === issuer
  // Nobody told us whom to expect; what the server says of itself must at least be said from where we sent the user.
  return URL.parse(given)?.origin === new URL(authorizationEndpoint).origin
}

/** @param parameters whose `iss` has been checked already, where no issuer is known */
function serverOf(client: AuthorizationClient, parameters?: URLSearchParams): oauth.AuthorizationServer {
  return {
    issuer: client.issuer ?? parameters?.get('iss') ?? new URL(client.authorizationEndpoint).origin,
    token_endpoint: client.tokenEndpoint,
  }
}

/** The tokens for the code that a valid callback brought. Failures are those of {@link refreshTokens}. */
export async function exchangeCode(
  client: AuthorizationClient,
  grant: { readonly callback: ValidCallback; readonly redirectUri: string; readonly codeVerifier?: string },
  options: TokenRequestOptions,
): Promise<Outcome<TokenSet>> {
  return tokensOf(client, options, (requestOptions) =>
    oauth.authorizationCodeGrantRequest(
      serverOf(client),
      { client_id: client.clientId },
      clientAuthOf(client),
      grant.callback,
      grant.redirectUri,
      grant.codeVerifier ?? oauth.nopkce,
      requestOptions,
    ),
  )
}

/**
 * New tokens for a refresh token.
 * @returns `credential_rejected` where the grant is dead ({@link isTerminal}): trying again cannot help. Every other
 * code says nothing of the grant: `provider_unavailable` (no answer, 5xx, no JSON, no token), `forbidden_by_provider`
 * (the operator's app is refused), `rate_limited`.
 */
export async function refreshTokens(
  client: AuthorizationClient,
  refreshToken: string,
  options: TokenRequestOptions,
): Promise<Outcome<TokenSet>> {
  return tokensOf(client, options, (requestOptions) =>
    oauth.refreshTokenGrantRequest(
      serverOf(client),
      { client_id: client.clientId },
      clientAuthOf(client),
      refreshToken,
      requestOptions,
    ),
  )
}

/** True where the grant itself is dead, as the authorization server says. */
export function isTerminal(problem: { readonly code: string }): boolean {
  return problem.code === 'credential_rejected'
}

/** How a client shows at an endpoint who it is. */
export function clientAuthOf({ clientAuth, clientSecret = '' }: AuthorizationClient): oauth.ClientAuth {
  if (clientAuth === 'none' || clientSecret === '') return oauth.None()
  return clientAuth === 'client_secret_basic' ? basic(clientSecret) : oauth.ClientSecretPost(clientSecret)
}

/**
 * RFC 6749 2.3.1. The library escapes characters that need it in no form (`-`, `_`, `.`), which is allowed, but there are
 * servers that compare what they get to the letter; they find what they gave out.
 */
function basic(clientSecret: string): oauth.ClientAuth {
  return (_server, { client_id: clientId }, _body, headers) => {
    const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}

/** Lifetimes beyond this are taken for it: a number of seconds can be larger than any date. */
const LONGEST_LIFETIME_SECONDS = 10 * 365 * 24 * 60 * 60
/** What fits into an `Authorization` header as it is (RFC 6750 2.1), and is no longer than servers take. */
const ACCESS_TOKEN = /^[\x21-\x7e]{1,8192}$/

async function tokensOf(
  client: AuthorizationClient,
  options: TokenRequestOptions,
  send: (options: oauth.TokenEndpointRequestOptions) => Promise<Response>,
): Promise<Outcome<TokenSet>> {
  const answer = await tokenAnswer(client, options, send)
  if (!answer.ok) return answer
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds, scope } = answer.value
  if (!ACCESS_TOKEN.test(accessToken)) {
    return failure('provider_unavailable', `${client.name} answered with something that is no token.`, {
      reason: 'access_token',
    })
  }
  const kept = (client.quirks?.keep ?? []).filter((name) => answer.value[name] !== undefined)
  return success({
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    // Servers whose tokens do not end say so by 0.
    ...(seconds === undefined || seconds === 0 ? {} : { expiresAt: endOf(options.now, seconds) }),
    ...(scope === undefined ? {} : { scope }),
    kept: Object.fromEntries(kept.map((name) => [name, answer.value[name]])),
  })
}

function endOf(now: Date, seconds: number): Date {
  return new Date(now.getTime() + Math.min(seconds, LONGEST_LIFETIME_SECONDS) * MILLISECONDS_PER_SECOND)
}

/** The tokens as they lie in a credential: its members that end and are renewed, and those that the provider keeps. */
export function credentialOf(tokens: TokenSet): Credential & { readonly access_token: string } {
  return {
    ...tokens.kept,
    access_token: tokens.accessToken,
    ...(tokens.refreshToken === undefined ? {} : { refresh_token: tokens.refreshToken }),
    ...(tokens.expiresAt === undefined ? {} : { expires_at: tokens.expiresAt.toISOString() }),
    ...(tokens.scope === undefined ? {} : { scope: tokens.scope }),
  }
}
