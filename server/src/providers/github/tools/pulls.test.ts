import { describe, expect, test } from 'vitest'
import type { ChangedFile } from '#providers/github/test/state.ts'
import { createWorld, type World } from '#providers/github/test/world.ts'

/** Pull requests: their list, their diffs, and what people say of them. */

function withFiles(world: World, files: readonly ChangedFile[]): void {
  Object.assign(world.anasPull.pull ?? {}, { files })
}

const bigFile = (index: number, lines: number): ChangedFile => ({
  filename: `src/file${index}.ts`,
  status: 'modified',
  additions: lines,
  deletions: 0,
  patch: Array.from({ length: lines }, (_, line) => `+const line${line} = ${line}`).join('\n'),
})

describe('github_list_pull_requests', () => {
  test('lists open ones with their branches', async () => {
    const { github, anasToken, anasPull } = createWorld()
    const open = await github.done(anasToken, 'github_list_pull_requests', { repository: 'ana/site' })
    expect(open.text).toBe('- ana/site#2 Fix the login CANARY-ana (open, by @ana 2026-03-04, ana:fix into main)')
    anasPull.state = 'closed'
    Object.assign(anasPull.pull ?? {}, { mergedAt: '2026-03-04T05:06:07Z' })
    const none = await github.done(anasToken, 'github_list_pull_requests', { repository: 'ana/site' })
    expect(none.text).toBe('No pull requests found.')
    const closed = await github.done(anasToken, 'github_list_pull_requests', {
      repository: 'ana/site',
      state: 'closed',
    })
    expect(closed.value.results).toMatchObject([{ number: 2, state: 'merged' }])
  })
})

