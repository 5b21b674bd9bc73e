import type { DisconnectReceipt } from './connections.ts'
import { segment, type Transport } from './transport.ts'

export type Role = 'owner' | 'admin' | 'user'

export type Scope =
  | 'tools:read'
  | 'tools:write'
  | 'connections:read'
  | 'connections:write'
  | 'agents:read'
  | 'agents:write'
  | 'chat'
  | 'activity:read'
  | 'account'
  | 'admin'

export interface User {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly created_at: string
}

export interface Me extends User {
  readonly scopes: readonly Scope[]
  /** How this request came in. */
  readonly via: 'session' | 'api_token' | 'oauth_client' | 'external_jwt'
}

export interface Session {
  readonly id: number
  readonly created_at: string
  readonly expires_at: string
}

export interface MySession extends Session {
  readonly ip_address: string | null
  readonly user_agent: string | null
  /** Whether it is the one that asks. */
  readonly current: boolean
}

export interface SignedIn {
  /** For `Authorization: Bearer`. */
  readonly token: string
  readonly user: User
  readonly session: Session
}

export interface SignUp {
  readonly name: string
  readonly email: string
  readonly password: string
  /** Needed where sign-up takes an invitation. */
  readonly invitation?: string
}

/** What somebody without an account is offered. */
export interface SignUpOffer {
  readonly mode: 'open' | 'invitation' | 'closed'
  /** Nobody owns the instance yet: whoever comes does, whatever the mode. */
  readonly is_first: boolean
  readonly password_minimum: number
}

export interface ApiToken {
  readonly id: number
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_at: string | null
}

/** `token` is in this answer and nowhere else. */
export interface NewApiToken extends ApiToken {
  readonly token: string
}

export interface ApiTokenDraft {
  readonly name: string
  /** None: all but `account` and `admin`. */
  readonly scopes?: readonly Scope[]
  /** None: 90. Null: no end. */
  readonly expires_in_days?: number | null
}

export interface Invitation {
  readonly id: number
  readonly email: string
  readonly created_at: string
  readonly expires_at: string
}

/** `token` is in this answer and nowhere else. */
export interface NewInvitation extends Invitation {
  readonly token: string
}

export interface PasswordChange {
  readonly current_password: string
  readonly new_password: string
  readonly end_other_sessions?: boolean
}

/** Accounts and sessions. */
export function authOf({ call }: Transport) {
  return {
    signUpOffer: () => call<SignUpOffer>('GET', '/api/auth/sign-up'),
    signUp: (draft: SignUp) => call<SignedIn>('POST', '/api/auth/sign-up/email', { body: draft }),
    signIn: (credentials: { readonly email: string; readonly password: string }) =>
      call<SignedIn>('POST', '/api/auth/sign-in/email', { body: credentials }),
    signOut: () => call<{ readonly success: true }>('POST', '/api/auth/sign-out'),
    /** Null without a session, and for API tokens. */
    session: () => call<{ readonly session: Session; readonly user: User } | null>('GET', '/api/auth/get-session'),
    /** Ends every session of yours and answers with a new one, unless `end_other_sessions` is false. */
    changePassword: (change: PasswordChange) => call<SignedIn>('POST', '/api/auth/change-password', { body: change }),
  }
}

/** Whoever asks. */
export function meOf({ call }: Transport) {
  return {
    get: () => call<Me>('GET', '/api/me'),
    rename: (name: string) => call<User>('PATCH', '/api/me', { body: { name } }),
    /** Counts at once, and ends your other sessions. */
    changeEmail: (change: { readonly email: string; readonly password: string }) =>
      call<User>('POST', '/api/me/email', { body: change }),
    /** With everything you own; it cannot be undone. `name` is your own. */
    deleteAccount: (proof: { readonly password: string; readonly name: string }) =>
      call<{ readonly deleted: true; readonly receipts: readonly DisconnectReceipt[] }>('POST', '/api/me/delete', {
        body: proof,
      }),
    /** Where you are signed in, newest first. */
    sessions: () =>
      call<{ readonly sessions: readonly MySession[]; readonly next_cursor: null }>('GET', '/api/me/sessions'),
    /** All but the one that asks. */
    endOtherSessions: () => call<{ readonly ended: number }>('DELETE', '/api/me/sessions'),
    endSession: (id: number) =>
      call<{ readonly id: number; readonly ended: true }>('DELETE', `/api/me/sessions/${segment(id)}`),
  }
}

/** API tokens of whoever asks. */
export function tokensOf({ call }: Transport) {
  return {
    create: (draft: ApiTokenDraft) => call<NewApiToken>('POST', '/api/tokens', { body: draft }),
    list: () => call<{ readonly tokens: readonly ApiToken[]; readonly next_cursor: null }>('GET', '/api/tokens'),
    revoke: (id: number) =>
      call<{ readonly id: number; readonly revoked: true }>('DELETE', `/api/tokens/${segment(id)}`),
  }
}

/** For those who administer the instance. */
export function invitationsOf({ call }: Transport) {
  return {
    create: (email: string) => call<NewInvitation>('POST', '/api/invitations', { body: { email } }),
    list: () =>
      call<{ readonly invitations: readonly Invitation[]; readonly next_cursor: null }>('GET', '/api/invitations'),
    withdraw: (id: number) =>
      call<{ readonly id: number; readonly withdrawn: true }>('DELETE', `/api/invitations/${segment(id)}`),
  }
}
