import { describe, expect, test } from 'vitest'
import { failure } from '#kernel/problem.ts'
import github from './provider.ts'
import { callsOn, GENERAL_CALLS } from './test/calls.ts'
import { createWorld, type World } from './test/world.ts'

/** Words of our own that a Portuguese result would hold where one was forgotten. */
const ENGLISH =
  /\b(?:more|found|no|description|open|closed|merged|draft|updated|assigned|labels|comments?|into|files?|review|changes|requested|commented|cut|lines|of|empty|entries|private|public|archived|stars?|pushed|default|access|write|read|topics|branches:? (?:and|more)|company|committed|created|left|reviewed|added|modified|removed|by|on|unknown|repository|repositories|user)\b/i

/** Calls a tool for somebody who reads Portuguese. */
async function inPortuguese({ github: local, anasToken }: World, name: string, input: Record<string, unknown>) {
  const tool = github.tools.find((each) => each.name === name)
  return (
    tool?.run(github.api(local.access(anasToken, { language: 'pt' })), tool.input.parse(input)) ??
    failure('not_found', name)
  )
}

describe('results in Portuguese', () => {
  test.each([...callsOn('ana/site'), ...GENERAL_CALLS])('%s %j has no English words of ours', async (name, input) => {
    const world = createWorld()
    // A branch has one open pull request at most.
    if (name === 'github_create_pull_request') world.anasPull.state = 'closed'
    const outcome = await inPortuguese(world, name, input)
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    // What people wrote, what they called things, addresses and tools are nobody's translation.
    const ours = outcome.value.text
      .replaceAll(/^> .*$|```[\s\S]*?```|https?:\/\/\S+|github_\w+|start_cursor/gm, '')
      .replaceAll(/"[^"]*"|Login fails|Fix the login|CANARY-ana site|A public library|\S+\.(?:ts|md|png)\b/g, '')
      .replaceAll(/\b[0-9a-f]{10} \S+ @ana: .*/g, '')
    expect(ours).not.toMatch(ENGLISH)
  })

  test('tell of a pull request what GitHub tells of it', async () => {
    const outcome = await inPortuguese(createWorld(), 'github_get_pull_request', { pull_request: 'ana/site#2' })
    expect(outcome.ok && outcome.value.text).toContain(
      'https://github.com/ana/site/pull/2\naberto, por @ana 2026-03-04, ana:fix para main, 2 arquivos, +1 -1\n',
    )
    expect(outcome.ok && outcome.value.text).toContain('## logo.png: novo, +0 -0\n(binário, ou grande demais')
  })
})

describe('a description that is too long', () => {
  test.each(['github_get_issue', 'github_get_pull_request'])('is cut by %s, which says so', async (name) => {
    const world = createWorld()
    world.anasPull.body = 'x'.repeat(10_000)
    const argument = name === 'github_get_issue' ? 'issue' : 'pull_request'
    const result = await world.github.done(world.anasToken, name, { [argument]: 'ana/site#2' })
    expect(result.text).not.toContain('x'.repeat(9_000))
    expect(result).toMatchObject({ truncated: expect.stringMatching(/description is cut after \d000 characters/) })
    expect(result.value.body).toHaveLength(10_000)
  })
})

test('a line that is too long is said to be cut before the way to the rest', async () => {
  const { github: local, anasToken } = createWorld()
  local.fault(/contents/, () =>
    Response.json({
      type: 'file',
      sha: 'a1',
      size: 30_002,
      content: Buffer.from(`${'x'.repeat(30_000)}\ny`).toString('base64'),
    }),
  )
  const { text } = await local.done(anasToken, 'github_read_file', { repository: 'ana/site', path: 'a.txt' })
  expect(text).toMatch(/\nA line was too long to show in full\. More: call again with start_cursor "l2"\.$/)
})
