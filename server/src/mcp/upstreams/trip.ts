import { z } from 'zod'
import type { AuthorizationClient } from '#connections/authorization/protocol.ts'
import type { TransactionContents } from '#connections/authorization/transactions.ts'
import type { Discovered } from './discover.ts'
import type { RegisteredClient } from './register.ts'

/** A round trip to the authorization server of a remote server: all that the way back needs, sealed meanwhile. */

type TripServer = Pick<
  Discovered,
  'issuer' | 'authorizationEndpoint' | 'tokenEndpoint' | 'revocationEndpoint' | 'requiresIssuer' | 'resource'
>

export interface Trip {
  /** Of the remote server. */
  readonly url: string
  readonly label?: string
  /** Id of the connection that is renewed. */
  readonly renews?: number
  readonly server: TripServer
  readonly client: RegisteredClient
  /** What was asked for. */
  readonly scopes: readonly string[]
  readonly state: string
  readonly codeVerifier: string
  readonly returnTo: string
}

const contentsSchema = z.object({
  trip: z.object({
    url: z.string(),
    label: z.string().exactOptional(),
    renews: z.number().exactOptional(),
    server: z.object({
      issuer: z.string(),
      authorizationEndpoint: z.string(),
      tokenEndpoint: z.string(),
      revocationEndpoint: z.string().exactOptional(),
      requiresIssuer: z.boolean(),
      resource: z.string(),
    }),
    client: z.object({
      clientId: z.string(),
      clientSecret: z.string().exactOptional(),
      clientAuth: z.enum(['client_secret_basic', 'client_secret_post', 'none']),
      redirectUri: z.string(),
    }),
    scopes: z.array(z.string()),
    state: z.string(),
    codeVerifier: z.string(),
    returnTo: z.string(),
  }),
})

export function tripContents(trip: Trip): TransactionContents {
  return { trip }
}

/** @returns null where it is another kind of round trip */
export function tripIn(contents: TransactionContents | undefined): Trip | null {
  return contentsSchema.safeParse(contents).data?.trip ?? null
}

/** Whom the user was sent to; the issuer was recorded before (RFC 9207, RFC 9700 4.4.2). */
export function clientOfTrip({ url, server, client }: Trip): AuthorizationClient {
  return {
    name: new URL(url).host,
    issuer: server.issuer,
    requiresIssuer: server.requiresIssuer,
    authorizationEndpoint: server.authorizationEndpoint,
    tokenEndpoint: server.tokenEndpoint,
    clientId: client.clientId,
    ...(client.clientSecret === undefined ? {} : { clientSecret: client.clientSecret }),
    clientAuth: client.clientAuth,
    resource: server.resource,
  }
}

/** What is sealed with the tokens: the server that they are for, and where they are renewed and revoked. */
export function tripCredential({ url, server, client }: Trip): Readonly<Record<string, unknown>> {
  return {
    url,
    issuer: server.issuer,
    token_endpoint: server.tokenEndpoint,
    ...(server.revocationEndpoint === undefined ? {} : { revocation_endpoint: server.revocationEndpoint }),
    client_id: client.clientId,
    ...(client.clientSecret === undefined ? {} : { client_secret: client.clientSecret }),
    client_auth: client.clientAuth,
    resource: server.resource,
  }
}
