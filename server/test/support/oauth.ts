import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { createApp } from '../../src/app.ts'
import { createAudit } from '../../src/audit/record.ts'
import type { BearerVerifier } from '../../src/identity/dependencies.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { GuardedFetch } from '../../src/kernel/egress.ts'
import { createAppRouter, sendProblem } from '../../src/kernel/http.ts'
import { createLimits, type LimitsOptions } from '../../src/kernel/limits.ts'
import { createLog } from '../../src/kernel/log.ts'
import type { AuthorizationServer, Consent } from '../../src/oauth/authorization-server.ts'
import { createAuthorizationServer } from '../../src/oauth/create-authorization-server.ts'
import type { PreRegisteredClient } from '../../src/oauth/clients/pre-registered.ts'
import type { Vault } from '../../src/vault/seal.ts'
import type { TestDatabase } from './database.ts'
import { testVault } from './house.ts'

/** The authorization server on a real socket, with a page in place of sign-in and consent that answers by itself. */
export interface OauthApp {
  /** Of this replica: `http://127.0.0.1:port`. */
  readonly url: string
  readonly server: AuthorizationServer
  readonly verifier: BearerVerifier
  /** What the page answers; `deny` says no. */
  consent: Consent | 'deny'
  readonly logLines: string[]
  readonly close: () => Promise<void>
}

export interface OauthAppOptions {
  readonly userId: number
  /** The issuer; this replica's own address where not given. */
  readonly publicUrl?: string
  readonly clock?: Clock
  readonly vault?: Vault
  readonly fetchDocument?: GuardedFetch
  readonly clients?: readonly PreRegisteredClient[]
  readonly limits?: LimitsOptions['settings']
}

const TEST_SECRET = 'a test secret that is long enough for HMAC-SHA256'
const PLENTY = { points: 100_000, windowSeconds: 60 }

export async function startOauthApp(database: TestDatabase, options: OauthAppOptions): Promise<OauthApp> {
  let handle: (request: Request, env: unknown) => Response | Promise<Response> = () =>
    new Response(null, { status: 503 })
  const listener = await listen((request, env) => handle(request, env))
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const { clock = systemClock, publicUrl = url, vault = testVault(), clients = [] } = options
  const logLines: string[] = []
  const log = createLog({ level: 'trace', destination: { write: (line: string) => void logLines.push(line) } })
  const limits = createLimits({
    store: { kind: 'memory' },
    onStoreError: () => {},
    settings: { clientAuthorizations: PLENTY, clientRegistrations: PLENTY, clientDocuments: PLENTY, ...options.limits },
  })
  const { server, verifier } = await createAuthorizationServer({
    database,
    audit: createAudit({ database, clock, onLost: () => {} }),
    clock,
    limits,
    log,
    publicUrl,
    secret: TEST_SECRET,
    vault,
    clients,
    fetchDocument: options.fetchDocument ?? (() => Promise.reject(new Error('no document in this test'))),
  })
  const app: OauthApp = {
    url,
    server,
    verifier,
    consent: { userId: options.userId, scopes: ['tools:read', 'tools:write'], connectionIds: null },
    logLines,
    async close() {
      await new Promise((resolve) => {
        listener.close(resolve)
        listener.closeAllConnections()
      })
      await server.close()
      await limits.close()
    },
  }
  const own = { publicUrl, allowedHosts: [], trustedProxyHops: 0 }
  const features = [server.routes(), answeringPage(app)]
  handle = createApp({ ...own, log, observe: (_c, next) => next(), features }).fetch as typeof handle
  return app
}

/** Says what the test wants said, in place of a person. */
function answeringPage(app: OauthApp) {
  const router = createAppRouter()
  router.get('/oauth/interaction/:uid', async (c) => {
    const { consent } = app
    const uid = c.req.param('uid')
    const answered =
      consent === 'deny' ? await app.server.denyInteraction(c, uid) : await app.server.grantInteraction(c, uid, consent)
    return answered.ok ? answered.value : sendProblem(c, answered.problem)
  })
  return router
}

