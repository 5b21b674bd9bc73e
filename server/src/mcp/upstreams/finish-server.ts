import { CONNECTED_PARAMETER } from '#connections/authorization/authorization.ts'
import { errorOf, problemOf, recordDenial, refusedCode, withError } from '#connections/authorization/endings.ts'
import { credentialOf, exchangeCode, validateCallback, type TokenSet } from '#connections/authorization/protocol.ts'
import { withResult } from '#connections/authorization/return-to.ts'
import { takeTransaction } from '#connections/authorization/transactions.ts'
import { connectCredential, rejected, type ConnectInput } from '#connections/connect.ts'
import { connectUrl, type ConnectionView } from '#connections/connection.ts'
import type { Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ServerDeps } from './authorize-server.ts'
import { scopesIn } from './discover.ts'
import { both, noteServer } from './list-servers.ts'
import { UPSTREAM } from './provider-id.ts'
import { serverCallbackUrl } from './register.ts'
import { clientOfTrip, tripCredential, tripIn, type Trip } from './trip.ts'

export interface ServerCallback {
  /** The issuer's, in the path that the user came back by; absent for a client of the operator's. */
  readonly digest?: string
  readonly parameters: URLSearchParams
  readonly requestId: string
  /** What else is written in the transaction that stores the connection. */
  readonly alongside?: ConnectInput['alongside']
}

/**
 * The way back from a remote server's authorization server. What the transaction is bound to is compared before the code
 * is sent anywhere, the path that it came by included; only what the server itself has let in is stored.
 * @param principal of the browser session or of a link, or null where nobody is signed in: then the transaction stays
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
    await recordDenial(deps, principal, { provider: UPSTREAM, fault, requestId: callback.requestId })
    return withError(returnTo, fault)
  }
  const connected = await complete(deps, principal, { ...callback, trip, begunAfter: taken.begunAfter })
  return connected.ok
    ? withResult(returnTo, { [CONNECTED_PARAMETER]: String(connected.value.connection_id) })
    : withError(returnTo, errorOf(connected.problem))
}

interface Return extends ServerCallback {
  readonly trip: Trip
  readonly begunAfter: number
}

async function complete(
  deps: ServerDeps,
  principal: Principal,
  { trip, begunAfter, ...callback }: Return,
): Promise<Outcome<ConnectionView>> {
  const { requestId } = callback
  const tokens = await redeem(deps, principal, { trip, begunAfter, ...callback })
  if (!tokens.ok) return rejected(deps, principal, { provider: UPSTREAM, problem: tokens.problem, requestId })
  const { url, label, renews } = trip
  const connected = await connectCredential(deps, principal, {
    provider: UPSTREAM,
    credential: { ...credentialOf(tokens.value), ...tripCredential(trip) },
    begunAfter,
    grant: { method: 'oauth2', scopes: scopesIn(tokens.value.scope) ?? trip.scopes },
    ...(label === undefined ? {} : { label }),
    ...(renews === undefined ? {} : { renews }),
    alongside: both(
      noteServer(deps, principal.userId, { url, ...(label === undefined ? {} : { label }) }),
      callback.alongside,
    ),
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
    await recordDenial(deps, principal, { provider: UPSTREAM, fault: 'wrong_issuer', requestId: callback.requestId })
    return { ok: false, problem: problemOf('wrong_issuer') }
  }
  if (!valid.ok) return { ok: false, problem: problemOf(valid.fault) }
  const tokens = await exchangeCode(
    client,
    { callback: valid.value, redirectUri, codeVerifier: trip.codeVerifier },
    { fetch: deps.servers.fetch, now: deps.clock.now() },
  )
  return tokens.ok ? tokens : { ok: false, problem: refusedCode(tokens.problem) }
}
