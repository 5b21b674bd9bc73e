import type { ChainHead } from '@chaveiro/sdk'

/** A head as it is shown and noted, `4711:9f86…`; undefined for none. */
export function headOf(noted: string): ChainHead | undefined {
  const [, id, hash] = /^(\d+):([0-9a-f]{64})$/.exec(noted) ?? []
  return id === undefined || hash === undefined ? undefined : { id: Number(id), hash }
}
