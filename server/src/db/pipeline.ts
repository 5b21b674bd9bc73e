import {
  type CompiledQuery,
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type Driver,
  type PostgresDialectConfig,
  type TransactionSettings,
} from 'kysely'
import type pg from 'pg'

/** Fewer round trips to PostgreSQL: what needs no answer before the next statement is sent along with it. */

/** Kysely's dialect, but that the `begin` of a transaction travels with its first statement. */
export class PipelinedDialect extends PostgresDialect {
  readonly #settings: PostgresDialectConfig

  constructor(settings: PostgresDialectConfig) {
    super(settings)
    this.#settings = settings
  }

  override createDriver(): Driver {
    return new PipelinedDriver(this.#settings)
  }
}

class PipelinedDriver extends PostgresDriver {
  readonly #begun = new WeakMap<DatabaseConnection, Promise<void>>()

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const begun = super.beginTransaction(connection as never, settings)
    begun.catch(() => {}) // looked at by the commit
    this.#begun.set(connection, begun)
  }

  /** Nothing counts as committed whose beginning failed. */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#begun.get(connection)
    await super.commitTransaction(connection as never)
  }
}

/** Texts that are kept prepared in each session; ours are a handful. */
const MAXIMUM_PREPARED = 100
const names = new Map<string, string>()

/** One name for one text, so that the database plans it once in a session. */
export function preparedNameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= MAXIMUM_PREPARED) return undefined
  const name = `chaveiro_${names.size + 1}`
  names.set(text, name)
  return name
}

/**
 * `begin`, the switch of role, one statement and `commit`, all sent before the first answer. A statement that fails
 * makes the commit a rollback. After any failure the connection is closed, so that no state of it is ever used again.
 */
export async function statementInOneTrip<Row>(
  pool: pg.Pool,
  role: CompiledQuery,
  statement: CompiledQuery<Row>,
): Promise<readonly Row[]> {
  const client = await pool.connect()
  const name = preparedNameOf(statement.sql)
  const answers = await Promise.allSettled(
    inOnePacket(client, () => [
      client.query(`begin; ${role.sql}`),
      client.query({ text: statement.sql, values: [...statement.parameters], ...(name === undefined ? {} : { name }) }),
      client.query('commit'),
    ]),
  )
  const failed = answers.find((answer) => answer.status === 'rejected')
  const [, result, end] = answers
  const isCommitted = end?.status === 'fulfilled' && end.value.command === 'COMMIT'
  client.release(failed !== undefined || !isCommitted)
  if (failed !== undefined) throw failed.reason
  if (!isCommitted || result?.status !== 'fulfilled') throw new Error('The statement was not committed')
  return result.value.rows as Row[]
}

/** What the driver keeps to itself; where it no longer does, each message is a packet of its own, and that is all. */
interface ClientWithSocket {
  readonly connection?: { readonly stream?: { readonly cork: () => void; readonly uncork: () => void } }
}

/** Sends all that `send` sends in one write: each one costs a call of the operating system on both sides. */
function inOnePacket<T>(client: pg.PoolClient, send: () => T): T {
  const socket = (client as unknown as ClientWithSocket).connection?.stream
  socket?.cork()
  try {
    return send()
  } finally {
    socket?.uncork()
  }
}
