import { describe, expect, test } from 'vitest'
import type { GitHubApi } from './client.ts'
import { cleanPath, resolveNumbered, resolveRepository } from './references.ts'
import { createGitHubApi } from './client.ts'

/** What people paste. Nothing here may send a request, except for a bare name, which asks who the user is. */

function api(apiUrl = 'https://api.github.com', login?: string): GitHubApi {
  return createGitHubApi({
    credential: { api_key: 'ghp_0123456789' },
    apiUrl,
    signal: new AbortController().signal,
    fetch: async (url) => {
      expect(url instanceof Request ? url.url : String(url)).toBe(`${apiUrl}/user`)
      if (login === undefined) throw new Error('no request may be made here')
      return new Response(JSON.stringify({ login, id: 1 }), { headers: { 'content-type': 'application/json' } })
    },
  })
}

describe('repositories', () => {
  test.each([
    ['ana/site'],
    [' ana/site '],
    ['https://github.com/ana/site'],
    ['https://github.com/ana/site/'],
    ['https://github.com/ana/site.git'],
    ['http://www.github.com/ana/site?tab=readme#top'],
    ['github.com/ana/site'],
    ['git@github.com:ana/site.git'],
    ['ssh://git@github.com/ana/site.git'],
    ['https://api.github.com/repos/ana/site/issues'],
    ['https://github.com/ana/site/issues/12'],
  ])('%s', async (text) => {
    expect(await resolveRepository(api(), text)).toMatchObject({ ok: true, value: { owner: 'ana', repo: 'site' } })
  })

  test('a bare name is one of the user', async () => {
    const found = await resolveRepository(api('https://api.github.com', 'bruno'), 'my.site')
    expect(found).toEqual({ ok: true, value: { owner: 'bruno', repo: 'my.site' } })
  })

  test.each([
    [''],
    ['a/b/c'],
    ['ana/..'],
    ['../site'],
    ['..'],
    ['ana/si te'],
    ['ana/site?x'],
    ['ana/%2e%2e'],
    ['https://gitlab.com/ana/site'],
    ['https://github.com.evil.example/ana/site'],
    ['https://github.com/ana'],
    ['https://github.com/%E0%A4%A/site'],
    ['https://github.com/ana/..%2f..%2fuser'],
    ['javascript:alert(1)'],
    [`ana/${'x'.repeat(101)}`],
  ])('refuses %s', async (text) => {
    expect(await resolveRepository(api(), text)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', path: 'arguments.repository' },
    })
  })

  test('takes the addresses of an own GitHub Enterprise Server', async () => {
    const own = api('https://git.example.com/api/v3')
    const found = await resolveRepository(own, 'https://git.example.com/ana/site/tree/main/src')
    expect(found).toEqual({ ok: true, value: { owner: 'ana', repo: 'site', file: { path: 'src', ref: 'main' } } })
    expect(await resolveRepository(api(), 'https://git.example.com/ana/site')).toMatchObject({ ok: false })
  })
})

describe('files', () => {
  test.each([
    ['https://github.com/ana/site/blob/main/src/a.ts', { path: 'src/a.ts', ref: 'main' }],
    ['https://github.com/ana/site/blob/v1.2/a.ts#L10', { path: 'a.ts', ref: 'v1.2', startLine: 10, endLine: 10 }],
    ['https://github.com/ana/site/blob/main/a.ts#L10-L20', { path: 'a.ts', ref: 'main', startLine: 10, endLine: 20 }],
    [
      'https://github.com/ana/site/blob/main/a.ts#L10C3-L20C8',
      { path: 'a.ts', ref: 'main', startLine: 10, endLine: 20 },
    ],
    ['https://github.com/ana/site/blob/main/a%20b.md', { path: 'a b.md', ref: 'main' }],
    ['https://raw.githubusercontent.com/ana/site/main/src/a.ts', { path: 'src/a.ts', ref: 'main' }],
    ['https://github.com/ana/site/tree/main', { path: '', ref: 'main' }],
  ])('%s', async (text, file) => {
    expect(await resolveRepository(api(), text)).toEqual({ ok: true, value: { owner: 'ana', repo: 'site', file } })
  })

  test.each([
    ['src/a.ts', 'src/a.ts'],
    ['/src/a.ts', 'src/a.ts'],
    ['./src/', 'src'],
    ['', ''],
    ['/', ''],
    ['.', ''],
    ['a..b/c', 'a..b/c'],
  ])('path %s', (given, path) => {
    expect(cleanPath(given)).toEqual({ ok: true, value: path })
  })

  test.each(['..', '../x', 'a/../b', 'a//b', 'a/./b', 'a/..'])('refuses the path %s', (given) => {
    expect(cleanPath(given)).toMatchObject({ ok: false, problem: { path: 'arguments.path' } })
  })
})

describe('issues and pull requests', () => {
  test.each([
    ['ana/site#12', undefined],
    ['#12', 'ana/site'],
    ['12', 'ana/site'],
    [12, 'ana/site'],
    ['https://github.com/ana/site/issues/12', undefined],
    ['https://github.com/ana/site/issues/12#issuecomment-3', 'other/one'],
    ['https://github.com/ana/site/pull/12/files', undefined],
    ['https://api.github.com/repos/ana/site/pulls/12', undefined],
    ['github.com/ana/site/pull/12', undefined],
  ])('%s in %s', async (given, repository) => {
    expect(await resolveNumbered(api(), given, repository, 'issue')).toEqual({
      ok: true,
      value: { owner: 'ana', repo: 'site', issue_number: 12 },
    })
  })

  test.each([['ana/site'], ['#0'], [0], [-1], ['#1234567890'], ['#x'], ['https://github.com/ana/site'], ['']])(
    'refuses %s',
    async (given) => {
      expect(await resolveNumbered(api(), given, 'ana/site', 'pull_request')).toMatchObject({
        ok: false,
        problem: { code: 'invalid_arguments', path: 'arguments.pull_request' },
      })
    },
  )

  test('asks for the repository of a bare number', async () => {
    expect(await resolveNumbered(api(), '#12', undefined, 'issue')).toMatchObject({
      ok: false,
      problem: { path: 'arguments.repository', detail: expect.stringContaining('"owner/name#12"') as string },
    })
  })
})
