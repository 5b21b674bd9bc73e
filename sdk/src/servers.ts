import type { Connection, ConnectionState, DisconnectReceipt, LocalText } from './connections.ts'
import { segment, type Transport } from './transport.ts'

/** A remote MCP server that was connected by its address. */
export interface RemoteServer extends Connection {
  /** Without its query. */
  readonly url: string
  /** It has a query, which is kept sealed and not shown. */
  readonly query_is_sealed: boolean
  /** Leads the names of its tools. */
  readonly tool_prefix: string
  /** New or changed tools that wait to be accepted. */
  readonly changed_tools: number
}

/** Where the user signs in, in a browser in which they are signed in here too. It works once. */
export interface ServerAuthorization {
  readonly authorize_url: string
  readonly expires_at: string
}

export interface ServerDraft {
  readonly url: string
  readonly label?: string
  /** One that the user made at the server, instead of signing in. */
  readonly token?: string
  /** Where the browser is led after signing in. */
  readonly return_to?: string
}

export interface ServerPreset {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly description: LocalText
  readonly access: readonly ('sign_in' | 'operator_app' | 'token')[]
  readonly note: LocalText | null
  readonly docs_url: string
}

/** A tool that changed, came or went since its user accepted the server's tools. It is not called before it is accepted. */
export interface ToolChange {
  /** As the server calls it. */
  readonly name: string
  /** As agents and clients know it. */
  readonly tool: string
  readonly kind: 'added' | 'changed' | 'removed'
  /** What an acceptance is bound to; null where nothing can be accepted. */
  readonly digest: string | null
  readonly since: string
  readonly fields: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[]
  /** Whether the tool would run without a question. */
  readonly reads_only: { readonly before: boolean | null; readonly after: boolean | null }
}

export interface AcceptedChanges {
  readonly accepted: readonly string[]
  /** Digests that nothing has any more. */
  readonly outdated: readonly string[]
}

export interface ListedTools {
  readonly tools: number
  /** What cannot be used, and why. */
  readonly left_out: readonly string[]
  /** New or changed tools, which wait to be accepted. */
  readonly changed: readonly string[]
}

/** Remote MCP servers of whoever asks. */
export function serversOf({ call }: Transport) {
  return {
    list: () =>
      call<{ readonly servers: readonly RemoteServer[]; readonly next_cursor: null }>('GET', '/api/mcp/servers'),
    presets: () => call<{ readonly presets: readonly ServerPreset[] }>('GET', '/api/mcp/servers/presets'),
    /** The server, connected; or, where the user has to sign in there first, the address for their browser. */
    connect: (draft: ServerDraft) =>
      call<RemoteServer | ServerAuthorization>('POST', '/api/mcp/servers', { body: draft }),
    /** Signs in again; `scope` adds what the server asked for. */
    authorize: (id: number, query: { readonly scope?: string; readonly return_to?: string } = {}) =>
      call<ServerAuthorization>('GET', `/api/mcp/servers/${segment(id)}/authorize`, { query }),
    test: (id: number) => call<ConnectionState>('POST', `/api/mcp/servers/${segment(id)}/test`),
    /** What the server says otherwise of its tools than was accepted. */
    changes: (id: number) =>
      call<{ readonly changes: readonly ToolChange[]; readonly next_cursor: null }>(
        'GET',
        `/api/mcp/servers/${segment(id)}/changes`,
      ),
    /** Takes changes as they were shown: by their digests. */
    accept: (id: number, digests: readonly string[]) =>
      call<AcceptedChanges>('POST', `/api/mcp/servers/${segment(id)}/accept`, { body: { digests } }),
    /** Asks the server for its tools now. */
    refresh: (id: number) => call<ListedTools>('POST', `/api/mcp/servers/${segment(id)}/refresh`),
    disconnect: (id: number) => call<DisconnectReceipt>('DELETE', `/api/mcp/servers/${segment(id)}`),
  }
}
