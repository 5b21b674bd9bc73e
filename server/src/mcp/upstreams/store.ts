import type { Selectable } from 'kysely'
import type { Transaction } from '#db/database.ts'
import type { UpstreamServersTable } from '#db/connection-tables.ts'

/** All SQL of upstream_servers. */

export type ServerRow = Selectable<UpstreamServersTable>

export async function listServers(userId: number, tx: Transaction): Promise<ServerRow[]> {
  return tx.selectFrom('upstream_servers').selectAll().where('user_id', '=', userId).orderBy('connection_id').execute()
}

export async function insertServer(
  userId: number,
  tx: Transaction,
  server: { readonly connectionId: number; readonly url: string; readonly prefix: string },
): Promise<void> {
  await tx
    .insertInto('upstream_servers')
    .values({ user_id: userId, connection_id: server.connectionId, url: server.url, prefix: server.prefix })
    .execute()
}
