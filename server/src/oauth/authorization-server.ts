import type { AppContext, AppRouter } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'

/** What the rest of the server sees of the authorization server for MCP clients. */

/** What a client can be let do: these two of the scopes of the kernel. */
export const CLIENT_SCOPES = ['tools:read', 'tools:write'] as const

export type ClientScope = (typeof CLIENT_SCOPES)[number]

/** A client as a person can recognise it. Every text but the hosts is what the client says of itself. */
export interface ClientIdentity {
  readonly id: string
  readonly name: string
  /** Host that vouches for the client: of its metadata document, else of where its answers go; `localhost` for a program on the user's machine. */
  readonly host: string
  /** The client's own home page, where it names one (http or https). */
  readonly uri: string | undefined
  /** Where the code of this very request goes, as it was registered and matched. */
  readonly redirectUri: string
  /** Its host, or its private-use scheme such as `cursor:`. */
  readonly redirectHost: string
  /** True where the code goes to a program on the user's own machine, which anybody's program can claim to be. */
  readonly isLoopbackOnly: boolean
  readonly kind: 'pre_registered' | 'metadata_document' | 'dynamic'
}

/** A client's request that waits for its user's answer, in the browser that brought it. */
export interface PendingAuthorization {
  readonly uid: string
  readonly client: ClientIdentity
  /** Those asked for; both where the client asked for nothing. */
  readonly scopes: readonly ClientScope[]
  readonly resource: string
  /** `ui_locales` of the request, where given. */
  readonly locales: readonly string[]
}

/** What the user agreed to. */
export interface Consent {
  readonly userId: number
  /** Some of those that were asked for, at least one. */
  readonly scopes: readonly ClientScope[]
  /** Null: every connection of the user, later ones too. */
  readonly connectionIds: readonly number[] | null
}

/** A client that a user let in. */
export interface ClientGrant {
  readonly id: number
  readonly clientId: string
  readonly clientName: string
  readonly clientHost: string
  readonly clientKind: ClientIdentity['kind']
  readonly scopes: readonly ClientScope[]
  readonly connectionIds: readonly number[] | null
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date
}

/**
 * The flow: a client opens `/oauth/authorize`, which sends the browser to `/oauth/interaction/{uid}` with a cookie for that
 * path and everything below it. Whoever serves that page asks {@link interaction}, signs the user in, shows what is asked, and
 * answers with what {@link grantInteraction} or {@link denyInteraction} gives. Every request asks anew.
 */
export interface AuthorizationServer {
  /** Everything below `/oauth` but the interaction pages, and the documents below `/.well-known`. */
  readonly routes: () => AppRouter
  /** `not_found` where the uid of the path is unknown, has expired, or belongs to another browser. */
  readonly interaction: (c: AppContext, uid: string) => Promise<Outcome<PendingAuthorization>>
  /** Records the consent and sends the browser on (303) to the client, by way of `/oauth/authorize/{uid}`. */
  readonly grantInteraction: (c: AppContext, uid: string, consent: Consent) => Promise<Outcome<Response>>
  /** Sends the browser back to the client with `access_denied`. */
  readonly denyInteraction: (c: AppContext, uid: string) => Promise<Outcome<Response>>
  /** The living ones of a user, newest first. */
  readonly listGrants: (userId: number) => Promise<readonly ClientGrant[]>
  /** Ends a grant and every token of it, on every replica. False where the user has no such living grant. */
  readonly revokeGrant: (principal: Principal, id: number, requestId?: string) => Promise<boolean>
  /** Whether the grant that a principal came in by is still alive; one query. True for those who came in another way. */
  readonly stillValid: (principal: Principal) => Promise<boolean>
  /** Ends timers and listeners. */
  readonly close: () => Promise<void>
}
