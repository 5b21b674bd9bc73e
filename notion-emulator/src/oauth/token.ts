import { stringOf } from '../core/json.ts'
import { isUsable, tokenHash } from '../core/tokens.ts'
import { presentOwner } from '../present/users.ts'
import type { AuthorizationCode, Install, Integration, JsonObject, Token } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import type { OAuthCall, OAuthReply } from './call.ts'
import { authenticateClient } from './client.ts'
import { OAuthFailure } from './failure.ts'
import { authorizeInstall } from './install.ts'
import { issueTokens } from './issue.ts'
import { jsonBody, requiredText } from './json-body.ts'

/** `POST /v1/oauth/token`: tokens for a code, or the next tokens for a refresh token. */
export function token(call: OAuthCall): OAuthReply {
  const client = authenticateClient(call)
  const body = jsonBody(call)
  switch (body['grant_type']) {
    case 'authorization_code':
      return redeemCode(call, client, body)
    case 'refresh_token':
      return refresh(call, client, body)
    case undefined:
      throw new OAuthFailure('invalid_request', 'grant_type is required.')
    default:
      throw new OAuthFailure('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token.')
  }
}

function redeemCode(call: OAuthCall, client: Integration, body: JsonObject): OAuthReply {
  checkExternalAccount(body['external_account'])
  const code = call.state.codes.get(tokenHash(requiredText(body, 'code')))
  if (code === undefined || code.integrationId !== client.id || code.used || code.expiresAt <= call.now) {
    throw new OAuthFailure('invalid_grant', 'Invalid code: it is unknown, expired, used, or of another client.')
  }
  checkRedirectUri(client, code, body['redirect_uri'])
  code.used = true
  const install = authorizeInstall(call.state, call.newId, {
    integration: client,
    workspaceId: code.workspaceId,
    owner: { type: 'user', userId: code.userId },
    roots: code.roots,
    searchableFrom: call.now + call.settings.indexDelayMs,
  })
  return issued(call, install, call.newId())
}

/** Required where the authorization request had it or several are registered; forbidden otherwise. */
function checkRedirectUri(client: Integration, code: AuthorizationCode, given: unknown): void {
  const isRequired = code.redirectUriWasSent || client.redirectUris.length > 1
  if (given === undefined) {
    if (isRequired) throw new OAuthFailure('invalid_request', 'Missing redirect_uri.')
    return
  }
  if (!isRequired) {
    throw new OAuthFailure('invalid_request', 'redirect_uri must be left out: the authorization request had none.')
  }
  if (given !== code.redirectUri) {
    throw new OAuthFailure('invalid_grant', 'redirect_uri is not the one of the authorization request.')
  }
}

function checkExternalAccount(given: unknown): void {
  const fits = isObject(given) && typeof given['key'] === 'string' && typeof given['name'] === 'string'
  if (given !== undefined && !fits) {
    throw new OAuthFailure('invalid_request', 'external_account must have a key and a name.')
  }
}

function refresh(call: OAuthCall, client: Integration, body: JsonObject): OAuthReply {
  const used = call.state.tokens.get(tokenHash(requiredText(body, 'refresh_token')))
  const install = used === undefined ? undefined : call.state.installs.get(used.botId)
  if (used === undefined || install === undefined || !mayRefresh(call, client, used, install)) {
    throw new OAuthFailure(
      'invalid_grant',
      'Invalid refresh token: it is unknown, used, revoked, or of another client.',
    )
  }
  const reply = issued(call, install, used.authorizationId)
  used.replacedBy = tokenHash(stringOf(reply.body['refresh_token']))
  return reply
}

function mayRefresh(call: OAuthCall, client: Integration, used: Token, install: Install): boolean {
  return used.kind === 'refresh' && isUsable(used, call.now) && install.integrationId === client.id
}

function issued(call: OAuthCall, install: Install, authorizationId: string): OAuthReply & { type: 'json' } {
  const { accessToken, refreshToken } = issueTokens(call, install.botId, authorizationId)
  const workspace = call.state.workspaces.get(install.workspaceId)
  const body = {
    access_token: accessToken,
    token_type: 'bearer',
    refresh_token: refreshToken,
    bot_id: install.botId,
    workspace_icon: workspace?.icon ?? null,
    workspace_name: workspace?.name ?? null,
    workspace_id: install.workspaceId,
    owner: presentOwner({ state: call.state, install }),
    duplicated_template_id: null,
  }
  return { type: 'json', status: 200, body }
}
