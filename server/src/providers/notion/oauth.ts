import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { OAuthAppAccess, OAuthMethod, TokenAnswer } from '#providers/contract.ts'

/** How Notion lets a public integration in: https://developers.notion.com/docs/authorization */

const UNAUTHORIZED = 401

export const oauth: OAuthMethod = {
  kind: 'oauth2',
  appUrl: 'https://www.notion.so/profile/integrations',
  appSteps: [
    {
      en: 'Open notion.so/profile/integrations, choose "New integration", and the type "Public".',
      pt: 'Abra notion.so/profile/integrations, escolha "Nova integração" e o tipo "Pública".',
    },
    {
      en: 'Enter the redirect address that is shown here, to the letter, and no other.',
      pt: 'Informe o endereço de redirecionamento mostrado aqui, exatamente como está, e nenhum outro.',
    },
    {
      en: 'Under "Capabilities", choose what users may allow: reading, inserting and updating content, comments, user information.',
      pt: 'Em "Capacidades", escolha o que os usuários podem permitir: ler, inserir e atualizar conteúdo, comentários, informações de usuários.',
    },
    {
      en: 'Copy the OAuth client ID and the OAuth client secret.',
      pt: 'Copie o "OAuth client ID" e o "OAuth client secret".',
    },
  ],
  endpoints: (apiUrl) => ({
    authorization: `${apiUrl}/v1/oauth/authorize`,
    token: `${apiUrl}/v1/oauth/token`,
  }),
  // What an integration may do is fixed where it is registered; users choose the pages.
  scopes: {},
  authorizationParameters: { owner: 'user' },
  clientAuthentication: 'client_secret_basic',
  pkce: false,
  tokenRequestBody: 'json',
  normalizeAnswer,
  keep: ['bot_id', 'workspace_id'],
  revoke,
  grantsUrl: 'https://www.notion.so/help/add-and-manage-connections-with-the-api',
}

/**
 * Notion's guide shows the errors of RFC 6749, its API description those of the API, which name the code differently.
 * @see https://developers.notion.com/reference/create-a-token
 */
function normalizeAnswer(answer: TokenAnswer): TokenAnswer {
  const { status, body } = answer
  if (typeof body !== 'object' || body === null || 'error' in body || !('code' in body)) return answer
  const error = status === UNAUTHORIZED ? 'invalid_client' : body.code
  return { status, body: { ...body, error } }
}

/** Ends both tokens: Notion ends the one that it is sent, and the other would go on. */
async function revoke(access: OAuthAppAccess): Promise<Outcome<null>> {
  const { access_token: accessToken, refresh_token: refreshToken } = access.credential
  const tokens = [refreshToken, accessToken].filter((token) => typeof token === 'string')
  for (const token of tokens) {
    const status = await sendRevocation(access, token)
    if (status !== 200) {
      return failure('provider_unavailable', 'Notion did not end the access.', { reason: `revocation: ${status}` })
    }
  }
  return success(null)
}

async function sendRevocation(access: OAuthAppAccess, token: string): Promise<number> {
  const { apiUrl, app, signal } = access
  const basic = Buffer.from(`${encode(app.clientId)}:${encode(app.clientSecret)}`).toString('base64')
  const response = await access.fetch(`${apiUrl}/v1/oauth/revoke`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    redirect: 'manual',
    signal,
  })
  await response.body?.cancel()
  return response.status
}

/** RFC 6749 2.3.1: both parts are form-encoded before they are joined. */
function encode(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