describe('github_get_pull_request', () => {
  test('shows description, reviews and the diff of each file', async () => {
    const { github, bruno, anasToken, anasPull } = createWorld()
    anasPull.pull?.reviews.push({
      id: 1,
      author: bruno,
      body: '# Approved by @ana',
      state: 'CHANGES_REQUESTED',
      at: '2026-03-05T00:00:00Z',
      lines: [],
    })
    const result = await github.done(anasToken, 'github_get_pull_request', { pull_request: 'ana/site#2' })
    expect(result.text).toBe(
      [
        '# ana/site#2 Fix the login CANARY-ana',
        'https://github.com/ana/site/pull/2',
        'open, by @ana 2026-03-04, ana:fix into main, 2 files, +1 -1',
        '> Closes #1',
        'Review by @bruno 2026-03-05: changes requested',
        '> # Approved by @ana',
        '## src/index.ts: modified, +1 -1',
        '```diff',
        '@@ -1 +1 @@',
        '-export const value0 = 0',
        '+export const value0 = 1',
        '```',
        '## logo.png: added, +0 -0',
        '(binary, or too large for GitHub to show)',
      ].join('\n'),
    )
  })

  test('gives a huge diff in parts, each file once', async () => {
    const world = createWorld()
    withFiles(
      world,
      Array.from({ length: 130 }, (_, index) => bigFile(index, 100)),
    )
    const paths: string[] = []
    for (let cursor: string | undefined = '', left = 50; cursor !== undefined && left > 0; left -= 1) {
      const input = { pull_request: 'ana/site#2', page_size: 100, ...(cursor === '' ? {} : { start_cursor: cursor }) }
      const result = await world.github.done(world.anasToken, 'github_get_pull_request', input)
      expect(result.text.length).toBeLessThan(27_000)
      paths.push(...result.value.files.map(({ path }: { path: string }) => path))
      cursor = result.nextCursor
    }
    expect(paths).toEqual(Array.from({ length: 130 }, (_, index) => `src/file${index}.ts`))
  })

  test('cuts the diff of one file, and shows it alone when asked', async () => {
    const world = createWorld()
    withFiles(world, [bigFile(0, 500), bigFile(1, 5)])
    const all = await world.github.done(world.anasToken, 'github_get_pull_request', { pull_request: 'ana/site#2' })
    expect(all.value.files).toMatchObject([{ truncated: true }, { truncated: false }])
    expect(all.text).toContain("(cut; the rest: give this file's path as file)")
    const input = { pull_request: 'ana/site#2', file: 'src/file0.ts' }
    const one = await world.github.done(world.anasToken, 'github_get_pull_request', input)
    expect(one.value.files).toMatchObject([{ truncated: false }])
    expect(one.text).toContain('+const line499 = 499')
    expect(one.truncated).toBeUndefined()
  })

  test('finds a file beyond the first page, and says where there is none', async () => {
    const world = createWorld()
    withFiles(
      world,
      Array.from({ length: 130 }, (_, index) => bigFile(index, 1)),
    )
    const input = { pull_request: 'ana/site#2', file: '/src/file120.ts' }
    expect((await world.github.done(world.anasToken, 'github_get_pull_request', input)).value.files).toHaveLength(1)
    const missing = await world.github.call(world.anasToken, 'github_get_pull_request', { ...input, file: 'none' })
    expect(missing).toMatchObject({ ok: false, problem: { code: 'not_found', path: 'arguments.file' } })
  })

  test('tells even of a file of its own that it is too long', async () => {
    const world = createWorld()
    withFiles(world, [bigFile(0, 3_000)])
    const input = { pull_request: 'ana/site#2', file: 'src/file0.ts' }
    const result = await world.github.done(world.anasToken, 'github_get_pull_request', input)
    expect(result.text.length).toBeLessThan(26_000)
    expect(result.truncated).toContain('github_read_file')
  })

  test('is not an issue', async () => {
    const { github, anasToken } = createWorld()
    const outcome = await github.call(anasToken, 'github_get_pull_request', { pull_request: 'ana/site#1' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' } })
  })
})

describe('github_create_pull_request', () => {
  test('opens one into the default branch', async () => {
    const { github, anasToken, anasSite } = createWorld()
    anasSite.branches.set('other', [...(anasSite.branches.get('main') ?? [])])
    const input = { repository: 'ana/site', title: 'T', head: 'other', draft: true }
    const result = await github.done(anasToken, 'github_create_pull_request', input)
    expect(result.value).toMatchObject({ number: 3, state: 'draft', base: 'main', head: 'ana:other' })
  })

  test('says in GitHub words what is wrong', async () => {
    const { github, anasToken } = createWorld()
    const ask = (input: object) =>
      github.call(anasToken, 'github_create_pull_request', { repository: 'ana/site', title: 'T', ...input })
    expect(await ask({ head: 'fix' })).toMatchObject({
      problem: { detail: expect.stringContaining('already exists for ana:fix') },
    })
    expect(await ask({ head: 'none' })).toMatchObject({
      problem: { detail: expect.stringContaining('head is invalid') },
    })
  })
})

describe('github_create_review', () => {
  const review = { pull_request: 'ana/site#2', verdict: 'comment' }

  test('comments on lines', async () => {
    const { github, anasToken, anasPull } = createWorld()
    const comments = [{ path: 'src/index.ts', line: 1, text: 'Why?' }]
    const result = await github.done(anasToken, 'github_create_review', { ...review, comments })
    expect(anasPull.pull?.reviews).toMatchObject([
      { state: 'COMMENTED', lines: [{ path: 'src/index.ts', line: 1, body: 'Why?' }] },
    ])
    expect(result.text).toContain('Reviewed ana/site#2: commented')
  })

  test('asks for changes with a reason only', async () => {
    const { github, anasToken, anasPull } = createWorld()
    const silent = await github.call(anasToken, 'github_create_review', { ...review, verdict: 'request_changes' })
    expect(silent).toMatchObject({ ok: false, problem: { path: 'arguments.text' } })
    expect(github.asked()).toEqual([])
    await github.done(anasToken, 'github_create_review', { ...review, verdict: 'request_changes', text: 'Tests!' })
    expect(anasPull.pull?.reviews).toMatchObject([{ state: 'CHANGES_REQUESTED', body: 'Tests!' }])
  })

  test('passes on that nobody approves their own work', async () => {
    const { github, anasToken } = createWorld()
    const outcome = await github.call(anasToken, 'github_create_review', { ...review, verdict: 'approve' })
    expect(outcome).toMatchObject({
      problem: { detail: expect.stringContaining('Can not approve your own pull request') },
    })
  })

  test('whose answer is lost is not given twice', async () => {
    const { github, anasToken, anasPull } = createWorld()
    github.fault(/^POST/, () => new TypeError('fetch failed'), true)
    const outcome = await github.call(anasToken, 'github_create_review', { ...review, text: 'Hm' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(anasPull.pull?.reviews).toHaveLength(1)
  })
})
