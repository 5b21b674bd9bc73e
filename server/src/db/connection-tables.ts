import type { ColumnType, Generated } from 'kysely'
import type { Principal } from '#kernel/principal.ts'
import type { IntegerOrNull, Json, TextOrNull, Time, TimeByDefault, TimeOrNull } from './columns.ts'

/** The tables of connections: to providers, to remote servers, and the ways there. */

export type ConnectionStatus = 'connected' | 'needs_reauthorization' | 'error' | 'disabled'

export interface ConnectionsTable {
  id: Generated<number>
  user_id: number
  provider: string
  encrypted_credentials: string
  is_active: Generated<boolean>
  connected_at: TimeByDefault
  last_used_at: TimeOrNull
  expires_at: TimeOrNull
  metadata: Json<Record<string, unknown>>
  created_at: TimeByDefault
  updated_at: TimeByDefault
  label: string
  account_id: string
  scopes: string[]
  status: Generated<ConnectionStatus>
  status_reason: TextOrNull
  version: Generated<number>
  binding_tag: TextOrNull
  key_id: TextOrNull
  is_default: Generated<boolean>
  method: Generated<'api_key' | 'oauth2' | 'none'>
  status_since: TimeByDefault
  last_success_at: TimeOrNull
  last_error_at: TimeOrNull
  last_error: TextOrNull
  refresh_at: TimeOrNull
  checked_at: TimeOrNull
  renewal_claim: TextOrNull
}

/** How often all connections of a user were ended at once; no row: never. */
export interface ConnectionEndingsTable {
  user_id: number
  endings: number
}

/** What is needed to finish a round trip to a provider, sealed; found by the hash of its state. */
export interface AuthorizationTransactionsTable {
  id: Generated<number>
  user_id: number
  state_hash: string
  provider: string
  session_hash: string
  encrypted_transaction: string
  binding_tag: string
  key_id: string
  created_at: TimeByDefault
  expires_at: Time
}

/** A link by which somebody without a session connects one provider for one user, once; found by the hash of its token. */
export interface ConnectSessionsTable {
  id: Generated<number>
  user_id: number
  token_hash: string
  provider: string
  server_url: TextOrNull
  return_to: string
  language: 'en' | 'pt' | null
  made_by: Principal['via']['kind']
  made_by_id: string
  created_at: TimeByDefault
  expires_at: Time
  used_at: TimeOrNull
}

/** By provider's id, or by the issuer of a remote server's authorization server. */
export interface ProviderAppsTable {
  provider: string
  client_id: string
  encrypted_secret: string
  binding_tag: string
  key_id: string
  version: Generated<number>
  updated_by: IntegerOrNull
  updated_at: TimeByDefault
}

/** One row: the name of this installation. */
export interface InstallationTable {
  id: Generated<string>
  is_only: Generated<boolean>
}

export interface ProviderBlocksTable {
  provider: string
  reason: Generated<string>
  blocked_by: IntegerOrNull
  blocked_at: TimeByDefault
}

export interface UpstreamServersTable {
  user_id: number
  connection_id: number
  url: string
  prefix: string
  created_at: TimeByDefault
}

export interface UpstreamToolsTable {
  user_id: number
  connection_id: number
  name: string
  definition: Json<Record<string, unknown>>
  digest: string
  changed_definition: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>
  changed_digest: TextOrNull
  changed_at: TimeOrNull
  removed_at: TimeOrNull
  accepted_at: TimeByDefault
}
