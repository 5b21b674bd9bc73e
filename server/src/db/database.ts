import { CompiledQuery, sql, type Kysely, type RawBuilder, type Transaction as KyselyTransaction } from 'kysely'
import type { Tables } from './tables.ts'

/** A transaction under one role. Never await a provider or a model inside: the embedded database has one session. */
export type Transaction = KyselyTransaction<Tables>

/** The reason that a piece of code may look past one user; kept with the session for the database's own log. */
export type SystemReason = string

/** A constant text, for it is kept prepared, and the values of its `$1`, `$2` and so on. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** What a statement came to. */
export interface Answered<Row> {
  readonly rows: readonly Row[]
  /** Rows written. */
  readonly written: number
}

/** The statement for a transaction that Kysely runs. */
export function compiledOf<Row>({ text, values }: Statement): CompiledQuery<Row> {
  return CompiledQuery.raw(text, [...values]) as CompiledQuery<Row>
}

export interface Database {
  readonly engine: 'pglite' | 'postgres'
  /** Runs `work` as one user: row-level security shows and accepts that user's rows only. */
  readonly asUser: <T>(userId: number, work: (tx: Transaction) => Promise<T>) => Promise<T>
  /** Runs `work` across users. Import it only where DESIGN allows; every use names its reason. */
  readonly asSystem: <T>(reason: SystemReason, work: (tx: Transaction) => Promise<T>) => Promise<T>
  /**
   * One statement across users as a transaction of its own, in one round trip where the engine can: for what every tool
   * call waits for. Where a number is enough, let it return no rows: to describe and read them costs both sides.
   */
  readonly systemStatement: <Row>(reason: SystemReason, statement: Statement) => Promise<Answered<Row>>
  /**
   * The same as one user, with rows. The text of the statement must be a constant, for it is kept prepared, and name its
   * columns: one with `*` would fail as soon as a newer program adds a column.
   */
  readonly userStatement: <Row>(userId: number, statement: RawBuilder<Row>) => Promise<readonly Row[]>
  /** The login role itself: the login library's tables and nothing that a user owns. */
  readonly login: Kysely<Tables>
  /** One statement with `$1` parameters under the login role, for libraries that bring their own SQL. */
  readonly loginQuery: (statement: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>
  /**
   * Calls back for every NOTIFY on a channel, and with `null` when messages may have been missed (a reconnect).
   * Returns the function that stops it.
   */
  readonly listen: (channel: string, onMessage: (payload: string | null) => void) => Promise<() => Promise<void>>
  /** One round trip to the database; throws where it does not answer. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The same on both engines: a switch of role inside the transaction, undone by its end. */
export function roleSwitches(
  login: Kysely<Tables>,
): Pick<Database, 'asUser' | 'asSystem' | 'userStatement' | 'systemStatement' | 'loginQuery' | 'ping'> {
  const asSystem: Database['asSystem'] = (reason, work) => underRole(login, systemRole(reason), work)
  const asUser: Database['asUser'] = (userId, work) => underRole(login, userRole(userId), work)
  return {
    asUser,
    asSystem,
    userStatement: (userId, statement) =>
      asUser(userId, async (tx) => {
        const result = await statement.execute(tx)
        return result.rows
      }),
    async systemStatement<Row>(reason: SystemReason, statement: Statement): Promise<Answered<Row>> {
      const result = await asSystem(reason, (tx) => tx.executeQuery(compiledOf<Row>(statement)))
      return { rows: result.rows, written: Number(result.numAffectedRows ?? 0) }
    },
    async loginQuery(statement, parameters) {
      const result = await login.executeQuery(CompiledQuery.raw(statement, [...parameters]))
      return result.rows
    },
    async ping() {
      await sql`select 1`.execute(login)
    },
  }
}

/** A whole number needs no quoting, and a statement without parameters costs the database less. */
export function userRole(userId: number): CompiledQuery {
  if (!Number.isSafeInteger(userId) || userId <= 0) throw new TypeError('asUser needs a user id')
  return CompiledQuery.raw(
    `select set_config('role', 'chaveiro_user', true), set_config('app.user_id', '${userId}', true)`,
  )
}

/**
 * Quoted here, because statements without parameters can share one message.
 * @param until the end of the transaction, or of the session, which must serve nothing else then
 */
export function systemRole(reason: SystemReason, until: 'transaction' | 'session' = 'transaction'): CompiledQuery {
  const quoted = `'${reason.replaceAll("'", "''")}'`
  const isLocal = until === 'transaction'
  return CompiledQuery.raw(
    `select set_config('role', 'chaveiro_system', ${isLocal}), set_config('app.reason', ${quoted}, ${isLocal})`,
  )
}

/**
 * The switch is sent ahead of the first statement and not waited for. Where it fails, the database refuses every
 * statement that follows in the transaction, so nothing ever runs under another role than this one.
 */
function underRole<T>(login: Kysely<Tables>, role: CompiledQuery, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return login.transaction().execute(async (tx) => {
    const switched = tx.executeQuery(role)
    switched.catch(() => {}) // looked at below, after what was sent behind it
    try {
      return await work(tx)
    } finally {
      await switched
    }
  })
}
