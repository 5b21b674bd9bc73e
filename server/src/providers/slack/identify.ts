import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from '#providers/contract.ts'
import { createSlackApi } from './client.ts'
import type { Operation } from './errors.ts'
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
    const { team_id: team, user_id: user } = answer.value
    if (team === undefined || user === undefined) return unnamed
    const { user: name, team: workspace, url, bot_id: bot, enterprise_id: enterprise } = answer.value
    const scopes = answer.value.response_metadata?.scopes
    return success({
      accountId: `${team}:${user}`,
      label: workspace ?? team,
      account: {
        team_id: team,
        team_name: workspace ?? null,
        team_url: url ?? null,
        user_id: user,
        user_name: name ?? null,
        acts_as: bot === undefined ? 'user' : 'bot',
        ...(enterprise === undefined ? {} : { enterprise_id: enterprise }),
        scopes: scopes ?? null,
      },
      permissions: permissionsOf(scopes),
    })
  } catch (error) {
    access.signal.throwIfAborted()
    if (!deadline.aborted) throw error
    return failure('provider_unavailable', 'Slack did not answer in time. Nothing was stored; try again in a minute.')
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
