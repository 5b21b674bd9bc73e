import type {
  CallToolResult,
  CompleteResult,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Server,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server'
import type { Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ToolCallAnswer } from '#tools/tool-call.ts'
import type { Toolset } from './toolset.ts'

/** Whom one message is served for, and how it came. Made anew for every message: nothing of it outlives the answer. */
export interface Asking {
  readonly principal: Principal
  readonly toolset: Toolset
  readonly requestId: string
  /** What the call of this message has led to already, where it was made before the library had a part in it. */
  readonly outcome?: Outcome<ToolCallAnswer>
}

/** One message under way: who asks, and the protocol's own context of it. */
export interface Exchange extends Asking {
  readonly context: ServerContext
  /** What this client can do for its user: declared with the message, or by the handshake of its session. */
  readonly clientCan: (ability: 'elicit_form' | 'elicit_url') => boolean
  /** Makes the opaque state that the client sends back with the user's answer; bound to the user and the client. */
  readonly mintState: (state: PendingState) => Promise<string>
  /** The state that came back, verified, or undefined on the first round. */
  readonly state: PendingState | undefined
}

/** What a later round must know. Signed, not encrypted: nothing secret in it. */
export interface PendingState {
  readonly kind: 'connect' | 'approve' | 'question'
  readonly approvalId?: number
  /** Of the question that a call under way waits to have answered. */
  readonly questionId?: string
}

export interface ToolCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/**
 * Where tools, resources and prompts come from. The endpoint asks its sources in order; the first that knows a name
 * answers, and a list is the lists of all of them.
 */
export interface Source {
  readonly listTools?: (asking: Asking) => Promise<readonly Tool[]>
  /** Undefined where the tool is not of this source. */
  readonly callTool?: (
    call: ToolCall,
    exchange: Exchange,
  ) => Promise<CallToolResult | InputRequiredResult | undefined> | undefined
  /** Whether its resources show under this URL; always where absent. */
  readonly isVisible?: (toolset: Toolset) => boolean
  readonly resources?: readonly Resource[]
  readonly resourceTemplates?: readonly ResourceTemplateType[]
  readonly readResource?: (
    uri: string,
    exchange: Exchange,
  ) => Promise<ReadResourceResult | InputRequiredResult> | undefined
  readonly listPrompts?: (asking: Asking) => readonly Prompt[]
  readonly getPrompt?: (
    prompt: { readonly name: string; readonly arguments: Readonly<Record<string, string>> },
    exchange: Exchange,
  ) => Promise<GetPromptResult | InputRequiredResult> | undefined
  readonly complete?: (
    reference: unknown,
    argument: { readonly name: string; readonly value: string },
    exchange: Exchange,
  ) => Promise<CompleteResult> | undefined
  /** Handlers that only this source needs, on the server of one exchange or session. */
  readonly install?: (server: Server) => void
  readonly capabilities?: Readonly<Record<string, unknown>>
}
