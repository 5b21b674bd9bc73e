import pg from 'pg'
import { systemRole, type Answered, type Statement, type SystemReason } from './database.ts'
import { preparedNameOf } from './pipeline.ts'

/**
 * One connection that has the role of the system for as long as it lives and serves one purpose: a statement is its own
 * transaction there and needs no switch of role before it, which halves what the database spends on it. Never for users'
 * rows under a user's name: those connections are shared, and have no role between two transactions.
 */
export interface SystemLane {
  /** Resolves once the statement is committed. One after the other, in the order of the calls. */
  readonly statement: <Row>(statement: Statement) => Promise<Answered<Row>>
  readonly close: () => Promise<void>
}

export function openSystemLane(
  settings: pg.PoolConfig,
  reason: SystemReason,
  onError: (error: Error) => void,
): SystemLane {
  const pool = new pg.Pool({ ...settings, max: 1 })
  // An idle connection that breaks must not end the process; the next statement opens another.
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError)) // also while it is in use
  const switched = new WeakSet<pg.PoolClient>()

  async function send<Row>(client: pg.PoolClient, { text, values }: Statement): Promise<Answered<Row>> {
    if (!switched.has(client)) {
      await client.query(systemRole(reason, 'session').sql)
      switched.add(client)
    }
    const name = preparedNameOf(text)
    const result = await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) })
    return { rows: result.rows as Row[], written: result.rowCount ?? 0 }
  }

  return {
    async statement<Row>(statement: Statement) {
      const client = await pool.connect()
      try {
        const answered = await send<Row>(client, statement)
        client.release()
        return answered
      } catch (error) {
        client.release(true) // whatever state it is in, it is not used again
        throw error
      }
    },
    close: () => pool.end(),
  }
}
