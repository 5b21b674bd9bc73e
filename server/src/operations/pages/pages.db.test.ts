import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '#kernel/canonical.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, tenantKey, type Answer, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

const TEN_MINUTES_MS = 600_000
const ORIGIN = 'http://localhost:8001'
const PORTUGUESE = { 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.1' }

describeOnEachEngine('the pages behind links', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana & <Co>', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  /** A browser: a cookie once it has one, and what browsers say of where a form comes from. */
  function browser() {
    let cookie = ''
    async function send(
      method: string,
      path: string,
      body?: Record<string, string>,
      more: Record<string, string> = {},
    ) {
      const response = await app.house.app.request(ORIGIN + path, {
        method,
        headers: {
          ...(cookie === '' ? {} : { cookie }),
          ...(method === 'GET' ? {} : { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }),
          ...more,
        },
        ...(body === undefined ? {} : { body: new URLSearchParams(body) }),
      })
      for (const set of response.headers.getSetCookie()) cookie = set.split(';')[0] ?? ''
      return { status: response.status, headers: response.headers, text: await response.text() }
    }
    return {
      open: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
      submit: (path: string, body: Record<string, string>, headers?: Record<string, string>) =>
        send('POST', path, body, headers),
      async signIn(path: string, { email, password }: TestUser) {
        const answer = await send('POST', path, { step: 'sign_in', email, password })
        expect(answer.status).toBe(303)
        return answer.headers.get('location') ?? ''
      },
    }
  }

  async function signedIn(user: TestUser, path: string) {
    const signed = browser()
    await signed.signIn(path, user)
    return signed
  }

  const keyOf = (index: number) =>
    tenantKey(
      app.emulator,
      app.emulator.control
        .installs()
        .map(({ workspaceName }) => workspaceName)
        .at(index) ?? '',
    )

  const api = async (user: TestUser, method: string, path: string, body?: unknown): Promise<Answer> =>
    app.request(method, path, { token: user.token, ...(body === undefined ? {} : { body }) })

  describe('/connect/{provider}', () => {
    it('leads whoever is not signed in back to itself', async () => {
      const visitor = browser()
      const page = await visitor.open('/connect/notion')
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Sign in to go on') as string })
      expect(page.text).not.toContain('name="api_key"')
      const wrong = { step: 'sign_in', email: ana.email, password: 'not her password' }
      const refused = await visitor.submit('/connect/notion', wrong)
      expect([refused.status, refused.text.includes(ana.email), refused.text.includes('not her')]).toEqual([
        401,
        true,
        false,
      ])
      const location = await visitor.signIn('/connect/notion', ana)
      expect(location).toBe('/connect/notion?lang=en')
      const form = await visitor.open(location)
      expect(form.text).toContain('Connect Notion')
      expect(form.text).toContain('Ana &#38; &#60;Co&#62;</b> · ana@example.com')
      expect(form.text).toContain('name="api_key"')
    })

    it('connects for whom it was shown to, and sends them back to their client', async () => {
      const visitor = await signedIn(ana, '/connect/notion')
      const key = keyOf(0)
      const sent = await visitor.submit('/connect/notion', { step: 'connect', shown_to: String(ana.id), api_key: key })
      expect(sent.status).toBe(303)
      const location = sent.headers.get('location') ?? ''
      expect(location).toMatch(/^\/connect\/notion\?connected=\d+&lang=en$/)
      const done = await visitor.open(location)
      expect(done.text).toContain('You can go back to your client now')
      expect(done.text + app.logLines.join('')).not.toContain(key)
      expect((await api(ana, 'GET', '/api/mcp/notion/status')).json()).toMatchObject({ connected: true })
      expect((await api(bruno, 'GET', '/api/mcp/notion/status')).json()).toMatchObject({ connected: false })
      const others = await (await signedIn(bruno, '/connect/notion')).open(location)
      expect(others.text).not.toContain('go back to your client')
    })

    it('tells what the provider refused, in the language of the reader', async () => {
      const visitor = await signedIn(bruno, '/connect/notion')
      const form = { step: 'connect', shown_to: String(bruno.id), api_key: 'ntn_wrong' }
      const refused = await visitor.submit('/connect/notion', form, PORTUGUESE)
      expect(refused.status).toBe(422)
      expect(refused.text).toContain('O Notion recusou esta chave')
      expect(refused.text).not.toContain('ntn_wrong')
      const blank = await visitor.submit('/connect/notion', { ...form, api_key: ' ' })
      expect([blank.status, blank.text.includes('This cannot be a key')]).toEqual([400, true])
    })

    it('connects nothing into the account of who signed in after the form was shown', async () => {
      const visitor = await signedIn(bruno, '/connect/notion')
      const form = { step: 'connect', shown_to: String(ana.id), api_key: keyOf(-1) }
      const refused = await visitor.submit('/connect/notion', form)
      expect([refused.status, refused.text.includes('no longer valid')]).toEqual([403, true])
      expect((await api(bruno, 'GET', '/api/mcp/notion/status')).json()).toMatchObject({ connected: false })
    })

    it('shows which connection must be made again', async () => {
      await database.asOwner(
        `update mcp_connections set status = 'needs_reauthorization' where user_id = ${ana.id} and provider = 'notion'`,
      )
      const visitor = await signedIn(ana, '/connect/notion')
      await expect
        .poll(async () => (await visitor.open('/connect/notion')).text)
        .toContain('needs to be connected again')
    })

    it('says that a provider does not exist', async () => {
      for (const method of ['open', 'submit'] as const) {
        const answer = await browser()[method]('/connect/%3Cb%3E', {})
        expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
      }
    })
  })

  describe('/approvals/{id}', () => {
    const CALL = { page_id: 'a\u202eb<script>', note: 'x' }
    const ABOUT = {
      targets: [
        { argument: 'page_id', title: 'Old <plans>' },
        { argument: 'parent_id', title: null, outcome: 'not_in_time' },
        { argument: 'after', title: null, outcome: 'no_such_target' },
        { argument: 'block_id', title: null },
      ],
      now: [{ argument: 'note', text: 'one <b>\ntwo' }],
    }
    let approvalId: number

    /** What a client of Ana's asks for; each call differs, so that each is asked about. */
    async function asked(note: string): Promise<string> {
      const rows = await database.asUser(ana.id, (tx) =>
        tx
          .insertInto('approvals')
          .values({
            user_id: ana.id,
            client_kind: 'api_token',
            client_id: '7',
            tool: 'notion_archive_page',
            target: 'Old <plans>',
            about: JSON.stringify(ABOUT),
            connection_id: null,
            arguments: JSON.stringify({ ...CALL, note }),
            arguments_digest: digestOf({ ...CALL, note }),
            expires_at: new Date(Date.now() + TEN_MINUTES_MS),
          })
          .returning('id')
          .executeTakeFirstOrThrow(),
      )
      approvalId = rows.id
      return `/approvals/${rows.id}`
    }

    const decide = (step: string, user = ana) => ({ step, shown_to: String(user.id) })
    const status = async () => (await api(ana, 'GET', `/api/approvals/${approvalId}`)).json()['status']

    it('leads through signing in to exactly what would be done, as text', async () => {
      const path = await asked('first')
      const visitor = browser()
      const before = await visitor.open(path)
      expect(before.text).toContain('Sign in to go on')
      expect(before.text).not.toContain('notion_archive_page')
      const location = await visitor.signIn(path, ana)
      expect(location).toBe(`${path}?lang=en`)
      const { text } = await visitor.open(location)
      expect(text).toContain('Allow this call?')
      expect(text).toContain('Move page to trash')
      expect(text).toContain('<b class="outside">Old &#60;plans&#62;</b>')
      expect(text).toContain('Its title could not be read in time')
      expect(text).toContain('Nothing with this id was found')
      expect(text).toContain('Its title could not be read. ')
      expect(text).toContain('<span class="outside">one &#60;b&#62;\ntwo</span>')
      expect(text).toContain(String.raw`&#34;page_id&#34;: &#34;a\u202eb&#60;script&#62;&#34;`)
      expect(text).toContain('API token no. 7')
      expect(text).toContain('Waits for 10 more minutes')
      expect(text).toContain('Ana &#38; &#60;Co&#62;</b> · ana@example.com')
      const portuguese = await visitor.open(path, PORTUGUESE)
      expect(portuguese.text).toContain('Permitir esta chamada?')
      expect(portuguese.text).toContain('Nada com este identificador foi encontrado')
      expect(portuguese.text).toContain('Mover página para a lixeira')
    })

    it.each([
      ['approve', 'approved', 'The call is made when the client sends it again'],
      ['deny', 'denied', 'Nothing was done'],
    ])('takes %s from its form, once', async (step, after, words) => {
      const path = await asked(step)
      const visitor = await signedIn(ana, path)
      const sent = await visitor.submit(path, decide(step))
      expect([sent.status, sent.headers.get('location')]).toEqual([303, `${path}?lang=en`])
      expect((await visitor.open(path)).text).toContain(words)
      expect(await status()).toBe(after)
      const again = await visitor.submit(path, decide('approve'))
      expect([again.status, again.text.includes('decided or has expired')]).toEqual([409, true])
      expect(await status()).toBe(after)
    })

    it('takes nothing from another site, or for who signed in after it was shown', async () => {
      const path = await asked('foreign')
      const visitor = await signedIn(ana, path)
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
      expect((await visitor.submit(path, decide('approve'), foreign)).status).toBe(403)
      expect((await visitor.submit(path, decide('approve', bruno))).status).toBe(403)
      expect((await visitor.submit(path, decide('shrug'))).status).toBe(400)
      expect(await status()).toBe('pending')
    })

    it('is the same for another user as what does not exist', async () => {
      const path = await asked('other user')
      const visitor = await signedIn(bruno, path)
      const plain = ({ status: code, text }: { status: number; text: string }, address: string) => [
        code,
        text.replaceAll(address, ''),
      ]
      const theirs = plain(await visitor.open(path), path)
      expect(theirs[0]).toBe(404)
      for (const address of ['/approvals/999999', '/approvals/0', '/approvals/99999999999', '/approvals/x']) {
        expect(plain(await visitor.open(address), address), address).toEqual(theirs)
        expect((await visitor.submit(address, decide('approve', bruno))).status, address).toBe(404)
      }
      expect((await visitor.submit(path, decide('approve', bruno))).status).toBe(404)
      expect(await status()).toBe('pending')
    })

    it('says that it is too late', async () => {
      const path = await asked('late')
      await database.asOwner(`update approvals set expires_at = now() - interval '1 second' where id = ${approvalId}`)
      const visitor = await signedIn(ana, path)
      const page = await visitor.open(path)
      expect([page.text.includes('Too late'), page.text.includes('value="approve"')]).toEqual([true, false])
      expect((await visitor.submit(path, decide('approve'))).status).toBe(409)
    })
  })

  describe('forms', () => {
    const form = () => ({ step: 'connect', shown_to: String(bruno.id), api_key: keyOf(-1) })

    it.each([
      ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      ['of another site, told by the browser alone', { 'sec-fetch-site': 'cross-site' }],
      ['of a page without an origin', { origin: 'null' }],
    ])('%s are refused', async (_what, headers) => {
      const visitor = await signedIn(bruno, '/connect/notion')
      expect((await visitor.submit('/connect/notion', form(), headers)).status).toBe(403)
      const login = { step: 'sign_in', email: ana.email, password: ana.password }
      expect((await browser().submit('/connect/notion', login, headers)).status).toBe(403)
      expect((await api(bruno, 'GET', '/api/mcp/notion/status')).json()).toMatchObject({ connected: false })
    })

    it('without a word of where they come from change nothing', async () => {
      const cookies = await app.request('POST', '/api/auth/sign-in/email', {
        body: { email: bruno.email, password: bruno.password },
      })
      const answer = await app.house.app.request(`${ORIGIN}/connect/notion`, {
        method: 'POST',
        headers: { cookie: cookies.headers.getSetCookie()[0]?.split(';')[0] ?? '' },
        body: new URLSearchParams(form()),
      })
      expect(answer.status).toBe(403)
    })

    it.each([
      ['JSON', '{"step":"connect"}', 'application/json'],
      ['nothing known', 'step=connect', 'text/plain'],
    ])('of %s are refused', async (_what, body, type) => {
      const answer = await app.house.app.request(`${ORIGIN}/connect/notion`, {
        method: 'POST',
        headers: { 'content-type': type, origin: ORIGIN },
        body,
      })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=UTF-8'])
    })

    it('do nothing for a bearer token: a page is for whoever sits before it', async () => {
      const answer = await app.house.app.request(`${ORIGIN}/connect/notion`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bruno.token}`, origin: ORIGIN },
        body: new URLSearchParams(form()),
      })
      expect(answer.status).toBe(303)
      expect((await api(bruno, 'GET', '/api/mcp/notion/status')).json()).toMatchObject({ connected: false })
    })

    it('sign out, and lead back to the way in', async () => {
      const visitor = await signedIn(bruno, '/connect/notion')
      const out = await visitor.submit('/connect/notion', { step: 'sign_out' })
      expect([out.status, out.headers.get('location')]).toEqual([303, '/connect/notion?lang=en'])
      expect((await visitor.open('/connect/notion')).text).toContain('Sign in to go on')
    })
  })

  it.each(['/approvals/a%0d%0ab', '/approvals/%F0%9F%97%9D'])('%s leads back to itself as it came', async (path) => {
    const answer = await browser().submit(path, { step: 'approve' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${path}?lang=en`])
  })

  it.each(['/connect/notion', '/approvals/1', '/clients'])(
    '%s runs nothing, and is neither framed nor kept',
    async (path) => {
      const { headers } = await browser().open(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("form-action 'self'")
      expect(policy).not.toMatch(/script-src|unsafe/)
      expect(headers.get('cache-control')).toBe('no-store')
      // Without it browsers write `Origin: null` on a form, which is refused.
      expect(headers.get('referrer-policy')).toBe('same-origin')
    },
  )
})
