import type { UIMessage } from 'ai'
import type { AgentRow } from '#agents/agent.ts'
import type { ResolvedModel } from '#agents/models/model.ts'
import type { Principal } from '#kernel/principal.ts'
import type { CatalogEntry, PolicyDecision } from '#tools/tool-call.ts'
import type { ReplacedAnswer } from './repeats.ts'
import type { RunRow } from './run.ts'

/** What an agent is for one user at one moment: its definition, the model that answers and that user's own policies. */
export interface PreparedAgent {
  /** The user, with the agent that acts. */
  readonly principal: Principal
  readonly agent: AgentRow
  readonly model: ResolvedModel
  /** The agent's tools that exist. */
  readonly tools: readonly CatalogEntry[]
  /** Those that this user cannot call, and why. */
  readonly missing: readonly { readonly tool: string; readonly reason: string }[]
  readonly decisions: ReadonlyMap<string, PolicyDecision>
  /** Tools that this user lets this very agent call without being asked. */
  readonly always: ReadonlySet<string>
}

/** One stretch of a run: from its start, an approval or a crash up to its end or the next approval. */
export interface Stretch extends PreparedAgent {
  readonly run: RunRow
  /** The conversation before the answer, oldest first. */
  readonly history: readonly UIMessage[]
  /** The answer so far: empty at the start of a run. */
  readonly answer: UIMessage
  /** Sequence of the last event recorded by earlier stretches. */
  readonly recorded: number
  /** Answers that this run stands in the place of. */
  readonly replaced: readonly ReplacedAnswer[]
  readonly requestId: string
}
