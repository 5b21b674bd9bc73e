import type { CallToolResult } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import { failure } from '#kernel/problem.ts'
import { createRegistry } from '#providers/registry.ts'
import { exampleRegistry } from '#test/support/example-provider.ts'
import { openDesk, policyOf, recordedCalls, testExchange, type ExchangeOptions } from '#test/support/exchange.ts'
import { createCatalog } from '#tools/catalog.ts'
import type { PolicyDecision } from '#tools/tool-call.ts'
import { providerTools } from './provider-tools.ts'
import { createRunningCalls } from './running-calls.ts'
import { calledTool, searchTools } from './search-tools.ts'
import type { Source } from './source.ts'
import { EVERYTHING, toolsetOf, type Toolset } from './toolset.ts'

interface Options {
  readonly toolsShown?: number
  readonly policies?: Record<string, PolicyDecision>
  readonly registry?: ReturnType<typeof exampleRegistry>
  /** Ids of providers that the user has connected. */
  readonly connected?: readonly string[]
}

function sources({ toolsShown = 2, policies = {}, registry = exampleRegistry(), connected = [] }: Options = {}) {
  const recorded = recordedCalls()
  const desk = openDesk()
  const catalog = createCatalog(registry)
  const connectedProviders = async () => new Set(connected)
  const deps = {
    catalog,
    policyOf: policyOf(policies),
    connectedProviders,
    toolsShown,
    callTool: recorded.callTool,
    approvals: desk,
    running: createRunningCalls(),
  }
  const direct = providerTools(deps)
  const searching = searchTools({ ...deps, tools: direct })
  const call = async (name: string, given: Record<string, unknown>, options: ExchangeOptions = {}) =>
    searching.callTool?.({ name, arguments: given }, testExchange(options))
  return { direct, searching, call, recorded, desk, catalog }
}

function toolset(name: string): Toolset {
  const found = toolsetOf(name, ['example', 'other'])
  if (!found.ok) throw new Error(found.problem.detail)
  return found.value
}

async function listed(listing: readonly Source[], where: Toolset): Promise<string[]> {
  const lists = await Promise.all(listing.map(async (source) => source.listTools?.(testExchange({ toolset: where }))))
  return lists.flatMap((tools) => (tools ?? []).map(({ name }) => name))
}

/** The example, and the same once more under another name. */
function twoServices(): ReturnType<typeof exampleRegistry> {
  const registry = exampleRegistry()
  const others = registry.tools.map(({ provider, tool }) => ({
    provider: { ...provider, id: 'other' },
    tool: { ...tool, name: tool.name.replace('example_', 'other_') },
  }))
  const tools = [...registry.tools, ...others]
  const provider = { ...registry.tools[0]!.provider, id: 'other', tools: others.map(({ tool }) => tool) }
  return {
    ...registry,
    providers: [...registry.providers, provider],
    tools,
    tool: (name) => tools.find(({ tool }) => tool.name === name),
  }
}

function textOf(result: unknown): string {
  const [content] = (result as CallToolResult).content
  return content?.type === 'text' ? content.text : ''
}

const OWN = ['example_read_note', 'example_add_note', 'example_delete_note']
const TWO = ['search_tools', 'call_tool']

describe('the list', () => {
  test.each<[string, number, readonly string[]]>([
    ['', 3, OWN],
    ['', 2, TWO],
    ['read-only', 2, ['example_read_note']],
    ['read-only', 0, TWO],
    ['search', 100, TWO],
    ['example', 2, TWO],
    ['other', 2, []],
  ])('under /mcp/%s with %i shown', async (name, toolsShown, names) => {
    const { searching, direct } = sources({ toolsShown })
    expect(await listed([searching, direct], toolset(name))).toEqual(names)
  })

  test('leaves out services that the user has not connected, but under their own URL', async () => {
    const registry = twoServices()
    const both = [...OWN, 'other_read_note', 'other_add_note', 'other_delete_note']
    const seen = async (connected: readonly string[], where = EVERYTHING) => {
      const { searching, direct } = sources({ toolsShown: 100, registry, connected })
      return listed([searching, direct], where)
    }
    expect(await seen([])).toEqual(both)
    expect(await seen(['example'])).toEqual(OWN)
    expect(await seen(['example', 'other'])).toEqual(both)
    expect(await seen(['example'], toolset('read-only'))).toEqual(['example_read_note'])
    expect(await seen(['example'], toolset('other'))).toEqual(both.slice(3))
  })

  test('counts only services that are connected', async () => {
    const registry = twoServices()
    const { searching, direct } = sources({ toolsShown: 3, registry, connected: ['example'] })
    expect(await listed([searching, direct], EVERYTHING)).toEqual(OWN)
    expect(await listed([searching, direct], toolset('search'))).toEqual(TWO)
  })

  test('counts what the user may list', async () => {
    const { searching, direct } = sources({ toolsShown: 2, policies: { example_delete_note: 'deny' } })
    expect(await listed([searching, direct], EVERYTHING)).toEqual(['example_read_note', 'example_add_note'])
  })

  test('is the same array every time', async () => {
    const { searching } = sources()
    const once = await searching.listTools?.(testExchange())
    expect(await searching.listTools?.(testExchange())).toBe(once)
  })

  test('tells the worst that a call may do', async () => {
    const { searching } = sources({ toolsShown: 0 })
    const hintsUnder = async (where: Toolset) =>
      (await searching.listTools?.(testExchange({ toolset: where })))?.[1]?.annotations
    expect(await hintsUnder(EVERYTHING)).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    })
    expect(await hintsUnder(toolset('read-only'))).toEqual({ readOnlyHint: true, openWorldHint: true })
  })
})

