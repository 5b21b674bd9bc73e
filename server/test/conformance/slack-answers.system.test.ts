import { describe, expect, it } from 'vitest'
import type { BoundFetch } from '../../src/providers/contract.ts'
import slack from '../../src/providers/slack/provider.ts'
import { CALLS } from '../../src/providers/slack/test/calls.ts'
import { Stage } from '../../src/providers/slack/test/stage.ts'
import { findingsAbout, type Answer } from '../support/published-types.ts'

/**
 * What the local Slack answers to one call of every tool, held against what Slack publishes: the answers of its methods, as
 * `@slack/web-api` has them. So the tools are tested against a service that answers as the real one does.
 */

const IMPORTS = [`import type * as Slack from '@slack/web-api'`]

const addressOf = (input: string | URL | Request): string =>
  input instanceof Request ? input.url : new URL(input).href

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

describe('the local Slack', () => {
  it('answers as the real one says that it does', async () => {
    const answers = await slackAnswers()
    expect(new Set(answers.map(({ type }) => type)).size).toBeGreaterThanOrEqual(14)
    expect(slack.tools).toHaveLength(CALLS.length)
    expect(await findingsAbout(IMPORTS, answers)).toEqual([])
  })

  it('would be found out: a member less or more, another type, a word that is not in the list', async () => {
    const type = 'Required<Pick<Slack.ChatDeleteResponse, "ok" | "channel" | "ts">>'
    const whole = { ok: true, channel: 'C1', ts: '1.1' }
    const findings = await findingsAbout(IMPORTS, [
      { of: 'whole', type, value: whole },
      { of: 'less', type, value: { ok: true, channel: 'C1' } },
      { of: 'other', type, value: { ...whole, ok: 'true' } },
      { of: 'more', type, value: { ...whole, surplus: 1 } },
      {
        of: 'word',
        type: `NonNullable<Slack.ConversationsListArguments['types']> extends never ? never : 'a' | 'b'`,
        value: 'c',
      },
    ])
    expect(new Set(findings.map((finding) => finding.split(':')[0]))).toEqual(
      new Set(['less', 'other', 'more', 'word']),
    )
  })
})
