import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Clock } from '#kernel/clock.ts'
import { DEFAULT_TOKEN_SCOPES, SCOPES } from '#kernel/principal.ts'
import { success } from '#kernel/problem.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import {
  cookieOf,
  createIdentityApp,
  PUBLIC_URL,
  TEST_SECRET,
  type IdentityApp,
  type Sent,
} from '#test/support/identity.ts'
import { fingerprintOf, generateApiToken } from './api-token.ts'
import type { BearerVerifier } from './dependencies.ts'

const PASSWORD = 'correct horse battery'
const DAY_MS = 86_400_000
/** For a message of the database, on a machine that does ten other things. */
const PATIENCE_MS = 15_000
const STRANGERS_TOKEN = generateApiToken()

describeOnEachEngine('authentication', (open) => {
  let database: TestDatabase
  let app: IdentityApp
  let ana: Sent
  let bruno: Sent
  let anaToken: string
  let brunoToken: string
  let now = new Date()
  const clock: Clock = { now: () => now }
  const recorded: unknown[] = []
  const verifier: BearerVerifier = {
    recognises: (token) => token.startsWith('jwt.'),
    verify: async () =>
      success({ userId: 2, role: 'user', scopes: new Set(['chat']), via: { kind: 'oauth_client', id: 'cursor' } }),
  }

  beforeAll(async () => {
    database = await open()
    app = createIdentityApp(database, { clock, bearerVerifiers: [verifier] })
    const signUp = (email: string) =>
      app.send('POST', '/api/auth/sign-up/email', { body: { name: email, email, password: PASSWORD } })
    ana = await signUp('ana@example.com')
    bruno = await signUp('bruno@example.com')
    anaToken = String(ana.body.token)
    brunoToken = String(bruno.body.token)
    app.events.length = 0
  })
  afterEach(() => {
    now = new Date()
    recorded.push(...app.events.splice(0))
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const me = (token: string, address?: string) =>
    app.send('GET', '/api/me', { token, ...(address === undefined ? {} : { address }) })
  const makeToken = async (body: object, token = anaToken) => app.send('POST', '/api/tokens', { token, body })
  const tokenOf = (sent: Sent) => String(sent.body.token)

  describe('API token', () => {
    it('acts for its user with the default scopes, and tells that it is one', async () => {
      const made = await makeToken({ name: 'laptop' })
      expect(made.body).toMatchObject({ name: 'laptop', scopes: DEFAULT_TOKEN_SCOPES, last_used_at: null })
      expect(made.headers.get('cache-control')).toBe('no-store')
      expect((await me(tokenOf(made))).body).toMatchObject({ id: 1, via: 'api_token', scopes: DEFAULT_TOKEN_SCOPES })
      expect(app.events).toMatchObject([{ type: 'api_token.created', userId: 1, outcome: 'success' }])
    })

    it('is shown once and stored as a hash', async () => {
      const token = tokenOf(await makeToken({ name: 'secret' }))
      const listed = await app.send('GET', '/api/tokens', { token: anaToken })
      const rows = await database.asOwner('select * from api_tokens')
      expect(listed.body).toMatchObject({ tokens: [{ name: 'secret' }, { name: 'laptop' }] })
      expect(listed.text + JSON.stringify(rows)).not.toContain(token)
      expect(JSON.stringify(rows)).not.toContain(token.slice(4))
    })

    it('expires after ninety days, or when its maker says, or never', async () => {
      const usual = tokenOf(await makeToken({ name: 'usual' }))
      const short = tokenOf(await makeToken({ name: 'short', expires_in_days: 1 }))
      const endless = await makeToken({ name: 'endless', expires_in_days: null })
      expect(endless.body['expires_at']).toBeNull()
      const codes = async () => [
        (await me(usual)).body.code,
        (await me(short)).body.code,
        (await me(tokenOf(endless))).body.code,
      ]
      expect(await codes()).toEqual([undefined, undefined, undefined])
      now = new Date(now.getTime() + DAY_MS)
      expect(await codes()).toEqual([undefined, 'expired_token', undefined])
      now = new Date(now.getTime() + 90 * DAY_MS)
      expect(await codes()).toEqual(['expired_token', 'expired_token', undefined])
    })

    it('makes none that outlives it, and says when the new one ends', async () => {
      const makerFor = async (days: number | null) =>
        makeToken({ name: 'maker', scopes: ['account'], expires_in_days: days })
      const maker = await makerFor(7)
      const endOfChild = async (body: object, from = maker) =>
        (await makeToken({ name: 'child', ...body }, tokenOf(from))).body['expires_at']
      expect(maker.body['expires_at']).toBe(new Date(now.getTime() + 7 * DAY_MS).toISOString())
      for (const body of [{}, { expires_in_days: 8 }, { expires_in_days: null }]) {
        expect(await endOfChild(body)).toBe(maker.body['expires_at'])
      }
      expect(await endOfChild({ expires_in_days: 6 })).toBe(new Date(now.getTime() + 6 * DAY_MS).toISOString())
      expect(await endOfChild({ expires_in_days: null }, await makerFor(null))).toBeNull()

      const child = await makeToken({ name: 'child' }, tokenOf(maker))
      now = new Date(now.getTime() + 7 * DAY_MS)
      expect((await me(tokenOf(child))).body.code).toBe('expired_token')
    })

    it('makes none once it was revoked, even where that was not heard yet', async () => {
      const maker = await makeToken({ name: 'maker', scopes: ['account'] })
      expect((await me(tokenOf(maker))).status).toBe(200)
      // Past the messages about it: as a replica that lost them would have it in its cache.
      const deaf = createIdentityApp({ ...database, listen: async () => async () => {} }, { clock })
      const post = () => deaf.send('POST', '/api/tokens', { token: tokenOf(maker), body: { name: 'child' } })
      expect((await post()).status).toBe(200)
      await app.send('DELETE', `/api/tokens/${String(maker.body['id'])}`, { token: anaToken })
      expect((await post()).body.code).toBe('revoked_token')
      expect((await deaf.send('GET', '/api/me', { token: tokenOf(maker) })).status).toBe(200)
      await deaf.close()
    })

    it('ends at once when it is revoked, for its user alone', async () => {
      const made = await makeToken({ name: 'to revoke' })
      const path = `/api/tokens/${String(made.body['id'])}`
      expect((await app.send('DELETE', path, { token: brunoToken })).body.code).toBe('not_found')
      expect((await me(tokenOf(made))).status).toBe(200)
      expect((await app.send('DELETE', path, { token: anaToken })).body).toMatchObject({ revoked: true })
      expect((await me(tokenOf(made))).body.code).toBe('revoked_token')
      expect((await app.send('DELETE', path, { token: anaToken })).body.code).toBe('not_found')
      const listed = await app.send('GET', '/api/tokens', { token: anaToken })
      expect(listed.text).not.toContain('to revoke')
    })

    it('notes its last use at most once a minute, after the answer', async () => {
      const made = await makeToken({ name: 'used' })
      const lastUseAfter = async (requests: number) => {
        const own = createIdentityApp(database, { clock })
        for (let index = 0; index < requests; index += 1) await own.send('GET', '/api/me', { token: tokenOf(made) })
        await own.close()
        const [row] = await database.asOwner<{ last_used_at: Date | null }>(
          `select last_used_at from api_tokens where id = ${String(made.body['id'])}`,
        )
        return row?.last_used_at?.getTime() ?? null
      }
      const first = now.getTime()
      expect(await lastUseAfter(3)).toBe(first)
      now = new Date(first + 59_000)
      expect(await lastUseAfter(3)).toBe(first)
      now = new Date(first + 60_000)
      expect(await lastUseAfter(3)).toBe(first + 60_000)
    })

    it('is looked up once while it is busy, and written once', async () => {
      const made = await makeToken({ name: 'busy' })
      let transactions = 0
      const counting = createIdentityApp(
        {
          ...database,
          asSystem: (reason, work) => {
            transactions += 1
            return database.asSystem(reason, work)
          },
          asUser: (userId, work) => {
            transactions += 1
            return database.asUser(userId, work)
          },
        },
        { clock },
      )
      for (let index = 0; index < 20; index += 1) await counting.send('GET', '/api/me', { token: tokenOf(made) })
      await counting.close()
      // Two look-ups more at most: what was kept is forgotten once when this app begins to hear of changes, and once when it
      // hears of the token's own making.
      expect(transactions).toBeGreaterThanOrEqual(2)
      expect(transactions).toBeLessThanOrEqual(4)
    })

    it('ends on other replicas, too, as soon as the database tells them', async () => {
      const other = createIdentityApp(database, { clock })
      const ends: [string, (token: Sent) => Promise<unknown>, string][] = [
        [
          'revoked',
          (made) => app.send('DELETE', `/api/tokens/${String(made.body['id'])}`, { token: anaToken }),
          'revoked_token',
        ],
        [
          'fewer scopes',
          (made) => database.asOwner(`update api_tokens set scopes = '{}' where id = ${String(made.body['id'])}`),
          '',
        ],
        ['suspended', () => database.asOwner('update users set banned = true where id = 1'), 'revoked_token'],
      ]
      for (const [name, end, code] of ends) {
        const made = await makeToken({ name })
        const seen = async () => (await other.send('GET', '/api/me', { token: tokenOf(made) })).body
        expect((await seen())['scopes']).toEqual(DEFAULT_TOKEN_SCOPES)
        await end(made)
        // The clock stands still, so that nothing but the message can end what is kept.
        await vi.waitFor(
          async () => {
            const body = await seen()
            expect(code === '' ? body['scopes'] : body.code).toEqual(code === '' ? [] : code)
          },
          { timeout: PATIENCE_MS },
        )
      }
      await database.asOwner('update users set banned = false where id = 1')
      await other.close()
    })

    it('ends at once in its own process, without any message', async () => {
      const deaf = createIdentityApp({ ...database, listen: async () => async () => {} }, { clock })
      const token = anaToken
      const eva = await deaf.send('POST', '/api/admin/users', {
        token,
        body: { name: 'eva', email: 'eva@example.com', password: PASSWORD },
      })
      const signedIn = await deaf.send('POST', '/api/auth/sign-in/email', {
        body: { email: 'eva@example.com', password: PASSWORD },
      })
      const id = String(eva.body['id'])
      const make = async () => {
        const made = await deaf.send('POST', '/api/tokens', { token: tokenOf(signedIn), body: { name: 'x' } })
        return { path: `/api/tokens/${String(made.body['id'])}`, token: tokenOf(made) }
      }
      const code = async (of: string) => (await deaf.send('GET', '/api/me', { token: of })).body.code
      const [revoked, kept] = [await make(), await make()]
      expect([await code(revoked.token), await code(kept.token)]).toEqual([undefined, undefined])
      await deaf.send('DELETE', revoked.path, { token: tokenOf(signedIn) })
      expect([await code(revoked.token), await code(kept.token)]).toEqual(['revoked_token', undefined])
      await deaf.send('PATCH', `/api/admin/users/${id}`, { token, body: { banned: true } })
      expect(await code(kept.token)).toBe('revoked_token')
      await deaf.send('PATCH', `/api/admin/users/${id}`, { token, body: { banned: false } })
      expect(await code(kept.token)).toBeUndefined()
      await deaf.send('DELETE', `/api/admin/users/${id}`, { token })
      expect(await code(kept.token)).toBe('invalid_token')
      await deaf.close()
    })

    it('is one of a hundred at most', async () => {
      const carla = await app.send('POST', '/api/auth/sign-up/email', {
        body: { name: 'carla', email: 'carla@example.com', password: PASSWORD },
      })
      const statuses = new Set<number>()
      for (let index = 0; index < 100; index += 1) {
        statuses.add((await makeToken({ name: `token ${index}` }, tokenOf(carla))).status)
      }
      expect([...statuses]).toEqual([200])
      expect((await makeToken({ name: 'one more' }, tokenOf(carla))).body.code).toBe('conflict')
    })

    it.each([
      ['an unknown scope', { name: 'x', scopes: ['everything'] }, 'scopes.0'],
      ['no scope at all', { name: 'x', scopes: [] }, 'scopes'],
      ['no name', {}, 'name'],
      ['a life of no days', { name: 'x', expires_in_days: 0 }, 'expires_in_days'],
      ['another user', { name: 'x', user_id: 2 }, 'user_id'],
      ['a hash of its own', { name: 'x', token_hash: '00' }, 'token_hash'],
      ['a token of its own', { name: 'x', token: STRANGERS_TOKEN }, 'token'],
      ['a first use', { name: 'x', last_used_at: null }, 'last_used_at'],
    ])('is not made with %s', async (_what, body, path) => {
      const sent = await makeToken(body)
      expect([sent.status, sent.body['path']]).toEqual([400, path])
    })
  })

  describe('scopes', () => {
    it('of a new token never go beyond its maker', async () => {
      const maker = tokenOf(await makeToken({ name: 'maker', scopes: ['account', 'tools:read'] }))
      const more = await makeToken({ name: 'more', scopes: ['tools:read', 'tools:write'] }, maker)
      expect(more.body).toMatchObject({ status: 403, code: 'insufficient_scope', scope: 'tools:write' })
      expect((await makeToken({ name: 'same', scopes: ['account', 'tools:read'] }, maker)).status).toBe(200)
      expect((await makeToken({ name: 'default' }, maker)).body['scopes']).toEqual(['tools:read'])
    })

    it('keep a token without `account` away from tokens and the profile', async () => {
      const token = tokenOf(await makeToken({ name: 'worker', scopes: SCOPES.filter((scope) => scope !== 'account') }))
      app.events.length = 0
      for (const [method, path] of [
        ['GET', '/api/tokens'],
        ['POST', '/api/tokens'],
        ['DELETE', '/api/tokens/1'],
        ['PATCH', '/api/me'],
      ] as const) {
        const sent = await app.send(method, path, { token, ...(method === 'GET' ? {} : { body: { name: 'x' } }) })
        expect([path, sent.status, sent.body.code, sent.body['scope']]).toEqual([
          path,
          403,
          'insufficient_scope',
          'account',
        ])
      }
      expect(app.events).toHaveLength(4)
      expect(app.events[0]).toMatchObject({
        userId: 1,
        type: 'access.denied',
        actor: { kind: 'user', user_id: 1, via: 'api_token' },
        details: { reason: 'insufficient_scope', scope: 'account', path: '/api/tokens' },
      })
    })

    it('do not make a user an administrator', async () => {
      const asked = await makeToken({ name: 'boss', scopes: ['admin'] }, brunoToken)
      expect(asked.body).toMatchObject({ code: 'insufficient_scope', scope: 'admin' })
      await database.asOwner("update api_tokens set scopes = array['admin', 'account', 'nonsense'] where user_id = 2")
      const planted = tokenOf(await makeToken({ name: 'planted' }, brunoToken))
      await database.asOwner("update api_tokens set scopes = array['admin', 'account', 'nonsense'] where user_id = 2")
      expect((await me(planted)).body['scopes']).toEqual(['account'])
      expect((await app.send('GET', '/api/admin/users', { token: planted })).status).toBe(403)
    })
  })

  describe('a token that is refused', () => {
    const sessionOf = (signed: string) => decodeURIComponent(signed).split('.')[0] ?? ''
    const signedBy = (token: string, secret: string) =>
      `${token}.${createHmac('sha256', secret).update(token).digest('base64')}`

    it.each([
      ['an unknown API token', () => STRANGERS_TOKEN, 'invalid_token'],
      ['a mistyped API token', () => `${STRANGERS_TOKEN.slice(0, -1)}~`, 'malformed_token'],
      ['the prefix alone', () => 'chv_', 'malformed_token'],
      ['a word', () => 'nonsense', 'malformed_token'],
      ['a session as the database has it, unsigned', () => sessionOf(anaToken), 'malformed_token'],
      ['a session signed under another secret', () => signedBy(sessionOf(anaToken), 'x'.repeat(32)), 'invalid_token'],
      ['a session that does not exist, well signed', () => signedBy('nobody', TEST_SECRET), 'invalid_token'],
      ['a JSON web token', () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', 'invalid_token'],
      ['a very long one', () => 'x'.repeat(9_000), 'malformed_token'],
      ['two in one', () => `${anaToken} ${anaToken}`, 'malformed_token'],
    ])('is answered for %s', async (_what, token, code) => {
      app.events.length = 0
      const sent = await me(token())
      expect([sent.status, sent.body.code]).toEqual([401, code])
      expect(sent.headers.get('www-authenticate')).toContain('Bearer')
      expect(app.events).toHaveLength(1)
      expect(app.events[0]).toMatchObject({
        type: 'token.rejected',
        userId: null,
        outcome: 'denied',
        actor: { kind: 'anonymous', address: '192.0.2.1' },
        details: { reason: code },
      })
      if (code === 'invalid_token') {
        expect(app.events[0]?.details).toEqual({ reason: code, fingerprint: fingerprintOf(token()) })
      }
    })

    it.each([
      ['none', {}, 'missing_token'],
      ['another scheme', { authorization: 'Basic YTpi' }, 'malformed_token'],
      ['no scheme', { authorization: STRANGERS_TOKEN }, 'malformed_token'],
      ['an empty header', { authorization: '' }, 'malformed_token'],
      ['an empty bearer', { authorization: 'Bearer ' }, 'malformed_token'],
      ['a wrong cookie', { cookie: '__Host-chaveiro_session=nonsense.nonsense' }, 'invalid_token'],
      ['a cookie of the development name', { cookie: 'chaveiro_session=x.y' }, 'missing_token'],
    ])('is answered for %s', async (_what, headers, code) => {
      const sent = await app.send('GET', '/api/me', { headers })
      expect([sent.status, sent.body.code]).toEqual([401, code])
      expect(app.events).toMatchObject([{ type: 'token.rejected', details: { reason: code } }])
    })

    it('is recorded for its user where it was theirs', async () => {
      const made = await makeToken({ name: 'gone' })
      await app.send('DELETE', `/api/tokens/${String(made.body['id'])}`, { token: anaToken })
      app.events.length = 0
      await me(tokenOf(made))
      expect(app.events).toMatchObject([{ type: 'token.rejected', userId: 1, details: { reason: 'revoked_token' } }])
    })

    it('goes before a good cookie: the client chose to send it', async () => {
      const sent = await app.send('GET', '/api/me', { token: STRANGERS_TOKEN, headers: { cookie: cookieOf(ana) } })
      expect(sent.body.code).toBe('invalid_token')
    })

    it('is limited by address, recorded no more then, and never in the way of a good one', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const address = '198.51.100.77'
      const statuses: number[] = []
      for (let index = 0; index < 80; index += 1) statuses.push((await me(generateApiToken(), address)).status)
      expect(statuses.filter((status) => status === 401)).toHaveLength(60)
      expect(app.events).toHaveLength(60)
      const refused = await me(STRANGERS_TOKEN, address)
      expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited', retry_after: 60 })
      expect(refused.headers.get('retry-after')).toBe('60')
      expect((await me(anaToken, address)).status).toBe(200)
      expect((await app.send('GET', '/api/me', { address })).body.code).toBe('missing_token')
      expect((await me(STRANGERS_TOKEN, '198.51.100.78')).status).toBe(401)
      vi.setSystemTime(Date.now() + 60_001)
      expect((await me(STRANGERS_TOKEN, address)).status).toBe(401)
      vi.useRealTimers()
    })

    it('hears always that it has ended, whatever others guess behind its address: clients refresh for that answer', async () => {
      const address = '198.51.100.79'
      const made = await makeToken({ name: 'ended' })
      await app.send('DELETE', `/api/tokens/${String(made.body['id'])}`, { token: anaToken })
      for (let index = 0; index < 61; index += 1) await me(generateApiToken(), address)
      app.events.length = 0
      for (let index = 0; index < 61; index += 1) {
        const refused = await me(tokenOf(made), address)
        expect([refused.status, refused.body.code]).toEqual([401, 'revoked_token'])
      }
      expect(app.events).toHaveLength(60)
    })
  })

  it('asks another verifier for the tokens that it recognises', async () => {
    expect((await me('jwt.of.someone')).body).toMatchObject({ id: 2, via: 'oauth_client', scopes: ['chat'] })
  })

  it('limits the requests of one user, over all their tokens, and of nobody else', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const busy = createIdentityApp(database)
    const tokens = [anaToken]
    for (let index = 0; index < 4; index += 1) tokens.push(tokenOf(await makeToken({ name: `many ${index}` })))
    const statuses = []
    for (let index = 0; index < 620; index += 1) {
      statuses.push((await busy.send('GET', '/api/auth/get-session', { token: String(tokens[index % 5]) })).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(600)
    expect(statuses.slice(-20)).toEqual(Array.from({ length: 20 }, () => 429))
    expect((await busy.send('GET', '/api/me', { token: brunoToken })).status).toBe(200)
    await busy.close()
    vi.useRealTimers()
  })

  describe('the session cookie', () => {
    const OWN = { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' }
    const patch = (headers: Record<string, string>, body: unknown = { name: 'Ana' }) =>
      app.send('PATCH', '/api/me', { headers: { cookie: cookieOf(ana), ...headers }, body })

    it('changes things from our own pages', async () => {
      expect((await patch(OWN)).body).toMatchObject({ id: 1, name: 'Ana' })
    })

    it('reads from anywhere, for the browser shows foreign pages nothing', async () => {
      const sent = await app.send('GET', '/api/me', {
        headers: { cookie: cookieOf(ana), 'sec-fetch-site': 'cross-site' },
      })
      expect(sent.status).toBe(200)
    })

    const FOREIGN: [string, Record<string, string>][] = [
      ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      ['a sibling', { origin: 'https://blog.chaveiro.example', 'sec-fetch-site': 'same-site' }],
      ['an opaque origin', { origin: 'null' }],
      ['nowhere', {}],
      ['an old browser on another site', { origin: 'https://evil.example' }],
      ['another port', { origin: `${PUBLIC_URL}:8443` }],
      ['plain HTTP', { origin: PUBLIC_URL.replace('https', 'http') }],
    ]
    const CHANGES: [string, string, object][] = [
      ['PATCH', '/api/me', { name: 'Mallory' }],
      ['POST', '/api/tokens', { name: 'stolen' }],
      ['DELETE', '/api/tokens/1', {}],
      ['POST', '/api/invitations', { email: 'mallory@example.com' }],
      ['POST', '/api/admin/users', { name: 'Mallory', email: 'mallory@example.com', password: PASSWORD }],
      ['PATCH', '/api/admin/users/2', { role: 'admin' }],
      ['DELETE', '/api/admin/users/2', {}],
      ['POST', '/api/auth/change-password', { current_password: PASSWORD, new_password: 'stolen password' }],
      ['POST', '/api/auth/sign-out', {}],
    ]
    it.each(FOREIGN)('changes nothing from %s', async (_where, headers) => {
      for (const [method, path, body] of CHANGES) {
        const sent = await app.send(method, path, {
          headers: { cookie: cookieOf(ana), ...headers },
          body,
          // Each from an address of its own, so that the limit on refusals stays out of the way.
          address: `203.0.113.${CHANGES.findIndex(([, other]) => other === path)}`,
        })
        expect([path, sent.status, sent.body.code]).toEqual([path, 403, 'forbidden'])
      }
      expect((await me(anaToken)).body).toMatchObject({ id: 1 })
    })

    it.each([
      ['a form', 'application/x-www-form-urlencoded', 'name=Mallory'],
      ['text', 'text/plain', '{"name":"Mallory"}'],
      ['a multipart form', 'multipart/form-data; boundary=x', '--x--'],
    ])('takes no %s even from our own pages', async (_what, type, body) => {
      const sent = await patch({ ...OWN, 'content-type': type }, body)
      expect([sent.status, sent.body.code]).toEqual([415, 'unsupported_media_type'])
    })

    it.each([
      ['/api/auth/sign-in/email', { email: 'bruno@example.com', password: PASSWORD }],
      ['/api/auth/sign-up/email', { name: 'x', email: 'x@example.com', password: PASSWORD }],
    ])('is not planted from another site by %s', async (path, body) => {
      for (const headers of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'null' },
      ]) {
        const sent = await app.send('POST', path, { body, headers })
        expect([sent.status, sent.headers.getSetCookie()]).toEqual([403, []])
      }
    })
  })

  it('answers when the log cannot be written, and says so there', async () => {
    const failing = createIdentityApp(database, {
      audit: {
        record: async () => {
          throw new Error('disk full')
        },
      },
    })
    expect((await failing.send('GET', '/api/me', { token: STRANGERS_TOKEN })).body.code).toBe('invalid_token')
    expect(JSON.stringify(failing.logged)).toContain('could not be recorded')
    // What gives something away does not happen without its record.
    const made = await failing.send('POST', '/api/tokens', { token: anaToken, body: { name: 'unrecorded' } })
    expect([made.status, made.body.token]).toEqual([500, undefined])
    await failing.close()
  })

  it('leaves no token in events and log', () => {
    expect(recorded.length).toBeGreaterThan(100)
    const everything = JSON.stringify([recorded, app.logged])
    expect(everything).not.toMatch(/chv_[0-9A-Za-z]{8}/)
    for (const secret of [anaToken, brunoToken, PASSWORD]) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(secret.split('.')[0])
    }
  })
})
