import { createHmac } from 'node:crypto'
import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider'
import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import { createClientAdapter } from '#oauth/clients/client-adapter.ts'
import { recordEnd } from '#oauth/grants/end-grant.ts'
import { CODE_EXCHANGE_SECONDS, CODE_SECONDS, REFRESH_GRACE_SECONDS, USED_CODE_SECONDS } from '#oauth/lifetimes.ts'
import { oauthRequest } from './oauth-request.ts'
import { hashOf, openPayload, sealPayload } from './record-seal.ts'
import {
  consumeRecord,
  deleteFamily,
  deleteRecord,
  findConsumption,
  findRecord,
  saveRecord,
  type Consumption,
  type RecordKey,
} from './record-store.ts'
import { endGrantByHash } from '#oauth/grants/grant-store.ts'

/** The library's storage on our tables, safe with several replicas. */

export interface AdapterDeps {
  readonly database: Database
  readonly audit: Audit
  readonly clock: Clock
  /** Derives the refresh token that follows a code or a refresh token. The same on every replica. */
  readonly secret: string
}

export function createAdapterFactory(deps: AdapterDeps): AdapterFactory {
  return (model) => {
    if (model === 'Client') return createClientAdapter(deps)
    // The browser's session is identity's; what the library would remember of it is never kept.
    if (model === 'Session') return forgetful
    return recordAdapter(model, deps)
  }
}

/**
 * The refresh token that follows a code or a refresh token. Derived, not drawn: whoever repeats a request whose answer was lost
 * gets the same one, without any secret lying in the database.
 */
export function successorOf(secret: string, predecessor: string): string {
  return createHmac('sha256', secret).update(`chaveiro/oauth-successor/v1/${predecessor}`).digest('base64url')
}

const absent = async (): Promise<undefined> => undefined

const forgetful: Adapter = {
  upsert: absent,
  find: absent,
  findByUid: absent,
  findByUserCode: absent,
  consume: absent,
  destroy: absent,
  revokeByGrantId: absent,
}

const SINGLE_USE_MODELS = new Set(['AuthorizationCode', 'RefreshToken'])

function recordAdapter(model: string, deps: AdapterDeps): Adapter {
  const { database, clock } = deps
  const login = database.login
  const keyOf = (id: string): RecordKey => ({ model, idHash: hashOf(id) })
  const consumption = (id: string) =>
    findConsumption(keyOf(id), { model: 'RefreshToken', idHash: hashOf(successorOf(deps.secret, id)) }, login)

  return {
    ...forgetful,
    async upsert(id, payload, expiresIn = 0) {
      const grantId = model === 'Grant' ? id : payload.grantId
      const record = {
        ...keyOf(id),
        payload: sealPayload(model, id, payload),
        grantHash: grantId === undefined ? null : hashOf(grantId),
        expiresAt: new Date(clock.now().getTime() + (expiresIn + keptSeconds(model)) * MILLISECONDS_PER_SECOND),
      }
      await saveRecord(record, SINGLE_USE_MODELS.has(model), login)
    },
    async find(id) {
      const row = await findRecord(keyOf(id), login)
      const payload = row === undefined ? undefined : openPayload(model, id, row.payload)
      if (row === undefined || payload === undefined) return undefined
      // Of an interaction the library does not ask whether it has expired; of everything else it does.
      if (model === 'Interaction' && clock.now().getTime() >= Number(payload['exp']) * MILLISECONDS_PER_SECOND)
        return undefined
      const consumed = row.consumed_at !== null && !isHonestRetry(model, await consumption(id))
      if (!consumed) return payload as AdapterPayload
      // The library says of an old code that it has expired, before it sees that the code was used: a replay would go unnoticed.
      const exp = Math.max(Number(payload['exp']), clock.now().getTime() / MILLISECONDS_PER_SECOND + CODE_SECONDS)
      return { ...payload, consumed: true, ...(model === 'AuthorizationCode' ? { exp } : {}) } as AdapterPayload
    },
    async consume(id) {
      if (await consumeRecord(keyOf(id), login)) return
      // Somebody was faster. A code is worth one answer; a refresh token gets the same successor again, within the grace.
      const isRetry = model === 'RefreshToken' && isHonestRetry(model, await consumption(id))
      if (!isRetry) throw new errors.InvalidGrant('already used')
    },
    async destroy(id) {
      await deleteRecord(keyOf(id), login)
      if (model === 'Grant') await endFamily(hashOf(id), deps)
    },
    async revokeByGrantId(grantId) {
      await deleteFamily(hashOf(grantId), login)
    },
  }
}

/** A code is known for longer than it is good, so that a late replay of it still ends what it led to. */
function keptSeconds(model: string): number {
  return model === 'AuthorizationCode' ? USED_CODE_SECONDS : 0
}

/**
 * Whether what was used comes again from an honest client. A refresh token: its answer was lost, or two were sent at once; only within
 * the grace, and only while nobody used its successor (RFC 9700 4.14.2 leaves the window to us). A code: two were sent at once, which
 * shows in that this request came in before the first was answered; it is refused all the same.
 */
function isHonestRetry(model: string, use: Consumption | undefined): boolean {
  if (use === undefined || use.successorUsed) return false
  if (model === 'RefreshToken') return use.consumedSecondsAgo <= REFRESH_GRACE_SECONDS
  if (use.followedSecondsAgo === null) return use.consumedSecondsAgo <= CODE_EXCHANGE_SECONDS
  return use.followedSecondsAgo < secondsSinceArrival()
}

function secondsSinceArrival(): number {
  const startedAt = oauthRequest.getStore()?.startedAt
  return startedAt === undefined ? 0 : (performance.now() - startedAt) / MILLISECONDS_PER_SECOND
}

/** Ends the consent itself. The library comes here for a replay, and where a client revokes its own tokens. */
async function endFamily(grantHash: string, deps: AdapterDeps): Promise<void> {
  const ended = await deps.database.asSystem('end an OAuth grant', (tx) =>
    endGrantByHash(grantHash, deps.clock.now(), tx),
  )
  await deleteFamily(grantHash, deps.database.login)
  if (ended === undefined) return
  const request = oauthRequest.getStore()
  await recordEnd(deps.audit, ended, {
    type: request?.path === '/oauth/token' ? 'client.token_reused' : 'client.revoked',
    actor: {
      kind: 'client',
      client_id: ended.client_id,
      ...(request === undefined ? {} : { address: request.address }),
    },
    ...(request === undefined ? {} : { requestId: request.requestId }),
  })
}
