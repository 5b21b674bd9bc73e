import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConsentBrowser, registerTestClient, type Page, type TestClient } from '#test/support/consent-browser.ts'
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, type WholeApp } from '#test/support/whole-app.ts'

/** Who can make an account on the way to a client's request, and what an https address adds. */

const DRAFT = { name: 'Ana', email: 'ana@example.com', password: 'a long enough phrase' }

async function startApp(environment: Record<string, string>): Promise<{ app: WholeApp; end: () => Promise<void> }> {
  const database: TestDatabase = await openTestDatabase('pglite')
  const app = await createWholeApp(database, environment)
  const end = async () => {
    await app.close()
    await database.close()
  }
  return { app, end }
}

async function openSignUp(browser: ConsentBrowser, signIn: Page): Promise<Page> {
  return browser.open(`${signIn.address.split('?')[0]}?account=new&lang=en`)
}

describe.each(['open', 'invitation', 'closed'] as const)('where sign-up is %s', (mode) => {
  let app: WholeApp
  let end: () => Promise<void>
  let client: TestClient
  beforeAll(async () => {
    ;({ app, end } = await startApp({ CHAVEIRO_SIGN_UP: mode }))
    client = await registerTestClient(app)
  })
  afterAll(() => end())

  it('the first account can always be made, and owns the instance', async () => {
    const browser = new ConsentBrowser(app)
    const signIn = await browser.open(client.authorizeAddress())
    expect(signIn.text).toContain('account=new')
    const signUp = await openSignUp(browser, signIn)
    expect(signUp.text).toContain('This is the first account here')
    expect(signUp.text).not.toContain('name="invitation"')
    const made = await browser.press(signUp, 'sign_up', DRAFT)
    expect(made.status).toBe(303)
    expect((await browser.open(made.leadsTo ?? '')).text).toMatch(/Signed in as <b>Ana<\/b>/)
  })

  it('others come in as the API would let them', async () => {
    const browser = new ConsentBrowser(app)
    const signIn = await browser.open(client.authorizeAddress())
    expect(signIn.text.includes('account=new')).toBe(mode !== 'closed')
    const page = await openSignUp(browser, signIn)
    expect(page.text.includes('name="invitation"')).toBe(mode === 'invitation')
    expect(page.text.includes('Create the account')).toBe(mode !== 'closed')
    const bia = { ...DRAFT, name: 'Bia', email: 'bia@example.com' }
    const made = await browser.press(page, 'sign_up', bia)
    expect(made.status).toBe(mode === 'open' ? 303 : 403)
    if (mode === 'closed') expect(made.text).toContain('Nobody can make an account here.')
    if (mode !== 'invitation') return
    expect(made.text).toContain('An account needs an unused invitation')
    const owner = await app.request('POST', '/api/auth/sign-in/email', {
      body: { email: DRAFT.email, password: DRAFT.password },
    })
    const invited = await app.request('POST', '/api/invitations', {
      token: String(owner.json()['token']),
      body: { email: bia.email },
    })
    const invitation = String(invited.json()['token'])
    expect((await browser.press(page, 'sign_up', { ...bia, invitation })).status).toBe(303)
  })
})

describe('cookies', () => {
  it('are bound to the host over https, and to the browser always', async () => {
    const { app, end } = await startApp({ PUBLIC_URL: 'https://chaveiro.example' })
    const client = await registerTestClient(app, 'Claude', 'https://claude.ai/callback')
    const browser = new ConsentBrowser(app)
    const page = await browser.open(client.authorizeAddress({ resource: 'https://chaveiro.example/mcp' }))
    const cookies = page.headers.getSetCookie()
    expect(cookies).toEqual([
      expect.stringMatching(/^__Host-chaveiro_consent=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ])
    expect(page.headers.get('strict-transport-security')).toContain('max-age=')
    const again = await browser.open(page.address)
    expect(again.headers.getSetCookie()).toEqual([])
    // What another host of the domain could plant has not this name.
    browser.cookies.clear()
    expect((await browser.open(page.address)).status).toBe(410)
    await end()
  })
})
