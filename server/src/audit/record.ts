import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Audit, AuditEvent } from './audit.ts'
import { hashEvent } from './chain.ts'
import { appendEvents, lockHead } from './store.ts'

/** Events waiting for the database. Beyond this it has been away for long, and acts that need a record must fail. */
const MAXIMUM_WAITING = 10_000
/** Events in one transaction. */
const BATCH_SIZE = 500

interface Waiting {
  readonly event: AuditEvent
  readonly at: Date
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Appends events in the order they came, in groups: while one transaction commits, the next group gathers, so that the
 * cost of the chain is shared by all who wait.
 */
export function createAudit(deps: { database: Database; clock: Clock }): Audit {
  const waiting: Waiting[] = []
  let writing = false

  async function drain(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_SIZE)
      try {
        await append(deps.database, batch)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        await appendEach(deps.database, batch, error)
      }
    }
    writing = false
  }

  return {
    record(event) {
      if (waiting.length >= MAXIMUM_WAITING) return Promise.reject(new Error('The audit log cannot be written.'))
      return new Promise((resolve, reject) => {
        waiting.push({ event, at: deps.clock.now(), resolve, reject })
        if (!writing) void drain()
      })
    },
  }
}

/** One event that cannot be stored must not take those of others with it. */
async function appendEach(database: Database, batch: readonly Waiting[], error: unknown): Promise<void> {
  for (const waiting of batch) {
    if (batch.length === 1) waiting.reject(error)
    else await append(database, [waiting]).then(waiting.resolve, waiting.reject)
  }
}

async function append(database: Database, batch: readonly Waiting[]): Promise<void> {
  await database.asSystem('append audit events', async (tx) => {
    let head = await lockHead(tx)
    const rows = batch.map(({ event, at }) => {
      const linked = {
        id: head.id + 1,
        user_id: event.userId,
        type: event.type,
        outcome: event.outcome,
        actor: event.actor,
        target: event.target ?? {},
        details: event.details ?? {},
        request_id: event.requestId ?? null,
        at,
        previous_hash: head.hash,
      }
      const hash = hashEvent(linked)
      head = { id: linked.id, hash }
      return {
        ...linked,
        hash,
        actor: JSON.stringify(linked.actor),
        target: JSON.stringify(linked.target),
        details: JSON.stringify(linked.details),
      }
    })
    await appendEvents(tx, rows, head)
  })
}
