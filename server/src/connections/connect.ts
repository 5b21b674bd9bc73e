import { actorOf } from '#audit/audit.ts'
import type { Transaction } from '#db/database.ts'
import { failure, ProblemError, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Credential, Identity, Provider } from '#providers/contract.ts'
import { CONNECT_ERROR, metadataOf, unknownProvider, viewOf } from './connection.ts'
import type { ConnectionDeps, ConnectionRow, ConnectionView } from './connection.ts'
import { identify } from './identify.ts'
import { expiryOf } from './renewal.ts'
import { checkStanding, endingsOf } from './standing.ts'
import { connectionsOfProvider, insertConnection, lockConnections, nextConnectionId } from './store.ts'
import { setDefault, updateConnection } from './store.ts'

/** Accounts of one provider that one user may connect. */
const MAXIMUM_CONNECTIONS_PER_PROVIDER = 20

export interface ConnectInput {
  readonly provider: string
  readonly credential: Credential
  readonly label?: string
  readonly makeDefault?: boolean
  /** How the user allowed it at the provider; absent for a key that was pasted. */
  readonly grant?: { readonly method: 'oauth2' | 'none'; readonly scopes: readonly string[] }
  /** Id of the connection that the user wants to renew: no other account is taken in its place. */
  readonly renews?: number
  /** What else is written in the transaction that stores the connection. */
  readonly alongside?: (tx: Transaction, connectionId: number, identity: Identity) => Promise<void>
  readonly requestId?: string
}

/**
 * Checks the credential with the provider, and only then stores it. The same account again replaces the credential of its
 * connection; a refused one leaves everything as it was, and so does one whose user was cut off meanwhile.
 */
export async function connect(
  deps: ConnectionDeps,
  principal: Principal,
  input: ConnectInput,
): Promise<Outcome<ConnectionView>> {
  const allowed = await deps.takeConnect(principal.userId)
  if (!allowed.ok) return allowed
  return connectCredential(deps, principal, { ...input, begunAfter: await endingsOf(deps, principal.userId) })
}

export interface BegunConnect extends ConnectInput {
  /** What {@link endingsOf} said when the way here began. */
  readonly begunAfter: number
}

/** The same for a credential whose way here was counted against the user's budget when it began. */
export async function connectCredential(
  deps: ConnectionDeps,
  principal: Principal,
  input: BegunConnect,
): Promise<Outcome<ConnectionView>> {
  const provider = deps.registry.provider(input.provider)
  if (provider === undefined) return unknownProvider(input.provider)
  const open = deps.blocks.check(provider.id)
  if (!open.ok) return open
  const identity = await identify(deps, provider, input.credential)
  if (!identity.ok) return rejected(deps, principal, { ...input, problem: identity.problem })
  const stored = await store(deps, principal.userId, { ...input, provider, identity: identity.value })
  if (!stored.ok) {
    if (isEnded(stored.problem)) await giveBack(deps, principal, input, identity.value)
    return rejected(deps, principal, { ...input, problem: stored.problem })
  }
  const { row, replaced } = stored.value
  deps.cache.drop(principal.userId)
  await deps.audit.record({
    userId: principal.userId,
    type: replaced ? 'connection.replaced' : 'connection.created',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connection', id: row.id, provider: provider.id, label: row.label },
    details: { version: row.version, key_id: row.key_id },
    ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
  })
  return success(viewOf(deps, row))
}

export interface Rejection extends Pick<ConnectInput, 'provider' | 'requestId'> {
  readonly problem: Problem
}

/** Records that nothing was connected, and why. */
export async function rejected(
  { audit }: Pick<ConnectionDeps, 'audit'>,
  principal: Principal,
  { provider, problem, requestId }: Rejection,
): Promise<{ readonly ok: false; readonly problem: Problem }> {
  const connectError = problem.extra?.[CONNECT_ERROR]
  await audit.record({
    userId: principal.userId,
    type: 'connection.rejected',
    outcome: 'failure',
    actor: actorOf(principal),
    target: { kind: 'connection', provider },
    details: { code: typeof connectError === 'string' ? connectError : problem.code },
    ...(requestId === undefined ? {} : { requestId }),
  })
  return { ok: false, problem }
}

function isEnded({ extra }: Problem): boolean {
  return extra?.[CONNECT_ERROR] === 'ended'
}

/** Ends what was granted a moment ago to a user whose connections are over. A key that was pasted is not ours to end. */
async function giveBack(
  deps: ConnectionDeps,
  principal: Principal,
  { provider, credential, grant, requestId }: ConnectInput,
  { accountId, label }: Identity,
): Promise<void> {
  if (grant?.method !== 'oauth2') return
  await deps.audit.record({
    userId: principal.userId,
    type: 'credential.used',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connection', provider, label },
    details: { purpose: 'revoke' },
    ...(requestId === undefined ? {} : { requestId }),
  })
  await deps.revokeGrant({ provider, account_id: accountId }, credential)
}

interface Checked extends Omit<BegunConnect, 'provider'> {
  readonly provider: Provider
  readonly identity: Identity
}

