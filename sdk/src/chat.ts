import type { PageQuery } from './agents.ts'
import { segment, type Abortable, type Transport } from './transport.ts'

export interface Approval {
  readonly id: number
  readonly status: 'pending' | 'approved' | 'denied' | 'expired' | 'used'
  readonly tool: string
  /** Title of what the call is about, as the provider gave it; null where it was not found out. */
  readonly target: string | null
  /**
   * What the call would touch, read when the question was asked: the title of everything that an argument names (null: it has
   * none, or was not read, as its outcome says), and what is there now in place of what the call would put there. Text from outside. Null where the
   * call names nothing that can be read.
   */
  readonly about: {
    readonly targets: readonly {
      readonly argument: string
      readonly title: string | null
      /**
       * `no_such_target`: nothing with this id was found; `not_read`: reading it is not allowed, or failed; `not_in_time`: it
       * took longer than two seconds. Absent where it was not noted.
       */
      readonly outcome?: 'read' | 'no_such_target' | 'not_read' | 'not_in_time'
    }[]
    readonly now: readonly { readonly argument: string; readonly text: string }[]
  } | null
  /** Exactly what would be done. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** SHA-256 of the arguments as canonical JSON, hex. */
  readonly arguments_digest: string
  /** The connection that it would be made with. */
  readonly connection_id: number | null
  readonly tool_call_id: string | null
  /** The MCP client that asked; null where a run of an agent did. */
  readonly client: { readonly kind: string; readonly id: string } | null
  readonly run_id: number | null
  readonly thread_id: number | null
  readonly reason: string | null
  /** Why a run asks; `text_of_strangers`: its model has read what strangers may have written, next to other data. */
  readonly asked_because: 'rules' | 'text_of_strangers' | null
  readonly created_at: string
  readonly expires_at: string
  readonly decided_at: string | null
}

export type RunStatus = 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped' | 'interrupted'

export interface Usage {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly total_tokens: number
  /** US dollars, by the prices that the operator set; null where the model has none or did not say what it used. 0 for the built-in router. */
  readonly cost_usd: number | null
}

export interface ChatToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
  readonly status: 'succeeded' | 'failed' | 'waiting' | 'denied'
  readonly result: unknown
  readonly duration_ms: number | null
}

/** What a run answers with: to a message, and to a decision about a call. */
export interface FailedTool {
  readonly id: string
  readonly name: string
  /** Stable, as of a direct call. */
  readonly code: string
  readonly detail: string
}

export interface MissingTool {
  readonly name: string
  readonly reason: string
}

export interface ChatAnswer {
  readonly agent_id: number
  readonly thread_id: number
  readonly run_id: number
  readonly status: RunStatus
  readonly message: string
  readonly tool_calls: readonly ChatToolCall[]
  /** The calls that failed, where any did. `status` is of the run: it can end well although a call did not. */
  readonly failed_tools?: readonly FailedTool[]
  /** Tools of the agent that could not be called for this answer: their server could not be listed, for example. */
  readonly missing_tools?: readonly MissingTool[]
  readonly model: { readonly id: string; readonly is_llm: boolean }
  readonly usage: Usage
  /** Present where the run waits for a decision. */
  readonly approvals?: readonly Approval[]
  /** `not_connected` or `reauthorize`, with the next two, where a connection is missing. */
  readonly code?: string
  readonly provider?: string | null
  readonly connect_url?: string
  readonly error?: { readonly code: string; readonly detail: string }
}

export interface ChatMessage {
  readonly agent_id: number
  /** The new message only: the history is kept by the server. */
  readonly message: string
  /** None: a new thread. */
  readonly thread_id?: number
  /**
   * A message that you wrote in that thread: the new turn stands in its place and in that of all after it. What was written
   * by then is not written again.
   */
  readonly replaces_message_id?: number
}

export interface Thread {
  readonly id: number
  /** Null: the agent was deleted. */
  readonly agent_id: number | null
  readonly title: string
  readonly created_at: string
  readonly updated_at: string
}

