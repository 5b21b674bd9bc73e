import { createHmac } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { Provider, errors, interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { isBanned } from '#identity/user.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { GuardedFetch } from '#kernel/egress.ts'
import { createAdapterFactory, successorOf, type AdapterDeps } from './adapter.ts'
import { CLIENT_SCOPES } from '#oauth/authorization-server.ts'
import { AUTH_METHODS, GRANT_TYPES, RESPONSE_TYPES, settleMetadata } from '#oauth/clients/client-metadata.ts'
import { isSecret } from '#oauth/clients/client-secret.ts'
import { touchClient } from '#oauth/clients/client-store.ts'
import { renderErrorPage } from '#oauth/pages/error.ts'
import {
  ACCESS_TOKEN_SECONDS,
  CODE_SECONDS,
  GRANT_SECONDS,
  INTERACTION_SECONDS,
  USED_CLIENT_SECONDS,
} from '#oauth/lifetimes.ts'
import { oauthRequest } from './oauth-request.ts'
import type { PreRegisteredClient } from '#oauth/clients/pre-registered.ts'
import { hashOf } from './record-seal.ts'
import type { SigningKeys } from '#oauth/tokens/signing-keys.ts'
import { findAccount, touchGrant } from '#oauth/grants/grant-store.ts'

/** The OAuth library, set up for MCP clients: codes with PKCE, tokens for one resource, an interaction every time. */

export interface ProviderDeps extends AdapterDeps {
  /** Where everybody reaches us, without a path: the issuer. */
  readonly publicUrl: string
  /** For documents that clients are named by. */
  readonly fetchDocument: GuardedFetch
  /** False where an address has asked for too many documents. */
  readonly mayFetch: (address: string) => Promise<boolean>
  readonly clients: readonly PreRegisteredClient[]
}

export const PATHS = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  jwks: '/oauth/jwks',
  interaction: '/oauth/interaction',
} as const

/** The claim of our access tokens that names the grant. */
export const GRANT_CLAIM = 'grant_id'

/** The one resource that tokens are for. */
export function resourceOf(publicUrl: string): string {
  return `${publicUrl}/mcp`
}

const OFF = { enabled: false } as const
/** Bytes of a client's document; those of real clients have less than two thousand. */
const DOCUMENT_BYTES = 10_240
/** Seconds that a document is kept, whatever it says of itself. */
const DOCUMENT_CACHE = { min: 60, max: 3_600 } as const
const CONSENT = 'consent'

export function createProvider(deps: ProviderDeps, keys: SigningKeys): Provider {
  const provider = new Provider(deps.publicUrl, {
    ...offered(deps),
    ...behaviour(deps),
    features: features(deps, keys),
    cookies: cookies(deps),
    jwks: { keys: [keys.active as never] },
  })
  const keepUnexpected = (error: unknown): void => {
    const request = oauthRequest.getStore()
    const isAnswered = (error as { expose?: boolean }).expose === true
    if (request !== undefined && !isAnswered) request.unexpected = error
  }
  provider.on('server_error', (_context, error) => keepUnexpected(error))
  // The library's types leave out what its own framework emits.
  ;(provider as EventEmitter).on('error', keepUnexpected)
  // The library offers no setting for these two: secrets that are kept as a hash, and refresh tokens that follow from what was used.
  provider.Client.prototype.compareClientSecret = function (this: { clientSecret?: string }, presented: string) {
    return this.clientSecret !== undefined && isSecret(presented, this.clientSecret)
  }
  Object.assign(provider.RefreshToken.prototype, { generateTokenId: () => successorOf(deps.secret, predecessor()) })
  return provider
}

/** What is exchanged for the refresh token that is being made. */
function predecessor(): string {
  const { entities } = (Provider.ctx as KoaContextWithOIDC).oidc
  const used = entities.RotatedRefreshToken ?? entities.AuthorizationCode
  if (used?.jti === undefined) throw new Error('A refresh token is made from nothing')
  return used.jti
}

function offered({ clients }: ProviderDeps): Configuration {
  return {
    clients: clients.map(({ metadata }) => metadata),
    clientAuthMethods: AUTH_METHODS,
    clientDefaults: {
      grant_types: [...GRANT_TYPES],
      response_types: [...RESPONSE_TYPES],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    responseTypes: [...RESPONSE_TYPES],
    routes: {
      authorization: PATHS.authorization,
      token: PATHS.token,
      registration: PATHS.registration,
      revocation: PATHS.revocation,
      jwks: PATHS.jwks,
    },
    scopes: [],
    pkce: { required: () => true },
    fetchResponseBodyLimits: { 'client_id metadata document': DOCUMENT_BYTES },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      Grant: GRANT_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      // Rotation passes the end of the first one on, so that a family ends with its grant.
      RefreshToken: (context) => context.oidc.entities.RotatedRefreshToken?.remainingTTL ?? GRANT_SECONDS,
      Session: INTERACTION_SECONDS,
    },
  }
}