async function listen(handle: (request: Request, env: unknown) => Response | Promise<Response>): Promise<Server> {
  return new Promise((resolve) => {
    const server = serve({ fetch: handle as never, hostname: '127.0.0.1', port: 0 }, () => resolve(server as Server))
  })
}

/** A browser as far as redirects and cookies go. */
export class Browser {
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>()

  /** Follows redirects within the server; gives the last answer, or the redirect that leaves it. */
  async open(address: string): Promise<{ readonly response: Response; readonly url: URL }> {
    let url = new URL(address)
    for (let hop = 0; hop < 10; hop += 1) {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: this.cookieFor(url), accept: 'text/html' },
      })
      this.keep(response, url)
      const location = response.headers.get('location')
      const next = location === null ? null : new URL(location, url)
      if (next === null || next.origin !== url.origin) return { response, url: next ?? url }
      await response.body?.cancel()
      url = next
    }
    throw new Error('too many redirects')
  }

  cookieFor(url: URL): string {
    const sent = [...this.#cookies].filter(
      ([, { path }]) => url.pathname === path || url.pathname.startsWith(`${path}/`),
    )
    return sent.map(([key, { value }]) => `${key.split(' ', 1)[0]}=${value}`).join('; ')
  }

  keep(response: Response, url: URL): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const path = attributes.find((each) => each.startsWith('path='))?.slice('path='.length) ?? url.pathname
      const key = `${name} ${path}`
      if (value === '') this.#cookies.delete(key)
      else this.#cookies.set(key, { value, path })
    }
  }
}

/** A client's side of the flow by hand, so that a test can spoil each step. */
export interface TestClient {
  readonly client_id: string
  readonly client_secret?: string
  readonly redirect_uris: readonly string[]
}

export interface TokenAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & {
    readonly error?: string
    readonly access_token: string
    readonly refresh_token: string
  }
}

export const TEST_REDIRECT = 'http://127.0.0.1:49152/callback'
/** RFC 7636 appendix B. */
const TEST_VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const TEST_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

export async function register(app: Pick<OauthApp, 'url'>, metadata: object = {}): Promise<TestClient> {
  const response = await fetch(`${app.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Test client', redirect_uris: [TEST_REDIRECT], ...metadata }),
  })
  if (response.status !== 201) throw new Error(`registration failed: ${response.status} ${await response.text()}`)
  return (await response.json()) as TestClient
}

export function authorizationAddress(
  app: Pick<OauthApp, 'url'>,
  client: Pick<TestClient, 'client_id' | 'redirect_uris'>,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: client.redirect_uris[0] ?? TEST_REDIRECT,
    response_type: 'code',
    code_challenge: TEST_CHALLENGE,
    code_challenge_method: 'S256',
    state: 'a state',
    ...parameters,
  })
  return `${app.url}/oauth/authorize?${search.toString()}`
}

/** The code that the page's answer gives. */
export async function obtainCode(
  app: OauthApp,
  client: TestClient,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { url, response } = await new Browser().open(authorizationAddress(app, client, parameters))
  const code = url.searchParams.get('code')
  if (code === null) throw new Error(`no code: ${response.status} ${url.href} ${await response.text()}`)
  return code
}

export async function askToken(
  app: Pick<OauthApp, 'url'>,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const response = await fetch(`${app.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form), headers })
  return { status: response.status, body: (await response.json()) as TokenAnswer['body'] }
}

export function exchange(
  app: Pick<OauthApp, 'url'>,
  client: TestClient,
  code: string,
  form: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  return askToken(app, {
    grant_type: 'authorization_code',
    client_id: client.client_id,
    redirect_uri: client.redirect_uris[0] ?? TEST_REDIRECT,
    code,
    code_verifier: TEST_VERIFIER,
    ...form,
  })
}

export function refresh(
  app: Pick<OauthApp, 'url'>,
  client: TestClient,
  refreshToken: string,
  form: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  return askToken(app, {
    grant_type: 'refresh_token',
    client_id: client.client_id,
    refresh_token: refreshToken,
    ...form,
  })
}
