import { connectCredential, rejected, type ConnectInput } from '#connections/connect.ts'
import { connectUrl } from '#connections/connection.ts'
import type { ConnectionView } from '#connections/connection.ts'
import type { Outcome, Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { OAuthMethod } from '#providers/contract.ts'
import { CONNECTED_PARAMETER, type AuthorizationDeps } from './authorization.ts'
import { clientFor, fingerprintOf, type FoundClient } from './authorize.ts'
import { errorOf, problemOf, recordDenial, refusedCode, withError } from './endings.ts'
import { credentialOf, exchangeCode, validateCallback, type TokenSet, type ValidCallback } from './protocol.ts'
import { withResult } from './return-to.ts'
import { takeTransaction, type TransactionContents } from './transactions.ts'

export interface Callback {
  readonly provider: string
  readonly parameters: URLSearchParams
  readonly requestId: string
  /** What else is written in the transaction that stores the connection. */
  readonly alongside?: ConnectInput['alongside']
}

/**
 * The way back from a provider. The transaction is removed before anything else, and everything that it is bound to is
 * compared before a code is sent anywhere; only a credential that the provider has recognised is stored.
 * @param principal of the browser session or of a link, or null where nobody is signed in: then the transaction stays
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
  const connected = await complete(deps, principal, {
    ...callback,
    contents: taken.contents,
    begunAfter: taken.begunAfter,
  })
  return connected.ok
    ? withResult(returnTo, { [CONNECTED_PARAMETER]: String(connected.value.connection_id) })
    : withError(returnTo, errorOf(connected.problem))
}

interface Return extends Callback {
  readonly contents: TransactionContents
  readonly begunAfter: number
}

async function complete(
  deps: AuthorizationDeps,
  principal: Principal,
  { contents, begunAfter, ...callback }: Return,
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
    begunAfter,
    ...(typeof renews === 'number' ? { renews } : {}),
    ...(callback.alongside === undefined ? {} : { alongside: callback.alongside }),
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
