import type { ClientMetadata } from 'oidc-provider'

/** A client that the operator named in the settings. */
export interface PreRegisteredClient {
  readonly metadata: ClientMetadata
}
