import { expect, it } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { failure, success } from '#kernel/problem.ts'
import type { Provider, ProviderTarget } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { describeTarget } from './describe-target.ts'
import type { CallTool, ToolCallAnswer, ToolCallRequest } from './tool-call.ts'

const ANA = { userId: 1 } as Principal
const TARGETS: readonly ProviderTarget[] = [
  {
    argument: 'page_id',
    tool: 'acme_read_page',
    titleOf: (value) => (value as { title: string | null }).title,
    isId: () => true,
    idOf: () => null,
  },
]
const CALL = { tool: 'acme_delete_page', arguments: { page_id: 'p1', deep: true }, connectionId: 7, requestId: 'r' }

function registryWith(targets: readonly ProviderTarget[] | undefined): Pick<Registry, 'tool'> {
  const provider = { targets } as unknown as Provider
  return { tool: () => ({ provider }) as unknown as ReturnType<Registry['tool']> }
}

function house(title: unknown, targets: readonly ProviderTarget[] | undefined = TARGETS) {
  const calls: ToolCallRequest[] = []
  const callTool: CallTool = async (_principal, request) => {
    calls.push(request)
    return success({ result: { title } } as ToolCallAnswer)
  }
  return { calls, deps: { registry: registryWith(targets), callTool } }
}

it('reads the title as the caller, with the connection of the call and the one argument', async () => {
  const { calls, deps } = house('Plans of 2025')
  expect(await describeTarget(deps, ANA, CALL)).toBe('Plans of 2025')
  expect(calls).toMatchObject([
    { tool: 'acme_read_page', arguments: { page_id: 'p1' }, connectionId: 7, confirmed: false, requestId: 'r' },
  ])
  expect(calls[0]?.arguments).toEqual({ page_id: 'p1' })
  expect(calls[0]?.signal).toBeInstanceOf(AbortSignal)
})

it('reads it for the person that an agent asks, though the agent does not hold the tool that reads', async () => {
  const { calls, deps } = house('Plans of 2025')
  expect(await describeTarget(deps, { ...ANA, agentId: 3 }, CALL)).toBe('Plans of 2025')
  expect(calls).toMatchObject([{ agentTools: ['acme_read_page'] }])
})

it.each([
  ['names nothing that is known', { ...CALL, arguments: { other: 'p1' } }, TARGETS],
  ['names it in another form', { ...CALL, arguments: { page_id: ['p1'] } }, TARGETS],
  ['is of a provider that describes nothing', CALL, undefined],
])('reads nothing where the call %s', async (_what, call, targets) => {
  const { calls, deps } = house('x', targets ?? [])
  expect(await describeTarget(deps, ANA, call)).toBeNull()
  expect(calls).toEqual([])
})

it.each([
  ['refused', async () => failure('not_found', 'No such page.')],
  ['broken', () => Promise.reject(new Error('away'))],
] satisfies [string, CallTool][])('is silent where the reading is %s', async (_what, callTool) => {
  expect(await describeTarget({ registry: registryWith(TARGETS), callTool }, ANA, CALL)).toBeNull()
})

it.each([
  ['nothing', null, null],
  ['blanks', ' \n\u200b ', null],
  ['several lines', 'Plans\n\nof  2025', 'Plans of 2025'],
  ['what moves others around', 'Plans\u202e of\u0000 2025', 'Plans of 2025'],
  ['more than fits', 'x'.repeat(500), `${'x'.repeat(119)}…`],
])('shows %s as one line of what can be seen', async (_what, title, shown) => {
  expect(await describeTarget(house(title).deps, ANA, CALL)).toBe(shown)
})