describe('search_tools', () => {
  test('gives names, what they do and what they take', async () => {
    const { call } = sources()
    const text = textOf(await call('search_tools', { query: 'delete a note' }))
    expect(text.split('\n\n')[0]).toBe(
      'example_delete_note [changes or removes]: Deletes one note.\narguments: id: string',
    )
  })

  test('gives as many as asked for', async () => {
    const { call } = sources()
    expect(textOf(await call('search_tools', { query: 'note', limit: 1 })).split('\n\n').length).toBe(1)
    expect(textOf(await call('search_tools', { query: 'note' })).split('\n\n').length).toBe(3)
  })

  test('says so where nothing fits', async () => {
    const { call } = sources()
    const result = (await call('search_tools', { query: 'xyzzy' })) as CallToolResult
    expect(result.isError).toBeUndefined()
    expect(textOf(result)).toBe('No tool fits. Try other words, or a shorter query; there are 3 tools.')
  })

  test.each<[string, Options, Toolset]>([
    ['what the user denies', { policies: { example_delete_note: 'deny' } }, EVERYTHING],
    ['what the URL leaves out', {}, toolset('read-only')],
  ])('never tells %s', async (_, options, where) => {
    const { call } = sources(options)
    const text = textOf(await call('search_tools', { query: 'delete note' }, { toolset: where }))
    expect(text).toContain('example_read_note')
    expect(text).not.toContain('example_delete_note')
  })

  test.each([
    {},
    { query: '' },
    { query: '  ' },
    { query: 7 },
    { query: ['note'] },
    { query: 'x'.repeat(2_001) },
    { query: 'note', limit: 0 },
    { query: 'note', limit: 21 },
    { query: 'note', limit: 1.5 },
    { query: 'note', limit: '3' },
    { query: 'note', other: 1 },
  ])('refuses %j', async (given) => {
    const { call } = sources()
    const result = (await call('search_tools', given)) as CallToolResult
    expect(result).toMatchObject({ isError: true, _meta: { 'chaveiro/code': 'invalid_arguments' } })
  })

  test('costs less than 600 tokens for five tools', async () => {
    const registry = await createRegistry()
    const { call } = sources({ registry })
    const queries = ['database', 'page', 'block', 'create a page with properties', 'filter and sort rows']
    // Prose and identifiers of this kind have about four characters to a token of the o200k vocabulary.
    const charactersPerToken = 4
    for (const query of queries) {
      const text = textOf(await call('search_tools', { query }))
      expect(text.split('\n\n').length).toBe(5)
      expect(text.length / charactersPerToken, query).toBeLessThan(600)
    }
  })
})