export interface Message {
  readonly id: number
  readonly run_id: number | null
  readonly role: 'user' | 'assistant'
  /** Parts of a UI message of the AI SDK. */
  readonly parts: readonly unknown[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly created_at: string
  /** The run whose turn stands in the place of this message; null while it holds. */
  readonly replaced_by_run_id: number | null
}

/** The newest messages, oldest first; `next_cursor` leads to the ones before them. */
export interface ThreadWithMessages extends Thread {
  readonly messages: readonly Message[]
  readonly next_cursor: number | null
}

/** One execution of an agent. */
export interface Run {
  readonly id: number
  readonly thread_id: number
  readonly agent_id: number
  readonly status: RunStatus
  readonly stopping: boolean
  readonly model: { readonly id: string; readonly is_llm: boolean }
  readonly steps: number
  readonly usage: Usage
  readonly error: { readonly code: string; readonly detail: string } | null
  readonly started_at: string
  readonly finished_at: string | null
}

/** A run with what it waits for, and what it could not do. */
export interface WholeRun extends Run {
  readonly approvals: readonly Approval[]
  readonly failed_tools: readonly FailedTool[]
  readonly missing_tools: readonly MissingTool[]
}

export interface Decision {
  readonly decision: 'approve' | 'deny'
  readonly reason?: string
  /** What the person was shown; refused where it is not what would be done. */
  readonly arguments?: Readonly<Record<string, unknown>>
  /** From now on the agent that asked may call this tool without asking. Needs a session, or the scope `account`. */
  readonly always?: boolean
}

/** Messages to agents. The run goes on when the client leaves. */
export function chatOf({ call, stream }: Transport) {
  const path = '/api/agents/chat'
  return {
    /** Answers when the run ends, or waits for a decision. */
    send: (message: ChatMessage, { signal }: Abortable = {}) =>
      call<ChatAnswer>('POST', path, { body: message, signal }),
    /** The same as it happens. */
    stream: (message: ChatMessage, { signal }: Abortable = {}) => stream('POST', path, { body: message, signal }),
  }
}

/** Conversations of whoever asks. */
export function threadsOf({ call }: Transport) {
  return {
    /** `search`: each of its words is to be found in the title or in a message, accents aside. */
    list: (query: PageQuery & { readonly agent_id?: number; readonly search?: string } = {}) =>
      call<{ readonly threads: readonly Thread[]; readonly next_cursor: number | null }>('GET', '/api/threads', {
        query,
      }),
    /** `replaced`: also the messages that an edited or repeated turn took the place of. */
    get: (id: number, query: PageQuery & { readonly replaced?: boolean } = {}) =>
      call<ThreadWithMessages>('GET', `/api/threads/${segment(id)}`, { query }),
    rename: (id: number, title: string) => call<Thread>('PATCH', `/api/threads/${segment(id)}`, { body: { title } }),
    delete: (id: number) =>
      call<{ readonly deleted: true; readonly id: number }>('DELETE', `/api/threads/${segment(id)}`),
  }
}

/** Executions of agents for whoever asks. */
export function runsOf({ call, stream }: Transport) {
  const at = (id: number) => `/api/runs/${segment(id)}`
  return {
    get: (id: number) => call<WholeRun>('GET', at(id)),
    /** Everything the run said and did, then live until it ends or waits. */
    stream: (id: number, { signal }: Abortable = {}) => stream('GET', `${at(id)}/stream`, { signal }),
    stop: (id: number) => call<Run>('POST', `${at(id)}/stop`),
    /** Goes on with a run that a crash cut off; what was written is not written again. */
    resume: (id: number, { signal }: Abortable = {}) => call<ChatAnswer>('POST', `${at(id)}/resume`, { signal }),
    resumeAndStream: (id: number, { signal }: Abortable = {}) => stream('POST', `${at(id)}/resume`, { signal }),
  }
}

/** Decisions about what agents and MCP clients want to do. */
export function approvalsOf({ call, stream }: Transport) {
  const at = (id: number) => `/api/approvals/${segment(id)}`
  return {
    list: (query: PageQuery & { readonly status?: Approval['status']; readonly thread_id?: number } = {}) =>
      call<{ readonly approvals: readonly Approval[]; readonly next_cursor: number | null }>('GET', '/api/approvals', {
        query,
      }),
    get: (id: number) => call<Approval>('GET', at(id)),
    /**
     * Where a run asked, it goes on, and this answers when it ends or waits again. Where an MCP client asked, this answers
     * with the approval, and the client sends its call again.
     */
    decide: (id: number, decision: Decision, { signal }: Abortable = {}) =>
      call<ChatAnswer | Approval>('POST', at(id), { body: decision, signal }),
    decideAndStream: (id: number, decision: Decision, { signal }: Abortable = {}) =>
      stream('POST', at(id), { body: decision, signal }),
  }
}