function behaviour(deps: ProviderDeps): Configuration {
  const { database, clock } = deps
  return {
    adapter: createAdapterFactory(deps),
    clientBasedCORS: () => true,
    expiresWithSession: () => false,
    // The library calls the check only for named additions; this one is RFC 7591's own.
    extraClientMetadata: {
      properties: ['software_id'],
      validator: (_context, _name, _value, metadata) => settleMetadata(metadata as Record<string, unknown>),
    },
    async extraTokenClaims(_context, token) {
      const now = clock.now()
      const grantHash = hashOf(('grantId' in token && token.grantId) || '')
      const grantId = await database.asSystem('issue an access token', (tx) => touchGrant(grantHash, now, tx))
      if (grantId === undefined) throw new errors.InvalidGrant('the grant has ended')
      const expiresAt = new Date(now.getTime() + USED_CLIENT_SECONDS * MILLISECONDS_PER_SECOND)
      await touchClient(token.clientId ?? '', { at: now, expiresAt }, database.login)
      return { [GRANT_CLAIM]: grantId }
    },
    fetch: deps.fetchDocument as typeof globalThis.fetch,
    async findAccount(_context, id) {
      const account = await findAccount(Number(id), database.login)
      if (account === undefined || isBanned(account, clock.now())) return undefined
      return { accountId: id, claims: () => ({ sub: id }) }
    },
    interactions: {
      policy: askEveryTime(),
      url: (_context, interaction) => `${PATHS.interaction}/${interaction.uid}`,
    },
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    async loadExistingGrant(context) {
      const grantId = context.oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : context.oidc.provider.Grant.find(grantId)
    },
    renderError: renderErrorPage,
    rotateRefreshToken: true,
  }
}

/** Who the browser's user is, and what they agree to, is asked for each request: a remembered answer would be another's to use. */
function askEveryTime(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  policy.clear()
  const check = new interactionPolicy.Check('not_asked', 'the user was not asked yet', 'consent_required', (context) =>
    context.oidc.result?.consent === undefined
      ? interactionPolicy.Check.REQUEST_PROMPT
      : interactionPolicy.Check.NO_NEED_TO_PROMPT,
  )
  policy.add(new interactionPolicy.Prompt({ name: CONSENT, requestable: false }, check))
  return policy
}

function features(deps: ProviderDeps, keys: SigningKeys): NonNullable<Configuration['features']> {
  const resource = resourceOf(deps.publicUrl)
  return {
    clientIdMetadataDocument: {
      enabled: true,
      ack: 'draft-02',
      cacheDuration: DOCUMENT_CACHE,
      allowFetch: () => deps.mayFetch(oauthRequest.getStore()?.address ?? 'unknown'),
    },
    devInteractions: OFF,
    dPoP: OFF,
    pushedAuthorizationRequests: OFF,
    registration: { enabled: true, initialAccessToken: false, issueRegistrationAccessToken: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo(_context, asked) {
        if (asked !== resource) throw new errors.InvalidTarget(`the resource must be ${resource}`)
        return {
          scope: CLIENT_SCOPES.join(' '),
          audience: resource,
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256', kid: keys.active.kid } },
        }
      },
    },
    revocation: { enabled: true, allowedPolicy: (_context, client, token) => client.clientId === token.clientId },
    rpInitiatedLogout: OFF,
    userinfo: OFF,
  }
}

/** Two cookies of one interaction: for our pages, and for the way back. Signed, so that a database dump makes none. */
function cookies({ publicUrl, secret }: ProviderDeps): NonNullable<Configuration['cookies']> {
  const secure = publicUrl.startsWith('https:')
  const prefix = secure ? '__Secure-' : ''
  const options = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true, secure } as const
  return {
    keys: [createHmac('sha256', secret).update('chaveiro/oauth-cookies/v1').digest('base64url')],
    names: {
      session: `${prefix}chaveiro_oauth_session`,
      interaction: `${prefix}chaveiro_interaction`,
      resume: `${prefix}chaveiro_resume`,
    },
    long: options,
    short: options,
  }
}
