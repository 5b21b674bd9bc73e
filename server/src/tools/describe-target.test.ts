import { expect, it, vi } from 'vitest'
import type { Principal, Scope } from '#kernel/principal.ts'
import { failure, success } from '#kernel/problem.ts'
import type { Provider, ProviderTarget } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { describeTarget } from './describe-target.ts'
import type { CallTool, PolicyDecision, PolicyOf, ToolCallAnswer, ToolCallRequest } from './tool-call.ts'

const ANA: Principal = {
  userId: 1,
  role: 'user',
  scopes: new Set<Scope>(['tools:read']),
  via: { kind: 'api_token', id: '1' },
}
const ALLOWED: PolicyOf = async () => new Map([['acme_read_page', 'allow']])
const TITLED = {
  titleOf: (value) => (value as { title: string | null }).title,
  isId: (given) => given.startsWith('p'),
  idOf: () => null,
} satisfies Partial<ProviderTarget>
const TARGETS: readonly ProviderTarget[] = [
  {
    ...TITLED,
    argument: 'page_id',
    tool: 'acme_read_page',
    within: ['space'],
    nowOf: (value) => value as Readonly<Record<string, unknown>>,
  },
  { ...TITLED, argument: 'parent', tool: 'acme_read_page', readAs: 'page_id', keepsTitle: true },
]
const CALL = { tool: 'acme_delete_page', arguments: { page_id: 'p1', deep: true }, connectionId: 7, requestId: 'r' }
const NOTHING_NOW = { now: [] }

function registryWith(targets: readonly ProviderTarget[] | undefined, destructive = true): Pick<Registry, 'tool'> {
  const entry = { provider: { targets } as unknown as Provider, tool: { annotations: { destructive } } }
  return { tool: () => entry as unknown as ReturnType<Registry['tool']> }
}

function house(result: object, targets: readonly ProviderTarget[] | undefined = TARGETS, destructive = true) {
  const calls: ToolCallRequest[] = []
  const callTool: CallTool = async (_principal, request) => {
    calls.push(request)
    return success({ result } as ToolCallAnswer)
  }
  return { calls, deps: { registry: registryWith(targets, destructive), callTool, policyOf: ALLOWED } }
}

const titled = (title: string | null, outcome = 'read') => ({
  target: title,
  targets: [{ argument: 'page_id', title, outcome }],
  ...NOTHING_NOW,
})

it('reads the title as the caller, with the connection of the call and the one argument', async () => {
  const { calls, deps } = house({ title: 'Plans of 2025' })
  expect(await describeTarget(deps, ANA, CALL)).toEqual(titled('Plans of 2025'))
  expect(calls).toMatchObject([
    { tool: 'acme_read_page', arguments: { page_id: 'p1' }, connectionId: 7, confirmed: false, requestId: 'r' },
  ])
  expect(calls[0]?.arguments).toEqual({ page_id: 'p1' })
  expect(calls[0]?.signal).toBeInstanceOf(AbortSignal)
})

it('reads it where it lies, and under the name that the reading tool has for it', async () => {
  const { calls, deps } = house({ title: 'Plans' })
  const given = { page_id: 'p1', space: 's', parent: 'p2' }
  expect(await describeTarget(deps, ANA, { ...CALL, arguments: given })).toEqual({
    target: 'Plans',
    targets: [
      { argument: 'page_id', title: 'Plans', outcome: 'read' },
      { argument: 'parent', title: 'Plans', outcome: 'read' },
    ],
    ...NOTHING_NOW,
  })
  expect(calls.map(({ arguments: read }) => read)).toEqual([{ space: 's', page_id: 'p1' }, { page_id: 'p2' }])
})

it('reads nothing for a title that stays one until the call is made', async () => {
  const { calls, deps } = house({ title: 'Plans' })
  expect(await describeTarget(deps, ANA, { ...CALL, arguments: { parent: 'The plans' } })).toBeNull()
  expect(calls).toEqual([])
})

it('reads it for the person that an agent asks, though the agent does not hold the tool that reads', async () => {
  const { calls, deps } = house({ title: 'Plans of 2025' })
  expect(await describeTarget(deps, { ...ANA, agentId: 3 }, CALL)).toEqual(titled('Plans of 2025'))
  expect(calls).toMatchObject([{ agentTools: ['acme_read_page'] }])
})

