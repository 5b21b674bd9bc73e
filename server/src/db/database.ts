import { CompiledQuery, sql, type Kysely, type Transaction as KyselyTransaction } from 'kysely'
import type { Tables } from './tables.ts'

/** A transaction under one role. Never await a provider or a model inside: the embedded database has one session. */
export type Transaction = KyselyTransaction<Tables>

/** The reason that a piece of code may look past one user; kept with the session for the database's own log. */
export type SystemReason = string

export interface Database {
  readonly engine: 'pglite' | 'postgres'
  /** Runs `work` as one user: row-level security shows and accepts that user's rows only. */
  readonly asUser: <T>(userId: number, work: (tx: Transaction) => Promise<T>) => Promise<T>
  /** Runs `work` across users. Import it only where DESIGN allows; every use names its reason. */
  readonly asSystem: <T>(reason: SystemReason, work: (tx: Transaction) => Promise<T>) => Promise<T>
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

/** `asUser` and `asSystem` are the same on both engines: a switch of role inside the transaction, undone by its end. */
export function roleSwitches(login: Kysely<Tables>): Pick<Database, 'asUser' | 'asSystem' | 'loginQuery' | 'ping'> {
  return {
    asUser(userId, work) {
      if (!Number.isSafeInteger(userId) || userId <= 0) throw new TypeError('asUser needs a user id')
      return login.transaction().execute(async (tx) => {
        await sql`select set_config('role', 'chaveiro_user', true), set_config('app.user_id', ${String(userId)}, true)`.execute(
          tx,
        )
        return work(tx)
      })
    },
    asSystem(reason, work) {
      return login.transaction().execute(async (tx) => {
        await sql`select set_config('role', 'chaveiro_system', true), set_config('app.reason', ${reason}, true)`.execute(
          tx,
        )
        return work(tx)
      })
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
