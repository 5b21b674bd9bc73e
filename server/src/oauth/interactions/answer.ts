import type { Interaction } from 'oidc-provider'
import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import type { AppContext } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Consent, PendingAuthorization } from '#oauth/authorization-server.ts'
import { recordEnd } from '#oauth/grants/end-grant.ts'
import { MAXIMUM_GRANTS } from '#oauth/grants/grants.ts'
import { describeInteraction, openInteraction, type InteractionDeps, type OpenInteraction } from './interaction.ts'
import { GRANT_SECONDS } from '#oauth/lifetimes.ts'
import { resourceOf } from '#oauth/library/provider.ts'
import { hashOf } from '#oauth/library/record-seal.ts'
import { endGrantByHash, endOldestGrants, insertGrant } from '#oauth/grants/grant-store.ts'
import { deleteFamily } from '#oauth/library/record-store.ts'

/** The user's answer to a client, on its way back. */

export interface AnswerDeps extends InteractionDeps {
  readonly database: Database
  readonly audit: Audit
  readonly clock: Clock
}

const SEE_OTHER = 303

/**
 * Records what the user agreed to, then sends the browser on. The same answer sent twice gives one grant; another one, from a user
 * who went back, takes the place of the first.
 */
export async function grantInteraction(
  deps: AnswerDeps,
  c: AppContext,
  uid: string,
  consent: Consent,
): Promise<Outcome<Response>> {
  const opened = await openInteraction(deps, c, uid)
  if (!opened.ok) return opened
  const { interaction } = opened.value
  if (interaction.result?.['agreed'] === agreedOf(consent)) {
    return success(c.redirect(interaction.returnTo, SEE_OTHER))
  }
  const pending = await describeInteraction(deps, interaction)
  if (!pending.ok) return pending
  if (consent.scopes.length === 0 || !consent.scopes.every((scope) => pending.value.scopes.includes(scope))) {
    return failure('invalid_request', 'Only what the program asked for can be allowed, and at least one of it.')
  }
  await endEarlier(deps, c, interaction)
  return success(c.redirect(await recordConsent(deps, c, opened.value, { consent, pending: pending.value }), SEE_OTHER))
}

async function recordConsent(
  deps: AnswerDeps,
  c: AppContext,
  { messages }: OpenInteraction,
  { consent, pending }: { readonly consent: Consent; readonly pending: PendingAuthorization },
): Promise<string> {
  const { userId, scopes, connectionIds } = consent
  const { client } = pending
  const provider = deps.running.provider()
  const grant = new provider.Grant({ accountId: String(userId), clientId: client.id })
  grant.addResourceScope(resourceOf(deps.publicUrl), scopes.join(' '))
  const grantId = await grant.save()
  const now = deps.clock.now()
  const expiresAt = new Date(now.getTime() + GRANT_SECONDS * MILLISECONDS_PER_SECOND)
  const id = await deps.database.asUser(userId, async (tx) => {
    const inserted = await insertGrant(
      userId,
      {
        clientId: client.id,
        clientName: client.name,
        clientHost: client.host,
        scopes,
        connectionIds,
        grantHash: hashOf(grantId),
        expiresAt,
      },
      tx,
    )
    await endOldestGrants(userId, { now, newest: MAXIMUM_GRANTS }, tx)
    return inserted
  })
  await deps.audit.record({
    userId,
    type: 'client.granted',
    outcome: 'success',
    actor: { kind: 'user', user_id: userId, via: 'session' },
    target: { kind: 'client', id, client_id: client.id, name: client.name, host: client.host },
    details: { scopes, connection_ids: connectionIds },
    requestId: c.get('requestId'),
  })
  const agreed = agreedOf(consent)
  const result = { login: { accountId: String(userId), remember: false }, consent: { grantId }, agreed }
  return provider.interactionResult(messages.request, messages.response, result, { mergeWithLastSubmission: false })
}

/** Tells one answer from another. */
function agreedOf({ userId, scopes, connectionIds }: Consent): string {
  return JSON.stringify([userId, scopes, connectionIds])
}

/** What was agreed to before in the same request has no client that will ever use it, and must not outlive the other answer. */
async function endEarlier(
  { database, audit, clock }: AnswerDeps,
  c: AppContext,
  { result }: Interaction,
): Promise<void> {
  const grantId = result?.consent?.grantId
  if (grantId === undefined) return
  const ended = await database.asSystem('end a consent that was answered anew', (tx) =>
    endGrantByHash(hashOf(grantId), clock.now(), tx),
  )
  if (ended === undefined) return
  await deleteFamily(ended.grant_hash, database.login)
  const actor = { kind: 'user', user_id: ended.user_id, via: 'session' }
  await recordEnd(audit, ended, { type: 'client.revoked', actor, requestId: c.get('requestId') })
}

/** Tells the client that its user said no. */
export async function denyInteraction(deps: AnswerDeps, c: AppContext, uid: string): Promise<Outcome<Response>> {
  const opened = await openInteraction(deps, c, uid)
  if (!opened.ok) return opened
  const { messages, interaction } = opened.value
  await endEarlier(deps, c, interaction)
  const result = { error: 'access_denied', error_description: 'the user said no' }
  const returnTo = await deps.running
    .provider()
    .interactionResult(messages.request, messages.response, result, { mergeWithLastSubmission: false })
  return success(c.redirect(returnTo, SEE_OTHER))
}
