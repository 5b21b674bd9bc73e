import { setTimeout as sleep } from 'node:timers/promises'
import { compiledOf, type Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AuditEvent, AuditLog } from './audit.ts'
import { hashEvent } from './chain.ts'
import { appendStatement, lockHead, type ChainLink, type Head } from './store.ts'

/** Events waiting for the database. Beyond this it has been away for long, and acts that need a record must fail. */
const MAXIMUM_WAITING = 10_000
/** Events in one transaction. */
const BATCH_SIZE = 500
/**
 * Milliseconds in which events gather while many come: as long as a transaction takes, so that there are half as many. One
 * that comes alone does not wait.
 */
const GATHER_MS = 2
/** Events in one transaction from which on many are said to come. */
const MANY = 4
/** Milliseconds that an event waits at most for one that somebody waits for, to be written along with it. */
const LINGER_MS = 50

export interface AuditDependencies {
  readonly database: Database
  readonly clock: Clock
  /** Told of each event that nobody waited for and that could not be written, for the log and the metric. */
  readonly onLost?: (error: unknown) => void
}

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
export function createAudit(deps: AuditDependencies): AuditLog {
  const chain = createChain(deps.database)
  const waiting: Waiting[] = []
  const flushes: { readonly upTo: number; readonly resolve: () => void }[] = []
  const count = { taken: 0, settled: 0 }
  let isDraining = false
  let timer: NodeJS.Timeout | undefined

  async function drain(): Promise<void> {
    if (isDraining) return
    isDraining = true
    clearTimeout(timer)
    timer = undefined
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_SIZE)
      await chain.append(batch)
      count.settled += batch.length
      while ((flushes[0]?.upTo ?? Number.POSITIVE_INFINITY) <= count.settled) flushes.shift()?.resolve()
      if (batch.length >= MANY && waiting.length < BATCH_SIZE) await sleep(GATHER_MS)
    }
    isDraining = false
  }

  function take(event: AuditEvent, settle: Pick<Waiting, 'resolve' | 'reject'>): void {
    waiting.push({ event, at: deps.clock.now(), ...settle })
    count.taken += 1
  }

  return {
    record(event) {
      if (waiting.length >= MAXIMUM_WAITING) return Promise.reject(new Error('The audit log cannot be written.'))
      return new Promise((resolve, reject) => {
        take(event, { resolve, reject })
        void drain()
      })
    },
    recordLater(event) {
      const reject = deps.onLost ?? (() => {})
      if (waiting.length >= MAXIMUM_WAITING) return reject(new Error('The audit log cannot be written.'))
      take(event, { resolve: () => {}, reject })
      if (!isDraining) timer ??= setTimeout(() => void drain(), LINGER_MS)
    },
    isWritable: chain.isWritable,
    flush() {
      if (count.settled === count.taken) return Promise.resolve()
      return new Promise((resolve) => {
        flushes.push({ upTo: count.taken, resolve })
        void drain()
      })
    },
  }
}

/** The end of the chain as this process knows it, and the two ways of going on from there. */
function createChain(database: Database) {
  /** Where the chain ended after our last event. Another replica may have gone on from there. */
  let known: Head | undefined
  let isWritable = true

  async function append(batch: readonly Waiting[]): Promise<void> {
    const expected = known
    known = undefined
    known = expected === undefined ? undefined : await appendAfter(expected, batch)
    known ??= await appendLocked(batch)
  }

  /** One round trip. Undefined where the chain does not end there any more; nothing was written then. */
  async function appendAfter(head: Head, batch: readonly Waiting[]): Promise<Head | undefined> {
    const links = linksOf(head, batch)
    const { written } = await database.systemStatement(REASON, appendStatement(head, links))
    return written === 0 ? undefined : endOf(links)
  }

  /** Asks for the end and holds it, one writer at a time over all replicas. */
  async function appendLocked(batch: readonly Waiting[]): Promise<Head | undefined> {
    return database.asSystem(REASON, async (tx) => {
      const head = await lockHead(tx)
      const links = linksOf(head, batch)
      await tx.executeQuery(compiledOf(appendStatement(head, links)))
      return endOf(links)
    })
  }

  return {
    isWritable: () => isWritable,
    async append(batch: readonly Waiting[]): Promise<void> {
      try {
        await append(batch)
        isWritable = true
        for (const { resolve } of batch) resolve()
      } catch (error) {
        isWritable = false
        // One event that cannot be stored must not take those of others with it.
        for (const each of batch) {
          if (batch.length === 1) each.reject(error)
          else await append([each]).then(each.resolve, each.reject)
        }
      }
    },
  }
}

const REASON = 'append audit events'

function endOf(links: readonly ChainLink[]): Head | undefined {
  const last = links.at(-1)
  return last === undefined ? undefined : { id: last.id, hash: last.hash }
}

function linksOf(head: Head, batch: readonly Waiting[]): ChainLink[] {
  let before = head
  return batch.map(({ event, at }) => {
    const linked = {
      id: before.id + 1,
      user_id: event.userId,
      type: event.type,
      outcome: event.outcome,
      actor: event.actor,
      target: event.target ?? {},
      details: event.details ?? {},
      request_id: event.requestId ?? null,
      at,
      previous_hash: before.hash,
    }
    const link = { ...linked, hash: hashEvent(linked) }
    before = link
    return link
  })
}
