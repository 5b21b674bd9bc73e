import type { Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ToolAnnotations } from '#providers/contract.ts'
import type { WaitingCaller } from '#providers/waiting-caller.ts'

/** What goes into the one pipeline and what comes out, for the API, agents and MCP clients alike. */

export interface ToolCallRequest {
  readonly tool: string
  readonly arguments: unknown
  /** Which of the caller's connections; the default one of the tool's provider where absent. */
  readonly connectionId?: number
  /**
   * Where the caller has decided on these very arguments: by calling the tool directly, or by an approval that was just
   * used. Without it a tool whose policy is *ask* answers `approval_required`.
   */
  readonly confirmed: boolean
  /** The same key with the same arguments gives the first outcome again and never a second effect. */
  readonly idempotencyKey?: string
  /** Where an agent acts: its list of tools, beyond which it may not go. */
  readonly agentTools?: readonly string[]
  readonly runId?: number
  readonly requestId?: string
  /** The language of whoever reads the results. */
  readonly language?: keyof CatalogEntry['title']
  /** Aborts the provider's call when the caller leaves or the run is stopped. */
  readonly signal?: AbortSignal
  /** Who waits, where they can be told and asked something while the call runs. */
  readonly caller?: WaitingCaller
}

export interface ToolCallAnswer {
  readonly tool: string
  /** For a model or a person: Markdown or compact lines. */
  readonly text: string
  /** The same for programs. */
  readonly result: unknown
  readonly next_cursor: string | null
  /** What was left out and how to get it. */
  readonly truncated: string | null
  readonly connection: { readonly id: number; readonly provider: string; readonly label: string }
  /** Present where others than the user and the provider may have written the answer: nobody here vouches for what it says. */
  readonly source?: ToolSourceView
  readonly duration_ms: number
}

export type ToolSourceView =
  /** A server that the user named. */
  | { readonly kind: 'remote_server'; readonly host: string }
  /** Whoever writes in that place of the provider (a repository, a channel); null in several, absent in the account itself. */
  | { readonly kind: 'open_world'; readonly place?: string | null }

/** The pipeline as its callers see it. */
export type CallTool = (principal: Principal, request: ToolCallRequest) => Promise<Outcome<ToolCallAnswer>>

export type PolicyDecision = 'allow' | 'ask' | 'deny'

/** A tool as callers may list it. */
export interface CatalogEntry {
  readonly name: string
  readonly provider: string
  /** Present for a tool of the user's own: the connection that it came with. What it returns was written outside. */
  readonly connection_id?: number
  readonly title: { readonly en: string; readonly pt: string }
  readonly description: string
  readonly input_schema: Record<string, unknown>
  readonly annotations: ToolAnnotations
  readonly intent: {
    readonly verbs: { readonly en: readonly string[]; readonly pt: readonly string[] }
    readonly nouns: { readonly en: readonly string[]; readonly pt: readonly string[] }
  }
}

/** Every tool of every provider, computed once at start, in a stable order. */
export interface Catalog {
  readonly entries: readonly CatalogEntry[]
  readonly entry: (name: string) => CatalogEntry | undefined
  /** The known name nearest to a mistyped one, if any is near. */
  readonly closest: (name: string) => string | undefined
}

/** The user's decision for each of these tools: their own where they made one, else the default of the annotations. */
export type PolicyOf = (principal: Principal, tools: readonly string[]) => Promise<ReadonlyMap<string, PolicyDecision>>
