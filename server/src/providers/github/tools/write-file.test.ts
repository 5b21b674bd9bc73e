import { describe, expect, test } from 'vitest'
import { createWorld } from '#providers/github/test/world.ts'

/** A commit through the API: what is checked before, and what is known after. */

const FILE = { repository: 'ana/site', path: 'README.md', text: 'Olá\n', message: 'Greet' }

async function shaOfReadme({ github, anasToken }: ReturnType<typeof createWorld>): Promise<string> {
  const result = await github.done(anasToken, 'github_read_file', { repository: 'ana/site', path: 'README.md' })
  return result.value.sha
}

describe('github_write_file', () => {
  test('makes a new file', async () => {
    const { github, anasToken, anasSite } = createWorld()
    const result = await github.done(anasToken, 'github_write_file', { ...FILE, path: 'new/á.md' })
    expect(anasSite.branches.get('main')?.at(-1)?.files.get('new/á.md')?.toString()).toBe('Olá\n')
    expect(result.text).toContain('Committed ana/site new/á.md: commit ')
  })

  test('changes a file that is as it was read', async () => {
    const world = createWorld()
    const sha = await shaOfReadme(world)
    const result = await world.github.done(world.anasToken, 'github_write_file', { ...FILE, sha })
    expect(result.value.sha).toBe(await shaOfReadme(world))
    expect(result.value.sha).not.toBe(sha)
  })

  test('overwrites nothing that was not read, or that somebody else has changed since', async () => {
    const world = createWorld()
    const { github, anasToken, anasSite } = world
    expect(await github.call(anasToken, 'github_write_file', FILE)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', detail: expect.stringContaining('"sha" wasn\'t supplied') },
    })
    const sha = await shaOfReadme(world)
    await github.done(anasToken, 'github_write_file', { ...FILE, sha, text: 'Theirs' })
    expect(await github.call(anasToken, 'github_write_file', { ...FILE, sha })).toMatchObject({
      ok: false,
      problem: { code: 'conflict', detail: expect.stringContaining('Read it again') },
    })
    expect(anasSite.branches.get('main')?.at(-1)?.files.get('README.md')?.toString()).toBe('Theirs')
  })

  test('puts the commit on a new branch off the default one', async () => {
    const { github, anasToken, anasSite } = createWorld()
    await github.done(anasToken, 'github_write_file', { ...FILE, path: 'n.md', new_branch: 'feature/n' })
    expect(anasSite.branches.get('feature/n')?.at(-1)?.message).toBe('Greet')
    expect(anasSite.branches.get('main')?.at(-1)?.message).toBe('Begin')
    const taken = await github.call(anasToken, 'github_write_file', { ...FILE, new_branch: 'feature/n' })
    expect(taken).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('Reference already exists') } })
  })

  test('tells that the branch was made where the commit then failed', async () => {
    const { github, anasToken, anasSite } = createWorld()
    const outcome = await github.call(anasToken, 'github_write_file', { ...FILE, new_branch: 'half' })
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', detail: expect.stringContaining('"half" was made already') },
    })
    expect(anasSite.branches.has('half')).toBe(true)
  })

  test('whose answer is lost is not sent again, and says where to look', async () => {
    const { github, anasToken, anasSite } = createWorld()
    github.fault(/^PUT/, () => new TypeError('fetch failed'), true)
    const outcome = await github.call(anasToken, 'github_write_file', { ...FILE, path: 'n.md' })
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'outcome_unknown', detail: expect.stringContaining('ana/site n.md with github_read_file') },
    })
    expect(anasSite.branches.get('main')).toHaveLength(2)
    expect(github.asked()).toEqual(['PUT /repos/ana/site/contents/n.md'])
  })

  test('needs write access, and names what is missing', async () => {
    const { github, ana, bruno } = createWorld()
    const cases: [string, object][] = [
      [github.mint(ana, ['public_repo']), { code: 'not_found' }],
      [
        github.mint(ana, null, ['contents=read']),
        { code: 'forbidden_by_provider', extra: { missing_permission: 'write_code' } },
      ],
    ]
    for (const [token, problem] of cases) {
      expect(await github.call(token, 'github_write_file', { ...FILE, path: 'n.md' })).toMatchObject({
        ok: false,
        problem,
      })
    }
    const reader = github.mint(bruno, [])
    const outcome = await github.call(reader, 'github_write_file', { ...FILE, repository: 'ana/library', path: 'n.md' })
    expect(outcome).toMatchObject({
      ok: false,
      problem: { detail: expect.stringContaining('the scope public_repo or repo') },
    })
  })

  test.each(['../x', 'a/../../x', '/', '.'])('refuses the path %s', async (path) => {
    const { github, anasToken } = createWorld()
    const outcome = await github.call(anasToken, 'github_write_file', { ...FILE, path })
    expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.path' } })
    expect(github.asked()).toEqual([])
  })
})
