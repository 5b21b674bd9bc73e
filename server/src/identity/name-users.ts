import type { Database } from '#db/database.ts'
import { listNames } from './store.ts'

/**
 * Says of each record what its user is called, for those who look after the instance.
 * @returns the records with `user_name`, null where they are about nobody, or about somebody whose account is gone
 */
export async function nameUsers<Record extends { readonly user_id: number | null }>(
  database: Pick<Database, 'login'>,
  records: readonly Record[],
): Promise<(Record & { readonly user_name: string | null })[]> {
  const ids = new Set(records.flatMap(({ user_id: id }) => id ?? []))
  const names = new Map((await listNames([...ids], database.login)).map(({ id, name }) => [id, name]))
  return records.map((record) => ({
    ...record,
    user_name: record.user_id === null ? null : (names.get(record.user_id) ?? null),
  }))
}
