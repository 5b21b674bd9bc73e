/** What bounds agents and their runs. Every number can be set by the operator or, in tests, made small. */
export interface AgentLimits {
  readonly agentsPerUser: number
  readonly toolsPerAgent: number
  /** Characters of one message. */
  readonly messageCharacters: number
  /** Steps (model calls) of one run. */
  readonly stepsPerRun: number
  /** Tool calls of one run, over all its steps. */
  readonly toolCallsPerRun: number
  /** Tool calls that run at the same moment within one step. */
  readonly concurrentToolCalls: number
  /** Tokens in and out of one run, over all its steps. */
  readonly tokensPerRun: number
  /** Tokens that the model may write in one step. */
  readonly tokensPerAnswer: number
  /** Milliseconds that a run may work without a break; waiting for an approval does not count. */
  readonly runMs: number
  /** Runs of one user that work at the same time. */
  readonly runsPerUser: number
  /** Messages of the thread that the model sees. */
  readonly historyMessages: number
  /** Characters of those messages, results of tools included. */
  readonly historyCharacters: number
  /** Bytes of the recorded stream of one stretch of a run. */
  readonly recordedBytes: number
  /** Milliseconds in which a person may decide about a call. */
  readonly approvalMs: number
  /** Milliseconds in which a person may decide about a call of an MCP client, and for which the decision then holds. */
  readonly clientApprovalMs: number
  /** Calls of MCP clients that wait for one user's decision; the oldest makes room. */
  readonly clientApprovalsPerUser: number
  /** Milliseconds between two signs of life of a run. */
  readonly heartbeatMs: number
  /** Milliseconds without a sign of life after which a run counts as abandoned: six heartbeats, so that a pause is no death. */
  readonly abandonedMs: number
  /** Times that a call of a model is repeated after a failure that may pass. */
  readonly modelRetries: number
}

export const DEFAULT_AGENT_LIMITS: AgentLimits = {
  agentsPerUser: 200,
  toolsPerAgent: 100,
  messageCharacters: 32_000,
  stepsPerRun: 8,
  toolCallsPerRun: 32,
  concurrentToolCalls: 4,
  tokensPerRun: 200_000,
  tokensPerAnswer: 8_192,
  runMs: 120_000,
  runsPerUser: 4,
  historyMessages: 40,
  historyCharacters: 200_000,
  recordedBytes: 4 * 1_024 * 1_024,
  approvalMs: 15 * 60 * 1_000,
  clientApprovalMs: 10 * 60 * 1_000,
  clientApprovalsPerUser: 50,
  heartbeatMs: 5_000,
  abandonedMs: 30_000,
  modelRetries: 2,
}
