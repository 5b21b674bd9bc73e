import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ConsentBrowser, letIn, registerTestClient, type Page, type TestClient } from '#test/support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

const PATH = '/clients'
const PORTUGUESE = { 'accept-language': 'pt-BR' }
const WORKSPACE = 'Estúdio Aurora'

describeOnEachEngine('the page of clients', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser
  let client: TestClient
  let connection: string

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
    client = await registerTestClient(app, 'Claude <b>Code</b>')
    const body = { api_key: tenantKey(app.emulator, WORKSPACE) }
    const connected = await app.request('POST', '/api/mcp/notion/connect', { token: ana.token, body })
    connection = String(connected.json()['connection_id'])
  })
  beforeEach(async () => {
    for (const user of [ana, bruno])
      for (const id of await idsOf(user)) await app.request('DELETE', `/api/clients/${id}`, { token: user.token })
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function clientsOf(user: TestUser): Promise<Record<string, unknown>[]> {
    const listed = await app.request('GET', '/api/clients', { token: user.token })
    return listed.json()['clients'] as Record<string, unknown>[]
  }

  const idsOf = async (user: TestUser) => (await clientsOf(user)).map(({ id }) => String(id))

  async function signedIn({ email, password }: TestUser): Promise<[ConsentBrowser, Page]> {
    const browser = new ConsentBrowser(app)
    const done = await browser.press(await browser.open(PATH), 'sign_in', { email, password })
    expect([done.status, done.leadsTo]).toEqual([303, `${PATH}?lang=en`])
    return [browser, await browser.open(PATH)]
  }

  const shownTo = ({ id }: TestUser, of: string) => ({ shown_to: String(id), client: of })

  function ask(token: unknown) {
    return app.request('POST', '/mcp', {
      token: String(token),
      body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      headers: { accept: 'application/json, text/event-stream' },
    })
  }

  it('asks who is there, and shows nobody’s clients before', async () => {
    await letIn(app, ana, client)
    const page = await new ConsentBrowser(app).open(PATH)
    expect([page.status, page.text.includes('Sign in to go on'), page.text.includes('Claude')]).toEqual([
      200,
      true,
      false,
    ])
  })

  it('says how a client comes there, as long as there is none', async () => {
    const [browser, page] = await signedIn(ana)
    expect(page.text).toContain('You have let no client in')
    expect(page.text).not.toContain('value="end"')
    expect((await browser.open(PATH, PORTUGUESE)).text).toContain('Você não autorizou nenhum cliente')
  })

  it('shows who the client is, what it may do, with what, and when, as text', async () => {
    await letIn(app, ana, client, { access: 'some', connection })
    await letIn(app, ana, client)
    await letIn(app, bruno, await registerTestClient(app, 'Of Bruno'))
    await database.asOwner(
      `update oauth_grants set created_at = '2026-03-04T05:06:07Z', last_used_at = '2026-04-05T06:07:08Z' where user_id = ${ana.id}`,
    )
    const [browser, page] = await signedIn(ana)
    const text = page.text.replaceAll(/\s+/g, ' ')
    expect(text).toContain('<b>Claude &#60;b&#62;Code&#60;/b&#62;</b>')
    expect(text).toContain('>127.0.0.1</span>')
    expect(text).toContain('<dd>read and search; create and change</dd>')
    expect(text).toContain('<dd>read and search</dd>')
    expect(text).toContain('all your connections, also those that you add later')
    expect(text).toContain(`<dd>${WORKSPACE}`)
    expect(text).toContain('<time datetime="2026-03-04T05:06:07.000Z">March 4, 2026</time>')
    expect(text).toMatch(/April 5, 2026 at 6:07.AM UTC/)
    expect(text.match(/End the access of Claude &#60;b&#62;Code&#60;\/b&#62;<\/button>/g)).toHaveLength(2)
    expect(text).not.toContain('Of Bruno')
    const portuguese = (await browser.open(PATH, PORTUGUESE)).text.replaceAll(/\s+/g, ' ')
    expect(portuguese).toContain('ler e buscar; criar e alterar')
    expect(portuguese).toContain('4 de março de 2026')
  })

  it('tells of a client that never came, and of one whose connections are gone', async () => {
    await letIn(app, ana, client, { access: 'some', connection })
    await database.asOwner(
      `update oauth_grants set last_used_at = null, connection_ids = '{999999}' where user_id = ${ana.id}`,
    )
    const [, page] = await signedIn(ana)
    expect(page.text).toContain('not yet')
    expect(page.text).toContain('no connection any more')
  })

  it('ends the access of the one that was named, at once, and says so', async () => {
    const kept = await letIn(app, ana, client)
    const tokens = await letIn(app, ana, client)
    const [newest = '', older] = await idsOf(ana)
    const [browser, page] = await signedIn(ana)
    expect((await ask(tokens['access_token'])).status).not.toBe(401)
    const ended = await browser.press(page, 'end', shownTo(ana, newest))
    expect(ended.status).toBe(200)
    expect(ended.text).toContain('Claude &#60;b&#62;Code&#60;/b&#62; has no access any more')
    expect(ended.text).toContain('It stopped at once')
    expect((await ask(tokens['access_token'])).status).toBe(401)
    expect((await ask(kept['access_token'])).status).not.toBe(401)
    expect(await idsOf(ana)).toEqual([older])
    const events = await app.request('GET', '/api/activity?type=client.revoked', { token: ana.token })
    expect((events.json()['events'] as unknown[])[0]).toMatchObject({
      type: 'client.revoked',
      actor: { user_id: ana.id, via: 'session' },
      target: { id: Number(newest) },
    })
    const again = await browser.press(page, 'end', shownTo(ana, newest))
    expect([again.status, again.text.includes('Perhaps its access has ended already')]).toEqual([404, true])
  })

  it('is the same for another user’s client as for what does not exist', async () => {
    await letIn(app, ana, client)
    const [theirs = ''] = await idsOf(ana)
    const [browser, page] = await signedIn(bruno)
    const answers = []
    for (const id of [theirs, '2000000000', '0', '-1', 'x', '', `0${theirs}`]) {
      const { status, text } = await browser.press(page, 'end', shownTo(bruno, id))
      answers.push([status, text])
    }
    expect(answers[0]?.[0]).toBe(404)
    expect(new Set(answers.map((answer) => answer.join(' '))).size).toBe(1)
    expect(await idsOf(ana)).toEqual([theirs])
  })

  it('takes nothing from another site, from nobody, or for who signed in after it was shown', async () => {
    const tokens = await letIn(app, ana, client)
    const [id = ''] = await idsOf(ana)
    const [browser, page] = await signedIn(ana)
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await browser.press(page, 'end', shownTo(ana, id), foreign)).status).toBe(403)
    expect((await browser.press(page, 'end', shownTo(bruno, id))).status).toBe(403)
    expect((await browser.press(page, 'shrug', shownTo(ana, id))).status).toBe(400)
    const nobody = await new ConsentBrowser(app).press(page, 'end', shownTo(ana, id))
    expect([nobody.status, nobody.leadsTo]).toEqual([303, `${PATH}?lang=en`])
    expect(await idsOf(ana)).toEqual([id])
    expect((await ask(tokens['access_token'])).status).not.toBe(401)
  })

  it('is where consent leads', async () => {
    const browser = new ConsentBrowser(app)
    const { email, password } = ana
    const page = await browser.open(client.authorizeAddress())
    const consent = await browser.open((await browser.press(page, 'sign_in', { email, password })).leadsTo ?? '')
    expect(consent.text.replaceAll(/\s+/g, ' ')).toMatch(/href="\/clients\?lang=en"[^>]*>your list of clients<\/a ?>/)
  })
})
