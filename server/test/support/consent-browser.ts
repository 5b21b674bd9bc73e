import { createHash, randomBytes } from 'node:crypto'
import type { TestUser, WholeApp } from './whole-app.ts'

/** A browser without a socket or a script: cookies, forms and the headers that a real one adds. */

const ORIGIN = 'http://localhost:8001'
const FORM_HEADERS = {
  origin: ORIGIN,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
}

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Path and query where it was found. */
  readonly address: string
  /** Where it leads by itself: a redirect, or the refresh of a page. */
  readonly leadsTo: string | null
}

export type Fields = Readonly<Record<string, string | readonly string[]>>

export class ConsentBrowser {
  readonly #app: WholeApp
  readonly cookies = new Map<string, { readonly value: string; readonly path: string }>()

  constructor(app: WholeApp) {
    this.#app = app
  }

  /** Follows redirects within the server; stops at the first page, or before an address elsewhere. */
  async open(address: string, headers: Record<string, string> = {}): Promise<Page> {
    const page = await this.send('GET', address, { headers })
    const isElsewhere = page.leadsTo === null || new URL(page.leadsTo, ORIGIN).origin !== ORIGIN
    return isElsewhere || page.status === 200 ? page : this.open(page.leadsTo, headers)
  }

  /** Presses a button of a page, with what its form holds and what is typed. Does not follow where that leads. */
  async press(page: Page, step: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Page> {
    const form = { form_token: formTokenOf(page), step, ...fields }
    return this.send('POST', page.address, { body: encoded(form), headers: { ...FORM_HEADERS, ...headers } })
  }

  async send(
    method: string,
    address: string,
    { body, headers = {} }: { readonly body?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<Page> {
    const url = new URL(address, ORIGIN)
    const response = await this.#app.house.app.request(url, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: this.#cookiesFor(url.pathname), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    this.#keep(response, url.pathname)
    const text = await response.text()
    const refresh = /http-equiv="refresh" content="0; url=([^"]*)"/.exec(text)?.[1]?.replaceAll('&#38;', '&')
    const leadsTo = response.headers.get('location') ?? refresh ?? null
    return { status: response.status, headers: response.headers, text, address: url.pathname + url.search, leadsTo }
  }

  #cookiesFor(path: string): string {
    return [...this.cookies]
      .filter(([, cookie]) => cookie.path === '/' || path === cookie.path || path.startsWith(`${cookie.path}/`))
      .map(([key, { value }]) => `${key.split(' ', 1)[0]}=${value}`)
      .join('; ')
  }

  #keep(response: Response, from: string): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const path = /^path=(.*)$/i.exec(attributes.find((each) => /^path=/i.test(each)) ?? '')?.[1] ?? from
      const key = `${name} ${path}`
      if (value === '' || attributes.some((each) => /^max-age=0$/i.test(each))) this.cookies.delete(key)
      else this.cookies.set(key, { value, path })
    }
  }
}

function formTokenOf({ text }: Page): string {
  return /name="form_token"\s+value="([^"]*)"/.exec(text)?.[1] ?? ''
}

function encoded(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => [name, each]))
  return new URLSearchParams(pairs as [string, string][]).toString()
}

/** A client that registered itself, with what it needs to ask for access and to redeem it. */
export interface TestClient {
  readonly clientId: string
  readonly redirectUri: string
  readonly authorizeAddress: (parameters?: Record<string, string>) => string
  /** Redeems a code; the token endpoint's answer. */
  readonly redeem: (code: string) => Promise<Record<string, unknown>>
}

export async function registerTestClient(
  app: WholeApp,
  name = 'Claude Code',
  redirectUri = 'http://127.0.0.1:49152/callback',
): Promise<TestClient> {
  const registered = await app.request('POST', '/oauth/register', {
    body: { client_name: name, redirect_uris: [redirectUri] },
  })
  if (registered.status !== 201) throw new Error(`not registered: ${registered.text}`)
  const clientId = String(registered.json()['client_id'])
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return {
    clientId,
    redirectUri,
    authorizeAddress: (parameters = {}) =>
      `/oauth/authorize?${encoded({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        state: 'state-1',
        resource: `${ORIGIN}/mcp`,
        ...parameters,
      })}`,
    async redeem(code) {
      const response = await app.house.app.request(`${ORIGIN}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: clientId,
          redirect_uri: redirectUri,
          code_verifier: verifier,
          code,
        }).toString(),
      })
      return (await response.json()) as Record<string, unknown>
    },
  }
}

/** The whole way of a user who lets a client in: sign-in, consent, code. Gives the token endpoint's answer. */
export async function letIn(
  app: WholeApp,
  user: TestUser,
  client: TestClient,
  agreed: Fields = { scope: 'tools:write', access: 'all' },
): Promise<Record<string, unknown>> {
  const browser = new ConsentBrowser(app)
  const signIn = await browser.open(client.authorizeAddress())
  const signedIn = await browser.press(signIn, 'sign_in', { email: user.email, password: user.password })
  const consent = await browser.open(signedIn.leadsTo ?? '')
  const forward = await browser.press(consent, 'allow', agreed)
  const back = await browser.open(forward.leadsTo ?? '')
  const code = new URL(back.leadsTo ?? '').searchParams.get('code')
  if (code === null) throw new Error(`no code: ${back.leadsTo}`)
  return client.redeem(code)
}
