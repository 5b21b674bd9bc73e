import type { Selectable } from 'kysely'
import { expiryOf } from '../../src/connections/renewal.ts'
import type { Database } from '../../src/db/database.ts'
import type { ConnectionsTable } from '../../src/db/connection-tables.ts'
import type { Credential } from '../../src/providers/contract.ts'
import type { Vault } from '../../src/vault/seal.ts'

/** A connection as the way back from a provider leaves it, without that way. */
export interface OAuthConnection {
  readonly userId: number
  readonly provider: string
  readonly credential: Credential
  readonly now: Date
}

export type TestRow = Selectable<ConnectionsTable>

export async function insertOAuthConnection(
  { database, vault }: { readonly database: Database; readonly vault: Vault },
  { userId, provider, credential, now }: OAuthConnection,
): Promise<TestRow> {
  return database.asUser(userId, async (tx) => {
    const row = await tx
      .insertInto('mcp_connections')
      .values({
        user_id: userId,
        provider,
        encrypted_credentials: 'sealed below',
        metadata: '{}',
        label: 'work',
        account_id: `account-${userId}`,
        scopes: ['read'],
        method: 'oauth2',
        is_default: true,
        ...expiryOf(credential, now),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const sealed = vault.seal({ userId, provider, connectionId: row.id, version: 1 }, credential)
    return tx
      .updateTable('mcp_connections')
      .set({ encrypted_credentials: sealed.token, binding_tag: sealed.bindingTag, key_id: sealed.keyId })
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}
