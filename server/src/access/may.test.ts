import { describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN_SCOPES, SCOPES, type Principal, type Scope } from '#kernel/principal.ts'
import { may, type Action, type AgentTarget, type Owned, type ToolTarget } from './may.ts'

const ANA = 1
const BRUNO = 2

function principal(scopes: readonly Scope[] = SCOPES, more: Partial<Principal> = {}): Principal {
  return { userId: ANA, role: 'user', scopes: new Set(scopes), via: { kind: 'api_token', id: '9' }, ...more }
}

/** The answer's code, or "allowed". */
function answer(action: Action, target: Owned | AgentTarget | ToolTarget | null, who = principal()): string {
  const outcome = may(who, action, target as never)
  return outcome.ok ? 'allowed' : outcome.problem.code
}

const own = { ownerId: ANA, shared: false }
const foreign = { ownerId: BRUNO, shared: false }
const sharedByOther = { ownerId: BRUNO, shared: true }
const byUser = { tool: 'search', agentTools: null }

const SCOPE_OF: Readonly<Record<Action, { scope: Scope; target: Owned | AgentTarget | ToolTarget | null }>> = {
  'connection.read': { scope: 'connections:read', target: own },
  'connection.change': { scope: 'connections:write', target: own },
  'agent.read': { scope: 'agents:read', target: own },
  'agent.change': { scope: 'agents:write', target: own },
  'agent.run': { scope: 'chat', target: own },
  'tool.list': { scope: 'tools:read', target: null },
  'tool.read': { scope: 'tools:read', target: byUser },
  'tool.write': { scope: 'tools:write', target: byUser },
  'activity.read': { scope: 'activity:read', target: own },
  'account.change': { scope: 'account', target: own },
  'instance.administer': { scope: 'admin', target: null },
}
const ACTIONS = Object.keys(SCOPE_OF) as Action[]

describe('scopes', () => {
  it.each(ACTIONS)('%s is allowed by its one scope alone', (action) => {
    const { scope, target } = SCOPE_OF[action]
    expect(answer(action, target, principal([scope], { role: 'owner' }))).toBe('allowed')
  })

  it.each(ACTIONS)('%s is refused with every other scope, and the missing one is named', (action) => {
    const { scope, target } = SCOPE_OF[action]
    const outcome = may(principal(SCOPES.filter((held) => held !== scope)), action, target as never)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'insufficient_scope', extra: { scope } } })
  })

  it.each(ACTIONS)('%s without its scope is the same answer for any target', (action) => {
    const { scope } = SCOPE_OF[action]
    const without = principal(SCOPES.filter((held) => held !== scope))
    const answers = [own, foreign, sharedByOther].map((target) => answer(action, { ...target, ...byUser }, without))
    expect(new Set(answers)).toEqual(new Set(['insufficient_scope']))
  })

  it('of a default token leave out the account and the instance', () => {
    const token = principal(DEFAULT_TOKEN_SCOPES, { role: 'owner' })
    expect(ACTIONS.filter((action) => answer(action, SCOPE_OF[action].target, token) !== 'allowed')).toEqual([
      'account.change',
      'instance.administer',
    ])
  })
})

describe('ownership', () => {
  it.each([
    ['connection.read', foreign, 'not_found'],
    ['connection.change', foreign, 'not_found'],
    ['activity.read', foreign, 'not_found'],
    ['account.change', foreign, 'not_found'],
    ['agent.read', foreign, 'not_found'],
    ['agent.change', foreign, 'not_found'],
    ['agent.run', foreign, 'not_found'],
    ['agent.read', sharedByOther, 'allowed'],
    ['agent.run', sharedByOther, 'allowed'],
    ['agent.change', sharedByOther, 'forbidden'],
    ['agent.change', { ownerId: ANA, shared: true }, 'allowed'],
    // Sharing is a matter of agents: the word on anything else opens nothing.
    ['connection.read', sharedByOther, 'not_found'],
    ['connection.change', sharedByOther, 'not_found'],
  ] as const)('%s on %o is %s', (action, target, expected) => {
    expect(answer(action, target)).toBe(expected)
  })

  it.each(['owner', 'admin'] as const)('is not overridden by the role %s', (role) => {
    for (const action of [
      'connection.read',
      'connection.change',
      'agent.read',
      'agent.run',
      'activity.read',
    ] as const) {
      expect(answer(action, foreign, principal(SCOPES, { role }))).toBe('not_found')
    }
  })
})

describe('tools of an agent', () => {
  const agent = principal(SCOPES, { agentId: 5 })

  it.each([
    ['a user by themselves', principal(), null, 'allowed'],
    ['an agent that holds it', agent, ['search', 'read'], 'allowed'],
    ['an agent that does not', agent, ['read'], 'denied'],
    ['an agent that holds none', agent, [], 'denied'],
    ['an agent whose list was not given', agent, null, 'denied'],
    ['a list without an agent', principal(), ['read'], 'denied'],
    ['an agent with a name that only begins alike', agent, ['search_pages'], 'denied'],
  ] as const)('%s', (_who, who, agentTools, expected) => {
    expect(answer('tool.read', { tool: 'search', agentTools }, who)).toBe(expected)
    expect(answer('tool.write', { tool: 'search', agentTools }, who)).toBe(expected)
  })

  it('does not turn a reading token into a writing one', () => {
    const reader = principal(['tools:read'], { agentId: 5 })
    expect(answer('tool.write', { tool: 'search', agentTools: ['search'] }, reader)).toBe('insufficient_scope')
  })
})

describe('administration', () => {
  it.each([
    ['owner', 'allowed'],
    ['admin', 'allowed'],
    ['user', 'forbidden'],
  ] as const)('by the role %s with the scope is %s', (role, expected) => {
    expect(answer('instance.administer', null, principal(SCOPES, { role }))).toBe(expected)
  })
})
