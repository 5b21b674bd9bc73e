import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Database } from '#db/database.ts'
import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import { hashSecret } from './client-secret.ts'
import { UNUSED_CLIENT_SECONDS } from '#oauth/lifetimes.ts'
import { findClient, insertClient } from './client-store.ts'

/** Clients that registered themselves. They are never changed, and go by themselves when nobody lets them in. */
export function createClientAdapter({ database, clock }: { database: Database; clock: Clock }): Adapter {
  const absent = async (): Promise<undefined> => undefined
  return {
    async upsert(clientId, metadata) {
      const secret = metadata['client_secret'] as string | undefined
      await insertClient(
        {
          clientId,
          metadata: secret === undefined ? metadata : { ...metadata, client_secret: hashSecret(secret) },
          expiresAt: new Date(clock.now().getTime() + UNUSED_CLIENT_SECONDS * MILLISECONDS_PER_SECOND),
        },
        database.login,
      )
    },
    async find(clientId) {
      // Ours are plain text; the database would refuse to be asked for some of what others send.
      if (clientId.includes('\0') || !clientId.isWellFormed()) return undefined
      const row = await findClient(clientId, clock.now(), database.login)
      return row?.metadata as AdapterPayload | undefined
    },
    findByUid: absent,
    findByUserCode: absent,
    consume: absent,
    destroy: absent,
    revokeByGrantId: absent,
  }
}
