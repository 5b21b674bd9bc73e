import { sql } from 'kysely'
import type { Transaction } from '#db/database.ts'
import { signingKeyContext, type ColumnContext, type ConnectionContext } from './context.ts'
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
    .unionAll(
      tx
        .selectFrom('oauth_signing_keys')
        .select((column) => column.ref('key_id').$castTo<string | null>().as('key_id')),
    )
  return tx
    .selectFrom(sealed.as('sealed'))
    .select(['key_id as keyId', (count) => count.fn.countAll<number>().as('rows')])
    .groupBy('key_id')
    .orderBy('key_id')
    .execute()
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

export async function removeCanary(tx: Transaction, kid: string): Promise<void> {
  await tx.deleteFrom('key_check').where('kid', '=', kid).execute()
}
