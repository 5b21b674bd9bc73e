import type { ColumnType, Generated } from 'kysely'
import type { IntegerOrNull, Json, TextOrNull, Time, TimeByDefault, TimeOrNull } from './columns.ts'

/** Agents, their conversations and runs, and what waits for a decision, as TypeScript sees them. */

export interface AgentsTable {
  user_id: number
  id: Generated<number>
  name: string
  description: Generated<string>
  instructions: Generated<string>
  tools: string[]
  model: TextOrNull
  shared: Generated<boolean>
  created_at: TimeByDefault
  updated_at: TimeByDefault
}

export interface ThreadsTable {
  user_id: number
  id: Generated<number>
  agent_user_id: IntegerOrNull
  agent_id: IntegerOrNull
  title: Generated<string>
  created_at: TimeByDefault
  updated_at: TimeByDefault
}

export type RunStatus = 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped' | 'interrupted'

export interface RunsTable {
  user_id: number
  id: Generated<number>
  thread_id: number
  agent_id: number
  status: RunStatus
  model: string
  is_llm: boolean
  attempt: Generated<number>
  steps: Generated<number>
  input_tokens: Generated<number>
  output_tokens: Generated<number>
  cost_usd: Generated<number | null>
  error_code: TextOrNull
  error_detail: TextOrNull
  stop_requested_at: TimeOrNull
  heartbeat_at: TimeByDefault
  started_at: TimeByDefault
  finished_at: TimeOrNull
}

export interface MessagesTable {
  user_id: number
  id: Generated<number>
  thread_id: number
  run_id: IntegerOrNull
  role: 'user' | 'assistant'
  parts: Json<unknown[]>
  metadata: ColumnType<Record<string, unknown>, string | undefined, string>
  created_at: TimeByDefault
  replaced_by_run_id: IntegerOrNull
  searched: ColumnType<string, never, never>
}

export interface RunEventsTable {
  user_id: number
  run_id: number
  sequence: number
  chunk: Json
  created_at: TimeByDefault
}

export type ApprovalStatus = 'pending' | 'approved' | 'denied' | 'expired' | 'used'

/** What came of reading what an argument names: no such thing, a reading that was not allowed or failed, or one that took too long. */
export type TargetOutcome = 'read' | 'no_such_target' | 'not_read' | 'not_in_time'

/** What a call would touch, as its provider told it when the question was asked: text from outside. */
export interface ApprovalSubject {
  /** Everything that an argument names. No title: it has none, or the outcome says why it is not known. */
  readonly targets: readonly {
    readonly argument: string
    readonly title: string | null
    /** Absent where it was not noted. */
    readonly outcome?: TargetOutcome
  }[]
  /** What is there now in place of what the call would put there; a member of an argument has the name `argument.member`. */
  readonly now: readonly { readonly argument: string; readonly text: string }[]
}

export interface ApprovalsTable {
  user_id: number
  id: Generated<number>
  run_id: IntegerOrNull
  thread_id: IntegerOrNull
  tool_call_id: TextOrNull
  client_kind: TextOrNull
  client_id: TextOrNull
  target: TextOrNull
  about: ColumnType<ApprovalSubject | null, string | null | undefined, string | null>
  tool: string
  connection_id: IntegerOrNull
  arguments: Json<Record<string, unknown>>
  arguments_digest: string
  status: Generated<ApprovalStatus>
  reason: TextOrNull
  asked_because: Generated<'rules' | 'text_of_strangers' | null>
  expires_at: Time
  decided_at: TimeOrNull
  used_at: TimeOrNull
  created_at: TimeByDefault
}
