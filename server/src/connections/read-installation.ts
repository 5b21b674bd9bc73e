import type { Database } from '#db/database.ts'

/** The name of this installation: made with its database, and kept in it. What lies on a disk for it says so. */
export async function readInstallation({ login }: Pick<Database, 'login'>): Promise<string> {
  const { id } = await login.selectFrom('installation').select('id').executeTakeFirstOrThrow()
  return id
}
