import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'

/** Where decisions about single calls are kept: shared with the agents, wired by the root. */

/** One call that waits for its user: bound to the user, the client and the exact arguments. */
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
}

export interface ApprovalDesk {
  /** The pending approval of this very call by this client, made where there is none. */
  readonly request: (principal: Principal, call: CallToApprove) => Promise<Outcome<PendingApproval>>
  /** Writes the user's decision, as it came back through the client. Single use; another's id is `not_found`. */
  readonly decide: (principal: Principal, id: number, approved: boolean) => Promise<Outcome<null>>
  /**
   * Takes the user's approval of this very call by this client and uses it up, wherever it was given.
   * @returns its id, or null where there is none that can be used.
   */
  readonly take: (principal: Principal, call: CallToApprove) => Promise<number | null>
}
