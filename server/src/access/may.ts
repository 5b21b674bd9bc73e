import type { Principal, Scope } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'

/**
 * The one policy: may this principal do this to that? Pure, so that it can be read and tested as a table. It decides on
 * what the caller has already loaded; that only the caller's own rows can be loaded is the work of the other walls.
 */

/** Something that one user owns. */
export interface Owned {
  readonly ownerId: number
}

export interface AgentTarget extends Owned {
  /** Shared with every user of the instance: they may see and run it, and nothing more. */
  readonly shared: boolean
}

export interface ToolTarget {
  readonly tool: string
  /** The tools of the agent that acts; null where the user calls by themselves. */
  readonly agentTools: readonly string[] | null
}

/** Whatever belongs to the principal's user as a whole, or to the instance. */
type Whole = null

interface Targets {
  'connection.read': Owned
  'connection.change': Owned
  'agent.read': AgentTarget
  'agent.change': AgentTarget
  'agent.run': AgentTarget
  'tool.list': Whole
  'tool.read': ToolTarget
  'tool.write': ToolTarget
  'activity.read': Owned
  'account.change': Owned
  'instance.administer': Whole
}

export type Action = keyof Targets

interface Rule<Target> {
  readonly scope: Scope
  readonly allows: (principal: Principal, target: Target) => Outcome<null>
}

const ALLOWED: Outcome<null> = success(null)

const RULES: { readonly [Name in Action]: Rule<Targets[Name]> } = {
  'connection.read': { scope: 'connections:read', allows: owns('connection') },
  'connection.change': { scope: 'connections:write', allows: owns('connection') },
  'agent.read': { scope: 'agents:read', allows: ownsOrShares },
  'agent.change': { scope: 'agents:write', allows: changesAgent },
  'agent.run': { scope: 'chat', allows: ownsOrShares },
  'tool.list': { scope: 'tools:read', allows: () => ALLOWED },
  'tool.read': { scope: 'tools:read', allows: holdsTool },
  'tool.write': { scope: 'tools:write', allows: holdsTool },
  'activity.read': { scope: 'activity:read', allows: owns('event') },
  'account.change': { scope: 'account', allows: owns('account') },
  'instance.administer': { scope: 'admin', allows: administers },
}

/** The scope comes first, then the target: who lacks the scope learns nothing about the target. */
export function may<Name extends Action>(principal: Principal, action: Name, target: Targets[Name]): Outcome<null> {
  const rule = RULES[action]
  if (!principal.scopes.has(rule.scope)) {
    return failure('insufficient_scope', `This needs the scope \`${rule.scope}\`, which the token does not have.`, {
      extra: { scope: rule.scope },
    })
  }
  return rule.allows(principal, target)
}

/** Another user's row is answered as one that does not exist: its existence is theirs, too. */
function owns(noun: string) {
  return (principal: Principal, target: Owned): Outcome<null> =>
    target.ownerId === principal.userId ? ALLOWED : failure('not_found', `You have no such ${noun}.`)
}

function ownsOrShares(principal: Principal, target: AgentTarget): Outcome<null> {
  return target.shared ? ALLOWED : owns('agent')(principal, target)
}

function changesAgent(principal: Principal, target: AgentTarget): Outcome<null> {
  if (target.ownerId === principal.userId) return ALLOWED
  // A shared agent is visible, so that hiding it here would be a riddle.
  if (target.shared)
    return failure('forbidden', 'Only its author changes a shared agent. Make one of your own from it.')
  return owns('agent')(principal, target)
}

/** An agent never reaches beyond its own list, whatever its user may do. */
function holdsTool(principal: Principal, { tool, agentTools }: ToolTarget): Outcome<null> {
  if (agentTools === null && principal.agentId === undefined) return ALLOWED
  if (agentTools?.includes(tool) === true) return ALLOWED
  return failure('denied', `This agent does not hold the tool ${tool}. Add it to the agent, or call the tool yourself.`)
}

/** The scope alone is not enough: a role that was taken away must count at once. */
function administers(principal: Principal): Outcome<null> {
  if (principal.role !== 'user') return ALLOWED
  return failure('forbidden', 'Only administrators of this instance may do that.')
}
