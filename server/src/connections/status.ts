import { actorOf } from '#audit/audit.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Provider } from '#providers/contract.ts'
import { checkConnection } from './check.ts'
import { connectUrl, cutOffOf, unknownConnection, unknownProvider, viewOf } from './connection.ts'
import type { ConnectionDeps, ConnectionRow, ConnectionView } from './connection.ts'
import { connectionsOfProvider, findConnection } from './store.ts'

export interface StatusInput {
  readonly provider: string
  readonly connectionId?: number
  /** Ask the provider now whether the key still works. */
  readonly check?: boolean
  readonly requestId?: string
}

export interface LiveCheck {
  readonly ok: boolean
  readonly code: string | null
  readonly detail: string | null
  readonly checked_at: string
}

export type StatusView =
  | (ConnectionView & { readonly check?: LiveCheck })
  | {
      readonly connected: false
      readonly status: 'not_connected'
      readonly provider: string
      readonly connect_url: string
      readonly cut_off: string | null
    }

/** How the caller's connection stands: as last known, or as the provider says now. */
export async function status(
  deps: ConnectionDeps,
  principal: Principal,
  input: StatusInput,
): Promise<Outcome<StatusView>> {
  const { userId } = principal
  const provider = deps.registry.provider(input.provider)
  if (provider === undefined) return unknownProvider(input.provider)
  const row = await deps.database.asUser(userId, async (tx) => {
    const rows = await connectionsOfProvider(userId, tx, provider.id)
    if (input.connectionId !== undefined) return rows.find(({ id }) => id === input.connectionId)
    return rows.find(({ is_default }) => is_default) ?? rows[0]
  })
  if (row === undefined) {
    if (input.connectionId !== undefined) return unknownConnection()
    const url = connectUrl(deps.publicUrl, provider.id)
    const none = { connected: false, status: 'not_connected', provider: provider.id, connect_url: url } as const
    return success({ ...none, cut_off: cutOffOf(deps, provider.id) })
  }
  if (input.check !== true) return success(viewOf(deps, row))
  return liveCheck(deps, principal, { provider, row, requestId: input.requestId })
}

interface Checking {
  readonly provider: Provider
  readonly row: ConnectionRow
  readonly requestId: string | undefined
}

async function liveCheck(
  deps: ConnectionDeps,
  principal: Principal,
  { provider, row, requestId }: Checking,
): Promise<Outcome<StatusView>> {
  const allowed = await deps.takeConnect(principal.userId)
  if (!allowed.ok) return allowed
  const problem = await checkConnection(deps, {
    userId: principal.userId,
    provider,
    row,
    actor: actorOf(principal),
    requestId,
  })
  const now = await deps.database.asUser(row.user_id, (tx) => findConnection(row.user_id, tx, row.id))
  if (now === undefined) return unknownConnection()
  const check: LiveCheck = {
    ok: problem === null,
    code: problem?.code ?? null,
    detail: problem?.detail ?? null,
    checked_at: deps.clock.now().toISOString(),
  }
  return success({ ...viewOf(deps, now), check })
}
