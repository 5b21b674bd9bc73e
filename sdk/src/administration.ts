import type { ActivityEvent, EventPage } from './activity.ts'
import type { PageQuery } from './agents.ts'
import type { DisconnectReceipt, LocalText } from './connections.ts'
import type { User } from './identity.ts'
import { segment, type Transport } from './transport.ts'

export interface ManagedUser extends User {
  readonly banned: boolean
  readonly ban_reason: string | null
  readonly ban_expires_at: string | null
}

export interface UserDraft {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly role?: 'admin' | 'user'
}

export interface UserChange {
  readonly role?: 'admin' | 'user'
  readonly banned?: boolean
  readonly ban_reason?: string | null
  readonly ban_expires_at?: string | null
}

export interface KeyState {
  readonly primary: string
  readonly keys: readonly {
    readonly key_id: string
    /** `primary` writes, `listed` reads, `retired` is no longer listed. */
    readonly role: 'primary' | 'listed' | 'retired'
    /** Credentials that are sealed with it. */
    readonly rows: number
  }[]
  /** Rows that only the import opens. */
  readonly unbound: number
}

export interface RotationProgress {
  readonly rotated: number
  readonly unreadable: number
  /** Ids of the first of them. */
  readonly unreadable_connections: readonly number[]
  /** Call again until this is 0, or equals `unreadable`. */
  readonly remaining: number
}

/** The last event of the audit chain. Keep it elsewhere. */
export interface ChainHead {
  readonly id: number
  readonly hash: string
}

export interface Verification {
  readonly intact: boolean
  readonly events: number
  readonly head: ChainHead
  /** The first thing that is wrong, in words. */
  readonly fault: string | null
}

/** A row that another deployment can keep; `encrypted_credentials` is a Fernet token. */
export interface ImportedConnection {
  readonly user_email: string
  readonly provider: string
  readonly encrypted_credentials: string
  readonly is_active?: boolean
  readonly connected_at?: string
  readonly expires_at?: string | null
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly label?: string
}

export interface ExportedConnection extends Required<ImportedConnection> {
  readonly last_used_at: string | null
  readonly key_id: string | null
}

export interface ImportResult {
  /** From 1, within the request. */
  readonly row: number
  readonly user_email: string
  readonly provider: string
  readonly outcome: 'imported' | 'exists' | 'refused'
  readonly connection_id: number | null
  readonly detail: string
}

export interface ProviderBlock {
  readonly provider: string
  readonly blocked: boolean
  readonly reason: string
  readonly blocked_at: string | null
}

/** The registration of this server at a provider; its secret is never shown. */
export interface ProviderApp {
  readonly provider: string
  readonly configured: boolean
  readonly source: 'settings' | 'stored' | null
  readonly client_id: string | null
  readonly updated_at: string | null
  /** What it must be registered with. */
  readonly redirect_uri: string
  /** Where it is registered. */
  readonly app_url: string | null
  readonly steps: readonly LocalText[]
}

export interface ProviderAppDraft {
  readonly client_id: string
  /** Left out for a public client, which only remote servers have. */
  readonly client_secret?: string
}

export interface Denial extends ActivityEvent {
  readonly user_id: number | null
  /** Null where it is about nobody, or about somebody whose account is gone. */
  readonly user_name: string | null
}

export type DenialsQuery = {
  readonly cursor?: number
  readonly type?: string
  readonly user_id?: number
  /** Where it came from. */
  readonly address?: string
}

/** Something unusual among what failed or was denied. */
export interface Alert {
  readonly kind:
    | 'many_from_address'
    | 'many_of_user'
    | 'many_failures'
    | 'token_reused'
    | 'credential_unreadable'
    | 'chain_broken'
  readonly count: number
  readonly address: string | null
  readonly user_id: number | null
  readonly user_name: string | null
  readonly first_at: string
  readonly last_at: string
}

export interface Instance {
  readonly version: string
  readonly node_version: string
  /** Of the process that answers. */
  readonly started_at: string
  readonly production: boolean
  readonly public_url: string
  readonly database: {
    readonly engine: 'pglite' | 'postgres'
    readonly answered_in_ms: number
    /** How many work on it at this moment. */
    readonly servers: number
  }
  readonly jobs: readonly { readonly job: string; readonly ended_at: string; readonly succeeded: boolean }[]
  readonly sign_up: { readonly mode: 'open' | 'invitation' | 'closed'; readonly setting: string }
  readonly limits_store: 'memory' | 'postgres' | 'redis'
  readonly limits: readonly { readonly setting: string; readonly value: number }[]
  /** What works, and may still not be what was meant. */
  readonly advice: readonly {
    readonly code: 'exposed' | 'not_https' | 'limits_alone' | 'provider_redirected'
    readonly detail: string
  }[]
}

