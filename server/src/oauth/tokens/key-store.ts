import type { Transaction } from '#db/database.ts'

/** All SQL for the keys that sign access tokens; under the system role. */

export interface SigningKeyRow {
  readonly id: number
  readonly kid: string
  readonly public_key: Record<string, string>
  readonly encrypted_key: string
  readonly version: number
  readonly binding_tag: string
  readonly key_id: string
  readonly created_at: Date
  readonly retired_at: Date | null
}

/** The newest first. */
export async function listSigningKeys(tx: Transaction): Promise<SigningKeyRow[]> {
  return tx.selectFrom('oauth_signing_keys').selectAll().orderBy('id', 'desc').execute()
}

export interface NewSigningKey {
  readonly kid: string
  readonly version: number
  readonly createdAt: Date
  readonly publicKey: object
  readonly sealed: { readonly token: string; readonly bindingTag: string; readonly keyId: string }
}

/** Nothing where another replica made one meanwhile: only one can be active. */
export async function insertSigningKey(key: NewSigningKey, tx: Transaction): Promise<void> {
  await tx
    .insertInto('oauth_signing_keys')
    .values({
      kid: key.kid,
      version: key.version,
      created_at: key.createdAt,
      public_key: JSON.stringify(key.publicKey),
      encrypted_key: key.sealed.token,
      binding_tag: key.sealed.bindingTag,
      key_id: key.sealed.keyId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function retireSigningKey(id: number, at: Date, tx: Transaction): Promise<void> {
  await tx
    .updateTable('oauth_signing_keys')
    .set({ retired_at: at })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .execute()
}

/** Those that were retired before then. */
export async function deleteSigningKeys(retiredBefore: Date, tx: Transaction): Promise<void> {
  await tx.deleteFrom('oauth_signing_keys').where('retired_at', '<', retiredBefore).execute()
}
