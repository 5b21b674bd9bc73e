import { actorOf } from '#audit/audit.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Transaction } from '#db/database.ts'
import { oauthMethodOf, type Credential, type Provider } from '#providers/contract.ts'
import { unknownConnection, unknownProvider } from './connection.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { currentOf } from './refresh.ts'
import { textOf } from './renewal.ts'
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
  readonly revoked_at_provider: boolean
  readonly next_step: string
}

/**
 * Deletes the connection with its credential, then ends its grant at the provider where that can be done. The oldest
 * connection that is left becomes the default.
 */
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
  return success(await finishDisconnect(deps, principal, ended, input.requestId))
}

/** What follows once a row is gone: its grant is ended, both are recorded, and the user is told what is left to do. */
export async function finishDisconnect(
  deps: Pick<ConnectionDeps, 'audit' | 'registry' | 'revokeGrant' | 'vault'>,
  principal: Principal,
  ended: ConnectionRow,
  requestId?: string,
): Promise<Receipt> {
  const opened = currentOf(deps, ended.user_id, ended)
  const credential = opened.ok && ended.method === 'oauth2' ? opened.value.credential : null
  const event = {
    userId: ended.user_id,
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connection', id: ended.id, provider: ended.provider, label: ended.label },
    ...(requestId === undefined ? {} : { requestId }),
  } as const
  // Recorded before it is used: where that cannot be done, nothing leaves for the provider.
  if (credential !== null)
    await deps.audit.record({ ...event, type: 'credential.used', details: { purpose: 'revoke' } })
  const isRevoked = credential !== null && (await deps.revokeGrant(ended, credential))
  await deps.audit.record({ ...event, type: 'connection.deleted', details: { revoked_at_provider: isRevoked } })
  return {
    disconnected: true,
    provider: ended.provider,
    connection_id: ended.id,
    label: ended.label,
    revoked_at_provider: isRevoked,
    next_step: nextStep(ended, deps.registry.provider(ended.provider), { isRevoked, credential }),
  }
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

/** What we could not end, and where the user can. */
function nextStep(
  row: ConnectionRow,
  provider: Provider | undefined,
  { isRevoked, credential }: { readonly isRevoked: boolean; readonly credential: Credential | null },
): string {
  // A server that the user named is known to them by its label.
  const name = provider === undefined || provider.auth.length === 0 ? row.label : provider.name
  const issuer = textOf(credential?.['issuer'])
  if (isRevoked) return `${name} no longer accepts the access that was deleted here. Nothing is left to do.`
  if (row.method === 'none') return 'There was no key. Nothing is left to do.'
  if (row.method === 'api_key') {
    const keysUrl = keysUrlOf(provider)
    return `The key was deleted here. It still works at ${name} until you revoke it there${keysUrl === undefined ? '' : `: ${keysUrl}`}.`
  }
  const where = grantsUrlOf(provider) ?? issuer ?? name
  return `The access was deleted here, and could not be ended at ${name}. It may still work there until you end it: ${where}`
}

function keysUrlOf(provider: Provider | undefined): string | undefined {
  return provider?.auth.find((method) => method.kind === 'api_key')?.keysUrl
}

function grantsUrlOf(provider: Provider | undefined): string | undefined {
  return provider === undefined ? undefined : oauthMethodOf(provider)?.grantsUrl
}
