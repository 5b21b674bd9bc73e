import { segment, type Transport } from './transport.ts'

/** An MCP client that you let in. */
export interface AllowedClient {
  readonly id: number
  readonly client_id: string
  /** What it calls itself. */
  readonly name: string
  /** Who vouches for it, or where its access went. */
  readonly host: string
  readonly kind: 'pre_registered' | 'metadata_document' | 'dynamic'
  readonly scopes: readonly ('tools:read' | 'tools:write')[]
  /** Ids of the connections that it may use; null: all, also those that are added later. */
  readonly connections: readonly number[] | null
  readonly created_at: string
  readonly last_used_at: string | null
  readonly expires_at: string
}

export interface AllowedClients {
  readonly clients: readonly AllowedClient[]
  /** The address that clients are given. */
  readonly mcp_url: string
  readonly next_cursor: null
}

/** Clients of whoever asks. */
export function clientsOf({ call }: Transport) {
  return {
    /** Newest first. */
    list: () => call<AllowedClients>('GET', '/api/clients'),
    /** Every token of it ends at once. */
    revoke: (id: number) =>
      call<{ readonly id: number; readonly revoked: true }>('DELETE', `/api/clients/${segment(id)}`),
  }
}
