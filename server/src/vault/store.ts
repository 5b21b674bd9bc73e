import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'
import { providerAppContext, signingKeyContext, transactionContext } from './context.ts'
import type { ColumnContext, ConnectionContext } from './context.ts'
import type { Sealed, SealedRow } from './seal.ts'

/** All SQL of the vault: the canaries, and sealed columns across users (`asSystem` only). */

/** How many sealed rows name a key; null: rows that were moved in and are not bound yet. */
export interface KeyUse {
  readonly keyId: string | null
  readonly rows: number
}

/** Every table with a sealed column has `key_id`; add a new one here, and to the rotation. */
export async function countRowsByKey(tx: Transaction): Promise<KeyUse[]> {
  const sealed = tx
    .selectFrom('mcp_connections')
    .select('key_id')
    .unionAll(keyIdsOf(tx, 'oauth_signing_keys'))
    .unionAll(keyIdsOf(tx, 'provider_apps'))
    .unionAll(keyIdsOf(tx, 'authorization_transactions'))
  return tx
    .selectFrom(sealed.as('sealed'))
    .select(['key_id as keyId', (count) => count.fn.countAll<number>().as('rows')])
    .groupBy('key_id')
    .orderBy('key_id')
    .execute()
}

function keyIdsOf(tx: Transaction, table: 'oauth_signing_keys' | 'provider_apps' | 'authorization_transactions') {
  return tx.selectFrom(table).select((column) => column.ref('key_id').$castTo<string | null>().as('key_id'))
}

export interface SigningKeyToRotate {
  readonly id: number
  readonly kid: string
  readonly version: number
  readonly context: ColumnContext
  readonly row: SealedRow
}

/** Keys that sign access tokens and that another key sealed, locked; there are two or three at most. */
export async function signingKeysUnderOtherKeys(tx: Transaction, primaryKeyId: string): Promise<SigningKeyToRotate[]> {
  const rows = await tx
    .selectFrom('oauth_signing_keys')
    .select(['id', 'kid', 'version', 'encrypted_key', 'binding_tag', 'key_id'])
    .where('key_id', '<>', primaryKeyId)
    .orderBy('id')
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id, kid, version, ...row }) => ({
    id,
    kid,
    version,
    context: signingKeyContext(kid, version),
    row: { token: row.encrypted_key, bindingTag: row.binding_tag, keyId: row.key_id },
  }))
}

/** The row is locked by whoever read it. */
export async function replaceSealedSigningKey(
  tx: Transaction,
  { id, version }: Pick<SigningKeyToRotate, 'id' | 'version'>,
  sealed: Sealed,
): Promise<void> {
  await tx
    .updateTable('oauth_signing_keys')
    .set({
      encrypted_key: sealed.token,
      binding_tag: sealed.bindingTag,
      key_id: sealed.keyId,
      version: version + 1,
    })
    .where('id', '=', id)
    .execute()
}

export interface AppToRotate {
  readonly provider: string
  readonly version: number
  readonly context: ColumnContext
  readonly row: SealedRow
}

/** The operator's apps that another key sealed, locked; there is about one for each provider. */
export async function appsUnderOtherKeys(tx: Transaction, primaryKeyId: string): Promise<AppToRotate[]> {
  const rows = await tx
    .selectFrom('provider_apps')
    .select(['provider', 'version', 'encrypted_secret', 'binding_tag', 'key_id'])
    .where('key_id', '<>', primaryKeyId)
    .orderBy('provider')
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ provider, version, ...row }) => ({
    provider,
    version,
    context: providerAppContext(provider, version),
    row: { token: row.encrypted_secret, bindingTag: row.binding_tag, keyId: row.key_id },
  }))
}

/** The row is locked by whoever read it. */
export async function replaceSealedApp(
  tx: Transaction,
  { provider, version }: Pick<AppToRotate, 'provider' | 'version'>,
  sealed: Sealed,
): Promise<void> {
  await tx
    .updateTable('provider_apps')
    .set({
      encrypted_secret: sealed.token,
      binding_tag: sealed.bindingTag,
      key_id: sealed.keyId,
      version: version + 1,
    })
    .where('provider', '=', provider)
    .execute()
}

