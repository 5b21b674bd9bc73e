import type { ApprovalSubject } from '#db/agent-tables.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'

/** How an MCP client has a single call approved. The approvals are kept by the agents' folder and asked for by the endpoint. */

/** A call that its user must approve. */
export interface CallToApprove {
  /** The tool's name. */
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface PendingApproval {
  readonly id: number
  readonly expiresAt: Date
  /** Where the user can decide in a browser. */
  readonly url: string
  /** What is approved: those of the call, with ids in place of titles. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** The user's own name of the connection that the call would be made with. */
  readonly connection: string
  /** Title of what the call is about: text from outside. Null where it was not found out. */
  readonly target: string | null
  /** What each argument names, and whether it could be read: titles are text from outside. */
  readonly targets: ApprovalSubject['targets']
  /** What is there now in place of what the call would put there: text from outside. */
  readonly now: ApprovalSubject['now']
}

export interface TakenApproval {
  readonly id: number
  /** The connection that was approved. */
  readonly connectionId: number
  /** The arguments that were approved. */
  readonly arguments: unknown
}

export interface ClientDecision {
  readonly id: number
  readonly approved: boolean
  readonly requestId: string
}

export interface ApprovalDesk {
  /**
   * The pending approval of this very call by this client, made where there is none. `denied` where the user has just denied
   * this very call; else what the call would be refused for whatever the user decides (`not_connected`, `invalid_arguments`,
   * `not_found` for a title that names nothing, `ambiguous` for one that names several).
   */
  readonly request: (principal: Principal, call: CallToApprove, requestId: string) => Promise<Outcome<PendingApproval>>
  /** Writes the user's decision, as it came back through the client. Another user's or client's id is `not_found`. */
  readonly decide: (principal: Principal, decision: ClientDecision) => Promise<Outcome<null>>
  /** Takes the user's approval of this very call by this client and uses it up, wherever it was given; null where there is none. */
  readonly take: (principal: Principal, call: CallToApprove) => Promise<TakenApproval | null>
}
