import type { Database } from '#db/database.ts'
import { faultOf, FIRST_HASH } from './chain.ts'
import { eventsAfter, readHead, type AuditRow } from './store.ts'

/** Rows read at once. */
const BATCH_SIZE = 1_000

export interface Verification {
  readonly intact: boolean
  readonly events: number
  /** Hash of the last event; keep it elsewhere to notice a chain that was rewritten or cut as a whole. */
  readonly head: { readonly id: number; readonly hash: string }
  /** The first thing that is wrong, in words. */
  readonly fault: string | null
}

interface Link {
  readonly id: number
  readonly hash: string
}

/**
 * Walks the whole chain.
 * @param noted a head that was noted earlier: it must still be part of the chain.
 */
export async function verifyAudit(database: Database, noted?: Link): Promise<Verification> {
  const end = await database.asSystem('verify the audit chain', (tx) => readHead(tx))
  let last: Link = { id: 0, hash: FIRST_HASH }
  let fault: string | null = null
  while (fault === null && last.id < end.id) {
    const rows = await database.asSystem('verify the audit chain', (tx) => eventsAfter(tx, last.id, BATCH_SIZE))
    const walked = walk(rows, last, noted)
    last = walked.last
    fault = rows.length === 0 ? `event ${last.id + 1} is missing` : walked.fault
  }
  fault ??= faultOfEnd(last, end, noted)
  return { intact: fault === null, events: last.id, head: last, fault }
}

function walk(rows: readonly AuditRow[], start: Link, noted: Link | undefined): { last: Link; fault: string | null } {
  let last = start
  for (const row of rows) {
    const fault = faultOf(row, last)
    if (fault !== null) return { last, fault }
    if (noted?.id === row.id && noted.hash !== row.hash) {
      return { last, fault: `event ${row.id} is not the one noted earlier` }
    }
    last = { id: row.id, hash: row.hash }
  }
  return { last, fault: null }
}

function faultOfEnd(last: Link, end: Link, noted: Link | undefined): string | null {
  if (last.hash !== end.hash) return `the head does not match event ${end.id}`
  if (noted !== undefined && noted.id > end.id) return `event ${noted.id}, noted earlier, is gone`
  return null
}
