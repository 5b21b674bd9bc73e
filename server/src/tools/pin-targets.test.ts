import { expect, it } from 'vitest'
import type { Principal, Scope } from '#kernel/principal.ts'
import { failure, success } from '#kernel/problem.ts'
import type { Provider } from '#providers/contract.ts'
import type { Registry } from '#providers/registry.ts'
import { pinTargets } from './pin-targets.ts'
import type { CallTool, PolicyOf, ToolCallAnswer, ToolCallRequest } from './tool-call.ts'

const ANA: Principal = {
  userId: 1,
  role: 'user',
  scopes: new Set<Scope>(['tools:read']),
  via: { kind: 'api_token', id: '1' },
}
const ALLOWED: PolicyOf = async () => new Map([['acme_read_page', 'allow']])
const CALL = { tool: 'acme_delete_page', connectionId: 7, requestId: 'r' }
const TITLED = { ...CALL, arguments: { page_id: 'Plans', deep: true } }

const target = {
  argument: 'page_id',
  tool: 'acme_read_page',
  titleOf: () => null,
  isId: (given: string) => given.startsWith('#'),
  idOf: (value: unknown) => (value as { id: string | null }).id,
  isMadeByCall: (given: string) => given.startsWith('@'),
}
const provider = { targets: [target] } as unknown as Provider
const registry = { tool: () => ({ provider }) } as unknown as Pick<Registry, 'tool'>

function house(callTool: CallTool) {
  const calls: ToolCallRequest[] = []
  const recording: CallTool = (principal, request) => {
    calls.push(request)
    return callTool(principal, request)
  }
  return { calls, deps: { registry, callTool: recording, policyOf: ALLOWED } }
}

const found =
  (id: string | null): CallTool =>
  async () =>
    success({ result: { id } } as ToolCallAnswer)

it('puts the id in the place of a title, read as the caller with the connection of the call', async () => {
  const { calls, deps } = house(found('#1'))
  expect(await pinTargets(deps, ANA, TITLED)).toEqual(success({ page_id: '#1', deep: true }))
  expect(calls).toMatchObject([{ tool: 'acme_read_page', connectionId: 7, confirmed: false, requestId: 'r' }])
  expect(calls[0]?.arguments).toEqual({ page_id: 'Plans' })
})

it.each([{ page_id: '#1' }, { other: 'Plans' }, { page_id: 1 }, {}, null, 'Plans'])(
  'asks nobody about %j',
  async (given) => {
    const { calls, deps } = house(found('#2'))
    expect(await pinTargets(deps, ANA, { ...CALL, arguments: given })).toEqual(success(given))
    expect(calls).toEqual([])
  },
)

it.each([
  ['what does not fit', 'Plans', 'invalid_arguments'],
  ['what it makes itself', '@Ana', 'not_found'],
] as const)('leaves %s to the tool', async (_what, page_id, code) => {
  const { deps } = house(async () => failure(code, 'No.'))
  expect(await pinTargets(deps, ANA, { ...CALL, arguments: { page_id } })).toEqual(success({ page_id }))
})

it.each([
  ['several bear', failure('ambiguous', 'Two pages are called so.', { extra: { candidates: [] } })],
  ['nothing bears', failure('not_found', 'There is no page called “Plans”.', { path: 'arguments.page_id' })],
])('answers as the tool would where %s the title', async (_what, answer) => {
  expect(await pinTargets(house(async () => answer).deps, ANA, TITLED)).toEqual(answer)
})

it.each(['ask', 'deny'] as const)(
  'wants the id, and reads nothing, where the policy for reading is %s',
  async (decision) => {
    const { calls, deps } = house(found('#1'))
    const policyOf: PolicyOf = async () => new Map([['acme_read_page', decision]])
    const outcome = await pinTargets({ ...deps, policyOf }, ANA, TITLED)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.page_id' } })
    expect(calls).toEqual([])
  },
)

it.each([
  ['the provider is away', async () => failure('provider_unavailable', 'Away.')],
  ['the reading is not allowed', async () => failure('denied', 'No.')],
  ['the answer has no id', found(null)],
] satisfies [string, CallTool][])('wants the id where %s', async (_why, callTool) => {
  const outcome = await pinTargets(house(callTool).deps, ANA, TITLED)
  expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.page_id' } })
})
