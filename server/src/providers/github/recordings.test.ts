import { describe, expect, test } from 'vitest'
import type { BoundFetch } from '#providers/contract.ts'
import github from './provider.ts'
import { recorded, type Recording } from './test/recordings.ts'
import { createWorld, type World } from './test/world.ts'

/**
 * GitHub's own recordings: the tools read what GitHub really answered, and the local GitHub answers in the same form. (That
 * it answers as GitHub's published description says is shown by a test of conformance.)
 */

/** Plays recorded answers, whatever is asked; the paths asked for are compared by the tests. */
function player(recordings: readonly Recording[]): { fetch: BoundFetch; asked: string[] } {
  const asked: string[] = []
  const answerTo = (method: string | undefined, address: string): Response => {
    const { pathname, search } = new URL(address)
    const found = recordings.find((each) => each.method === method && matches(each.path, pathname + search))
    asked.push(`${method} ${pathname}`)
    if (found === undefined) return new Response('[]', { headers: { 'content-type': 'application/json' } })
    // The guarded fetch follows a redirect, as the browser's does.
    if (found.status === 301) return answerTo(method, (found.response as { url: string }).url)
    const body = typeof found.response === 'string' ? found.response : JSON.stringify(found.response)
    return new Response(body, { status: found.status, headers: headersOf(found) })
  }
  return { asked, fetch: async (url, init) => answerTo(init?.method, url instanceof Request ? url.url : String(url)) }
}

/** What the tools look at. */
function headersOf({ headers }: Recording): Record<string, string> {
  const link = headers['link'] === undefined ? {} : { link: headers['link'] }
  return { 'content-type': headers['content-type'] ?? 'application/json', ...link }
}

const plain = (path: string) => decodeURIComponent(path.split('?')[0] ?? '').replace(/\/$/, '')
const pageOf = (path: string) => new URLSearchParams(path.split('?')[1]).get('page') ?? '1'
const matches = (recordedPath: string, asked: string) =>
  plain(recordedPath) === plain(asked) && pageOf(recordedPath) === pageOf(asked)

async function play(scenario: string | readonly Recording[], name: string, input: Record<string, unknown>) {
  const { fetch, asked } = player(typeof scenario === 'string' ? recorded(scenario) : scenario)
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

  test('of a list of issues, page by page to its end', async () => {
    // After the first page GitHub names the repository by its id; the tool asks for the next by its name.
    const pages = recorded('paginate-issues').map((each) => ({
      ...each,
      path: each.path.replace('/repositories/1000/', '/repos/octokit-fixture-org/paginate-issues/'),
    }))
    const numbers: number[] = []
    let cursor: string | undefined
    do {
      const input = { repository: 'octokit-fixture-org/paginate-issues', page_size: 3, start_cursor: cursor }
      const { outcome } = await play(pages, 'github_search_issues', input)
      if (!outcome?.ok) throw new Error('The page was not read')
      const { results } = outcome.value.value as { results: { number: number }[] }
      numbers.push(...results.map(({ number }) => number))
      cursor = outcome.value.nextCursor
    } while (cursor !== undefined && numbers.length < 100)
    expect(numbers).toEqual(Array.from({ length: 13 }, (_, index) => 13 - index))
  })

  test('of a branch that was made', async () => {
    const [listed, made] = recorded('git-refs') as [Recording, Recording]
    const [file] = recorded('create-file') as [Recording]
    const place = '/repos/octokit-fixture-org/git-refs'
    const [head] = listed.response as object[]
    const exchanges = [
      { ...listed, path: `${place}/git/ref/heads/main`, response: head },
      made,
      { ...file, path: `${place}/contents/test.txt` },
    ]
    const input = {
      path: 'test.txt',
      text: 'Test content',
      message: 'create test.txt',
      branch: 'main',
      new_branch: 'test',
    }
    const repository = 'octokit-fixture-org/git-refs'
    const { outcome, asked } = await play(exchanges, 'github_write_file', { repository, ...input })
    expect(outcome).toMatchObject({ ok: true, value: { value: { branch: 'test' } } })
    expect(asked.slice(1)).toEqual([`POST ${place}/git/refs`, `PUT ${place}/contents/test.txt`])
  })

  test('of a repository that was renamed', async () => {
    const input = { repository: 'octokit-fixture-org/rename-repository' }
    const { outcome } = await play('rename-repository', 'github_get_repository', input)
    expect(outcome).toMatchObject({
      ok: true,
      value: { value: { full_name: 'octokit-fixture-org/rename-repository-newname' } },
    })
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