export interface TransactionToRotate {
  readonly id: number
  readonly context: ColumnContext
  readonly row: SealedRow
}

/** Round trips to providers that are under way, locked; one that is being finished needs no other key. */
export async function transactionsUnderOtherKeys(
  tx: Transaction,
  primaryKeyId: string,
  limit: number,
): Promise<TransactionToRotate[]> {
  const rows = await tx
    .selectFrom('authorization_transactions')
    .select(['id', 'user_id', 'state_hash', 'provider', 'session_hash'])
    .select(['encrypted_transaction', 'binding_tag', 'key_id'])
    .where('key_id', '<>', primaryKeyId)
    .orderBy('id', 'desc')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(({ id, user_id: userId, state_hash: stateHash, provider, session_hash: sessionHash, ...row }) => ({
    id,
    context: transactionContext({ userId, stateHash, provider, sessionHash }),
    row: { token: row.encrypted_transaction, bindingTag: row.binding_tag, keyId: row.key_id },
  }))
}

/** The row is locked by whoever read it. */
export async function replaceSealedTransaction(tx: Transaction, id: number, sealed: Sealed): Promise<void> {
  await tx
    .updateTable('authorization_transactions')
    .set({ encrypted_transaction: sealed.token, binding_tag: sealed.bindingTag, key_id: sealed.keyId })
    .where('id', '=', id)
    .execute()
}

/** Whatever does not open is worth nothing: its user begins again. */
export async function dropTransaction(tx: Transaction, id: number): Promise<void> {
  await tx.deleteFrom('authorization_transactions').where('id', '=', id).execute()
}

export interface RowToRotate {
  readonly context: ConnectionContext
  readonly row: SealedRow
}

/** The next rows that another key sealed, locked; rows that somebody else holds are passed over and come up again. */
export async function rowsUnderOtherKeys(
  tx: Transaction,
  primaryKeyId: string,
  afterId: number,
  limit: number,
): Promise<RowToRotate[]> {
  const rows = await tx
    .selectFrom('mcp_connections')
    .select(['id', 'user_id', 'provider', 'version', 'encrypted_credentials', 'binding_tag', 'key_id'])
    .where('key_id', 'is not', null)
    .where('key_id', '<>', primaryKeyId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map((row) => ({
    context: { userId: row.user_id, provider: row.provider, connectionId: row.id, version: row.version },
    row: { token: row.encrypted_credentials, bindingTag: row.binding_tag, keyId: row.key_id },
  }))
}

/** Puts the newly sealed value in place of the old one, only where the row is still at the old version. */
export async function replaceSealed(tx: Transaction, old: ConnectionContext, sealed: Sealed): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('mcp_connections')
    .set({
      encrypted_credentials: sealed.token,
      binding_tag: sealed.bindingTag,
      key_id: sealed.keyId,
      version: old.version + 1,
      updated_at: sql`now()`,
    })
    .where('id', '=', old.connectionId)
    .where('user_id', '=', old.userId)
    .where('version', '=', old.version)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export interface Canary {
  readonly kid: string
  readonly token: string
}

/** Those of the oldest key first. */
export async function listCanaries(tx: Transaction): Promise<Canary[]> {
  return tx.selectFrom('key_check').select(['kid', 'token']).orderBy('created_at').execute()
}

/** Two replicas may start at once; the first row stands. */
export async function addCanaries(tx: Transaction, canaries: readonly Canary[]): Promise<void> {
  if (canaries.length === 0) return
  await tx
    .insertInto('key_check')
    .values([...canaries])
    .onConflict((conflict) => conflict.column('kid').doNothing())
    .execute()
}

/** False where there is none. */
export async function removeCanary(tx: Transaction, kid: string): Promise<boolean> {
  const deleted = await tx.deleteFrom('key_check').where('kid', '=', kid).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}
