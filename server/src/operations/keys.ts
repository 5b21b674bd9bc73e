import type { ConnectionDeps } from '#connections/connection.ts'
import { failure, type Outcome } from '#kernel/problem.ts'
import { keyState, retireKey, rotateKeys, type KeyState, type RotationProgress } from '#vault/rotate.ts'

/** Keys and all that they seal: the rows of the database, and renewed tokens that wait for it on this server's disk. */

type KeyDeps = Pick<ConnectionDeps, 'database' | 'vault' | 'refresher'>

/** Seals all rows, and what waits on this server’s disk, with the primary key. */
export async function rotateAll({ database, vault, refresher }: KeyDeps): Promise<RotationProgress> {
  const rows = await rotateKeys(database, vault)
  const { resealed, unreadable } = await refresher.waiting.reseal()
  return {
    ...rows,
    rotated: rows.rotated + resealed,
    unreadable: rows.unreadable + unreadable,
    remaining: rows.remaining + unreadable,
  }
}

/** The keys of the rows and of what waits on this server’s disk: a key that either needs must not be forgotten. */
export async function wholeKeyState({ database, vault, refresher }: KeyDeps): Promise<KeyState> {
  const [state, waiting] = await Promise.all([keyState(database, vault), refresher.waiting.keysInUse()])
  const known = new Set(state.keys.map(({ key_id }) => key_id))
  const lost = [...waiting.keys()].filter((id) => !known.has(id))
  const keys = [...state.keys, ...lost.map((key_id) => ({ key_id, role: 'retired' as const, rows: 0 }))]
  return { ...state, keys: keys.map((key) => ({ ...key, rows: key.rows + (waiting.get(key.key_id) ?? 0) })) }
}

/** Forgets a key, unless something is sealed with it here or on this server's disk. */
export async function retireEverywhere({ database, vault, refresher }: KeyDeps, keyId: string): Promise<Outcome<null>> {
  const waiting = (await refresher.waiting.keysInUse()).get(keyId) ?? 0
  if (waiting > 0)
    return failure('conflict', 'Renewed access that waits on this server is sealed with this key. Rotate first.')
  return retireKey(database, vault, keyId)
}
