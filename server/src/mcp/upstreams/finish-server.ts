import { actorOf } from '#audit/audit.ts'
import { CONNECTED_PARAMETER, ERROR_PARAMETER, type ConnectError } from '#connections/authorization/authorization.ts'
import { errorOf } from '#connections/authorization/finish.ts'
import { credentialOf, exchangeCode, validateCallback, type TokenSet } from '#connections/authorization/protocol.ts'
import { withResult } from '#connections/authorization/return-to.ts'
import { takeTransaction } from '#connections/authorization/transactions.ts'
import { connectCredential, CONNECT_ERROR, rejected } from '#connections/connect.ts'
import { connectUrl, type ConnectionView } from '#connections/connection.ts'
import { failure, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ServerDeps } from './authorize-server.ts'
import { scopesIn } from './discover.ts'
import { noteServer } from './list-servers.ts'
import { UPSTREAM } from './provider-id.ts'
import { serverCallbackUrl } from './register.ts'
import { clientOfTrip, tripCredential, tripIn, type Trip } from './trip.ts'

export interface ServerCallback {
  /** The issuer's, in the path that the user came back by; absent for a client of the operator's. */
  readonly digest?: string
  readonly parameters: URLSearchParams
  readonly requestId: string
}

/**
 * The way back from a remote server's authorization server. What the transaction is bound to is compared before the code
 * is sent anywhere, the path that it came by included; only what the server itself has let in is stored.
 * @param principal of the browser session, or null where nobody is signed in: then the transaction stays
 * @returns where the browser is led, with how it ended
 */
export async function finishServer(
  deps: ServerDeps,
  principal: Principal | null,
  callback: ServerCallback,
): Promise<string> {
  const page = connectUrl(deps.publicUrl, UPSTREAM)
  if (principal === null) return withError(page, 'signed_out')
  const states = callback.parameters.getAll('state')
  const taken = await takeTransaction(deps, principal, {
    provider: UPSTREAM,
    state: states.length === 1 ? (states[0] ?? null) : null,
  })
  const trip = tripIn(taken.contents)
  const returnTo = trip?.returnTo ?? page
  if (!taken.ok || trip === null) {
    const fault = taken.ok ? 'unknown' : taken.fault
    await recordDenial(deps, principal, { ...callback, fault })
    return withError(returnTo, fault)
  }
  const connected = await complete(deps, principal, { ...callback, trip })
  return connected.ok
    ? withResult(returnTo, { [CONNECTED_PARAMETER]: String(connected.value.connection_id) })
    : withError(returnTo, errorOf(connected.problem))
}

interface Return extends ServerCallback {
  readonly trip: Trip
}

async function complete(
  deps: ServerDeps,
  principal: Principal,
  { trip, ...callback }: Return,
): Promise<Outcome<ConnectionView>> {
  const { requestId } = callback
  const tokens = await redeem(deps, principal, { trip, ...callback })
  if (!tokens.ok) return rejected(deps, principal, { provider: UPSTREAM, problem: tokens.problem, requestId })
  const { url, label, renews } = trip
  const connected = await connectCredential(deps, principal, {
    provider: UPSTREAM,
    credential: { ...credentialOf(tokens.value), ...tripCredential(trip) },
    grant: { method: 'oauth2', scopes: scopesIn(tokens.value.scope) ?? trip.scopes },
    ...(label === undefined ? {} : { label }),
    ...(renews === undefined ? {} : { renews }),
    alongside: noteServer(deps, principal.userId, { url, ...(label === undefined ? {} : { label }) }),
    requestId,
  })
  if (connected.ok) await deps.onConnected?.(principal, connected.value.connection_id, requestId)
  return connected
}

async function redeem(
  deps: ServerDeps,
  principal: Principal,
  { trip, ...callback }: Return,
): Promise<Outcome<TokenSet>> {
  const open = deps.blocks.check(UPSTREAM)
  if (!open.ok) return open
  const client = clientOfTrip(trip)
  const { redirectUri } = trip.client
  const valid = validateCallback(client, callback.parameters, trip.state)
  // A code that arrives by another server's path was given by another server.
  const isOwnPath = redirectUri === serverCallbackUrl(deps.publicUrl, callback.digest)
  if (!isOwnPath || (!valid.ok && valid.fault === 'wrong_issuer')) {
    await recordDenial(deps, principal, { ...callback, fault: 'wrong_issuer' })
    return nothing('wrong_issuer')
  }
  if (!valid.ok) return nothing(valid.fault)
  const tokens = await exchangeCode(
    client,
    { callback: valid.value, redirectUri, codeVerifier: trip.codeVerifier },
    { fetch: deps.servers.fetch, now: deps.clock.now() },
  )
  return tokens.ok ? tokens : { ok: false, problem: refusedCode(tokens.problem) }
}

function nothing(error: ConnectError): ReturnType<typeof failure> {
  return failure('denied', 'Nothing was connected.', { extra: { [CONNECT_ERROR]: error } })
}

/** Of a code that has just been given, a refusal says that something between us and the server is wrong. */
function refusedCode(problem: Problem): Problem {
  if (problem.code === 'credential_rejected') return { ...problem, extra: { [CONNECT_ERROR]: 'refused_by_provider' } }
  return problem.code === 'forbidden_by_provider' ? { ...problem, extra: { [CONNECT_ERROR]: 'app_refused' } } : problem
}

function withError(address: string, error: ConnectError): string {
  return withResult(address, { [ERROR_PARAMETER]: error })
}

async function recordDenial(
  { audit }: Pick<ServerDeps, 'audit'>,
  principal: Principal,
  { fault, requestId }: ServerCallback & { readonly fault: ConnectError },
): Promise<void> {
  await audit.record({
    userId: principal.userId,
    type: 'access.denied',
    outcome: 'denied',
    actor: actorOf(principal),
    target: { kind: 'connection', provider: UPSTREAM },
    details: { reason: `authorization_${fault}` },
    requestId,
  })
}
