import { actorOf } from '#audit/audit.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Transaction } from '#db/database.ts'
import type { Provider } from '#providers/contract.ts'
import { unknownConnection, unknownProvider } from './connection.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { connectionsOfProvider, deleteConnection, lockConnections, setDefault } from './store.ts'

export interface DisconnectInput {
  readonly provider: string
  /** The default connection where absent. */
  readonly connectionId?: number
  readonly requestId?: string
}

/** What was ended, and what the user must still do by hand. */
export interface Receipt {
  readonly disconnected: true
  readonly provider: string
  readonly connection_id: number
  readonly label: string
  readonly revoked_at_provider: false
  readonly next_step: string
}

/** Deletes the connection with its credential. The oldest connection that is left becomes the default. */
export async function disconnect(
  deps: ConnectionDeps,
  principal: Principal,
  input: DisconnectInput,
): Promise<Outcome<Receipt>> {
  const { userId } = principal
  const provider = deps.registry.provider(input.provider)
  if (provider === undefined) return unknownProvider(input.provider)
  const ended = await deps.database.asUser(userId, (tx) => end(userId, tx, provider.id, input.connectionId))
  deps.cache.drop(userId)
  if (ended === undefined) {
    if (input.connectionId !== undefined) return unknownConnection()
    return failure('not_found', `You have no ${provider.name} connection.`)
  }
  await deps.audit.record({
    userId,
    type: 'connection.deleted',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connection', id: ended.id, provider: provider.id, label: ended.label },
    ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
  })
  return success(receiptOf(ended, provider))
}

async function end(
  userId: number,
  tx: Transaction,
  provider: string,
  connectionId: number | undefined,
): Promise<ConnectionRow | undefined> {
  await lockConnections(userId, tx)
  const rows = await connectionsOfProvider(userId, tx, provider)
  const row =
    connectionId === undefined
      ? (rows.find(({ is_default }) => is_default) ?? rows[0])
      : rows.find(({ id }) => id === connectionId)
  if (row === undefined) return undefined
  await deleteConnection(userId, tx, row.id)
  const next = rows.find(({ id }) => id !== row.id)
  if (row.is_default && next !== undefined) await setDefault(userId, tx, provider, next.id)
  return row
}

/** A pasted key cannot be revoked by us, and the receipt says so. */
function receiptOf(row: ConnectionRow, provider: Provider): Receipt {
  return {
    disconnected: true,
    provider: provider.id,
    connection_id: row.id,
    label: row.label,
    revoked_at_provider: false,
    next_step: `The key was deleted here. It still works at ${provider.name} until you revoke it there: ${provider.docsUrl}`,
  }
}
