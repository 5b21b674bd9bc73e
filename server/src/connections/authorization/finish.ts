import { actorOf } from '#audit/audit.ts'
import { connectCredential, CONNECT_ERROR, rejected } from '#connections/connect.ts'
import { connectUrl } from '#connections/connection.ts'
import type { ConnectionView } from '#connections/connection.ts'
import { failure, type Outcome, type Problem, type ProblemCode } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { OAuthMethod } from '#providers/contract.ts'
import { CONNECT_ERRORS, CONNECTED_PARAMETER, ERROR_PARAMETER } from './authorization.ts'
import type { AuthorizationDeps, ConnectError } from './authorization.ts'
import { clientFor, fingerprintOf, type FoundClient } from './authorize.ts'
import { credentialOf, exchangeCode, validateCallback, type TokenSet, type ValidCallback } from './protocol.ts'
import { withResult } from './return-to.ts'
import { takeTransaction, type TransactionContents } from './transactions.ts'

export interface Callback {
  readonly provider: string
  readonly parameters: URLSearchParams
  readonly requestId: string
}

/**
 * The way back from a provider. The transaction is removed before anything else, and everything that it is bound to is
 * compared before a code is sent anywhere; only a credential that the provider has recognised is stored.
 * @param principal of the browser session, or null where nobody is signed in: then the transaction stays
 * @returns where the browser is led, with how it ended
 */
export async function finish(
  deps: AuthorizationDeps,
  principal: Principal | null,
  callback: Callback,
): Promise<string> {
  const page = connectUrl(deps.publicUrl, callback.provider)
  if (principal === null) return withError(page, 'signed_out')
  const states = callback.parameters.getAll('state')
  const taken = await takeTransaction(deps, principal, {
    provider: callback.provider,
    state: states.length === 1 ? (states[0] ?? null) : null,
  })
  const returnTo = textOf(taken.contents, 'return_to') ?? page
  if (!taken.ok) {
    await recordDenial(deps, principal, { ...callback, fault: taken.fault })
    return withError(returnTo, taken.fault)
  }
  const connected = await complete(deps, principal, { ...callback, contents: taken.contents })
  return connected.ok
    ? withResult(returnTo, { [CONNECTED_PARAMETER]: String(connected.value.connection_id) })
    : withError(returnTo, errorOf(connected.problem))
}

interface Return extends Callback {
  readonly contents: TransactionContents
}

async function complete(
  deps: AuthorizationDeps,
  principal: Principal,
  { contents, ...callback }: Return,
): Promise<Outcome<ConnectionView>> {
  const refuse = (problem: Problem) => rejected(deps, principal, { ...callback, problem })
  const found = await clientFor(deps, callback.provider)
  if (!found.ok) return refuse(found.problem)
  const { client, method } = found.value
  const isSame = Object.entries(fingerprintOf(client)).every(([name, value]) => contents[name] === value)
  if (!isSame) return refuse(problemOf('changed'))
  const valid = validateCallback(client, callback.parameters, textOf(contents, 'state') ?? '')
  if (!valid.ok) {
    if (valid.fault === 'wrong_issuer') await recordDenial(deps, principal, { ...callback, fault: valid.fault })
    return refuse(problemOf(valid.fault))
  }
  const tokens = await redeem(deps, found.value, { contents, callback: valid.value })
  if (!tokens.ok) return refuse(refusedCode(tokens.problem))
  const renews = contents['connection_id']
  return connectCredential(deps, principal, {
    provider: callback.provider,
    credential: credentialOf(tokens.value),
    grant: { method: 'oauth2', scopes: scopesOf(method, tokens.value) },
    ...(typeof renews === 'number' ? { renews } : {}),
    requestId: callback.requestId,
  })
}

async function redeem(
  deps: AuthorizationDeps,
  { provider, client }: FoundClient,
  { contents, callback }: { readonly contents: TransactionContents; readonly callback: ValidCallback },
): Promise<Outcome<TokenSet>> {
  const codeVerifier = textOf(contents, 'code_verifier')
  const grant = {
    callback,
    redirectUri: textOf(contents, 'redirect_uri') ?? '',
    ...(codeVerifier === null ? {} : { codeVerifier }),
  }
  return exchangeCode(client, grant, { fetch: deps.edges.of(provider).fetch, now: deps.clock.now() })
}

/** The operator's app was refused, or the code. */
function refusedCode(problem: Problem): Problem {
  if (problem.code === 'credential_rejected') return { ...problem, ...problemOf('refused_by_provider') }
  return problem.code === 'forbidden_by_provider' ? { ...problem, ...problemOf('app_refused') } : problem
}

/** More than any provider has, and longer than any of its names. */
const MAXIMUM_SCOPES = 100
const MAXIMUM_SCOPE_LENGTH = 200

/** As granted, where the server says so: separated by spaces in the standard, by commas at some. */
function scopesOf(method: OAuthMethod, { scope }: TokenSet): string[] {
  if (scope === undefined) return Object.keys(method.scopes)
  const scopes = scope.split(/[\s,]+/).filter((name) => /^[\x21-\x7e]+$/.test(name))
  return scopes.filter(({ length }) => length <= MAXIMUM_SCOPE_LENGTH).slice(0, MAXIMUM_SCOPES)
}

function textOf(contents: TransactionContents | undefined, name: string): string | null {
  const value = contents?.[name]
  return typeof value === 'string' ? value : null
}

function withError(address: string, error: ConnectError): string {
  return withResult(address, { [ERROR_PARAMETER]: error })
}

function problemOf(error: ConnectError): Problem {
  return failure('denied', 'Nothing was connected.', { extra: { [CONNECT_ERROR]: error } }).problem
}

/** Codes that say enough by themselves. */
const ERROR_OF_CODE: Partial<Record<ProblemCode, ConnectError>> = {
  provider_unavailable: 'provider_unavailable',
  credential_rejected: 'credential_rejected',
  rate_limited: 'rate_limited',
}

/** Whichever problem it was, as the word for the page. */
export function errorOf({ code, extra }: Problem): ConnectError {
  const given = CONNECT_ERRORS.find((error) => error === extra?.[CONNECT_ERROR])
  if (given !== undefined) return given
  return extra?.['blocked'] === true ? 'blocked' : (ERROR_OF_CODE[code] ?? 'failed')
}

/** Somebody came back with what is not theirs, was used before, or comes from another server than it says. */
async function recordDenial(
  { audit }: Pick<AuthorizationDeps, 'audit'>,
  principal: Principal,
  { provider, fault, requestId }: Callback & { readonly fault: ConnectError },
): Promise<void> {
  await audit.record({
    userId: principal.userId,
    type: 'access.denied',
    outcome: 'denied',
    actor: actorOf(principal),
    target: { kind: 'connection', provider: provider.slice(0, SHOWN_CHARACTERS) },
    details: { reason: `authorization_${fault}` },
    requestId,
  })
}

const SHOWN_CHARACTERS = 50
