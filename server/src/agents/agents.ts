import { createAppRouter, type AppRouter } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { ApprovalDesk } from '#tools/approval-desk.ts'
import { decideApproval, type DecisionRequest } from './approvals/decide.ts'
import { createApprovalDesk } from './approvals/desk.ts'
import { readApproval } from './approvals/list-approvals.ts'
import { approvalRoutes } from './approvals/routes.ts'
import { chatRoutes } from './chat/routes.ts'
import type { AgentContext, AgentDependencies } from './dependencies.ts'
import { modelRoutes } from './models/routes.ts'
import { agentRoutes } from './routes.ts'
import { createActiveRuns } from './runs/active-runs.ts'
import { runRoutes } from './runs/routes.ts'
import { threadRoutes } from './threads/routes.ts'

export interface Agents {
  readonly router: AppRouter
  /** Where MCP clients have their calls approved. */
  readonly approvalDesk: ApprovalDesk
  /** One approval of a user. */
  readonly readApproval: (userId: number, id: number) => ReturnType<typeof readApproval>
  /** Decides once; the run that waits, if one does, goes on by itself. */
  readonly decideApproval: (
    principal: Principal,
    request: Pick<DecisionRequest, 'id' | 'decision' | 'requestId'>,
  ) => Promise<Outcome<null>>
  /** Aborts the runs of this process and waits until their ends are stored; they can be resumed. */
  readonly close: () => Promise<void>
}

/** Agents, chat, threads, runs, approvals and models, ready to be mounted. */
export function createAgents(deps: AgentDependencies): Agents {
  logWarnings(deps.log)
  const context: AgentContext = { ...deps, activeRuns: createActiveRuns() }
  const router = createAppRouter()
  for (const routes of [agentRoutes, chatRoutes, threadRoutes, runRoutes, approvalRoutes, modelRoutes]) {
    router.route('/', routes(context))
  }
  return {
    router,
    approvalDesk: createApprovalDesk(deps),
    readApproval: (userId, id) => readApproval(deps, userId, id),
    async decideApproval(principal, request) {
      const decided = await decideApproval(context, principal, { ...request, reason: undefined, seen: undefined })
      return decided.ok ? success(null) : decided
    },
    close: () => context.activeRuns.close(),
  }
}

/** The library would print what a model's client warns of past the log, with names of tools and models. */
function logWarnings(log: AgentDependencies['log']): void {
  globalThis.AI_SDK_LOG_WARNINGS = ({ warnings, provider, model }) => {
    const reason = [...new Set(warnings.map(({ type }) => type))].join(', ')
    log.warn({ provider, model, reason, count: warnings.length }, "A model's client warned")
  }
}