it('tells what is there now in place of what a change would put there, and nothing else', async () => {
  const now = { text: 'buy\u202e\nmilk', checked: false, properties: { State: 'open', Who: null, Left: 'as it is' } }
  const given = { page_id: 'p1', text: 'buy tea', checked: false, properties: { State: 'done', Who: 'Ana', New: 1 } }
  const { deps } = house({ title: 'Plans', ...now })
  expect((await describeTarget(deps, ANA, { ...CALL, arguments: given }))?.now).toEqual([
    { argument: 'text', text: 'buy\nmilk' },
    { argument: 'properties.State', text: 'open' },
    { argument: 'properties.Who', text: '' },
  ])
  const adding = house({ title: 'Plans', ...now }, TARGETS, false)
  expect((await describeTarget(adding.deps, ANA, { ...CALL, arguments: given }))?.now).toEqual([])
})

it.each([
  ['names nothing that is known', { ...CALL, arguments: { other: 'p1' } }, TARGETS],
  ['names it in another form', { ...CALL, arguments: { page_id: ['p1'] } }, TARGETS],
  ['is of a provider that describes nothing', CALL, undefined],
])('reads nothing where the call %s', async (_what, call, targets) => {
  const { calls, deps } = house({ title: 'x' }, targets ?? [])
  expect(await describeTarget(deps, ANA, call)).toBeNull()
  expect(calls).toEqual([])
})

it.each([
  ['finds nothing', 'no_such_target', async () => failure('not_found', 'No such page.')],
  ['is refused', 'not_read', async () => failure('forbidden_by_provider', 'No.')],
  ['fails at once', 'not_read', async () => failure('provider_unavailable', 'Away.')],
  ['is broken', 'not_read', () => Promise.reject(new Error('away'))],
] satisfies [string, string, CallTool][])('tells a reading that %s as %s', async (_what, outcome, callTool) => {
  const deps = { ...house({}).deps, callTool }
  expect(await describeTarget(deps, ANA, CALL)).toEqual(titled(null, outcome))
})

it.each(['ask', 'deny'] as const)(
  'reads nothing where the policy for reading is %s',
  async (decision: PolicyDecision) => {
    const { calls, deps } = house({ title: 'Plans' })
    const policyOf: PolicyOf = async () => new Map([['acme_read_page', decision]])
    expect(await describeTarget({ ...deps, policyOf }, ANA, CALL)).toEqual(titled(null, 'not_read'))
    expect(calls).toEqual([])
  },
)

it('reads nothing for who may not read', async () => {
  const { calls, deps } = house({ title: 'Plans' })
  const writer = { ...ANA, scopes: new Set<Scope>(['tools:write']) }
  expect(await describeTarget(deps, writer, CALL)).toEqual(titled(null, 'not_read'))
  expect(calls).toEqual([])
})

it('waits no longer than its deadline, even for what does not hear that it is over', async () => {
  const deadline = new AbortController()
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
  const never: CallTool = () => new Promise(() => {})
  const asked = describeTarget({ ...house({}).deps, callTool: never }, ANA, CALL)
  deadline.abort()
  expect(await asked).toEqual(titled(null, 'not_in_time'))
  expect(timeout).toHaveBeenCalledWith(2_000)
  timeout.mockRestore()
})

it.each([
  ['nothing', null, null],
  ['blanks', ' \n\u200b ', null],
  ['what moves others around', 'Plans\u202e of\u0000 2025', 'Plans of 2025'],
])('shows %s as what can be seen', async (_what, title, shown) => {
  expect(await describeTarget(house({ title }).deps, ANA, CALL)).toEqual(titled(shown))
})

it('keeps the lines of a text, cut to a length, and has them in one as its title', async () => {
  const described = await describeTarget(house({ title: `a\n\nb ${'x'.repeat(5_000)}` }).deps, ANA, CALL)
  expect(described?.target).toBe(`a b ${'x'.repeat(115)}…`)
  expect(described?.targets[0]?.title).toBe(`a\n\nb ${'x'.repeat(1_994)}…`)
})
