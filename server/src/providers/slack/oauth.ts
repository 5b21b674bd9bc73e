import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { OAuthAppAccess, OAuthMethod, ProviderAccess, TokenAnswer } from '#providers/contract.ts'
import { createSlackApi } from './client.ts'
import { SCOPE_TEXTS, USER_SCOPES } from './scopes.ts'

/** Slack answers 200 to refusals too; these are the statuses of RFC 6749 5.2 and RFC 9110 for them. */
const REFUSED_STATUS = 400
const UNAUTHORIZED_STATUS = 401
const LIMITED_STATUS = 429
const UNAVAILABLE_STATUS = 503

/** The grant (a code, or a refresh token) is over: only connecting again helps. */
const ENDED_GRANTS: ReadonlySet<string> = new Set([
  'invalid_code',
  'code_already_used',
  'code_expired',
  'invalid_refresh_token',
  'token_revoked',
  'token_expired',
  'invalid_auth',
  'account_inactive',
  'authorization_not_found',
  'invalid_code_verifier',
])

/** The operator's app is at fault, not the user's grant. */
const WRONG_APPS: ReadonlySet<string> = new Set(['invalid_client_id', 'bad_client_secret', 'invalid_client'])

/** Slack is at fault, or busy: the grant is as it was. */
const PASSING: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
])

const BUSY: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited'])

/** Slack's codes name no secret; anything that is not one of them is not repeated. */
const CODE = /^[a-z][a-z0-9_]{0,79}$/

/**
 * Brings an answer of `oauth.v2.access` into the form of RFC 6749. Kept is the token of the user, wherever Slack puts it:
 * in `authed_user` when a code is exchanged, at the top when it is refreshed. A bot's token beside it is dropped: it would
 * act for everybody of the workspace. Scopes are separated by spaces there, the token is a bearer's.
 */
export function normalizeAnswer(answer: TokenAnswer): TokenAnswer {
  const { status, body } = answer
  if (!isRecord(body) || typeof body['ok'] !== 'boolean') return answer
  if (body['ok']) return userGrant(status, body)
  return refused(typeof body['error'] === 'string' ? body['error'] : '')
}

function userGrant(status: number, body: Record<string, unknown>): TokenAnswer {
  const nested = isRecord(body['authed_user']) ? body['authed_user'] : {}
  const own = typeof nested['access_token'] === 'string' ? nested : body
  if (own === body && body['token_type'] !== 'user') return noUserToken
  const { access_token, refresh_token, expires_in, scope } = own
  const normalized = {
    access_token,
    token_type: 'bearer',
    ...(typeof refresh_token === 'string' ? { refresh_token } : {}),
    ...(typeof expires_in === 'number' ? { expires_in } : {}),
    ...(typeof scope === 'string' ? { scope: scope.replaceAll(',', ' ') } : {}),
  }
  return { status, body: normalized }
}

/** The app asks for a bot alone, which is the operator's to set right. */
const noUserToken: TokenAnswer = {
  status: REFUSED_STATUS,
  body: { error: 'invalid_scope', error_description: 'Slack granted no user token. The app needs User Token Scopes.' },
}

function refused(code: string): TokenAnswer {
  const described = CODE.test(code) ? { error_description: `Slack: ${code}` } : {}
  const answer = (status: number, error: string) => ({ status, body: { error, ...described } })
  if (ENDED_GRANTS.has(code)) return answer(REFUSED_STATUS, 'invalid_grant')
  if (WRONG_APPS.has(code)) return answer(UNAUTHORIZED_STATUS, 'invalid_client')
  if (BUSY.has(code)) return answer(LIMITED_STATUS, 'temporarily_unavailable')
  if (PASSING.has(code)) return answer(UNAVAILABLE_STATUS, 'temporarily_unavailable')
  if (code === 'invalid_scope' || code === 'no_scopes') return answer(REFUSED_STATUS, 'invalid_scope')
  return answer(REFUSED_STATUS, 'invalid_request')
}

/** Codes of a token that is dead already. */
const DEAD_TOKEN = /\b(?:invalid_auth|token_revoked|token_expired|account_inactive|not_authed)\b/

/**
 * Ends the user's grant: the access token, and the refresh token that would bring the next, since Slack says of no token that
 * its end is the other's too. What is known of it, and what is not, stands in the README beside this.
 */
async function revoke(access: OAuthAppAccess): Promise<Outcome<null>> {
  // Nothing says that tokens of one user at one app are apart: ending these could end those of somebody else's connection.
  if (access.extent === 'tokens') {
    return failure('provider_unavailable', 'Slack did not end the access.', { reason: 'the grant is shared' })
  }
  const ended = await revokeToken(access)
  const { refresh_token: refresh } = access.credential
  if (!ended.ok || typeof refresh !== 'string' || refresh === '') return ended.ok ? success(null) : ended
  const further = await revokeToken({ ...access, credential: { access_token: refresh } })
  return further.ok ? success(null) : further
}

/** Done too where the token was over already. */
async function revokeToken(access: ProviderAccess): Promise<Outcome<null>> {
  const api = createSlackApi(access)
  const answer = await api.write((slack) => slack.auth.revoke(), {
    scope: 'none',
    check: 'See slack.com/apps/manage whether the app is still there.',
  })
  // The client's types do not have the member by which Slack says so.
  if (answer.ok && 'revoked' in answer.value && answer.value.revoked === false) {
    return failure('provider_unavailable', 'Slack did not end the access.', { reason: 'revoked is false' })
  }
  if (answer.ok) return success(null)
  if (answer.problem.code === 'reauthorize' && DEAD_TOKEN.test(answer.problem.reason ?? '')) return success(null)
  return answer
}

export const oauth: OAuthMethod = {
  kind: 'oauth2',
  appUrl: 'https://api.slack.com/apps',
  appSteps: [
    {
      en: 'Open api.slack.com/apps, choose "Create New App", then "From scratch", and pick a workspace.',
      pt: 'Abra api.slack.com/apps, escolha "Create New App", depois "From scratch", e selecione um workspace.',
    },
    {
      en: 'Under "OAuth & Permissions", add the redirect address shown here to "Redirect URLs".',
      pt: 'Em "OAuth & Permissions", adicione o endereço de retorno mostrado aqui em "Redirect URLs".',
    },
    {
      en: `There, under "User Token Scopes" (not "Bot Token Scopes"), add: ${USER_SCOPES.join(', ')}.`,
      pt: `Ali, em "User Token Scopes" (não "Bot Token Scopes"), adicione: ${USER_SCOPES.join(', ')}.`,
    },
    {
      en: 'Switch on token rotation there if you want tokens to live for 12 hours only. It cannot be switched off again.',
      pt: 'Ligue ali a rotação de tokens se quiser que eles durem só 12 horas. Não dá para desligar depois.',
    },
    {
      en: 'Under "Basic Information", copy the Client ID and the Client Secret.',
      pt: 'Em "Basic Information", copie o Client ID e o Client Secret.',
    },
  ],
  endpoints: (apiUrl) => ({
    authorization: `${apiUrl}/oauth/v2/authorize`,
    token: `${apiUrl}/api/oauth.v2.access`,
  }),
  // `scope` asks for a bot at Slack, which would act for the whole workspace; what a user allows goes into `user_scope`.
  scopes: SCOPE_TEXTS,
  scopeParameter: { name: 'user_scope', separator: ',' },
  clientAuthentication: 'client_secret_basic',
  normalizeAnswer,
  revoke,
  grantsUrl: 'https://slack.com/apps/manage',
}
