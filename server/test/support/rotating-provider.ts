import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A bare provider that renews access as strictly as any: each refresh token works once, and one that was used before ends
 * the whole grant. Speaks as much of Notion's API as one tool needs.
 */
export interface RotatingProvider {
  readonly url: string
  /** Requests for new tokens, those that failed included. */
  readonly asked: () => number
  /** Tokens that were given out since the beginning. */
  readonly rotations: () => number
  /** Whether a refresh token was used twice, which ends the grant. */
  readonly isDead: () => boolean
  /** The tokens that work now. */
  readonly current: () => { readonly access_token: string; readonly refresh_token: string }
  /** `rotates_and_hangs`: the old token is gone, and the answer never comes. */
  mode: 'good' | 'down' | 'no_json' | 'no_token' | 'rotates_and_hangs'
  /** Runs after the rotation and before the answer. */
  beforeAnswer: () => Promise<void>
  readonly close: () => Promise<void>
}

const HOST = '127.0.0.1'
const LIFETIME_SECONDS = 3_600

export async function startRotatingProvider(): Promise<RotatingProvider> {
  let asked = 0
  let rotations = 0
  let isDead = false
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  const current = () => ({ access_token: `access-${rotations}`, refresh_token: `refresh-${rotations}` })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request)
    if (request.url?.endsWith('/oauth/token') === true) await renew(response, body)
    else if (isDead || request.headers.authorization !== `Bearer ${current().access_token}`)
      send(response, 401, UNAUTHORIZED)
    else
      send(response, 200, { object: 'list', results: [], has_more: false, next_cursor: null, type: 'user', user: {} })
  }

  async function renew(response: ServerResponse, body: string): Promise<void> {
    asked += 1
    if (provider.mode === 'down') return send(response, 500, { error: 'server_error' })
    if (provider.mode === 'no_json') return void response.end('<html>maintenance</html>')
    if (provider.mode === 'no_token') return send(response, 200, { token_type: 'bearer' })
    const given = (JSON.parse(body) as { refresh_token?: string }).refresh_token
    isDead ||= given !== current().refresh_token
    if (isDead) return send(response, 400, { error: 'invalid_grant' })
    rotations += 1
    await provider.beforeAnswer()
    if (provider.mode === 'rotates_and_hangs') return
    send(response, 200, { ...current(), token_type: 'bearer', expires_in: LIFETIME_SECONDS })
  }

  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  const provider: RotatingProvider = {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    rotations: () => rotations,
    isDead: () => isDead,
    current,
    mode: 'good',
    beforeAnswer: async () => {},
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return provider
}

const UNAUTHORIZED = { object: 'error', status: 401, code: 'unauthorized', message: 'API token is invalid.' }

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