/** For those who administer the instance. */
export function adminOf(transport: Transport) {
  return {
    instance: instanceOf(transport),
    users: usersOf(transport),
    keys: keysOf(transport),
    audit: auditOf(transport),
    denials: denialsOf(transport),
    connections: movingOf(transport),
    providerBlocks: providerBlocksOf(transport),
    providerApps: providerAppsOf(transport),
  }
}

function instanceOf({ call }: Transport) {
  return {
    /** How the server is, and by which settings it works. */
    get: () => call<Instance>('GET', '/api/admin/instance'),
  }
}

function usersOf({ call }: Transport) {
  return {
    /** By id, oldest first. */
    list: (query: PageQuery & { readonly search?: string } = {}) =>
      call<{ readonly users: readonly ManagedUser[]; readonly next_cursor: number | null }>('GET', '/api/admin/users', {
        query,
      }),
    create: (draft: UserDraft) => call<ManagedUser>('POST', '/api/admin/users', { body: draft }),
    /** Ends the sessions of that user. */
    change: (id: number, change: UserChange) =>
      call<ManagedUser>('PATCH', `/api/admin/users/${segment(id)}`, { body: change }),
    /** With everything they own. */
    delete: (id: number) =>
      call<{ readonly id: number; readonly deleted: true }>('DELETE', `/api/admin/users/${segment(id)}`),
    /** Ends every connection of that user, at the providers too where that can be done. For the owner. */
    disconnectAll: (id: number) =>
      call<{ readonly user_id: number; readonly receipts: readonly DisconnectReceipt[] }>(
        'POST',
        `/api/admin/users/${segment(id)}/disconnect-all`,
      ),
  }
}

/** Providers that the owner has cut off, for everyone at once. */
function providerBlocksOf({ call }: Transport) {
  const path = (provider: string) => `/api/admin/provider-blocks/${segment(provider)}`
  return {
    list: () =>
      call<{ readonly blocks: readonly ProviderBlock[]; readonly next_cursor: null }>(
        'GET',
        '/api/admin/provider-blocks',
      ),
    get: (provider: string) => call<ProviderBlock>('GET', path(provider)),
    /** Everyone who is refused reads the reason. */
    set: (provider: string, reason = '') => call<ProviderBlock>('PUT', path(provider), { body: { reason } }),
    lift: (provider: string) => call<ProviderBlock>('DELETE', path(provider)),
  }
}

/** By the id of a provider, or the issuer of a remote server's authorization server. For the owner. */
function providerAppsOf({ call }: Transport) {
  const path = (provider: string) => `/api/admin/provider-apps/${segment(provider)}`
  return {
    /** One for each provider that needs one, set or not, and those of remote servers that were set. */
    list: () =>
      call<{ readonly apps: readonly ProviderApp[]; readonly next_cursor: null }>('GET', '/api/admin/provider-apps'),
    get: (provider: string) => call<ProviderApp>('GET', path(provider)),
    set: (provider: string, app: ProviderAppDraft) => call<ProviderApp>('PUT', path(provider), { body: app }),
    delete: (provider: string) => call<ProviderApp>('DELETE', path(provider)),
  }
}

function keysOf({ call }: Transport) {
  return {
    get: () => call<KeyState>('GET', '/api/admin/keys'),
    /** Seals the next part of what is under other keys again, under the primary key. */
    rotate: () => call<RotationProgress>('POST', '/api/admin/keys/rotate'),
    /** Forgets a key that nothing is sealed with any more. */
    retire: (keyId: string) =>
      call<{ readonly key_id: string; readonly forgotten: true }>('DELETE', `/api/admin/keys/${segment(keyId)}`),
  }
}

function auditOf({ call }: Transport) {
  return {
    /** Walks the chain; `noted`, the head of an earlier walk, must still be part of it. */
    verify: (noted?: ChainHead) => call<Verification>('POST', '/api/admin/audit/verify', { body: { noted } }),
  }
}

function denialsOf({ call }: Transport) {
  return {
    /** What failed or was denied, over all users. */
    list: (query: DenialsQuery = {}) => call<EventPage<Denial>>('GET', '/api/admin/denials', { query }),
    /** What is unusual among them, of the last day. */
    alerts: () => call<{ readonly alerts: readonly Alert[]; readonly since: string }>('GET', '/api/admin/alerts'),
  }
}

function movingOf({ call }: Transport) {
  return {
    /** Every connection, still sealed. */
    export: () => call<{ readonly connections: readonly ExportedConnection[] }>('GET', '/api/admin/connections/export'),
    /** Binds rows that were sealed elsewhere to their users; 200 at most in one request. */
    import: (connections: readonly ImportedConnection[]) =>
      call<{ readonly results: readonly ImportResult[] }>('POST', '/api/admin/connections/import', {
        body: { connections },
      }),
  }
}
