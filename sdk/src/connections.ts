import { segment, type Abortable, type Transport } from './transport.ts'

/** A text for people, in the languages of the product. */
export interface LocalText {
  readonly en: string
  readonly pt: string
}

export interface CredentialField {
  readonly name: string
  readonly label: LocalText
  /** How to get it. */
  readonly steps: readonly LocalText[]
  /** Regular expression of what one looks like. */
  readonly pattern?: string
}

/** A key that the user pastes. */
export interface KeyMethod {
  readonly kind: 'api_key'
  /** Where a person makes and revokes keys. */
  readonly keys_url: string
  readonly fields: readonly CredentialField[]
}

/** Access that the user allows at the provider. */
export interface GrantMethod {
  readonly kind: 'oauth2'
  /** What is asked for, in plain words. */
  readonly scopes: Readonly<Record<string, LocalText>>
  /** False until the operator has set the app of this server there. */
  readonly configured: boolean
  /** Where a person begins in a browser. */
  readonly authorize_url: string
  /** Where a person ends it by hand. */
  readonly grants_url: string
}

export type AuthMethod = KeyMethod | GrantMethod

/** What can be connected, and how. */
export interface ProviderSummary {
  readonly id: string
  readonly name: string
  readonly description: LocalText
  readonly docs_url: string
  /** The ways to connect it, the recommended one first. */
  readonly auth: readonly AuthMethod[]
  readonly permissions: Readonly<Record<string, LocalText>>
  readonly tools: readonly {
    readonly name: string
    readonly title: LocalText
    readonly readOnly: boolean
    readonly destructive: boolean
    readonly idempotent: boolean
    readonly openWorld: boolean
  }[]
}

export interface Connection {
  readonly connected: boolean
  readonly status: 'connected' | 'needs_reauthorization' | 'error' | 'disabled'
  readonly provider: string
  readonly connection_id: number
  readonly label: string
  readonly is_default: boolean
  readonly account: Readonly<Record<string, unknown>>
  /** Null: it could not be told. */
  readonly permissions: Readonly<Record<string, boolean | null>>
  readonly missing_permissions: readonly ({ readonly permission: string } & LocalText)[]
  readonly status_reason: string | null
  readonly connected_at: string
  readonly last_used_at: string | null
  readonly expires_at: string | null
  /** How it was connected. */
  readonly method: 'api_key' | 'oauth2' | 'none'
  readonly scopes: readonly string[]
  readonly status_since: string
  readonly last_success_at: string | null
  readonly last_error_at: string | null
  /** What went wrong then, in words. */
  readonly last_error: string | null
  /** When its access is renewed by itself; null where it does not end or cannot be renewed. */
  readonly next_refresh_at: string | null
  readonly connect_url: string | null
  /** In words, while the owner has cut its provider off: nothing is sent there, whatever the status. */
  readonly cut_off: string | null
}

/** What the provider answered just now. */
export interface LiveCheck {
  readonly ok: boolean
  readonly code: string | null
  readonly detail: string | null
  readonly checked_at: string
}

export interface NoConnection {
  readonly connected: false
  readonly status: 'not_connected'
  readonly provider: string
  readonly connect_url: string
  readonly cut_off: string | null
}

export type ConnectionState = (Connection & { readonly check?: LiveCheck }) | NoConnection

export interface DisconnectReceipt {
  readonly disconnected: true
  readonly provider: string
  readonly connection_id: number
  readonly label: string
  readonly revoked_at_provider: boolean
  /** What is left to do, in words. */
  readonly next_step: string
}

/** Who worked with a connection in the last 30 days. */
export interface ConnectionUse {
  readonly connection_id: number
  /** An agent, an MCP client, a program with a token, or the user themselves. */
  readonly kind: 'agent' | 'client' | 'token' | 'you'
  /** Of the agent, the client or the API token; null for the user, and where it is not known. */
  readonly id: string | null
  readonly calls: number
  readonly last_used_at: string
}

/** The provider's own fields, for example `{api_key: '…'}`, and how to keep the connection. */
export type ConnectDraft = Readonly<Record<string, unknown>> & {
  readonly label?: string
  readonly is_default?: boolean
}

export interface AuthorizeQuery {
  /** Where the user is led afterwards: a path of the server, or an address at an origin that it allows. */
  readonly return_to?: string
  /** The connection to renew; another account is not taken in its place. */
  readonly connection_id?: number
}

/** The way to a provider, for one user, once. */
export interface AuthorizeAddress {
  readonly authorize_url: string
  readonly expires_at: string
}

export interface StatusQuery extends Abortable {
  /** None: the default connection of the provider. */
  readonly connection_id?: number
  /** Ask the provider now. */
  readonly check?: boolean
}

export interface ConnectSessionDraft {
  /** This, or the address of a remote server. */
  readonly provider?: string
  readonly server_url?: string
  /** Where the person is led afterwards: an address at an origin that the operator allows. */
  readonly return_to: string
  /** Of the page; that of their browser where absent. */
  readonly language?: 'en' | 'pt'
}

/** A link by which your user connects one account, once, without signing in to the server. */
export interface ConnectSession {
  readonly url: string
  readonly provider: string
  readonly expires_at: string
}

/** What can be connected. */
export function providersOf({ call }: Transport) {
  return {
    list: () => call<{ readonly providers: readonly ProviderSummary[] }>('GET', '/api/mcp/providers'),
  }
}

/** Connections of whoever asks. */
export function connectionsOf({ call }: Transport) {
  return {
    list: () =>
      call<{ readonly connections: readonly Connection[]; readonly next_cursor: null }>('GET', '/api/mcp/connections'),
    /** Who worked with them in the last 30 days. */
    uses: () =>
      call<{ readonly uses: readonly ConnectionUse[]; readonly next_cursor: null }>('GET', '/api/mcp/connection-uses'),
    get: (id: number) => call<Connection>('GET', `/api/mcp/connections/${segment(id)}`),
    change: (id: number, change: { readonly label?: string; readonly is_default?: true }) =>
      call<Connection>('PATCH', `/api/mcp/connections/${segment(id)}`, { body: change }),
    /** Checked with the provider before it is stored. */
    connect: (provider: string, draft: ConnectDraft) =>
      call<Connection>('POST', `/api/mcp/${segment(provider)}/connect`, { body: draft }),
    /** An address to open in a browser where the same user is signed in. */
    authorize: (provider: string, query: AuthorizeQuery = {}) =>
      call<AuthorizeAddress>('GET', `/api/mcp/${segment(provider)}/authorize`, { query: { ...query } }),
    /** For a product that sends its own users through: the way to connect one account for the user of the token. */
    createSession: (draft: ConnectSessionDraft) =>
      call<ConnectSession>('POST', '/api/connect-sessions', { body: draft }),
    status: (provider: string, { signal, ...query }: StatusQuery = {}) =>
      call<ConnectionState>('GET', `/api/mcp/${segment(provider)}/status`, { query, signal }),
    /** The default connection, unless `connection_id` names another. */
    disconnect: (provider: string, query: { readonly connection_id?: number } = {}) =>
      call<DisconnectReceipt>('DELETE', `/api/mcp/${segment(provider)}/disconnect`, { query }),
  }
}
