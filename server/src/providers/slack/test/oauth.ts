import { createHash } from 'node:crypto'
import type { OauthV2AccessResponse } from '@slack/web-api'
import { Refusal, type IssuedToken } from './call.ts'
import type { Workspace } from './workspace.ts'

/** Slack's OAuth v2: the page where a user allows, codes, and tokens that rotate where the app wants them to. */

/** Seconds that a rotating token lives (docs.slack.dev, "Using token rotation"). */
export const ROTATING_LIFETIME_SECONDS = 43_200

export const APP = { id: 'A0APP0001', clientId: '111.222', clientSecret: 'secret-of-the-app' } as const

interface Code {
  readonly workspace: Workspace
  readonly user: string
  readonly scopes: readonly string[]
  readonly botScopes: readonly string[]
  readonly redirectUri: string
  readonly challenge: string | undefined
  used: boolean
}

/** Who sits before the page, and what they choose. */
export interface Consent {
  readonly workspace: Workspace
  readonly user: string
  readonly allows: boolean
}

export type Mint = (token: Omit<IssuedToken, 'value' | 'expiresAt'>, rotating: boolean) => IssuedToken

type Answers = Readonly<Record<string, string>>

export class AuthorizationServer {
  /** Whether the app has token rotation on. */
  rotates = false
  readonly #mint: Mint
  readonly #codes = new Map<string, Code>()
  readonly #refreshTokens = new Map<string, IssuedToken>()
  #serial = 0

  constructor(mint: Mint) {
    this.#mint = mint
  }

  /** The page where a user allows or denies; leads back at once. */
  authorize(url: URL, consent: Consent): Response {
    const query = Object.fromEntries(url.searchParams)
    const { redirect_uri: redirectUri = '', state = '', client_id: clientId } = query
    if (clientId !== APP.clientId) return new Response('invalid_client_id', { status: 200 })
    const back = new URL(redirectUri)
    back.searchParams.set('state', state)
    if (!consent.allows) {
      back.searchParams.set('error', 'access_denied')
      return Response.redirect(back, 302)
    }
    const code = `code.${(this.#serial += 1)}`
    this.#codes.set(code, {
      workspace: consent.workspace,
      user: consent.user,
      scopes: listed(query['user_scope']),
      botScopes: listed(query['scope']),
      redirectUri,
      challenge: query['code_challenge'],
      used: false,
    })
    back.searchParams.set('code', code)
    return Response.redirect(back, 302)
  }

  /** `oauth.v2.access` */
  access(given: Answers, basic: string | undefined): OauthV2AccessResponse {
    const [id, secret] = basic === undefined ? [given['client_id'], given['client_secret']] : basic.split(':')
    if (id !== APP.clientId) throw new Refusal('invalid_client_id')
    if (secret !== APP.clientSecret) throw new Refusal('bad_client_secret')
    return given['grant_type'] === 'refresh_token' ? this.#refresh(given) : this.#exchange(given)
  }

  /** Nothing that was given can be renewed any more. */
  endGrants(): void {
    this.#refreshTokens.clear()
  }

  #granted(token: IssuedToken) {
    const base = { access_token: token.value, token_type: token.kind, scope: token.scopes.join(',') }
    if (!this.rotates) return base
    const refresh_token = `xoxe-1-${(this.#serial += 1)}`
    this.#refreshTokens.set(refresh_token, token)
    return { ...base, refresh_token, expires_in: ROTATING_LIFETIME_SECONDS }
  }

  #exchange(given: Answers): OauthV2AccessResponse {
    const code = this.#codes.get(given['code'] ?? '')
    if (code === undefined) throw new Refusal('invalid_code')
    if (code.used) throw new Refusal('code_already_used')
    if (code.redirectUri !== given['redirect_uri']) throw new Refusal('bad_redirect_uri')
    const verifier = given['code_verifier'] ?? ''
    const verified = createHash('sha256').update(verifier).digest('base64url')
    if (code.challenge !== undefined && code.challenge !== verified) throw new Refusal('invalid_code_verifier')
    code.used = true
    const { workspace, user, scopes, botScopes } = code
    const bot = [...workspace.members.values()].find(({ is_bot }) => is_bot === true)?.id ?? user
    const tokenOf = (kind: 'user' | 'bot', of: string, its: readonly string[]) =>
      this.#granted(this.#mint({ team: workspace.id, user: of, kind, scopes: its }, this.rotates))
    return {
      ok: true,
      app_id: APP.id,
      ...(botScopes.length === 0 ? {} : { ...tokenOf('bot', bot, botScopes), bot_user_id: bot }),
      authed_user: { id: user, ...(scopes.length === 0 ? {} : tokenOf('user', user, scopes)) },
      team: { id: workspace.id, name: workspace.name },
      is_enterprise_install: false,
    }
  }

  #refresh(given: Answers): OauthV2AccessResponse {
    const refreshToken = given['refresh_token'] ?? ''
    const old = this.#refreshTokens.get(refreshToken)
    if (old === undefined) throw new Refusal('invalid_refresh_token')
    this.#refreshTokens.delete(refreshToken)
    const { team, user, kind, scopes } = old
    return {
      ok: true,
      app_id: APP.id,
      ...this.#granted(this.#mint({ team, user, kind, scopes }, true)),
      team: { id: team },
    }
  }
}

function listed(scopes: string | undefined): readonly string[] {
  return (scopes ?? '').split(/[ ,]/).filter((scope) => scope !== '')
}
