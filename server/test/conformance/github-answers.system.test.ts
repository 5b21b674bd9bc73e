import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureGitHubDescription, GITHUB_DESCRIPTION } from '../../../scripts/github-description.ts'
import { recorded, recordedScenarios } from '../../src/providers/github/test/recordings.ts'
import github from '../../src/providers/github/provider.ts'
import { callsOn, GENERAL_CALLS } from '../../src/providers/github/test/calls.ts'
import { watchAnswers, type GivenAnswer } from '../../src/providers/github/test/local-github.ts'
import { createWorld } from '../../src/providers/github/test/world.ts'
import { PublishedDescription, type SeenAnswer } from '../support/published-description.ts'

/**
 * What the local GitHub answers, to one call of every tool and in all tests of the provider, held against what GitHub publishes:
 * its OpenAPI description, with formats and ranges, and the answers that were recorded of it.
 */

const PROVIDER = join(import.meta.dirname, '..', '..', 'src', 'providers', 'github')

/** The pages where users sign in and allow, which are no part of the API. */
const PAGES = /^\/login\//

let description: PublishedDescription
const given: GivenAnswer[] = []

beforeAll(async () => {
  await ensureGitHubDescription((line) => console.log(line))
  description = new PublishedDescription(GITHUB_DESCRIPTION)
  watchAnswers((answer) => given.push(answer))
})

function takeSeen(): SeenAnswer[] {
  const all = given.splice(0).filter(({ url }) => !PAGES.test(url.pathname))
  return all.map(({ method, url, status, text }) => {
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    return { method, path: url.pathname, status, body }
  })
}

const findingsAbout = (all: readonly SeenAnswer[]) => [...new Set(all.flatMap((seen) => description.findings(seen)))]

const kindsOf = (all: readonly SeenAnswer[]) =>
  new Set(all.map(({ method, path, status }) => `${description.operationOf(method, path)} ${status}`))

// These tests run here once more: what they ask of the local GitHub is what is looked at.
describe('the tests of the provider', async () => {
  const files = globSync('**/*.test.ts', { cwd: PROVIDER })
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) await import(join(PROVIDER, file))
})

describe('the local GitHub answers as GitHub says that it does', () => {
  it('in all tests of the provider', () => {
    const seen = takeSeen()
    expect(seen.length).toBeGreaterThan(300)
    expect(kindsOf(seen).size).toBeGreaterThan(40)
    expect(findingsAbout(seen)).toEqual([])
  })

  it('to one call of every tool', async () => {
    const calls = [...callsOn('ana/site'), ...GENERAL_CALLS, ...callsOn('ana/none')]
    expect(new Set(calls.map(([tool]) => tool))).toEqual(new Set(github.tools.map(({ name }) => name)))
    for (const [tool, input] of calls) {
      const world = createWorld()
      await world.github.call(world.anasToken, tool, input)
    }
    const seen = takeSeen()
    expect(kindsOf(seen).size).toBeGreaterThan(30)
    expect(findingsAbout(seen)).toEqual([])
  })
})

/** What the tools ask. */
const USED = new Set(
  globSync('**/*.ts', { cwd: PROVIDER, exclude: ['test/**', '**/*.test.ts'] }).flatMap((file) =>
    [...readFileSync(join(PROVIDER, file), 'utf8').matchAll(/github\('([A-Z]+ \/[^']*)'/g)].map(
      ([, name = '']) => name,
    ),
  ),
)

/** Those of which the tests beside the provider play every answer that a tool asks for. */
const PLAYED_SCENARIOS = [
  'add-labels-to-issue',
  'create-file',
  'get-content',
  'get-repository',
  'git-refs',
  'paginate-issues',
  'rename-repository',
  'search-issues',
]

const pathOf = (address: string) => address.split('?')[0] ?? ''

/** What GitHub has added since it was recorded. */
const YOUNGER = /must have required property '(?:has_discussions|search_type)'$/

describe('what GitHub was recorded to answer', () => {
  const all = recordedScenarios().flatMap(recorded)
  const used = () => all.filter(({ method, path }) => USED.has(description.operationOf(method, pathOf(path)) ?? ''))

  it('is as it says, but for what is younger', () => {
    expect(used().length).toBeGreaterThanOrEqual(9)
    const seen = used().map(({ method, path, status, response }) => ({
      method,
      path: pathOf(path),
      status,
      body: response,
    }))
    // A file that was asked for as it is comes as text, which the description does not say.
    const json = seen.filter(({ body }) => typeof body === 'object')
    expect(
      findingsAbout(json.filter(({ status }) => status < 400)).filter((finding) => !YOUNGER.test(finding)),
    ).toEqual([])
  })

  it('of what the tools ask is played to the tools', () => {
    expect(new Set(used().map(({ scenario }) => scenario))).toEqual(new Set(PLAYED_SCENARIOS))
  })
})

describe('an answer that is bent', () => {
  const answerTo = async (path: string) => {
    const world = createWorld()
    const headers = { authorization: `Bearer ${world.anasToken}`, 'user-agent': 'x' }
    const response = await world.github.fetch(`https://api.github.com${path}`, { headers })
    return { method: 'GET', path, status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it.each([
    ['in a type', { number: '1' }, '/number: must be integer'],
    ['in a format', { created_at: 'yesterday' }, '/created_at: must match format "date-time"'],
    ['in an address', { html_url: 'no address' }, '/html_url: must match format "uri"'],
    ['in a part of a number', { comments: 1.5 }, '/comments: must be integer'],
    ['in a word of a list', { author_association: 'FRIEND' }, '/author_association: must be equal to one of'],
    ['by a member less', { title: undefined }, "must have required property 'title'"],
    ['by a member more', { surplus: 1 }, 'must NOT have unevaluated properties ("surplus")'],
    ['deep inside', { user: { login: 'ana' } }, "/user: must have required property 'avatar_url'"],
  ])('%s is found', async (_, bend, finding) => {
    const seen = await answerTo('/repos/ana/site/issues/1')
    expect(description.findings(seen)).toEqual([])
    const body = JSON.parse(JSON.stringify({ ...seen.body, ...bend })) as unknown
    expect(description.findings({ ...seen, body }).join('\n')).toContain(finding)
  })

  it('in its status, its address or a number too large is found', async () => {
    const seen = await answerTo('/repos/ana/site')
    expect(description.findings({ ...seen, status: 299 })).toHaveLength(1)
    expect(description.findings({ ...seen, path: '/nowhere' })).toHaveLength(1)
    expect(description.findings({ ...seen, status: 404, body: { message: 'Not Found', status: '403' } })).toHaveLength(
      1,
    )
    expect(description.findingsOf('security-advisory-epss', { percentage: 100 })).toEqual([])
    expect(description.findingsOf('security-advisory-epss', { percentage: 101 }).join()).toContain('must be <= 100')
  })
})
