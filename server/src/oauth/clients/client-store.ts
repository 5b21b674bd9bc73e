import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

/** All SQL for clients that registered themselves, which are looked up by their public name, under the login role. */

type Login = Kysely<Tables>

export interface ClientRow {
  readonly metadata: Record<string, unknown>
}

export async function findClient(clientId: string, now: Date, login: Login): Promise<ClientRow | undefined> {
  return login
    .selectFrom('oauth_clients')
    .select('metadata')
    .where('client_id', '=', clientId)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export async function insertClient(
  client: { clientId: string; metadata: object; expiresAt: Date },
  login: Login,
): Promise<void> {
  await login
    .insertInto('oauth_clients')
    .values({ client_id: client.clientId, metadata: JSON.stringify(client.metadata), expires_at: client.expiresAt })
    .execute()
}

export async function countClients(login: Login): Promise<number> {
  const { rows } = await login
    .selectFrom('oauth_clients')
    .select((count) => count.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return rows
}

export async function touchClient(clientId: string, use: { at: Date; expiresAt: Date }, login: Login): Promise<void> {
  await login
    .updateTable('oauth_clients')
    .set({ last_used_at: use.at, expires_at: use.expiresAt })
    .where('client_id', '=', clientId)
    .execute()
}

export async function deleteExpiredClients(now: Date, login: Login): Promise<void> {
  await login.deleteFrom('oauth_clients').where('expires_at', '<=', now).execute()
}

/** Makes place among those that nobody ever let in. */
export async function deleteOldestUnusedClients(limit: number, login: Login): Promise<void> {
  await login
    .deleteFrom('oauth_clients')
    .where('client_id', 'in', (oldest) =>
      oldest
        .selectFrom('oauth_clients')
        .select('client_id')
        .where('last_used_at', 'is', null)
        .orderBy('created_at')
        .limit(limit),
    )
    .execute()
}