describe('call_tool', () => {
  test('is the same call as a direct one', async () => {
    const { call, direct, recorded } = sources()
    const given = { id: 'note-1' }
    const found = await call('call_tool', { name: 'example_read_note', arguments: given })
    const directly = await direct.callTool?.({ name: 'example_read_note', arguments: given }, testExchange())
    expect(found).toEqual(directly)
    expect(recorded.calls.length).toBe(2)
    const { signal, caller } = recorded.calls[0] ?? {}
    expect(recorded.calls[0]).toEqual({ ...recorded.calls[1], signal, caller })
  })

  test('needs no arguments where the tool needs none', async () => {
    const { call, recorded } = sources()
    await call('call_tool', { name: 'example_read_note' })
    expect(recorded.calls).toMatchObject([{ tool: 'example_read_note', arguments: {} }])
  })

  test('asks for approval of the tool inside, with its own arguments', async () => {
    const { call, recorded, desk } = sources()
    recorded.outcome = failure('approval_required', 'It waits.')
    const given = { name: 'example_delete_note', arguments: { id: 'note-1' } }
    const asked = await call('call_tool', given, { abilities: ['elicit_form'] })
    expect(asked).toMatchObject({ resultType: 'input_required', requestState: 'minted:approve' })
    expect(JSON.stringify(asked)).toContain('Allow example_delete_note')
    expect(desk.asked).toEqual(['example_delete_note'])
  })

  test('passes on what the pipeline refuses', async () => {
    const { call, recorded } = sources({ policies: { example_delete_note: 'deny' } })
    recorded.outcome = failure('denied', 'Your policy denies example_delete_note.')
    const result = await call('call_tool', { name: 'example_delete_note', arguments: { id: 'note-1' } })
    expect(result).toMatchObject({ isError: true, _meta: { 'chaveiro/code': 'denied' } })
  })

  test.each([
    ['example_red_note', EVERYTHING, 'Nearest: example_read_note'],
    ['remove a note', EVERYTHING, 'Nearest: example_'],
    ['delete note', EVERYTHING, 'example_delete_note'],
    ['zzz', EVERYTHING, 'Find one with search_tools.'],
    ['example_delete_note', toolset('read-only'), 'Nearest: example_read_note.'],
    ['example_read_note', toolset('other'), 'Find one with search_tools.'],
    ['search_tools', EVERYTHING, 'There is no tool "search_tools" here.'],
    ['call_tool', EVERYTHING, 'There is no tool "call_tool" here.'],
    ['__proto__', EVERYTHING, 'There is no tool "__proto__" here.'],
  ])('names the nearest of %s', async (name, where, advice) => {
    const { call, recorded } = sources()
    const result = (await call('call_tool', { name, arguments: {} }, { toolset: where })) as CallToolResult
    expect(result).toMatchObject({ isError: true, _meta: { 'chaveiro/code': 'not_found' } })
    expect(textOf(result)).toContain(advice)
    expect(recorded.calls).toEqual([])
  })

  test('never names what the user denies', async () => {
    const { call } = sources({ policies: { example_delete_note: 'deny' } })
    expect(textOf(await call('call_tool', { name: 'example_delete_not' }))).not.toContain('example_delete_note,')
    expect(textOf(await call('call_tool', { name: 'delete_note' }))).not.toContain('example_delete_note')
  })

  test.each([
    {},
    { name: 7 },
    { name: 'example_read_note', arguments: 'id' },
    { name: 'example_read_note', arguments: ['note-1'] },
    { name: 'example_read_note', arguments: null },
    { name: 'example_read_note', arguments: {}, confirmed: true },
  ])('refuses %j', async (given) => {
    const { call, recorded } = sources()
    expect(await call('call_tool', given)).toMatchObject({
      isError: true,
      _meta: { 'chaveiro/code': 'invalid_arguments' },
    })
    expect(recorded.calls).toEqual([])
  })

  test('leaves every other name to the next source', async () => {
    const { call } = sources()
    expect(await call('example_read_note', {})).toBeUndefined()
  })
})

describe('the tool that a message calls', () => {
  test.each<[unknown, unknown]>([
    [
      { name: 'a_b_c', arguments: { x: 1 } },
      { name: 'a_b_c', arguments: { x: 1 } },
    ],
    [{ name: 'a_b_c' }, { name: 'a_b_c', arguments: {} }],
    [
      { name: 'search_tools', arguments: { query: 'x' } },
      { name: 'search_tools', arguments: { query: 'x' } },
    ],
    [
      { name: 'call_tool', arguments: { name: 'a_b_c', arguments: { x: 1 } } },
      { name: 'a_b_c', arguments: { x: 1 } },
    ],
    [
      { name: 'call_tool', arguments: { name: 'a_b_c', confirmed: true } },
      { name: 'a_b_c', arguments: {} },
    ],
    [
      { name: 'call_tool', arguments: { name: 'call_tool', arguments: { name: 'a_b_c' } } },
      { name: 'call_tool', arguments: { name: 'a_b_c' } },
    ],
    [{ name: 'call_tool' }, undefined],
    [{ name: 'call_tool', arguments: { name: 7 } }, undefined],
    [{ name: 'call_tool', arguments: ['a_b_c'] }, undefined],
    [{ name: 'a_b_c', arguments: null }, undefined],
    [{}, undefined],
  ])('of %j is %j', (params, called) => {
    expect(calledTool(params as Record<string, unknown>)).toEqual(called)
  })
})
