import type { AuthTestResponse } from '@slack/web-api'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from '#providers/contract.ts'
import { createSlackApi } from './client.ts'
import type { Operation } from './errors.ts'
import { shownName } from './names.ts'
import { permissionsOf } from './scopes.ts'

/** Someone waits before a form for this. */
const IDENTIFY_DEADLINE_MS = 10_000

const WHO_AM_I: Operation = { scope: 'none' }

/**
 * Asks Slack whose token this is, and what it may do: one request, whose headers name the scopes.
 * @returns `credential_rejected` where Slack refuses the token, `provider_unavailable` for every other failure
 */
export async function identify(access: ProviderAccess): Promise<Outcome<Identity>> {
  const deadline = AbortSignal.timeout(IDENTIFY_DEADLINE_MS)
  const api = createSlackApi({ ...access, signal: AbortSignal.any([access.signal, deadline]) })
  try {
    const answer = await api.read((slack) => slack.auth.test(), WHO_AM_I)
    if (!answer.ok) return { ok: false, problem: refusal(answer.problem) }
    const identity = identityOf(answer.value)
    return identity === undefined ? unnamed : success(identity)
  } catch (error) {
    access.signal.throwIfAborted()
    if (!deadline.aborted) throw error
    return failure('provider_unavailable', 'Slack did not answer in time. Nothing was stored; try again in a minute.')
  }
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

function refusal({ code, reason, retryAfterSeconds }: Problem): Problem {
  const privately = reason === undefined ? {} : { reason }
  if (code !== 'provider_unavailable' && code !== 'rate_limited') {
    return {
      code: 'credential_rejected',
      detail: 'Slack does not accept this token. Copy it again from api.slack.com/apps and try once more.',
      ...privately,
    }
  }
  return {
    code: 'provider_unavailable',
    detail: 'Slack could not check the token right now. The token may be fine; try again in a minute.',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...privately,
  }
}
