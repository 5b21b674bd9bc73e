import type { LocalText } from './connections.ts'
import { segment, type Abortable, type Transport } from './transport.ts'

export type PolicyDecision = 'allow' | 'ask' | 'deny'

export interface Tool {
  readonly name: string
  readonly provider: string
  readonly title: LocalText
  readonly description: string
  /** JSON Schema of `arguments`. */
  readonly input_schema: Readonly<Record<string, unknown>>
  /** Present for a tool of a remote server: the connection that it came with. */
  readonly connection_id?: number
  readonly annotations: {
    readonly readOnly: boolean
    readonly destructive: boolean
    readonly idempotent: boolean
    /** Reaches beyond the user's own data: others may have written what it returns, or read what it sends. */
    readonly openWorld: boolean
  }
  readonly policy: PolicyDecision
}

export interface ToolCallAnswer {
  readonly tool: string
  /** For a model or a person. */
  readonly text: string
  /** For a program. */
  readonly result: unknown
  readonly next_cursor: string | null
  /** What was left out, and how to get it. */
  readonly truncated: string | null
  readonly connection: { readonly id: number; readonly provider: string; readonly label: string }
  /** Present where others than the user and the provider may have written the answer. */
  readonly source?: ToolSource
  readonly duration_ms: number
}

export type ToolSource =
  | { readonly kind: 'remote_server'; readonly host: string }
  /** `place`: a repository, a channel; null where several are mixed, absent for the account itself. */
  | { readonly kind: 'open_world'; readonly place?: string | null }

export interface ToolCallOptions extends Abortable {
  /** None: the default connection of the tool's provider. */
  readonly connection_id?: number
  /** The same key with the same arguments never takes effect twice. */
  readonly idempotencyKey?: string
}

export interface ToolPolicy {
  readonly tool: string
  readonly decision: PolicyDecision
  readonly default: PolicyDecision
}

/** Tools, called with a connection of whoever asks. */
export function toolsOf({ call }: Transport) {
  return {
    list: (query: { readonly provider?: string } = {}) =>
      call<{ readonly tools: readonly Tool[]; readonly next_cursor: null }>('GET', '/api/tools', { query }),
    call(name: string, toolArguments: Readonly<Record<string, unknown>> = {}, options: ToolCallOptions = {}) {
      const { idempotencyKey, connection_id, signal } = options
      return call<ToolCallAnswer>('POST', `/api/tools/${segment(name)}/call`, {
        body: { arguments: toolArguments, connection_id },
        headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
        signal,
      })
    },
    /** Null goes back to the default. */
    setPolicy: (name: string, decision: PolicyDecision | null) =>
      call<ToolPolicy>('PUT', `/api/tools/${segment(name)}/policy`, { body: { decision } }),
  }
}
