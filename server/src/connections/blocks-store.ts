import type { Database, Transaction } from '#db/database.ts'

/** All SQL of provider_blocks, which belong to no user. */

export interface ProviderBlock {
  readonly provider: string
  readonly reason: string
  readonly blocked_at: Date
}

type Login = Database['login']

/** There are as many as providers at most. */
export async function listBlocks(login: Login): Promise<ProviderBlock[]> {
  return login.selectFrom('provider_blocks').select(['provider', 'reason', 'blocked_at']).orderBy('provider').execute()
}

/** The same for one provider, in a transaction of a user. */
export async function findBlock(tx: Transaction, provider: string): Promise<ProviderBlock | undefined> {
  return tx
    .selectFrom('provider_blocks')
    .select(['provider', 'reason', 'blocked_at'])
    .where('provider', '=', provider)
    .executeTakeFirst()
}

export async function writeBlock(login: Login, block: ProviderBlock & { readonly blocked_by: number }): Promise<void> {
  const { reason, blocked_at, blocked_by } = block
  await login
    .insertInto('provider_blocks')
    .values(block)
    .onConflict((conflict) => conflict.column('provider').doUpdateSet({ reason, blocked_at, blocked_by }))
    .execute()
}

/** @returns false where there was none */
export async function deleteBlock(login: Login, provider: string): Promise<boolean> {
  const { numDeletedRows } = await login
    .deleteFrom('provider_blocks')
    .where('provider', '=', provider)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}
