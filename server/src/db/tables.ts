import type { ColumnType, Generated } from 'kysely'
import type {
  AgentsTable,
  ApprovalsTable,
  MessagesTable,
  RunEventsTable,
  RunsTable,
  ThreadsTable,
} from './agent-tables.ts'
import type { IntegerOrNull, Json, TextOrNull, Time, TimeByDefault, TimeOrNull } from './columns.ts'
import type {
  AuthorizationTransactionsTable,
  ConnectSessionsTable,
  ConnectionEndingsTable,
  ConnectionsTable,
  InstallationTable,
  ProviderAppsTable,
  ProviderBlocksTable,
  UpstreamServersTable,
  UpstreamToolsTable,
} from './connection-tables.ts'

/** The columns of migrations/*.sql as TypeScript sees them. */

export interface UsersTable {
  id: Generated<number>
  name: string
  email: string
  email_verified: Generated<boolean>
  image: TextOrNull
  role: Generated<'owner' | 'admin' | 'user'>
  banned: Generated<boolean>
  ban_reason: TextOrNull
  ban_expires: TimeOrNull
  created_at: TimeByDefault
  updated_at: TimeByDefault
}

export interface SessionsTable {
  id: Generated<number>
  user_id: number
  token: string
  expires_at: Time
  ip_address: TextOrNull
  user_agent: TextOrNull
  impersonated_by: TextOrNull
  created_at: TimeByDefault
  updated_at: TimeByDefault
}

export interface UserLoginsTable {
  id: Generated<number>
  user_id: number
  account_id: string
  provider_id: string
  password: TextOrNull
  created_at: TimeByDefault
  updated_at: TimeByDefault
}

export interface InvitationsTable {
  id: Generated<number>
  email: string
  token_hash: string
  invited_by: IntegerOrNull
  expires_at: Time
  accepted_at: TimeOrNull
  created_at: TimeByDefault
}

export interface ApiTokensTable {
  user_id: number
  id: Generated<number>
  name: string
  token_hash: string
  scopes: string[]
  expires_at: TimeOrNull
  last_used_at: TimeOrNull
  revoked_at: TimeOrNull
  created_at: TimeByDefault
}

export interface ToolPoliciesTable {
  user_id: number
  tool: string
  decision: 'allow' | 'ask' | 'deny'
  updated_at: TimeByDefault
}

export interface AgentToolPoliciesTable {
  user_id: number
  agent_user_id: number
  agent_id: number
  tool: string
  decision: 'allow' | 'ask' | 'deny'
  updated_at: TimeByDefault
}

export type ToolCallStatus = 'started' | 'succeeded' | 'failed' | 'unknown'

export interface ToolCallsTable {
  user_id: number
  id: Generated<number>
  tool: string
  provider: string
  connection_id: IntegerOrNull
  connection_label: TextOrNull
  agent_id: IntegerOrNull
  run_id: IntegerOrNull
  via: string
  via_id: TextOrNull
  idempotency_key: TextOrNull
  arguments_digest: string
  status: ToolCallStatus
  error_code: TextOrNull
  result: ColumnType<unknown, string | null | undefined, string | null>
  request_bytes: Generated<number>
  result_bytes: Generated<number>
  started_at: TimeByDefault
  duration_ms: IntegerOrNull
}

export interface AuditEventsTable {
  id: number
  user_id: IntegerOrNull
  type: string
  outcome: 'success' | 'failure' | 'denied'
  actor: Json<Record<string, unknown>>
  target: Json<Record<string, unknown>>
  details: Json<Record<string, unknown>>
  request_id: TextOrNull
  at: Time
  previous_hash: string
  hash: string
}

export interface AuditHeadTable {
  singleton: Generated<boolean>
  last_id: number
  last_hash: string
}

export interface KeyCheckTable {
  kid: string
  token: string
  created_at: TimeByDefault
}

/** `payload` is encrypted under a key derived from the identifier whose SHA-256 is `id_hash`. */
export interface OauthRecordsTable {
  model: string
  id_hash: string
  payload: string
  grant_hash: TextOrNull
  consumed_at: TimeOrNull
  expires_at: Time
  created_at: TimeByDefault
}

export interface OauthClientsTable {
  client_id: string
  metadata: Json<Record<string, unknown>>
  created_at: TimeByDefault
  last_used_at: TimeOrNull
  expires_at: Time
}

export interface OauthGrantsTable {
  user_id: number
  id: Generated<number>
  client_id: string
  client_name: string
  client_host: string
  scopes: string[]
  connection_ids: number[] | null
  grant_hash: string
  created_at: TimeByDefault
  last_used_at: TimeOrNull
  expires_at: Time
  revoked_at: TimeOrNull
}

export interface OauthSigningKeysTable {
  id: Generated<number>
  kid: string
  public_key: Json<Record<string, string>>
  encrypted_key: string
  version: Generated<number>
  binding_tag: string
  key_id: string
  created_at: TimeByDefault
  retired_at: TimeOrNull
}

export interface ExternalIdentitiesTable {
  id: Generated<number>
  issuer: string
  subject: string
  user_id: IntegerOrNull
  created_at: TimeByDefault
}

export interface Tables {
  users: UsersTable
  sessions: SessionsTable
  user_logins: UserLoginsTable
  invitations: InvitationsTable
  api_tokens: ApiTokensTable
  mcp_connections: ConnectionsTable
  agents: AgentsTable
  threads: ThreadsTable
  runs: RunsTable
  messages: MessagesTable
  run_events: RunEventsTable
  approvals: ApprovalsTable
  tool_policies: ToolPoliciesTable
  agent_tool_policies: AgentToolPoliciesTable
  tool_calls: ToolCallsTable
  audit_events: AuditEventsTable
  audit_head: AuditHeadTable
  key_check: KeyCheckTable
  external_identities: ExternalIdentitiesTable
  oauth_records: OauthRecordsTable
  oauth_clients: OauthClientsTable
  oauth_grants: OauthGrantsTable
  oauth_signing_keys: OauthSigningKeysTable
  authorization_transactions: AuthorizationTransactionsTable
  connect_sessions: ConnectSessionsTable
  connection_endings: ConnectionEndingsTable
  provider_apps: ProviderAppsTable
  installation: InstallationTable
  provider_blocks: ProviderBlocksTable
  upstream_servers: UpstreamServersTable
  upstream_tools: UpstreamToolsTable
}
