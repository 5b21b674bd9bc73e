import { generateApiToken, hashToken } from '../../src/identity/api-token.ts'
import { DEFAULT_TOKEN_SCOPES } from '../../src/kernel/principal.ts'
import type { Database } from '../../src/db/database.ts'
import { createTestUser } from './database.ts'

/** A user with an API token, straight in the tables: hashing many passwords proves nothing where many users are needed. */
export async function addTokenUser(database: Database, email: string): Promise<{ id: number; token: string }> {
  const id = await createTestUser(database, email)
  const token = generateApiToken()
  const row = {
    user_id: id,
    name: 'test',
    token_hash: hashToken(token),
    scopes: [...DEFAULT_TOKEN_SCOPES, 'account'],
  }
  await database.asUser(id, (tx) => tx.insertInto('api_tokens').values(row).execute())
  return { id, token }
}
