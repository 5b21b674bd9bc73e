import type { ConnectionDeps } from '#connections/connection.ts'
import { keyState, rotateKeys, type KeyState, type RotationProgress } from '#vault/rotate.ts'

/** Keys and all that they seal: the rows of the database, and renewed tokens that wait for it on this server's disk. */

type KeyDeps = Pick<ConnectionDeps, 'database' | 'vault' | 'refresher'>

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

export async function wholeKeyState({ database, vault, refresher }: KeyDeps): Promise<KeyState> {
  const [state, waiting] = await Promise.all([keyState(database, vault), refresher.waiting.keysInUse()])
  const known = new Set(state.keys.map(({ key_id }) => key_id))
  const lost = [...waiting.keys()].filter((id) => !known.has(id))
  const keys = [...state.keys, ...lost.map((key_id) => ({ key_id, role: 'retired' as const, rows: 0 }))]
  return { ...state, keys: keys.map((key) => ({ ...key, rows: key.rows + (waiting.get(key.key_id) ?? 0) })) }
}
