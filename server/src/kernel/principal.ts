/** Who makes this request. Every use case takes one; there is no call without a user. */

/** What a token may be used for. A session holds all of them, `admin` only where the user administers the instance. */
export const SCOPES = [
  'tools:read',
  'tools:write',
  'connections:read',
  'connections:write',
  'agents:read',
  'agents:write',
  'chat',
  'activity:read',
  'account',
  'admin',
] as const

export type Scope = (typeof SCOPES)[number]

/** What an API token gets when its maker names no scope: everything but the account itself and the instance. */
export const DEFAULT_TOKEN_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'account' && scope !== 'admin')

export interface Principal {
  readonly userId: number
  readonly role: 'owner' | 'admin' | 'user'
  readonly scopes: ReadonlySet<Scope>
  /**
   * How the caller came in, and by which session, token or client. A remote server that says that its tools have changed
   * has them listed again, by its connection: it is given nothing else to do.
   */
  readonly via: {
    readonly kind: 'session' | 'api_token' | 'oauth_client' | 'external_jwt' | 'remote_server'
    readonly id: string
  }
  /** The only connections that may be used, where the user chose some for this client; all of the user's where absent. */
  readonly connectionIds?: ReadonlySet<number>
  /** The link that somebody connects by without a session, where they do: what they begin, only they finish. */
  readonly connectSessionId?: number
  /** The agent that acts for the user, where one does. */
  readonly agentId?: number
}
