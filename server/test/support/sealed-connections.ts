import type { Database } from '../../src/db/database.ts'
import type { Vault } from '../../src/vault/seal.ts'

/** Rows of `mcp_connections` for tests of the vault. */

export interface StoredConnection {
  readonly id: number
  readonly user_id: number
  readonly provider: string
  readonly version: number
  readonly encrypted_credentials: string
  readonly binding_tag: string | null
  readonly key_id: string | null
}

/** A connection whose key is `ntn_of_<user>_<connection>`. */
export async function insertConnection(database: Database, vault: Vault, userId: number): Promise<number> {
  return database.asSystem('a row for a test', async (tx) => {
    const empty = { user_id: userId, provider: 'notion', encrypted_credentials: '', scopes: [], label: '' }
    const { id } = await tx
      .insertInto('mcp_connections')
      .values({ ...empty, account_id: crypto.randomUUID(), metadata: '{}' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const context = { userId, provider: 'notion', connectionId: id, version: 1 }
    const sealed = vault.seal(context, { api_key: `ntn_of_${userId}_${id}` })
    await tx
      .updateTable('mcp_connections')
      .set({ encrypted_credentials: sealed.token, binding_tag: sealed.bindingTag, key_id: sealed.keyId })
      .where('id', '=', id)
      .execute()
    return id
  })
}

export async function readConnections(database: Database): Promise<StoredConnection[]> {
  return database.asSystem('rows for a test', (tx) =>
    tx
      .selectFrom('mcp_connections')
      .select(['id', 'user_id', 'provider', 'version', 'encrypted_credentials', 'binding_tag', 'key_id'])
      .orderBy('id')
      .execute(),
  )
}
