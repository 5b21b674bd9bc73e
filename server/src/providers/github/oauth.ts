import { withDeadline } from '#kernel/deadline.ts'
import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { OAuthAppAccess, OAuthMethod, TokenAnswer } from '#providers/contract.ts'
import { webAddress } from './addresses.ts'

/**
 * OAuth apps and GitHub Apps alike. The former's tokens last until revoked; the latter's end after eight hours and come
 * with a refresh token that works once, and their permissions stand in the app instead of in scopes.
 */

const GRANTS_URL = 'https://github.com/settings/applications'

/** Someone waits for the disconnect. */
const REVOKE_TIMEOUT_MS = 10_000

export const oauth: OAuthMethod = {
  kind: 'oauth2',
  appSteps: [
    {
      en: 'Open github.com/settings/developers and choose "New OAuth app" (or "New GitHub App", for tokens that expire and chosen repositories).',
      pt: 'Abra github.com/settings/developers e escolha "New OAuth app" (ou "New GitHub App", para tokens que vencem e repositórios escolhidos).',
    },
    {
      en: 'Enter the redirect address shown here as "Authorization callback URL".',
      pt: 'Informe o endereço de retorno mostrado aqui em "Authorization callback URL".',
    },
    {
      en: 'A GitHub App also needs permissions: Contents, Issues and Pull requests, each "Read and write". Users install it on the repositories that it may see.',
      pt: 'Um GitHub App precisa também de permissões: Contents, Issues e Pull requests, cada uma "Read and write". Os usuários o instalam nos repositórios que ele pode ver.',
    },
    {
      en: 'Generate a client secret, and enter it here with the client ID.',
      pt: 'Gere um client secret e informe-o aqui com o client ID.',
    },
  ],
  appUrl: 'https://github.com/settings/developers',
  endpoints: (apiUrl) => ({
    authorization: `${webAddress(apiUrl)}/login/oauth/authorize`,
    token: `${webAddress(apiUrl)}/login/oauth/access_token`,
  }),
  scopes: {
    repo: {
      en: 'Read and change your repositories, private ones too: files, issues, pull requests',
      pt: 'Ler e alterar seus repositórios, também os privados: arquivos, issues, pull requests',
    },
    'read:org': { en: 'See the organizations you belong to', pt: 'Ver as organizações de que você faz parte' },
  },
  clientAuthentication: 'client_secret_post',
  normalizeAnswer,
  revoke,
  grantsUrl: GRANTS_URL,
}

/** GitHub's words → those of RFC 6749 5.2, where they differ. */
const ERROR_NAMES: Readonly<Record<string, string>> = {
  bad_refresh_token: 'invalid_grant',
  bad_verification_code: 'invalid_grant',
  incorrect_client_credentials: 'invalid_client',
  redirect_uri_mismatch: 'invalid_request',
  unverified_user_email: 'access_denied',
}

const BAD_REQUEST = 400

/**
 * GitHub answers refusals with status 200, scopes with commas between them, and, unless asked for JSON, everything as a
 * form.
 */
export function normalizeAnswer(answer: TokenAnswer): TokenAnswer {
  const body = typeof answer.body === 'string' ? formOf(answer.body) : answer.body
  if (!isRecord(body)) return answer
  const { error } = body
  if (typeof error === 'string') {
    const status = answer.status < BAD_REQUEST ? BAD_REQUEST : answer.status
    return { status, body: { ...body, error: ERROR_NAMES[error] ?? error } }
  }
  const { scope, expires_in: lifetime, ...rest } = body
  const seconds = Number(lifetime)
  return {
    status: answer.status,
    body: {
      ...rest,
      // The tokens of a GitHub App have no scopes, and GitHub says so with an empty text.
      ...(typeof scope === 'string' && scope !== '' ? { scope: scope.split(/[\s,]+/).join(' ') } : {}),
      ...(lifetime !== undefined && Number.isFinite(seconds) ? { expires_in: seconds } : {}),
    },
  }
}

function formOf(text: string): Record<string, string> | string {
  const form = new URLSearchParams(text)
  return form.has('access_token') || form.has('error') ? Object.fromEntries(form) : text
}

/** What stands at the end of the address, for each extent. */
const REVOKED = { grant: 'grant', tokens: 'token' } as const

/**
 * Ends the whole grant, which is every token that this account gave this app, or the one token.
 * @see https://docs.github.com/rest/apps/oauth-applications#delete-an-app-authorization
 * @see https://docs.github.com/rest/apps/oauth-applications#delete-an-app-token
 */
async function revoke(access: OAuthAppAccess): Promise<Outcome<null>> {
  const { access_token: token } = access.credential
  if (typeof token !== 'string' || token === '') return byHand('The connection holds no token of GitHub.')
  const { clientId, clientSecret } = access.app
  const address = `${access.apiUrl}/applications/${encodeURIComponent(clientId)}/${REVOKED[access.extent]}`
  try {
    const response = await withDeadline(REVOKE_TIMEOUT_MS, access.signal, (signal) =>
      access.fetch(address, {
        method: 'DELETE',
        headers: {
          accept: 'application/vnd.github+json',
          'content-type': 'application/json',
          'user-agent': 'chaveiro',
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        },
        body: JSON.stringify({ access_token: token }),
        signal,
      }),
    )
    await response.body?.cancel()
    return revoked(response.status, access.credential['refresh_token'] !== undefined)
  } catch {
    access.signal.throwIfAborted()
    return byHand('GitHub did not answer.')
  }
}

/** @param expires a token that has ended by itself is as unknown to GitHub as a revoked one, but its grant may live on */
function revoked(status: number, expires: boolean): Outcome<null> {
  if (status >= 200 && status < 300) return success(null)
  if (status === 404 && !expires) return success(null)
  if (status === 401) return byHand('GitHub does not accept the client secret of the app.')
  return byHand(`GitHub did not end the access (HTTP ${status}).`)
}

function byHand(why: string): Outcome<null> {
  return failure('provider_unavailable', `${why} End it by hand at ${GRANTS_URL}.`)
}
