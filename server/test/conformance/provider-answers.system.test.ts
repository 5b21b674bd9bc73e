import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BoundFetch } from '../../src/providers/contract.ts'
import github from '../../src/providers/github/provider.ts'
import { callsOn, GENERAL_CALLS } from '../../src/providers/github/test/calls.ts'
import { createWorld } from '../../src/providers/github/test/world.ts'
import slack from '../../src/providers/slack/provider.ts'
import { CALLS } from '../../src/providers/slack/test/calls.ts'
import { Stage } from '../../src/providers/slack/test/stage.ts'
import { findingsAbout, type Answer } from '../support/published-types.ts'
import { ROOT } from '../support/server-process.ts'

/**
 * What the local GitHub and Slack answer to one call of every tool, held against what the two publish: GitHub's OpenAPI
 * description (as `@octokit/openapi-types`) and the answers of Slack's methods (as `@slack/web-api` has them). So the tools are
 * tested against services that answer as the real ones do.
 */

const IMPORTS = [
  `import type { components, paths } from '@octokit/openapi-types'`,
  `import type * as Slack from '@slack/web-api'`,
]

/** Every path of GitHub's description, those with more fixed words first. */
const PATHS = [
  ...readFileSync(join(ROOT, 'node_modules', '@octokit', 'openapi-types', 'types.d.ts'), 'utf8').matchAll(
    /^\s+"(\/[^"]*)": \{\r?$/gm,
  ),
]
  .map(([, path = '']) => ({ path, fits: patternOf(path) }))
  .sort((a, b) => b.path.replaceAll(/\{[^}]*\}/g, '').length - a.path.replaceAll(/\{[^}]*\}/g, '').length)

/** A file's path and the name of a branch hold slashes; the root of a repository has no path. */
function patternOf(path: string): RegExp {
  const source = path
    .replace('/{path}', '(?:/.*)?')
    .replace('{ref}', '.+')
    .replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${source}$`)
}

function githubType(method: string, address: string, status: number): string {
  const { pathname } = new URL(address)
  const found = PATHS.find(({ fits }) => fits.test(pathname))
  if (found === undefined) throw new Error(`GitHub has no ${pathname}`)
  const operation = `paths['${found.path}']['${method.toLowerCase()}']`
  if (status < 400) return `${operation}['responses'][${status}]['content']['application/json']`
  // GitHub sends `status` with this refusal too, though its description has it with the others only.
  if (status === 422) return `components['schemas']['validation-error'] & { status?: string }`
  return `components['schemas']['basic-error']`
}

const addressOf = (input: string | URL | Request): string =>
  input instanceof Request ? input.url : new URL(input).href

interface Seen {
  readonly method: string
  readonly address: string
  readonly status: number
  readonly value: unknown
}

async function githubAnswers(): Promise<Answer[]> {
  const seen: Seen[] = []
  for (const [tool, input] of [...callsOn('ana/site'), ...GENERAL_CALLS, ...callsOn('ana/none')]) {
    const world = createWorld()
    const fetch: BoundFetch = async (address, init) => {
      const response = await world.github.fetch(address, init)
      const value: unknown = await response.clone().json()
      seen.push({ method: init?.method ?? 'GET', address: addressOf(address), status: response.status, value })
      return response
    }
    const found = github.tools.find(({ name }) => name === tool)
    await found?.run(github.api(world.github.access(world.anasToken, { fetch })), found.input.parse(input))
  }
  return seen.map(({ method, address, status, value }) => ({
    of: `${method} ${address}`,
    type: githubType(method, address, status),
    value,
  }))
}

/** `conversations.history` → `ConversationsHistoryResponse` */
function slackType(method: string): string {
  const words = method.split('.').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `Slack.${words.join('')}Response`
}

async function slackAnswers(): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const [tool, input] of CALLS) {
    const stage = new Stage()
    const fetch: BoundFetch = async (address, init) => {
      const response = await stage.slack.answer(address, init)
      const method = new URL(addressOf(address)).pathname.replace('/api/', '')
      answers.push({ of: method, type: slackType(method), value: await response.clone().json() })
      return response
    }
    await stage.callWith(stage.access(undefined, { fetch }), tool, input)
  }
  return answers
}

describe('the local services', () => {
  it('answer as the real ones say that they do', async () => {
    const [ofGitHub, ofSlack] = [await githubAnswers(), await slackAnswers()]
    expect(new Set(ofGitHub.map(({ type }) => type)).size).toBeGreaterThanOrEqual(24)
    expect(new Set(ofSlack.map(({ type }) => type)).size).toBeGreaterThanOrEqual(14)
    expect(slack.tools).toHaveLength(CALLS.length)
    expect(await findingsAbout(IMPORTS, [...ofGitHub, ...ofSlack])).toEqual([])
  })

  it('would be found out: a member less, another type, a word that is not in the list', async () => {
    const issue = `components['schemas']['label']`
    const label = { id: 1, node_id: 'x', url: 'https://x.example', name: 'bug', description: null, color: 'f00' }
    const state = `components['schemas']['issue-state']`
    const findings = await findingsAbout(IMPORTS, [
      { of: 'whole', type: issue, value: { ...label, default: true } },
      { of: 'less', type: issue, value: label },
      { of: 'other', type: issue, value: { ...label, default: 'yes' } },
      { of: 'more', type: issue, value: { ...label, default: true, surplus: 1 } },
      { of: 'word', type: `${state} extends never ? never : 'open' | 'closed'`, value: 'half-open' },
      { of: 'slack', type: 'Slack.ChatDeleteResponse', value: { ok: 'true' } },
    ])
    expect(new Set(findings.map((finding) => finding.split(':')[0]))).toEqual(
      new Set(['less', 'other', 'more', 'word', 'slack']),
    )
  })
})
