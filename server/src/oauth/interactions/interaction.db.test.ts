import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ConsentBrowser,
  letIn,
  registerTestClient,
  type Fields,
  type Page,
  type TestClient,
} from '#test/support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { connectMcpClient } from '#test/support/mcp-client.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

const ELEVEN_MINUTES_MS = 660_000

const ALL: Fields = { scope: 'tools:write', access: 'all' }

describeOnEachEngine('signing in and consent', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bia: TestUser
  let client: TestClient
  const connections: Record<string, number> = {}

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    bia = await app.signUp('Bia', 'bia@example.com')
    for (const [user, workspace] of [
      [ana, 'Estúdio Aurora'],
      [bia, 'Boreal Advocacia'],
    ] as const) {
      const body = { api_key: tenantKey(app.emulator, workspace) }
      const connected = await app.request('POST', '/api/mcp/notion/connect', { token: user.token, body })
      connections[user.email] = Number(connected.json()['connection_id'])
    }
    client = await registerTestClient(app)
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function signedIn(user: TestUser, parameters?: Record<string, string>): Promise<[ConsentBrowser, Page]> {
    const browser = new ConsentBrowser(app)
    const page = await browser.open(client.authorizeAddress(parameters))
    const { email, password } = user
    const next = await browser.press(page, 'sign_in', { email, password })
    return [browser, await browser.open(next.leadsTo ?? '')]
  }

  /** Where the client hears of it. */
  async function answerOf(browser: ConsentBrowser, forward: Page): Promise<URL> {
    const back = await browser.open(forward.leadsTo ?? '')
    return new URL(back.leadsTo ?? 'about:blank')
  }

  /** The parameters of an answer, once it was redeemed for a token. */
  async function scopeOf(answer: URL): Promise<unknown> {
    return (await client.redeem(answer.searchParams.get('code') ?? ''))['scope']
  }

  async function grantsOf(user: TestUser): Promise<Record<string, unknown>[]> {
    const listed = await app.request('GET', '/api/clients', { token: user.token })
    return listed.json()['clients'] as Record<string, unknown>[]
  }

  async function eventsOf(user: TestUser, type: string): Promise<Record<string, unknown>[]> {
    const page = await app.request('GET', `/api/activity?type=${type}`, { token: user.token })
    return page.json()['events'] as Record<string, unknown>[]
  }

  /** A refusal that says why and allowed nothing. */
  function expectRefused(page: Page, status: number, words: RegExp): void {
    expect([page.status, page.leadsTo]).toEqual([status, null])
    expect(page.text).toMatch(words)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expectHeaders(page)
  }

  function expectHeaders({ headers }: Page): void {
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src 'self'; base-uri 'none'; /)
    expect(policy).toContain("form-action 'self'; frame-ancestors 'none'")
    expect(policy).not.toMatch(/script|unsafe|https?:|\*/)
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  }

  describe('the whole way', () => {
    it('leads from the client through sign-in and consent to a code, and to the list of clients', async () => {
      const browser = new ConsentBrowser(app)
      const page = await browser.open(client.authorizeAddress())
      expect(page.text).toContain('Sign in to go on')
      expect(page.text).toContain('Claude Code (127.0.0.1) asks to use your tools')
      expectHeaders(page)
      const next = await browser.press(page, 'sign_in', { email: ' ANA@example.com ', password: ana.password })
      expect(next.status).toBe(303)
      const consent = await browser.open(next.leadsTo ?? '')
      expect(consent.text).toContain('Let Claude Code use your tools?')
      expect(consent.text).toContain('Access goes to a program on this computer')
      expect(consent.text).toMatch(/Signed in as <b>Ana<\/b> · ana@example\.com/)
      expect(consent.text).toContain('What your connections can see: Notion.')
      expectHeaders(consent)
      const forward = await browser.press(consent, 'allow', ALL)
      expect(forward.status).toBe(200)
      expectHeaders(forward)
      const answer = await answerOf(browser, forward)
      expect(answer.href).toMatch(/^http:\/\/127\.0\.0\.1:49152\/callback\?code=[\w-]+&state=state-1&iss=/)
      const tokens = await client.redeem(answer.searchParams.get('code') ?? '')
      expect(tokens).toMatchObject({ scope: 'tools:read tools:write', token_type: 'Bearer' })

      const [grant] = await grantsOf(ana)
      expect(grant).toMatchObject({
        client_id: client.clientId,
        name: 'Claude Code',
        host: '127.0.0.1',
        kind: 'dynamic',
        scopes: ['tools:read', 'tools:write'],
        connections: null,
      })
      const [event] = await eventsOf(ana, 'client.granted')
      expect(event).toMatchObject({ outcome: 'success', target: { id: grant?.['id'], client_id: client.clientId } })
    })

    it('grants no more than was ticked', async () => {
      const [browser, page] = await signedIn(ana)
      const connection = String(connections[ana.email])
      const forward = await browser.press(page, 'allow', { access: 'some', connection })
      expect(await scopeOf(await answerOf(browser, forward))).toBe('tools:read')
      expect((await grantsOf(ana))[0]).toMatchObject({ scopes: ['tools:read'], connections: [connections[ana.email]] })
    })

    it('grants no scope that the client did not ask for', async () => {
      const [browser, page] = await signedIn(ana, { scope: 'tools:read' })
      expect(page.text).not.toContain('Create and change')
      const forward = await browser.press(page, 'allow', { ...ALL, scope: ['tools:write', 'account', 'admin'] })
      expect(await scopeOf(await answerOf(browser, forward))).toBe('tools:read')
    })

    it('asks again the next time, with the connections of the last time', async () => {
      const [browser, first] = await signedIn(ana)
      const connection = String(connections[ana.email])
      await answerOf(browser, await browser.press(first, 'allow', { access: 'some', connection }))
      const page = await browser.open(client.authorizeAddress())
      expect(page.text).toMatch(/value="some"\s+checked/)
      expect(page.text).toMatch(new RegExp(`value="${connection}"\\s+checked`))
      // Any program on this computer can come with the same identifier.
      expect(page.text).not.toContain('You let this client in before')
    })

    it('tells the client when its user says no, before or after signing in', async () => {
      const before = (await grantsOf(ana)).length
      const [browser, page] = await signedIn(ana)
      const other = new ConsentBrowser(app)
      const signIn = await other.open(client.authorizeAddress())
      for (const [visitor, seen] of [
        [browser, page],
        [other, signIn],
      ] as const) {
        const denied = await visitor.press(seen, 'deny')
        expect(denied.text).toContain('Claude Code was not given access')
        const answer = await answerOf(visitor, denied)
        expect(Object.fromEntries(answer.searchParams)).toMatchObject({ error: 'access_denied', state: 'state-1' })
        expect(answer.searchParams.has('code')).toBe(false)
      }
      expect(await grantsOf(ana)).toHaveLength(before)
    })

    it('takes the last answer of somebody who went back', async () => {
      const before = (await grantsOf(ana)).length
      const [browser, page] = await signedIn(ana)
      await browser.press(page, 'allow', ALL)
      const forward = await browser.press(page, 'allow', { access: 'all' })
      expect(await scopeOf(await answerOf(browser, forward))).toBe('tools:read')
      expect(await grantsOf(ana)).toHaveLength(before + 1)

      const [other, again] = await signedIn(ana)
      await other.press(again, 'allow', ALL)
      const answer = await answerOf(other, await other.press(again, 'deny'))
      expect(answer.searchParams.get('error')).toBe('access_denied')
      expect(await grantsOf(ana)).toHaveLength(before + 1)
    })

    it('lets two people of one browser allow the same client, each for themselves', async () => {
      const [browser, page] = await signedIn(ana)
      await answerOf(browser, await browser.press(page, 'allow', ALL))
      const again = await browser.open(client.authorizeAddress())
      const left = await browser.press(again, 'sign_out')
      const signIn = await browser.open(left.leadsTo ?? '')
      expect(signIn.text).toContain('Sign in to go on')
      const next = await browser.press(signIn, 'sign_in', { email: bia.email, password: bia.password })
      const consent = await browser.open(next.leadsTo ?? '')
      expect(consent.text).toContain('bia@example.com')
      expect(consent.text).not.toContain('ana@example.com')
      const answer = await answerOf(browser, await browser.press(consent, 'allow', ALL))
      expect(await scopeOf(answer)).toBe('tools:read tools:write')
      expect(await grantsOf(bia)).toHaveLength(1)
    })
  })

  describe('signing in', () => {
    it('keeps the address where the password is wrong, and says so', async () => {
      const browser = new ConsentBrowser(app)
      const page = await browser.open(client.authorizeAddress())
      const wrong = await browser.press(page, 'sign_in', { email: 'ana@example.com"><b>', password: 'wrong' })
      expect(wrong.status).toBe(401)
      expect(wrong.text).toContain('No account has this e-mail address and password.')
      expect(wrong.text).toContain('value="ana@example.com&#34;&#62;&#60;b&#62;"')
      expect(wrong.text).not.toContain('wrong"')
      const known = await browser.press(wrong, 'sign_in', { email: ana.email, password: 'wrong' })
      expect(known.status).toBe(401)
      expect(await eventsOf(ana, 'user.sign_in_failed')).toHaveLength(1)
      const right = await browser.press(known, 'sign_in', { email: ana.email, password: ana.password })
      expect(right.status).toBe(303)
    })

    it('has the limits of the API’s sign-in', async () => {
      const browser = new ConsentBrowser(app)
      let page = await browser.open(client.authorizeAddress())
      const statuses: number[] = []
      for (let attempt = 0; attempt < 11; attempt += 1) {
        page = await browser.press(page, 'sign_in', { email: 'nobody@example.com', password: 'wrong' })
        statuses.push(page.status)
      }
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
      expect(page.text).toMatch(/Too many attempts\.[\s\S]*Try again in 1\d minutes\./)
    })

    it('does not tell a suspended account apart before the password is right', async () => {
      await app.database.asOwner(`update users set banned = true where id = ${bia.id}`)
      const browser = new ConsentBrowser(app)
      const page = await browser.open(client.authorizeAddress())
      const wrong = await browser.press(page, 'sign_in', { email: bia.email, password: 'wrong' })
      expect(wrong.text).toContain('No account has')
      const right = await browser.press(wrong, 'sign_in', { email: bia.email, password: bia.password })
      expect([right.status, right.text.includes('This account is suspended')]).toEqual([403, true])
      await app.database.asOwner(`update users set banned = false where id = ${bia.id}`)
    })

    it('makes an account on the way, and comes back to the request', async () => {
      const browser = new ConsentBrowser(app)
      const signIn = await browser.open(client.authorizeAddress())
      const [, link = ''] = /href="([^"]*account=new[^"]*)"/.exec(signIn.text) ?? []
      const page = await browser.open(link.replaceAll('&#38;', '&'))
      expect(page.text).toContain('Create an account')
      expect(page.text).not.toContain('first account')
      const draft = { name: 'Caio', email: 'caio@example.com', password: 'a long enough phrase' }
      const refusals = [
        [{ ...draft, password: 'short' }, 400, 'The password needs 8 to 128 characters.'],
        [{ ...draft, email: 'caio' }, 400, 'This is not an e-mail address.'],
        [{ ...draft, name: ' ' }, 400, 'Enter a name'],
        [{ ...draft, email: ana.email }, 409, 'has an account already'],
      ] as const
      for (const [fields, status, words] of refusals) {
        const refused = await browser.press(page, 'sign_up', fields)
        expect([refused.status, refused.text.includes(words)], words).toEqual([status, true])
        expect(refused.text).not.toContain(fields.password)
      }
      const made = await browser.press(page, 'sign_up', draft)
      expect(made.status).toBe(303)
      const consent = await browser.open(made.leadsTo ?? '')
      expect(consent.text).toContain('Caio')
      expect(consent.text).toContain('You have not connected anything yet.')
      expect(consent.text).toContain('/connect/notion')
      const answer = await answerOf(browser, await browser.press(consent, 'allow', { access: 'all' }))
      expect(answer.searchParams.has('code')).toBe(true)
    })
  })

  describe('what is refused', () => {
    it('another browser’s request: neither sees a code of the other', async () => {
      const [mallory, page] = await signedIn(bia)
      const [victim] = await signedIn(ana)
      const before = (await grantsOf(ana)).length
      expectRefused(await victim.open(page.address), 410, /cannot be answered here[\s\S]*begun in another browser/)
      expectRefused(await victim.press(page, 'allow', ALL), 410, /cannot be answered here/)
      expectRefused(await victim.press(page, 'deny'), 410, /cannot be answered here/)
      // The way back is bound, too: even after its owner said yes.
      const forward = await mallory.press(page, 'allow', ALL)
      const stolen = await victim.send('GET', forward.leadsTo ?? '')
      expect([stolen.status, stolen.leadsTo]).toEqual([400, null])
      expect(await grantsOf(ana)).toHaveLength(before)
      const answer = await answerOf(mallory, forward)
      expect(answer.searchParams.has('code')).toBe(true)
      // The code speaks for who allowed it, and for nobody else.
      const tokens = await client.redeem(answer.searchParams.get('code') ?? '')
      const claims = JSON.parse(Buffer.from(String(tokens['access_token']).split('.')[1] ?? '', 'base64url').toString())
      expect(claims.sub).toBe(String(bia.id))
    })

    it('a form that was shown to one browser, sent by another that has the request’s cookies', async () => {
      const [mallory, page] = await signedIn(bia)
      const [victim] = await signedIn(ana)
      for (const [key, cookie] of mallory.cookies) {
        if (key.startsWith('chaveiro_interaction')) victim.cookies.set(key, cookie)
      }
      const planted = await victim.open(page.address)
      expect(planted.text).toContain('ana@example.com')
      const before = (await grantsOf(ana)).length
      expectRefused(await victim.press(page, 'allow', ALL), 403, /form is no longer valid/)
      expect(await grantsOf(ana)).toHaveLength(before)
    })

    it('a form that was shown to somebody who has left since', async () => {
      const [browser, page] = await signedIn(ana)
      const left = await browser.press(page, 'sign_out')
      const signIn = await browser.open(left.leadsTo ?? '')
      expectRefused(await browser.press(page, 'allow', ALL), 403, /you signed in or out in the meantime/)
      await browser.press(signIn, 'sign_in', { email: bia.email, password: bia.password })
      const before = (await grantsOf(bia)).length
      const stale = await browser.press(page, 'allow', ALL)
      expectRefused(stale, 403, /Nothing was allowed/)
      expect(stale.text).toContain(`href="${page.address.split('?')[0]}?lang=en"`)
      expect(await grantsOf(bia)).toHaveLength(before)
      // The form of signing in allows nothing, even where it says so.
      expectRefused(await browser.press(signIn, 'allow', ALL), 403, /form is no longer valid/)
    })

    it('yes, where nobody is signed in', async () => {
      const browser = new ConsentBrowser(app)
      const page = await browser.open(client.authorizeAddress())
      expectRefused(await browser.press(page, 'allow', ALL), 403, /form is no longer valid/)
    })

    it('an answer that was given already', async () => {
      const [browser, page] = await signedIn(ana)
      const forward = await browser.press(page, 'allow', ALL)
      const before = (await grantsOf(ana)).length
      const twice = await browser.press(page, 'allow', ALL)
      expect(twice.leadsTo).toBe(forward.leadsTo)
      expect((await answerOf(browser, forward)).searchParams.has('code')).toBe(true)
      expectRefused(await browser.press(page, 'allow', ALL), 410, /answered this already/)
      expectRefused(await browser.open(page.address), 410, /answered this already/)
      const again = await browser.send('GET', forward.leadsTo ?? '')
      expect([again.status, again.leadsTo]).toEqual([400, null])
      expect(await grantsOf(ana)).toHaveLength(before)
    })

    it('an answer that comes too late', async () => {
      const [browser, page] = await signedIn(ana)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ELEVEN_MINUTES_MS })
      try {
        expectRefused(await browser.press(page, 'allow', ALL), 410, /older than ten minutes/)
        expectRefused(await browser.open(page.address), 410, /older than ten minutes/)
      } finally {
        vi.useRealTimers()
      }
    })

    it('a form of another site, or without what ours carry', async () => {
      const [browser, page] = await signedIn(ana)
      const before = (await grantsOf(ana)).length
      const foreign = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]
      for (const headers of foreign) {
        expectRefused(await browser.press(page, 'allow', ALL, headers), 403, /came from another site/)
      }
      for (const origin of ['null', 'https://evil.example', 'http://localhost:8002']) {
        expect((await browser.press(page, 'allow', ALL, { origin })).status).toBe(403)
      }
      const none = await browser.press(page, 'allow', { ...ALL, form_token: '' })
      expectRefused(none, 403, /form is no longer valid/)
      for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x']) {
        expectRefused(await browser.press(page, 'allow', ALL, { 'content-type': type }), 400, /arrived incomplete/)
      }
      expectRefused(
        await browser.press(page, 'allow', { ...ALL, scope: 'x'.repeat(70_000) }),
        400,
        /arrived incomplete/,
      )
      for (const step of ['', 'Allow', '__proto__', 'constructor']) {
        expectRefused(await browser.press(page, step, ALL), 400, /arrived incomplete/)
      }
      expect(await grantsOf(ana)).toHaveLength(before)
    })

    it('another user’s connection', async () => {
      const [browser, page] = await signedIn(ana)
      const before = (await grantsOf(ana)).length
      for (const connection of [connections[bia.email], 2_000_000_000, 'x', 0]) {
        const sent = { access: 'some', connection: [String(connections[ana.email]), String(connection)] }
        expectRefused(await browser.press(page, 'allow', sent), 400, /arrived incomplete/)
      }
      const none = await browser.press(page, 'allow', { access: 'some' })
      expect([none.status, none.text.includes('Choose at least one connection')]).toEqual([400, true])
      expect(await grantsOf(ana)).toHaveLength(before)
    })

    it.each([
      '/oauth/interaction/x',
      '/oauth/interaction/%22%3E%3Cscript%3E',
      `/oauth/interaction/${'a'.repeat(5_000)}`,
    ])('an address where nothing waits (%#)', async (address) => {
      const page = await new ConsentBrowser(app).open(address)
      expectRefused(page, 410, /cannot be answered here/)
      expect(page.text).not.toContain('<script')
    })

    it('a bearer token instead of a session', async () => {
      const browser = new ConsentBrowser(app)
      const page = await browser.open(client.authorizeAddress(), { authorization: `Bearer ${ana.token}` })
      expect(page.text).toContain('Sign in to go on')
    })
  })

  describe('the language', () => {
    it('is the browser’s, the client’s or the one that was chosen, and stays', async () => {
      const browser = new ConsentBrowser(app)
      const page = await browser.open(client.authorizeAddress(), { 'accept-language': 'pt-BR,pt;q=0.9' })
      expect(page.text).toContain('Entre para continuar')
      expect(page.text).toContain('<html lang="pt-BR">')
      const chosen = await browser.open(`${page.address}?lang=en`, { 'accept-language': 'pt-BR' })
      expect(chosen.text).toContain('Sign in to go on')
      const portuguese = await browser.open(`${page.address}?lang=pt`)
      const next = await browser.press(portuguese, 'sign_in', { email: ana.email, password: ana.password })
      expect(next.leadsTo).toMatch(/\?lang=pt$/)
      expect((await browser.open(next.leadsTo ?? '')).text).toContain('Deixar Claude Code usar as suas ferramentas?')
      const asked = await new ConsentBrowser(app).open(client.authorizeAddress({ ui_locales: 'pt-BR' }))
      expect(asked.text).toContain('Entre para continuar')
    })
  })

  describe('the list of clients', () => {
    it('is each user’s own, and ends what it ends', async () => {
      const [browser, page] = await signedIn(ana)
      const answer = await answerOf(browser, await browser.press(page, 'allow', ALL))
      const tokens = await client.redeem(answer.searchParams.get('code') ?? '')
      const [grant] = await grantsOf(ana)
      const path = `/api/clients/${String(grant?.['id'])}`
      const strip = (text: string) => text.replace(/"request_id":"[^"]*"/, '')
      const foreign = await app.request('DELETE', path, { token: bia.token })
      const missing = await app.request('DELETE', '/api/clients/2000000000', { token: bia.token })
      expect([foreign.status, strip(foreign.text)]).toEqual([404, strip(missing.text)])

      const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
      const ask = () =>
        app.request('POST', '/mcp', {
          token: String(tokens['access_token']),
          body,
          headers: { accept: 'application/json, text/event-stream' },
        })
      expect((await ask()).status).not.toBe(401)
      const ended = await app.request('DELETE', path, { token: ana.token })
      expect(ended.json()).toEqual({ id: grant?.['id'], revoked: true })
      expect((await ask()).status).toBe(401)
      expect(strip((await app.request('DELETE', path, { token: ana.token })).text)).toBe(strip(missing.text))
      expect((await grantsOf(ana)).map(({ id }) => id)).not.toContain(grant?.['id'])
      expect((await eventsOf(ana, 'client.revoked'))[0]).toMatchObject({ target: { id: grant?.['id'] } })
    })

    it('tells which client did what, and when it last did', async () => {
      const connection = String(connections[ana.email])
      const { access_token: token } = await letIn(app, ana, client, { access: 'some', connection })
      const [grant] = await grantsOf(ana)
      const mcp = await connectMcpClient(app, { token: String(token), era: 'modern' })
      const called = await mcp.callTool({ name: 'notion_search_pages', arguments: { query: 'Onboarding' } })
      await mcp.close()
      expect(called.isError).not.toBe(true)
      const [event] = await eventsOf(ana, 'tool.called')
      expect(event).toMatchObject({ actor: { via: 'oauth_client', via_id: String(grant?.['id']), user_id: ana.id } })
      const [listed] = await grantsOf(ana)
      expect(Date.parse(String(listed?.['last_used_at']))).toBeGreaterThan(0)
    })

    it('needs the scope account', async () => {
      const made = await app.request('POST', '/api/tokens', { token: ana.token, body: { name: 'x' } })
      const token = String(made.json()['token'])
      for (const [method, path] of [
        ['GET', '/api/clients'],
        ['DELETE', '/api/clients/1'],
      ] as const) {
        const refused = await app.request(method, path, { token })
        expect([refused.status, refused.json()['code']]).toEqual([403, 'insufficient_scope'])
      }
    })
  })

  it('writes no password, form token, code or session into the log', async () => {
    const log = app.logLines.join('')
    expect(app.logLines.length).toBeGreaterThan(50)
    expect(log).not.toMatch(/correct horse|a long enough phrase|form_token|code=|chaveiro_session|state-1/)
  })
})
