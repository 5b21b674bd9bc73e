import type { Selectable } from 'kysely'
import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { ConnectionsTable } from '#db/connection-tables.ts'
import type { Clock } from '#kernel/clock.ts'
import { failure, type Outcome } from '#kernel/problem.ts'
import type { Identity, Provider } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import type { Vault } from '#vault/seal.ts'
import type { ProviderBlocks } from './blocks.ts'
import type { ConnectionCache } from './cache.ts'
import type { Edges } from './edges.ts'
import type { Refresher } from './refresh.ts'
import type { RevokeGrant } from './revoke-grant.ts'

/** A user's named link to one account at a provider: status and metadata for everyone, the credential for the vault alone. */

export type ConnectionRow = Selectable<ConnectionsTable>

export interface ConnectionDeps {
  readonly database: Database
  readonly vault: Vault
  readonly audit: Audit
  readonly registry: Registry
  readonly edges: Edges
  readonly cache: ConnectionCache
  readonly clock: Clock
  /** Takes one from the user's budget of connection attempts. */
  readonly takeConnect: (userId: number) => Promise<Outcome<null>>
  readonly publicUrl: string
  /** The only way to a credential that ends. */
  readonly refresher: Refresher
  readonly blocks: ProviderBlocks
  readonly revokeGrant: RevokeGrant
}

/** Member of a problem that says more exactly than its code why nothing was connected. */
export const CONNECT_ERROR = 'connect_error'

/** What the world may know of a connection. Never any part of a key. */
export interface ConnectionView {
  readonly connected: boolean
  readonly status: string
  readonly provider: string
  readonly connection_id: number
  readonly label: string
  readonly is_default: boolean
  readonly account: Record<string, unknown>
  readonly permissions: Record<string, boolean | null>
  /** In plain words, what the key cannot do, before an agent trips on it. */
  readonly missing_permissions: { readonly permission: string; readonly en: string; readonly pt: string }[]
  readonly status_reason: string | null
  readonly connected_at: string
  readonly last_used_at: string | null
  readonly expires_at: string | null
  /** How it was connected. */
  readonly method: ConnectionRow['method']
  readonly scopes: readonly string[]
  readonly status_since: string
  readonly last_success_at: string | null
  readonly last_error_at: string | null
  /** What went wrong then, in words. */
  readonly last_error: string | null
  readonly next_refresh_at: string | null
  readonly connect_url: string | null
  /** In words, while the owner has cut its provider off: nothing is sent there, whatever the status. */
  readonly cut_off: string | null
}

export type ViewDeps = Pick<ConnectionDeps, 'blocks' | 'publicUrl' | 'registry'>

export function viewOf(deps: ViewDeps, row: ConnectionRow): ConnectionView {
  const provider = deps.registry.provider(row.provider)
  const connected = row.status === 'connected' && row.is_active
  const metadata = row.metadata as { account?: Record<string, unknown>; permissions?: Record<string, boolean | null> }
  const permissions = metadata.permissions ?? {}
  return {
    connected,
    status: row.status,
    provider: row.provider,
    connection_id: row.id,
    label: row.label,
    is_default: row.is_default,
    account: metadata.account ?? {},
    permissions,
    missing_permissions: missingPermissions(provider, permissions),
    status_reason: row.status_reason,
    connected_at: row.connected_at.toISOString(),
    last_used_at: timeOf(row.last_used_at),
    expires_at: timeOf(row.expires_at),
    method: row.method,
    scopes: row.scopes,
    status_since: row.status_since.toISOString(),
    last_success_at: timeOf(row.last_success_at),
    last_error_at: timeOf(row.last_error_at),
    last_error: row.last_error,
    next_refresh_at: row.status === 'connected' ? timeOf(row.refresh_at) : null,
    connect_url: connected ? null : connectUrl(deps.publicUrl, row.provider),
    cut_off: cutOffOf(deps, row.provider),
  }
}

/** In words, that the owner has cut a provider off; null where it is open. */
export function cutOffOf({ blocks }: Pick<ViewDeps, 'blocks'>, provider: string): string | null {
  const open = blocks.check(provider)
  return open.ok ? null : open.problem.detail
}

function timeOf(date: Date | null): string | null {
  return date?.toISOString() ?? null
}

function missingPermissions(provider: Provider | undefined, permissions: Record<string, boolean | null>) {
  return Object.entries(provider?.permissions ?? {})
    .filter(([name]) => permissions[name] === false)
    .map(([permission, text]) => ({ permission, ...text }))
}

/** What of an identity is kept in the row, in clear. */
export function metadataOf(identity: Identity): Record<string, unknown> {
  return { account: identity.account, permissions: identity.permissions, account_label: identity.label }
}

/** Where a person goes to connect this provider. */
export function connectUrl(publicUrl: string, provider: string): string {
  return `${publicUrl}/connect/${provider}`
}

/** The same answer for a provider that does not exist, whoever asks. */
export function unknownProvider(id: string): ReturnType<typeof failure> {
  return failure(
    'not_found',
    `There is no provider "${id.slice(0, SHOWN_CHARACTERS)}". GET /api/mcp/providers lists them.`,
  )
}

const SHOWN_CHARACTERS = 50

/** The same answer for a connection that does not exist and for one of another user. */
export function unknownConnection(): ReturnType<typeof failure> {
  return failure('not_found', 'You have no such connection. GET /api/mcp/connections lists yours.')
}

export function notConnected(provider: Provider, publicUrl: string): ReturnType<typeof failure> {
  const url = connectUrl(publicUrl, provider.id)
  return failure(
    'not_connected',
    `You have not connected ${provider.name} yet. Connect it at ${url}, then ask again.`,
    {
      title: `${provider.name} not connected`,
      extra: { provider: provider.id, connect_url: url },
    },
  )
}

export function needsReauthorization(
  provider: Pick<Provider, 'id' | 'name'>,
  row: ConnectionRow,
  publicUrl: string,
): ReturnType<typeof failure> {
  const url = connectUrl(publicUrl, provider.id)
  return failure(
    'reauthorize',
    `${provider.name} no longer accepts the key of your connection "${row.label}". Connect again at ${url}; retrying does not help.`,
    { title: `${provider.name} needs to be connected again`, extra: { provider: provider.id, connect_url: url } },
  )
}
