import type { RevokeDeps } from '#connections/revoke-grant.ts'
import type { Database } from '#db/database.ts'

/** Looks past the user whose access ends: a grant may be what another user's connection lives on. No user learns of it. */
export function lookForLiveGrants(database: Pick<Database, 'asSystem'>): RevokeDeps['acrossUsers'] {
  return (work) => database.asSystem('end a grant that nobody else lives on', work)
}
