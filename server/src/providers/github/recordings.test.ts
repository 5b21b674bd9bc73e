import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import type { BoundFetch } from '#providers/contract.ts'
import github from './provider.ts'
import { createWorld, type World } from './test/world.ts'

/**
 * GitHub's own recordings: the tools read what GitHub really answered, and the local GitHub answers in the same form. (That
 * it answers in the form of GitHub's published description is shown by the compiler, see `test/answers.ts`.)
 */

interface Recording {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly response: unknown
  readonly headers: Readonly<Record<string, string>>
}

const { resolve } = createRequire(import.meta.url)

function recorded(scenario: string): Recording[] {
  const path = resolve(`@octokit/fixtures/scenarios/api.github.com/${scenario}/normalized-fixture.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as Recording[]
}

/** Plays recorded answers, whatever is asked; the paths asked for are compared by the tests. */
function player(recordings: readonly Recording[]): { fetch: BoundFetch; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    fetch: async (url, init) => {
      const { pathname, search } = new URL(url instanceof Request ? url.url : url)
      const found = recordings.find(
        (each) => each.method.toUpperCase() === init?.method && matches(each.path, pathname + search),
      )
      asked.push(`${init?.method} ${pathname}`)
      if (found === undefined) return new Response('[]', { headers: { 'content-type': 'application/json' } })
      const type = { 'content-type': found.headers['content-type'] ?? 'application/json' }
      const body = typeof found.response === 'string' ? found.response : JSON.stringify(found.response)
      return new Response(body, { status: found.status, headers: type })
    },
  }
}

const plain = (path: string) => decodeURIComponent(path.split('?')[0] ?? '').replace(/\/$/, '')
const matches = (recordedPath: string, asked: string) => plain(recordedPath) === plain(asked)

async function play(scenario: string, name: string, input: Record<string, unknown>) {
  const { fetch, asked } = player(recorded(scenario))
  const tool = github.tools.find((each) => each.name === name)
  const api = github.api({
    credential: { api_key: 'ghp_0123456789' },
    fetch,
    apiUrl: github.apiUrl,
    signal: new AbortController().signal,
  })
  const outcome = await tool?.run(api, tool.input.parse(input))
  return { outcome, asked }
}

describe('the tools read what GitHub answered', () => {
  test('of a repository', async () => {
    const { outcome } = await play('get-repository', 'github_get_repository', {
      repository: 'octokit-fixture-org/hello-world',
    })
    expect(outcome).toMatchObject({
      ok: true,
      value: { value: { full_name: 'octokit-fixture-org/hello-world', private: false } },
    })
  })

  test('of a folder', async () => {
    const { outcome } = await play('get-content', 'github_read_file', { repository: 'octokit-fixture-org/hello-world' })
    expect(outcome).toMatchObject({ ok: true, value: { value: { entries: [{ name: 'README.md', size: 13 }] } } })
  })

  test('of a file that was made', async () => {
    const input = {
      repository: 'octokit-fixture-org/create-file',
      path: 'test.txt',
      text: 'Test content',
      message: 'create test.txt',
    }
    const { outcome, asked } = await play('create-file', 'github_write_file', input)
    expect(outcome).toMatchObject({ ok: true, value: { value: { sha: '3f3f005b29247e51a4f4d6b8ce07b67646cd6074' } } })
    expect(asked).toEqual(['PUT /repos/octokit-fixture-org/create-file/contents/test.txt'])
  })

  test('of a search', async () => {
    const { outcome } = await play('search-issues', 'github_search_issues', {
      query: 'sesame',
      repository: 'octokit-fixture-org/search-issues',
    })
    expect(outcome).toMatchObject({ ok: true, value: { value: { total: 2, results: [{ number: 2 }, {}] } } })
  })

  test('of an issue that was made', async () => {
    const input = { repository: 'octokit-fixture-org/add-labels-to-issue', title: 'Issue without a label' }
    const { outcome } = await play('add-labels-to-issue', 'github_create_issue', input)
    expect(outcome).toMatchObject({ ok: true, value: { value: { number: 1, labels: [] } } })
  })

  test('of a list of issues', async () => {
    const { outcome } = await play('paginate-issues', 'github_search_issues', {
      repository: 'octokit-fixture-org/paginate-issues',
    })
    expect(outcome).toMatchObject({ ok: true })
  })

  test('of a refusal', async () => {
    const [error] = recorded('errors')
    const { fetch } = player([{ ...error, method: 'POST', path: '/repos/a/b/issues' } as Recording])
    const tool = github.tools.find(({ name }) => name === 'github_create_issue')
    const access = {
      credential: { api_key: 'ghp_0123456789' },
      fetch,
      apiUrl: github.apiUrl,
      signal: new AbortController().signal,
    }
    expect(await tool?.run(github.api(access), { repository: 'a/b', title: 'X' })).toMatchObject({
      ok: false,
      problem: {
        code: 'invalid_arguments',
        detail: expect.stringContaining('Validation Failed; color is invalid') as string,
      },
    })
  })
})

/** Members that GitHub adds now and then, or leaves out by who asks: absent in one of the two, they say nothing. */
function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (isNothing(ours) || isNothing(theirs)) return []
  if (kindOf(ours) !== kindOf(theirs)) return [`${path}: ${kindOf(ours)}`]
  if (Array.isArray(ours) && Array.isArray(theirs)) return differences(ours[0], theirs[0], `${path}[]`)
  if (typeof ours !== 'object') return []
  const [own, other] = [ours, theirs] as Record<string, unknown>[]
  return Object.keys(own ?? {}).flatMap((member) => differences(own?.[member], other?.[member], `${path}.${member}`))
}

const isNothing = (value: unknown) => value === null || value === undefined
const kindOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value)

const shared = (ours: object, theirs: object) => Object.keys(theirs).filter((member) => !(member in ours))

describe('the local GitHub answers in the form that GitHub was recorded in', () => {
  const ask = async ({ github: local, anasToken }: World, path: string) => {
    const response = await local.fetch(`https://api.github.com${path}`, {
      headers: { authorization: `Bearer ${anasToken}`, 'user-agent': 'x' },
    })
    expect(response.status).toBe(200)
    return response.json() as Promise<object>
  }

  test.each([
    ['get-repository', '/repos/ana/site'],
    ['get-content', '/repos/ana/site/contents/'],
    ['search-issues', '/search/issues?q=login+is:issue'],
    ['add-labels-to-issue', '/repos/ana/site/issues/1'],
  ])('%s', async (scenario, path) => {
    const theirs = recorded(scenario)[0]?.response as object
    const ours = await ask(createWorld(), path)
    expect(differences(ours, theirs)).toEqual([])
    const members = (value: object) => (Array.isArray(value) ? (value[0] as object) : value)
    // What the tools read is there on both sides; what is only on GitHub's, no tool reads.
    expect(shared(members(ours), members(theirs)).filter((member) => READ_BY_TOOLS.has(member))).toEqual([])
  })
})

const READ_BY_TOOLS = new Set([
  'full_name',
  'description',
  'private',
  'archived',
  'fork',
  'language',
  'default_branch',
  'open_issues_count',
  'stargazers_count',
  'pushed_at',
  'html_url',
  'permissions',
  'has_issues',
  'name',
  'path',
  'sha',
  'size',
  'type',
  'number',
  'title',
  'state',
  'user',
  'labels',
  'assignees',
  'milestone',
  'comments',
  'created_at',
  'updated_at',
  'closed_at',
  'body',
  'items',
  'total_count',
])
