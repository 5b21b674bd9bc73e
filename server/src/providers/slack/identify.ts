import type { AuthTestResponse } from '@slack/web-api'
import { failure, success, type Outcome, type ProblemCode } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from '#providers/contract.ts'
import { identifyInTime, notIdentified, type IdentifyWords } from '#providers/identify.ts'
import { createSlackApi } from './client.ts'
import type { Operation } from './errors.ts'
import { shownName } from './names.ts'
import { permissionsOf } from './scopes.ts'

const WHO_AM_I: Operation = { scope: 'none' }

const WORDS: IdentifyWords = {
  provider: 'Slack',
  credential: 'token',
  remedy: 'Copy it again from api.slack.com/apps',
}

/** What says nothing about the token; every other refusal of this one request does. */
const PASSING: ReadonlySet<ProblemCode> = new Set(['provider_unavailable', 'rate_limited'])

/**
 * Asks Slack whose token this is, and what it may do: one request, whose headers name the scopes.
 * @returns `credential_rejected` where Slack refuses the token, `provider_unavailable` for every other failure
 */
export async function identify(access: ProviderAccess): Promise<Outcome<Identity>> {
  return identifyInTime(access, WORDS, ask)
}

async function ask(access: ProviderAccess): Promise<Outcome<Identity>> {
  const answer = await createSlackApi(access).read((slack) => slack.auth.test(), WHO_AM_I)
  if (!answer.ok) return notIdentified(answer.problem, !PASSING.has(answer.problem.code), WORDS)
  const identity = identityOf(answer.value)
  return identity === undefined ? unnamed : success(identity)
}

function identityOf(answer: AuthTestResponse): Identity | undefined {
  const { team_id: team, user_id: user } = answer
  if (team === undefined || user === undefined) return undefined
  const { user: name = null, team: workspace = null, url = null, bot_id: bot, enterprise_id: enterprise } = answer
  const scopes = answer.response_metadata?.scopes
  return {
    accountId: `${team}:${user}`,
    label: shownName(workspace ?? '') || team,
    account: {
      team_id: team,
      team_name: workspace,
      team_url: url,
      user_id: user,
      user_name: name,
      acts_as: bot === undefined ? 'user' : 'bot',
      ...(enterprise === undefined ? {} : { enterprise_id: enterprise }),
      scopes: scopes ?? null,
    },
    permissions: permissionsOf(scopes),
  }
}

const unnamed = failure(
  'credential_rejected',
  'Slack accepts this token but names no user of a workspace for it. Use a bot token (xoxb-) or a user token (xoxp-).',
)
