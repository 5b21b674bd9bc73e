import { randomUUID } from 'node:crypto'
import { errorAnswer, json, notFound } from './request.ts'
import type { State, Token, User } from './state.ts'

/** An app that is registered at the local GitHub; one that expires is a GitHub App. */
export interface RegisteredApp {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  expiring: boolean
}

interface Code {
  readonly user: User
  readonly scope: string
  readonly challenge: string | null
  readonly redirectUri: string
}

interface Grant {
  readonly user: User
  readonly access: Set<string>
  refresh: string | undefined
}

/** Eight hours, as GitHub Apps have them. */
const LIFETIME_SECONDS = 28_800

export interface Authorizations {
  /** What the browser does: the user allows the app, and is sent back. */
  readonly allow: (address: string, user: User) => URL
  /** Who sits before the page of the app, and allows; null: they press "Cancel". */
  consent: User | null
  /** Users take back what they allowed, in their settings. */
  readonly endGrants: () => void
  readonly route: (method: string, url: URL, headers: Headers, body: string) => Promise<Response | undefined>
}

export function createAuthorizations(state: State, app: RegisteredApp): Authorizations {
  const codes = new Map<string, Code>()
  const grants: Grant[] = []

  function allow(address: string, user: User): URL {
    const { searchParams: asked } = new URL(address)
    if (asked.get('client_id') !== app.clientId) throw new Error('No such app')
    const back = new URL(asked.get('redirect_uri') ?? app.redirectUri)
    const code = randomUUID()
    const challenge = asked.get('code_challenge')
    codes.set(code, { user, scope: asked.get('scope') ?? '', challenge, redirectUri: back.href })
    back.searchParams.set('code', code)
    back.searchParams.set('state', asked.get('state') ?? '')
    return back
  }

  function issue(user: User, scope: string, grant: Grant): Record<string, unknown> {
    const access = `${app.expiring ? 'ghu' : 'gho'}_${randomUUID().replaceAll('-', '')}`
    const scopes = scope.split(/[\s,]+/).filter((word) => word !== '')
    const all = ['contents=write', 'issues=write', 'pull_requests=write']
    const token: Token = app.expiring ? { user, scopes: null, permissions: all } : { user, scopes, permissions: [] }
    state.tokens.set(access, token)
    grant.access.add(access)
    const shared = { access_token: access, token_type: 'bearer', scope: app.expiring ? '' : scopes.join(',') }
    if (!app.expiring) return shared
    grant.refresh = `ghr_${randomUUID().replaceAll('-', '')}`
    const lifetimes = { expires_in: LIFETIME_SECONDS, refresh_token_expires_in: 15_811_200 }
    return { ...shared, ...lifetimes, refresh_token: grant.refresh }
  }

  async function tokenAnswer(form: URLSearchParams): Promise<Record<string, unknown>> {
    const isApp = form.get('client_id') === app.clientId && form.get('client_secret') === app.clientSecret
    if (!isApp)
      return refusal('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.')
    if (form.get('grant_type') === 'refresh_token') {
      const grant = grants.find(({ refresh }) => refresh !== undefined && refresh === form.get('refresh_token'))
      if (grant === undefined) return refusal('bad_refresh_token', 'The refresh token passed is incorrect or expired.')
      for (const access of grant.access) state.tokens.delete(access)
      grant.access.clear()
      return issue(grant.user, '', grant)
    }
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    if (code === undefined || !(await verifies(code.challenge, form.get('code_verifier')))) {
      return refusal('bad_verification_code', 'The code passed is incorrect or expired.')
    }
    if (form.has('redirect_uri') && form.get('redirect_uri') !== code.redirectUri) {
      return refusal('redirect_uri_mismatch', 'The redirect_uri MUST match the registered callback URL.')
    }
    const grant: Grant = { user: code.user, access: new Set(), refresh: undefined }
    grants.push(grant)
    return issue(code.user, code.scope, grant)
  }

  function revoke(headers: Headers, body: string, extent: 'grant' | 'token'): Response {
    const expected = `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`
    if (headers.get('authorization') !== expected) return errorAnswer(401, 'Requires authentication')
    const { access_token: token } = JSON.parse(body) as { access_token: string }
    const grant = grants.find(({ access }) => access.has(token))
    if (grant === undefined) return notFound()
    // Whatever the same account allowed the same app at another time is part of one grant.
    const ended = extent === 'token' ? [grant] : grants.filter(({ user }) => user === grant.user)
    for (const each of ended) {
      for (const access of extent === 'token' ? [token] : each.access) {
        state.tokens.delete(access)
        each.access.delete(access)
      }
      if (each.access.size === 0) grants.splice(grants.indexOf(each), 1)
    }
    return new Response(null, { status: 204 })
  }

  /** The page where a user allows the app, and is led back at once. */
  function page(url: URL): Response {
    if (authorizations.consent !== null) return Response.redirect(allow(url.href, authorizations.consent), 302)
    const back = new URL(url.searchParams.get('redirect_uri') ?? app.redirectUri)
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_description', 'The user has denied your application access.')
    back.searchParams.set('state', url.searchParams.get('state') ?? '')
    return Response.redirect(back, 302)
  }

  const authorizations: Authorizations = {
    allow,
    consent: null,
    endGrants: () => void grants.splice(0),
    route: async (method, url, headers, body) => {
      if (method === 'GET' && url.pathname === '/login/oauth/authorize') return page(url)
      if (method === 'POST' && url.pathname === '/login/oauth/access_token') {
        const answer = await tokenAnswer(new URLSearchParams(body))
        // Status 200 whatever is said, and a form unless JSON is asked for: as GitHub does.
        if (headers.get('accept')?.includes('json') === true) return json(200, answer)
        const form = new URLSearchParams(
          Object.entries(answer).map(([name, value]): [string, string] => [name, String(value)]),
        )
        return new Response(form.toString(), { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
      }
      const extent = (['grant', 'token'] as const).find((each) =>
        url.pathname.endsWith(`/applications/${app.clientId}/${each}`),
      )
      return method === 'DELETE' && extent !== undefined ? revoke(headers, body, extent) : undefined
    },
  }
  return authorizations
}

function refusal(error: string, description: string): Record<string, string> {
  return { error, error_description: description, error_uri: 'https://docs.github.com/apps' }
}

async function verifies(challenge: string | null, verifier: string | null): Promise<boolean> {
  if (challenge === null) return true
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier ?? ''))
  return Buffer.from(digest).toString('base64url') === challenge
}