async function store(
  deps: ConnectionDeps,
  userId: number,
  checked: Checked,
): Promise<Outcome<{ row: ConnectionRow; replaced: boolean }>> {
  try {
    return await deps.database.asUser(userId, async (tx) => {
      await lockConnections(userId, tx)
      const standing = await checkStanding(deps, userId, tx, checked)
      if (!standing.ok) return standing
      const existing = await connectionsOfProvider(userId, tx, checked.provider.id)
      const place = placeIn(existing, checked)
      if (!place.ok) return place
      const same = place.value
      const row =
        same === undefined
          ? await insert(deps, userId, tx, checked)
          : await replace(deps, userId, tx, { ...checked, same })
      await checked.alongside?.(tx, row.id, checked.identity)
      const isDefault = checked.makeDefault === true || !existing.some((other) => other.is_default)
      if (isDefault && !row.is_default) await setDefault(userId, tx, checked.provider.id, row.id)
      return success({ row: { ...row, is_default: row.is_default || isDefault }, replaced: same !== undefined })
    })
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem }
    throw error
  }
}

/** The connection whose account this is, none where it is a new one, or why it may be neither. */
function placeIn(existing: readonly ConnectionRow[], checked: Checked): Outcome<ConnectionRow | undefined> {
  const same = existing.find((row) => row.account_id === checked.identity.accountId)
  const renewed = existing.find((row) => row.id === checked.renews)
  if (checked.renews !== undefined && renewed === undefined) return goneMeanwhile()
  if (renewed !== undefined && renewed.id !== same?.id) return otherAccount(checked, renewed)
  if (same === undefined && existing.length >= MAXIMUM_CONNECTIONS_PER_PROVIDER) {
    const detail = `You have ${existing.length} ${checked.provider.name} connections, which is the most. Disconnect one first.`
    return failure('conflict', detail, { extra: { [CONNECT_ERROR]: 'too_many' } })
  }
  return success(same)
}

/** The user chose another account at the provider than the one that was to be renewed. */
function otherAccount({ provider, identity }: Checked, renewed: ConnectionRow): ReturnType<typeof failure> {
  const detail = `You allowed access to another ${provider.name} account (${identity.label}) than that of the connection "${renewed.label}". Nothing was changed. Sign in at ${provider.name} with the right one, or add the other as a new connection.`
  return failure('conflict', detail, { extra: { [CONNECT_ERROR]: 'other_account' } })
}

/** The user disconnected what they were about to renew. */
function goneMeanwhile(): ReturnType<typeof failure> {
  const detail =
    'The connection was ended while you were signing in again, so nothing was stored. Begin again to connect.'
  return failure('conflict', detail, { extra: { [CONNECT_ERROR]: 'ended' } })
}

async function insert(deps: ConnectionDeps, userId: number, tx: Transaction, checked: Checked): Promise<ConnectionRow> {
  const { provider, identity, credential, label } = checked
  const id = await nextConnectionId(tx)
  const version = 1
  const sealed = deps.vault.seal({ userId, provider: provider.id, connectionId: id, version }, credential)
  return insertConnection(userId, tx, {
    id,
    provider: provider.id,
    encrypted_credentials: sealed.token,
    binding_tag: sealed.bindingTag,
    key_id: sealed.keyId,
    version,
    account_id: identity.accountId,
    label: label ?? identity.label,
    metadata: JSON.stringify(metadataOf(identity)),
    ...won(deps, checked),
  })
}

/** What a row says of a credential that has just been tried. */
function won({ clock }: ConnectionDeps, { credential, grant }: Checked) {
  const now = clock.now()
  return {
    method: grant?.method ?? ('api_key' as const),
    scopes: [...(grant?.scopes ?? [])],
    ...expiryOf(credential, now),
    connected_at: now,
    checked_at: now,
    last_success_at: now,
  }
}

async function replace(
  deps: ConnectionDeps,
  userId: number,
  tx: Transaction,
  checked: Checked & { readonly same: ConnectionRow },
): Promise<ConnectionRow> {
  const { provider, identity, credential, label, same } = checked
  const version = same.version + 1
  const sealed = deps.vault.seal({ userId, provider: provider.id, connectionId: same.id, version }, credential)
  const row = await updateConnection(
    userId,
    tx,
    { id: same.id, version: same.version },
    {
      encrypted_credentials: sealed.token,
      binding_tag: sealed.bindingTag,
      key_id: sealed.keyId,
      version,
      status: 'connected',
      status_reason: null,
      is_active: true,
      last_error: null,
      last_error_at: null,
      renewal_claim: null,
      ...won(deps, checked),
      metadata: JSON.stringify(metadataOf(identity)),
      ...(label === undefined ? {} : { label }),
    },
  )
  // The key rotation does not take the user's lock; it may have written this row a moment ago.
  if (row === undefined) {
    throw new ProblemError({
      code: 'conflict',
      detail: 'The connection changed at the same moment. Send the request again.',
    })
  }
  return row
}
