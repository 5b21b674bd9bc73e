import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { RequireScope } from '#kernel/http.ts'
import type { Log } from '#kernel/log.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'
import type { AgentPolicies } from '#tools/agent-policies.ts'
import type { CheckedCall } from '#tools/check-call.ts'
import type { CallDescription, DescribedCall } from '#tools/describe-target.ts'
import type { PinnedCall } from '#tools/pin-targets.ts'
import type { CallTool, PolicyOf } from '#tools/tool-call.ts'
import type { CatalogDeps } from '#tools/tool-source.ts'
import type { AgentLimits } from './limits.ts'
import type { Models } from './models/model.ts'
import type { ActiveRuns } from './runs/active-runs.ts'

/** Everything that agents need from the rest of the house. */
export interface AgentDependencies extends CatalogDeps {
  readonly database: Database
  readonly audit: Audit
  readonly clock: Clock
  /** Where a failure that nobody waits for is told. */
  readonly log: Pick<Log, 'warn' | 'error'>
  readonly callTool: CallTool
  readonly policyOf: PolicyOf
  /** What users decide about tools for one agent alone. */
  readonly agentPolicies: AgentPolicies
  /** The user's connection that a call of this tool would use now, or why there is none. */
  readonly connectionFor: (userId: number, tool: string) => Promise<Outcome<{ readonly id: number }>>
  /** The connection that this very call would be made with now, or what it would be refused for whatever its user decides. */
  readonly checkCall: (
    principal: Principal,
    call: CheckedCall,
  ) => Promise<Outcome<{ readonly id: number; readonly label: string }>>
  /** What a call is about, read as the caller; null where it names nothing that can be read. */
  readonly describeTarget: (principal: Principal, call: DescribedCall) => Promise<CallDescription | null>
  /** The arguments of a call that its user is asked about, with ids in place of titles. */
  readonly pinTargets: (principal: Principal, call: PinnedCall) => Promise<Outcome<unknown>>
  readonly requireScope: RequireScope
  /** Whether somebody who came in earlier would still be let in: a run works on after its request. */
  readonly stillValid: (principal: Principal) => Promise<boolean>
  readonly models: Models
  readonly limits: AgentLimits
  /** Address of the console, without a trailing slash: where a person connects what is missing. */
  readonly publicUrl: string
}

/** The same, with the runs that work in this process. */
export interface AgentContext extends AgentDependencies {
  readonly activeRuns: ActiveRuns
}
