import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ConsentBrowser, type Page } from '../support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { startRemoteServer, type RemoteServer } from '../support/remote-tool-server.ts'
import { createWholeApp, tenantKey, type Answer, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** Connecting from somebody else's product: by a link, without a session here. */

const ORIGIN = 'http://localhost:8001'
const PRODUCT = 'http://product.example:3000'
const RETURN_TO = `${PRODUCT}/accounts?tab=1`
const FORM_HEADERS = {
  origin: ORIGIN,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
}

describeOnEachEngine('a link for connecting', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser
  let token: string
  let remote: RemoteServer

  beforeAll(async () => {
    database = await open()
    remote = await startRemoteServer()
    app = await createWholeApp(database, {
      CHAVEIRO_ALLOWED_HOSTS: 'product.example:3000',
      CHAVEIRO_REMOTE_SERVER_HOSTS: remote.host,
    })
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
    const body = { name: 'product', scopes: ['connections:write'] }
    const made = await app.request('POST', '/api/tokens', { token: ana.token, body })
    token = String(made.json()['token'])
    app.emulator.control.configure({ consentByQuery: true })
  })
  beforeEach(() => database.asOwner('delete from mcp_connections; delete from connect_sessions'))
  afterAll(async () => {
    await app.close()
    await remote[Symbol.asyncDispose]()
    await database.close()
  })

  const make = (body: Record<string, unknown> = {}, by = token): Promise<Answer> =>
    app.request('POST', '/api/connect-sessions', {
      token: by,
      body: { provider: 'notion', return_to: RETURN_TO, ...body },
    })

  async function link(body: Record<string, unknown> = {}, by = token): Promise<string> {
    const made = await make(body, by)
    expect([made.status, made.headers.get('cache-control')]).toEqual([200, 'no-store'])
    return String(made.json()['url'])
  }

  const browser = () => new ConsentBrowser(app)
  const submit = (by: ConsentBrowser, address: string, fields: Record<string, string>, headers = {}): Promise<Page> =>
    by.send('POST', address, {
      body: new URLSearchParams(fields).toString(),
      headers: { ...FORM_HEADERS, ...headers },
    })
  const key = () => tenantKey(app.emulator, 'Estúdio Aurora')
  const withKey = () => ({ step: 'connect', api_key: key() })
  const owners = async () =>
    (await database.asOwner('select user_id from mcp_connections')).map((row) => row['user_id'])

  it('connects for the user whose token made it, without a session, and leads back', async () => {
    const visitor = browser()
    const address = await link({ language: 'pt' })
    expect(address).toMatch(/^http:\/\/localhost:8001\/connect\/notion\?session=chs_\d+_[\w-]{43}&lang=pt$/)
    const page = await visitor.open(address)
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.text).toContain('product.example:3000 trouxe você')
    expect(page.text).toContain('<b>Ana</b> · ana@example.com')
    expect(page.text).not.toContain('sign_in')
    const wrong = await submit(visitor, address, { step: 'connect', api_key: 'ntn_wrong' })
    expect([wrong.status, wrong.text.includes('O Notion recusou esta chave'), await owners()]).toEqual([422, true, []])
    const done = await submit(visitor, address, withKey())
    expect([done.status, await owners()]).toEqual([200, [ana.id]])
    expect(done.leadsTo).toMatch(/^http:\/\/product\.example:3000\/accounts\?tab=1&connected=\d+$/)
    expect(visitor.cookies.size).toBe(0)
    expect(app.logLines.join('')).not.toMatch(/chs_\d/)
  })

  it('is an event of its user, without the link itself', async () => {
    await link()
    const { events } = (
      await app.request('GET', '/api/activity?type=connection.link_created', { token: ana.token })
    ).json()
    expect((events as unknown[])[0]).toMatchObject({
      type: 'connection.link_created',
      actor: { via: 'api_token' },
      target: { kind: 'connect_session', provider: 'notion' },
      details: { return_to: PRODUCT },
    })
    expect(JSON.stringify(events)).not.toContain('chs_')
  })

  it('connects a remote server that lets everybody in', async () => {
    remote.tokens.add('') // whoever shows none
    const visitor = browser()
    const address = await link({ provider: undefined, server_url: remote.url })
    const page = await visitor.open(address)
    expect([page.status, page.text.includes(remote.host)]).toEqual([200, true])
    const done = await submit(visitor, address, { step: 'server' })
    expect(done.leadsTo).toMatch(/&connected=\d+$/)
    expect(await owners()).toEqual([ana.id])
    remote.tokens.clear()
  })

  it('counts once, and says so', async () => {
    const address = await link()
    await submit(browser(), address, withKey())
    const [again, onceMore] = [await browser().open(address), await submit(browser(), address, withKey())]
    expect([again.status, again.text.includes('used already'), onceMore.status]).toEqual([410, true, 410])
    expect(again.text).toContain(`href="${RETURN_TO}"`)
    expect(await owners()).toEqual([ana.id])
  })

  it('is used by one of two at once', async () => {
    const address = await link()
    const other = { step: 'connect', api_key: tenantKey(app.emulator, 'Boreal Advocacia') }
    const sent = [withKey(), other].map((fields) => submit(browser(), address, fields))
    const pages = await Promise.all(sent)
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200, 410]))
    expect(await owners()).toEqual([ana.id])
  })

  it('is over after ten minutes', async () => {
    const address = await link()
    await database.asOwner("update connect_sessions set expires_at = now() - interval '1 second'")
    const [page, sent] = [await browser().open(address), await submit(browser(), address, withKey())]
    expect([page.status, page.text.includes('has run out'), sent.status]).toEqual([410, true, 410])
    expect(page.text).toContain('connect_error=expired')
    expect(await owners()).toEqual([])
  })

  it.each([
    ['another user in its token', (address: string) => address.replace(/chs_\d+_/, `chs_${bruno.id}_`)],
    ['a character changed', (address: string) => address.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['another provider', (address: string) => address.replace('/notion', '/github')],
    ['nothing in its token', (address: string) => address.replace(/chs_.*$/, '')],
  ])('is nobody’s with %s', async (_case, bend) => {
    const address = bend(await link())
    const [page, sent] = [await browser().open(address), await submit(browser(), address, withKey())]
    expect([page.status, sent.status]).toEqual([404, 404])
    expect(page.text).toMatch(/leads nowhere|no such provider/)
    expect(await owners()).toEqual([])
  })

  it('never connects for whoever is signed in to the browser', async () => {
    const visitor = browser()
    const signIn = { step: 'sign_in', email: bruno.email, password: bruno.password }
    await submit(visitor, '/connect/notion', signIn)
    const address = await link()
    expect((await visitor.open(address)).text).toContain('ana@example.com')
    await submit(visitor, address, withKey())
    expect(await owners()).toEqual([ana.id])
  })

  it('ends with the token that made it, and with its user', async () => {
    const made = await app.request('POST', '/api/tokens', { token: ana.token, body: { name: 'short' } })
    const { token: short, id } = made.json() as { token: string; id: number }
    const address = await link({}, short)
    await app.request('DELETE', `/api/tokens/${id}`, { token: ana.token })
    expect((await submit(browser(), address, withKey())).status).toBe(404)
    expect(await owners()).toEqual([])
  })

  it('ends with the session that made it', async () => {
    const visitor = await signedIn(ana)
    const made = await visitor.send('POST', '/api/connect-sessions', {
      body: JSON.stringify({ provider: 'notion', return_to: RETURN_TO }),
      headers: { origin: ORIGIN, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    })
    expect(made.status).toBe(200)
    const address = String(JSON.parse(made.text).url)
    expect((await browser().open(address)).status).toBe(200)
    await submit(visitor, '/connect/notion', { step: 'sign_out' })
    const [page, sent] = [await browser().open(address), await submit(browser(), address, withKey())]
    expect([page.status, sent.status]).toEqual([404, 404])
    expect(await owners()).toEqual([])
  })

  it('can be cancelled, and is then of no use', async () => {
    const visitor = browser()
    const address = await link()
    const left = await submit(visitor, address, { step: 'cancel' })
    expect(left.leadsTo).toBe(`${RETURN_TO}&connect_error=denied`)
    expect((await submit(visitor, address, withKey())).status).toBe(410)
  })

  it('takes forms from its own page only', async () => {
    const address = await link()
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await submit(browser(), address, withKey(), foreign)).status).toBe(403)
    expect(await owners()).toEqual([])
  })

  it.each([
    ['a provider that is none', { provider: 'nothing' }, 404],
    ['an address of somebody else', { return_to: 'https://evil.example/' }, 400],
    ['neither provider nor server', { provider: undefined }, 400],
    ['both', { server_url: 'https://mcp.example.com/mcp' }, 400],
    ['a remote server without its address', { provider: 'upstream' }, 400],
    [
      'a server with a secret in its address',
      { provider: undefined, server_url: 'https://mcp.example.com/?key=x' },
      400,
    ],
    ['a server inside the network', { provider: undefined, server_url: 'https://127.0.0.1/mcp' }, 400],
  ])('is not made for %s', async (_case, body, status) => {
    expect((await make(body)).status).toBe(status)
  })

  it('is made with the scope that connecting needs, and with no other', async () => {
    const body = { name: 'reader', scopes: ['connections:read', 'tools:write'] }
    const reader = await app.request('POST', '/api/tokens', { token: ana.token, body })
    expect((await make({}, String(reader.json()['token']))).status).toBe(403)
  })

  it('leads to a provider and back in the same browser only', async () => {
    const callback = `${ORIGIN}/api/mcp/notion/callback`
    const registered = app.emulator.control.createIntegration({
      name: 'Chaveiro',
      kind: 'public',
      redirectUris: [callback],
    })
    const owner = await database.asOwner("update users set role = 'owner' where email = 'ana@example.com' returning id")
    expect(owner).toHaveLength(1)
    const client = { client_id: registered.clientId, client_secret: registered.clientSecret }
    await app.request('PUT', '/api/admin/provider-apps/notion', { token: ana.token, body: client })

    const visitor = browser()
    const address = await link()
    const gone = await submit(visitor, address, { step: 'authorize' })
    expect(gone.leadsTo).toContain('client_id=')
    const answer = await fetch(`${gone.leadsTo}&emulator_user=ana@aurora.example`, { redirect: 'manual' })
    const back = (answer.headers.get('location') ?? '').replace(ORIGIN, '')
    // Somebody else's browser, and that of the same user with a session but without the link.
    for (const stranger of [browser(), await signedIn(ana)]) {
      const elsewhere = await stranger.send('GET', back)
      expect(elsewhere.leadsTo).toMatch(/connect_error=(signed_out|other_browser)$/)
    }
    expect(await owners()).toEqual([])
    const denied = await submit(visitor, address, { step: 'authorize' })
    const refusal = new URL(denied.leadsTo ?? '').searchParams.get('state')
    const page = await visitor.open(`/api/mcp/notion/callback?error=access_denied&state=${refusal}`)
    expect([page.status, page.text.includes('You did not allow access at Notion')]).toEqual([200, true])

    const second = await submit(visitor, address, { step: 'authorize' })
    const allowed = await fetch(`${second.leadsTo}&emulator_user=ana@aurora.example`, { redirect: 'manual' })
    const done = await visitor.send('GET', (allowed.headers.get('location') ?? '').replace(ORIGIN, ''))
    expect(done.leadsTo).toMatch(/^http:\/\/product\.example:3000\/accounts\?tab=1&connected=\d+$/)
    expect(await owners()).toEqual([ana.id])
  })

  async function signedIn({ email, password }: TestUser): Promise<ConsentBrowser> {
    const visitor = browser()
    await submit(visitor, '/connect/notion', { step: 'sign_in', email, password })
    return visitor
  }
})
