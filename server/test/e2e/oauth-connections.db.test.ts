import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ConsentBrowser, type Page } from '../support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { createWholeApp, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** Notion connected by allowing access on the emulator's own pages, from the button to the tools. */

const CALLBACK = 'http://localhost:8001/api/mcp/notion/callback'
const AUTHORIZE = '/api/mcp/notion/authorize'
const JSON_ONLY = { accept: 'application/json' }

describeOnEachEngine('connecting by OAuth', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let owner: TestUser
  let ana: TestUser
  let bruno: TestUser
  let secret: string

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    owner = await app.signUp('Owner', 'owner@example.com')
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
    app.emulator.control.configure({ consentByQuery: true })
    const registered = app.emulator.control.createIntegration({
      name: 'Chaveiro',
      kind: 'public',
      redirectUris: [CALLBACK],
    })
    secret = registered.clientSecret ?? ''
    const body = { client_id: registered.clientId, client_secret: registered.clientSecret }
    const set = await app.request('PUT', '/api/admin/provider-apps/notion', { token: owner.token, body })
    expect(set.status).toBe(200)
  })
  beforeEach(() =>
    database.asOwner('delete from mcp_connections; delete from authorization_transactions; delete from audit_events'),
  )
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function signedIn({ email, password }: TestUser): Promise<ConsentBrowser> {
    const browser = new ConsentBrowser(app)
    const page = await browser.open('/connect/notion')
    const done = await browser.press(page, 'sign_in', { email, password })
    expect(done.status).toBe(303)
    return browser
  }

  /** What the person does at Notion; gives the address that Notion leads back to. */
  async function allowAtNotion(address: string, person = 'ana@aurora.example'): Promise<string> {
    const answer = await fetch(`${address}&emulator_user=${person}`, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    return answer.headers.get('location') ?? ''
  }

  async function begin(browser: ConsentBrowser, query = ''): Promise<string> {
    const begun = await browser.send('GET', AUTHORIZE + query)
    expect(begun.status).toBe(302)
    return begun.leadsTo ?? ''
  }

  const pathOf = (address: string) => address.replace(/^http:\/\/localhost:8001/, '')

  const comeBack = (browser: ConsentBrowser, address: string): Promise<Page> => browser.send('GET', pathOf(address))

  async function rows(): Promise<Record<string, unknown>[]> {
    return database.asOwner('select * from mcp_connections order by id')
  }

  async function errorAfter(browser: ConsentBrowser, address: string): Promise<string | null> {
    const page = await comeBack(browser, address)
    expect(page.status).toBe(302)
    return new URL(page.leadsTo ?? '').searchParams.get('connect_error')
  }

  it('leads there and back, stores the grant sealed, and every tool works with it', async () => {
    const browser = await signedIn(ana)
    const address = await begin(browser)
    const asked = new URL(address)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      owner: 'user',
      redirect_uri: CALLBACK,
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    const page = await comeBack(browser, await allowAtNotion(address))
    const [row] = await rows()
    expect([page.status, page.leadsTo]).toEqual([
      302,
      `http://localhost:8001/connect/notion?connected=${String(row?.['id'])}`,
    ])
    expect(row).toMatchObject({ user_id: ana.id, method: 'oauth2', status: 'connected', expires_at: null })
    expect(String(row?.['encrypted_credentials'])).not.toContain('ntn_')
    const connected = await browser.open(page.leadsTo ?? '')
    expect(connected.text).toContain('is connected')

    for (const [tool, body] of [
      ['notion_search_pages', { query: '' }],
      ['notion_list_users', {}],
      ['notion_get_bot_user', {}],
    ] as const) {
      const called = await app.request('POST', `/api/tools/${tool}/call`, {
        token: ana.token,
        body: { arguments: body },
      })
      expect([tool, called.status]).toEqual([tool, 200])
    }
    const theirs = await app.request('POST', '/api/tools/notion_list_users/call', {
      token: bruno.token,
      body: { arguments: {} },
    })
    expect(theirs.json()['code']).toBe('not_connected')
  })

  it('says on the page why nothing was connected, in both languages, and offers the way again', async () => {
    const browser = await signedIn(ana)
    const answer = await fetch(await begin(browser), { redirect: 'manual' })
    expect(answer.headers.get('content-type')).toContain('text/html')
    const address = new URL(await begin(browser, '?return_to=/connect/notion%3Flang%3Dpt'))
    const cancelled = `/api/mcp/notion/callback?error=access_denied&state=${address.searchParams.get('state')}`
    const back = await comeBack(browser, cancelled)
    expect(back.leadsTo).toBe('http://localhost:8001/connect/notion?lang=pt&connect_error=denied')
    const page = await browser.open(back.leadsTo ?? '')
    expect(page.text).toContain('Você não autorizou o acesso no Notion.')
    expect(page.text).toContain('Conectar com o Notion')
    const english = await browser.open('/connect/notion?connect_error=other_account')
    expect(english.text).toContain('You allowed access to another Notion account')
    expect(english.text).toContain('href="/api/mcp/notion/authorize?return_to=%2Fconnect%2Fnotion%3Flang%3Den"')
    const foreign = await browser.open('/connect/notion?connect_error=<script>')
    expect(foreign.text).not.toContain('role="alert"')
    expect(await rows()).toEqual([])
  })

  it('connects nothing in the browser of another user, nor a second time', async () => {
    const [hers, his] = [await signedIn(ana), await signedIn(bruno)]
    const address = await allowAtNotion(await begin(hers))
    expect(await errorAfter(his, address)).toBe('unknown')
    expect(await rows()).toEqual([])
    expect(await errorAfter(hers, address)).toBeNull()
    expect(await errorAfter(hers, address)).toBe('unknown')
    expect((await rows()).map(({ user_id }) => user_id)).toEqual([ana.id])
    const events = await app.request('GET', '/api/activity?outcome=denied', { token: bruno.token })
    expect(events.json()['events']).toEqual([expect.objectContaining({ type: 'access.denied' })])
  })

  it('gives a program the address, which its user opens in a browser', async () => {
    const begun = await app.request('GET', AUTHORIZE, { token: ana.token, headers: JSON_ONLY })
    const { authorize_url: address, expires_at: end } = begun.json() as { authorize_url: string; expires_at: string }
    expect(new Date(end).getTime()).toBeGreaterThan(Date.now())
    // The token of a session is of that session, wherever it is sent from.
    expect(await errorAfter(await signedIn(ana), await allowAtNotion(address))).toBe('other_browser')
    const made = await app.request('POST', '/api/tokens', { token: ana.token, body: { name: 'ci' } })
    const token = String(made.json()['token'])
    const again = await app.request('GET', AUTHORIZE, { token, headers: JSON_ONLY })
    const way = await allowAtNotion(String(again.json()['authorize_url']))
    expect(await errorAfter(await signedIn(ana), way)).toBeNull()
  })

  it('asks whoever is not signed in to sign in, there and back', async () => {
    const nobody = new ConsentBrowser(app)
    expect((await nobody.send('GET', AUTHORIZE)).leadsTo).toBe('http://localhost:8001/connect/notion')
    expect((await app.request('GET', AUTHORIZE, { headers: JSON_ONLY })).status).toBe(401)
    const browser = await signedIn(ana)
    const address = await allowAtNotion(await begin(browser))
    expect(await errorAfter(nobody, address)).toBe('signed_out')
    expect(await errorAfter(browser, address)).toBeNull()
  })

  it('tells everyone what can be connected so, and nobody the secret', async () => {
    const listed = await app.request('GET', '/api/mcp/providers', { token: bruno.token })
    const providers = listed.json()['providers'] as { id: string; auth: { kind: string; configured?: boolean }[] }[]
    const notion = providers.find(({ id }) => id === 'notion')
    expect(notion?.auth.map(({ kind, configured }) => [kind, configured])).toEqual([
      ['oauth2', true],
      ['api_key', undefined],
    ])
    const shown = await app.request('GET', '/api/admin/provider-apps/notion', { token: owner.token })
    expect(shown.json()).toMatchObject({ configured: true, source: 'stored', redirect_uri: CALLBACK })
    expect(shown.text).not.toContain('secret"')
    const [row] = await database.asOwner('select * from provider_apps')
    expect(JSON.stringify([row, app.logLines])).not.toContain(secret)
  })

  it('lets only the owner look at and change an app', async () => {
    const path = '/api/admin/provider-apps/notion'
    const body = { client_id: 'mine', client_secret: 'mine' }
    for (const [method, more] of [
      ['GET', {}],
      ['PUT', { body }],
      ['DELETE', {}],
    ] as const) {
      expect((await app.request(method, path, { token: ana.token, ...more })).status).toBe(403)
      expect((await app.request(method, path, more)).status).toBe(401)
    }
    await database.asOwner(`update users set role = 'admin' where id = ${bruno.id}`)
    expect((await app.request('PUT', path, { token: bruno.token, body })).status).toBe(403)
    const shown = await app.request('GET', path, { token: owner.token })
    expect(shown.json()['client_id']).not.toBe('mine')
  })

  it('keeps an app by the issuer of a remote server’s authorization server, and forgets it', async () => {
    const path = `/api/admin/provider-apps/${encodeURIComponent('https://login.example.com/tenant')}`
    const set = await app.request('PUT', path, { token: owner.token, body: { client_id: 'public' } })
    expect([set.status, set.json()['client_id']]).toEqual([200, 'public'])
    expect((await app.request('DELETE', path, { token: owner.token })).json()['configured']).toBe(false)
    expect((await app.request('DELETE', path, { token: owner.token })).status).toBe(404)
    for (const name of ['nobody', 'ftp%3A%2F%2Flogin.example.com', 'https%3A%2F%2Fx.example%2F%3Fq', '%20']) {
      const answer = await app.request('PUT', `/api/admin/provider-apps/${name}`, {
        token: owner.token,
        body: { client_id: 'x' },
      })
      expect([name, answer.status]).toEqual([name, 404])
    }
  })

  it('seals the app and what is under way again when the keys are rotated', async () => {
    const browser = await signedIn(ana)
    const address = await allowAtNotion(await begin(browser))
    const rotated = await app.request('POST', '/api/admin/keys/rotate', { token: owner.token })
    expect(rotated.json()).toMatchObject({ remaining: 0, unreadable: 0 })
    const keys = await app.request('GET', '/api/admin/keys', { token: owner.token })
    const [key] = keys.json()['keys'] as { rows: number }[]
    expect(key?.rows).toBeGreaterThanOrEqual(2)
    expect(await errorAfter(browser, address)).toBeNull()
  })
})
