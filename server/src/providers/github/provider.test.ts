import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import github from './provider.ts'
import { callsOn, GENERAL_CALLS } from './test/calls.ts'
import { createWorld, type World } from './test/world.ts'

/** Promises that hold for all tools at once. */

const TOOL_NAMES = [
  'github_create_comment',
  'github_create_issue',
  'github_create_pull_request',
  'github_create_review',
  'github_get_issue',
  'github_get_pull_request',
  'github_get_repository',
  'github_get_user',
  'github_list_commits',
  'github_list_pull_requests',
  'github_read_file',
  'github_search_code',
  'github_search_issues',
  'github_search_repositories',
  'github_update_issue',
  'github_write_file',
]

const toolOf = (name: string) => github.tools.find((tool) => tool.name === name)

function shapeOf({ github: { state } }: World): string {
  return JSON.stringify(
    state.repositories.map(({ issues, branches }) => [
      issues,
      [...branches.keys()],
      [...branches.values()].flat().length,
    ]),
  )
}

describe('the definitions that every model reads', () => {
  test('are the tools by their names', () => {
    expect(github.tools.map(({ name }) => name).sort()).toEqual(TOOL_NAMES)
  })

  test('cost little', () => {
    const definitions = github.tools.map(({ name, description, input }) => {
      const { $schema: _dialect, ...schema } = z.toJSONSchema(input, { io: 'input' })
      return { name, description, input_schema: schema }
    })
    expect(JSON.stringify(definitions).length).toBeLessThan(9_000)
  })

  test('name what calls are about by arguments that a tool reads', () => {
    for (const target of github.targets ?? []) {
      expect(toolOf(target.tool)?.annotations.readOnly).toBe(true)
      expect(toolOf(target.tool)?.input.safeParse({ [target.argument]: 'ana/site#1' }).success).toBe(true)
    }
  })
})

describe('what a call is about', () => {
  test.each([
    ['issue', 'ana/site#1', 'Login fails CANARY-ana'],
    ['pull_request', 'ana/site#2', 'Fix the login CANARY-ana'],
    ['repository', 'https://github.com/ana/site', 'ana/site'],
  ])('is told by the title of the %s', async (argument, given, title) => {
    const { github: local, anasToken } = createWorld()
    const target = github.targets?.find((each) => each.argument === argument)
    const result = await local.done(anasToken, target?.tool ?? '', { [argument]: given })
    expect(target?.titleOf(result.value, given)).toBe(title)
    expect(target?.titleOf(null, given)).toBeNull()
    expect(target?.isId(given)).toBe(true)
  })
})

describe('two users with repositories of the same name', () => {
  test.each(['ana', 'bruno'] as const)('%s reads only the own one, by its bare name too', async (login) => {
    const world = createWorld()
    const token = login === 'ana' ? world.anasToken : world.brunosToken
    const other = login === 'ana' ? 'bruno' : 'ana'
    const byBareName = callsOn('site').filter(([, input]) => 'repository' in input)
    const calls = [...byBareName, ...callsOn(`${login}/site`)].filter(([name]) => toolOf(name)?.annotations.readOnly)
    const results: string[] = []
    for (const [name, input] of [...calls, ...GENERAL_CALLS, ['github_search_repositories', { owner: other }]] as [
      string,
      Record<string, unknown>,
    ][]) {
      results.push(JSON.stringify(await world.github.done(token, name, input)))
    }
    expect(results.join('\n')).toContain(`CANARY-${login}`)
    expect(results.join('\n')).not.toContain(`CANARY-${other}`)
  })

  test.each(['ana', 'bruno'] as const)('what is not shared with %s is as if it were not there', async (login) => {
    const world = createWorld()
    const token = login === 'ana' ? world.anasToken : world.brunosToken
    const other = login === 'ana' ? 'bruno' : 'ana'
    const before = shapeOf(world)
    const nowhere = callsOn(`${other}/none`)
    for (const [index, [name, input]] of callsOn(`${other}/site`).entries()) {
      const outcome = await world.github.call(token, name, input)
      expect(outcome.ok, name).toBe(false)
      const unknown = await world.github.call(token, name, nowhere[index]?.[1] ?? {})
      expect(JSON.stringify(outcome).replaceAll('none', 'site'), name).toBe(
        JSON.stringify(unknown).replaceAll('none', 'site'),
      )
    }
    expect(shapeOf(world)).toBe(before)
  })
})

describe('every tool', () => {
  const calls = callsOn('ana/site')

  test('is called here, but for those that name nothing', () => {
    const named = new Set(calls.map(([name]) => name))
    expect(TOOL_NAMES.filter((name) => !named.has(name))).toEqual(['github_get_user', 'github_search_repositories'])
  })

  test.each(calls)('%s says that the token has ended: %j', async (name, input) => {
    const { github: local } = createWorld()
    expect(await local.call('ghp_ended', name, input)).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
    expect(local.asked()).toHaveLength(1)
  })

  test.each(calls)('%s says how long to wait: %j', async (name, input) => {
    const { github: local, anasToken } = createWorld()
    local.fault(/./, () =>
      Response.json({ message: 'API rate limit exceeded' }, { status: 429, headers: { 'retry-after': '30' } }),
    )
    expect(await local.call(anasToken, name, input)).toMatchObject({
      ok: false,
      problem: { code: 'rate_limited', retryAfterSeconds: 30 },
    })
    expect(local.asked()).toHaveLength(1)
  })

  test.each(calls.filter(([name]) => toolOf(name)?.annotations.readOnly === false))(
    '%s is never sent twice, and leaves no doubt about what is not known: %j',
    async (name, input) => {
      const world = createWorld()
      world.github.fault(/^(?:POST|PUT|PATCH)/, () => new TypeError('fetch failed'), true)
      const outcome = await world.github.call(world.anasToken, name, input)
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
      expect(!outcome.ok && outcome.problem.detail).toMatch(/github_(?:get|list|read|search)_/)
      expect(world.github.asked().filter((line) => !line.startsWith('GET'))).toHaveLength(1)
    },
  )

  test.each(calls.filter(([name]) => toolOf(name)?.annotations.readOnly === false))(
    '%s changes nothing with a token that only reads: %j',
    async (name, input) => {
      const world = createWorld()
      const before = shapeOf(world)
      const reader = world.github.mint(world.ana, null, ['contents=read', 'issues=read', 'pull_requests=read'])
      const outcome = await world.github.call(reader, name, input)
      expect(outcome).toMatchObject({
        ok: false,
        problem: { code: 'forbidden_by_provider', extra: { missing_permission: toolOf(name)?.needs[0] } },
      })
      expect(shapeOf(world)).toBe(before)
    },
  )
})
