import { CLIENT_SCOPES } from './authorization-server.ts'
import { AUTH_METHODS, GRANT_TYPES, RESPONSE_TYPES } from '#oauth/clients/client-metadata.ts'
import { PATHS } from '#oauth/library/provider.ts'

/** What clients read before they start. */

/** RFC 8414; read by clients that look for OpenID Connect's document as well. */
export function authorizationServerDocument(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: issuer + PATHS.authorization,
    token_endpoint: issuer + PATHS.token,
    registration_endpoint: issuer + PATHS.registration,
    revocation_endpoint: issuer + PATHS.revocation,
    jwks_uri: issuer + PATHS.jwks,
    scopes_supported: CLIENT_SCOPES,
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: ['query'],
    grant_types_supported: GRANT_TYPES,
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    resource_indicators_supported: true,
    service_documentation: `${issuer}/docs`,
    ui_locales_supported: ['en', 'pt-BR'],
  }
}

/** What readers of OpenID Connect's document insist on. No ID token is ever issued. */
export function openidDocument(issuer: string): Record<string, unknown> {
  return {
    ...authorizationServerDocument(issuer),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
}

export interface ProtectedResource {
  readonly resource: string
  readonly issuer: string
}

/** RFC 9728. */
export function protectedResourceDocument({ resource, issuer }: ProtectedResource): Record<string, unknown> {
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: CLIENT_SCOPES,
    bearer_methods_supported: ['header'],
    resource_name: 'Chaveiro',
    resource_documentation: `${issuer}/docs`,
  }
}
