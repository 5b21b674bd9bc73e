import type { KyselyPlugin } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLimits } from '#kernel/limits.ts'
import { ProblemError } from '#kernel/problem.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { cookieOf, createIdentityApp, PUBLIC_URL, type IdentityApp, type Sent } from '#test/support/identity.ts'

const PASSWORD = 'correct horse battery'
const MINUTE_MS = 60_000

describeOnEachEngine('sign-in', (open) => {
  let database: TestDatabase
  let app: IdentityApp
  const recorded: unknown[] = []

  beforeAll(async () => {
    database = await open()
    app = createIdentityApp(database)
    for (const name of ['ana', 'bruno', 'carla']) {
      await app.send('POST', '/api/auth/sign-up/email', {
        body: { name, email: `${name}@example.com`, password: PASSWORD },
      })
    }
    app.events.length = 0
  })
  afterEach(() => {
    vi.useRealTimers()
    recorded.push(...app.events.splice(0))
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const signIn = (
    email: string,
    password = PASSWORD,
    more: { address?: string; headers?: Record<string, string> } = {},
  ) => app.send('POST', '/api/auth/sign-in/email', { body: { email, password }, ...more })
  const me = (token: string) => app.send('GET', '/api/me', { token })
  const seen = () => app.events.map(({ type, userId, outcome }) => [type, userId, outcome])

  it('gives one token in the body, the header and the cookie, and records it', async () => {
    const sent = await signIn('Bruno@example.com ')
    const token = String(sent.body.token)
    expect(sent.body).toMatchObject({ user: { id: 2, email: 'bruno@example.com', role: 'user' } })
    expect(sent.headers.get('set-auth-token')).toBe(token)
    expect(sent.headers.get('cache-control')).toBe('no-store')
    expect(sent.headers.getSetCookie()).toEqual([
      `__Host-chaveiro_session=${encodeURIComponent(token)}; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ])
    expect((await me(token)).body).toMatchObject({ id: 2, via: 'session' })
    expect((await me(encodeURIComponent(token))).body).toMatchObject({ id: 2 })
    expect(seen()).toEqual([['user.signed_in', 2, 'success']])
  })

  it('gives a cookie that plain HTTP on loopback can keep', async () => {
    const local = createIdentityApp(database, { publicUrl: 'http://localhost:8001' })
    const sent = await local.send('POST', '/api/auth/sign-in/email', {
      body: { email: 'bruno@example.com', password: PASSWORD },
    })
    expect(sent.headers.getSetCookie()[0]).toMatch(
      /^chaveiro_session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    await local.close()
  })

  it('keeps address and program of the session, and nothing else of the request', async () => {
    await signIn('carla@example.com', PASSWORD, {
      address: '198.51.100.7',
      headers: { 'user-agent': `curl/8 ${'x'.repeat(400)}`, 'x-forwarded-for': '203.0.113.9' },
    })
    const [row] = await database.asOwner<{ ip_address: string; user_agent: string }>(
      'select ip_address, user_agent from sessions order by id desc limit 1',
    )
    expect([row?.ip_address, row?.user_agent.length]).toEqual(['198.51.100.7', 256])
  })

  describe('with a wrong password or address', () => {
    const shape = ({ status, text, headers }: Sent) => [status, text, [...headers.keys()].sort()]

    it('answers the same for both', async () => {
      const known = await signIn('bruno@example.com', 'wrong horse')
      const unknown = await signIn('nobody@example.com', 'wrong horse')
      const noAddress = await signIn('not an address', 'wrong horse')
      const long = await signIn('bruno@example.com', 'x'.repeat(500))
      expect(known.body).toMatchObject({ status: 401, code: 'invalid_credentials' })
      for (const other of [unknown, noAddress, long]) expect(shape(other)).toEqual(shape(known))
      expect(known.headers.getSetCookie()).toEqual([])
      expect(seen()).toEqual([
        ['user.sign_in_failed', 2, 'failure'],
        ['user.sign_in_failed', null, 'failure'],
        ['user.sign_in_failed', null, 'failure'],
        ['user.sign_in_failed', 2, 'failure'],
      ])
    })

    it('does the same work for both', async () => {
      const worked: string[] = []
      const countQueries: KyselyPlugin = {
        transformQuery({ node }) {
          worked.push(node.kind)
          return node
        },
        transformResult: async ({ result }) => result,
      }
      const counting = createIdentityApp(
        { ...database, login: database.login.withPlugin(countQueries) },
        {
          // Comparing and hashing are one run of scrypt each.
          passwords: {
            hash: async () => String(worked.push('scrypt')),
            verify: async () => worked.push('scrypt') < 0,
          },
        },
      )
      const workOf = async (email: string) => {
        worked.length = 0
        await counting.send('POST', '/api/auth/sign-in/email', { body: { email, password: 'wrong horse' } })
        return [...worked].sort()
      }
      const known = await workOf('bruno@example.com')
      expect(known).toContain('scrypt')
      expect(known.length).toBeGreaterThan(2)
      expect(await workOf('nobody@example.com')).toEqual(known)
      await counting.close()
    })

    it('refuses members that sign-in does not have', async () => {
      const body = { email: 'bruno@example.com', password: PASSWORD, rememberMe: false }
      const sent = await app.send('POST', '/api/auth/sign-in/email', { body })
      expect([sent.status, sent.body['path']]).toEqual([400, 'rememberMe'])
    })
  })

  describe('too often', () => {
    let fresh: IdentityApp
    const attempt = (email: string, password: string, address: string) =>
      fresh.send('POST', '/api/auth/sign-in/email', { body: { email, password }, address })
    const statuses = async (count: number, send: (index: number) => Promise<Sent>) => {
      const counted: Record<number, number> = {}
      for (let index = 0; index < count; index += 1) {
        const { status } = await send(index)
        counted[status] = (counted[status] ?? 0) + 1
      }
      return counted
    }

    it('stops at ten for one account and address, while the owner gets in from another', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      fresh = createIdentityApp(database)
      const flood = await statuses(300, () => attempt('bruno@example.com', 'wrong horse', '198.51.100.1'))
      expect(flood).toEqual({ 401: 10, 429: 290 })
      const blocked = await attempt('bruno@example.com', PASSWORD, '198.51.100.1')
      expect(blocked.body).toMatchObject({ code: 'rate_limited', retry_after: 900 })
      expect(blocked.headers.get('retry-after')).toBe('900')
      expect((await attempt('bruno@example.com', PASSWORD, '198.51.100.2')).status).toBe(200)
      // Ten failures were recorded; what was turned away at the door fills no log.
      expect(fresh.events.filter(({ type }) => type === 'user.sign_in_failed')).toHaveLength(10)

      vi.setSystemTime(Date.now() + 15 * MINUTE_MS + 1)
      expect((await attempt('bruno@example.com', PASSWORD, '198.51.100.1')).status).toBe(200)
      await fresh.close()
    })

    it('stops at fifty accounts from one address, an IPv6 network counting as one', async () => {
      fresh = createIdentityApp(database)
      const stuffing = await statuses(80, (index) =>
        attempt(`user${index}@example.com`, 'wrong horse', `2001:db8:0:7::${index.toString(16)}`),
      )
      expect(stuffing).toEqual({ 401: 50, 429: 30 })
      expect((await attempt('bruno@example.com', PASSWORD, '2001:db8:0:8::1')).status).toBe(200)
      await fresh.close()
    })

    const reasons = () => {
      const counted: Record<string, number> = {}
      for (const { type, details } of fresh.events) {
        if (type !== 'user.sign_in_failed') continue
        const reason = [details?.['reason'], details?.['of']].filter(Boolean).join(' of ')
        counted[reason] = (counted[reason] ?? 0) + 1
      }
      return counted
    }

    it('never keeps the owner out by what other addresses failed at, and says once an hour that they do', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      fresh = createIdentityApp(database)
      const failFromAnywhere = () =>
        statuses(230, (index) => attempt('bruno@example.com', 'wrong horse', `198.51.100.${index}`))
      expect(await failFromAnywhere()).toEqual({ 401: 230 })
      expect((await attempt('bruno@example.com', PASSWORD, '203.0.113.1')).status).toBe(200)
      expect(reasons()).toEqual({ invalid_credentials: 200, 'many_failures of account': 1 })
      expect(fresh.events.find(({ details }) => details?.['reason'] === 'many_failures')).toMatchObject({ userId: 2 })

      vi.setSystemTime(Date.now() + 60 * MINUTE_MS + 1)
      await failFromAnywhere()
      expect(reasons()).toEqual({ invalid_credentials: 400, 'many_failures of account': 2 })
      await fresh.close()
    })

    it('never keeps anybody out by what all others failed at together', async () => {
      const settings = { signInGlobal: { points: 20, windowSeconds: 60 } }
      const limits = createLimits({ store: { kind: 'memory' }, settings, onStoreError: () => {} })
      fresh = createIdentityApp(database, { limits })
      const stuffing = await statuses(40, (index) =>
        attempt(`user${index}@example.com`, 'wrong horse', `198.51.100.${index}`),
      )
      expect(stuffing).toEqual({ 401: 40 })
      expect((await attempt('bruno@example.com', PASSWORD, '203.0.113.1')).status).toBe(200)
      expect(reasons()).toEqual({ invalid_credentials: 20, 'many_failures of instance': 1 })
      await fresh.close()
      await limits.close()
    })

    it('does not count a password that could not be checked', async () => {
      let isBusy = true
      fresh = createIdentityApp(database, {
        passwords: {
          hash: async (password) => password,
          verify: async () => {
            if (isBusy) throw new ProblemError({ code: 'unavailable', detail: 'Busy', retryAfterSeconds: 5 })
            return true
          },
        },
      })
      const busy = await statuses(20, () => attempt('bruno@example.com', PASSWORD, '198.51.100.1'))
      expect(busy).toEqual({ 503: 20 })
      isBusy = false
      expect((await attempt('bruno@example.com', PASSWORD, '198.51.100.1')).status).toBe(200)
      await fresh.close()
    })

    it('does not count right passwords', async () => {
      fresh = createIdentityApp(database)
      expect(await statuses(70, () => attempt('bruno@example.com', PASSWORD, '198.51.100.1'))).toEqual({ 200: 70 })
      await fresh.close()
    })

    it('counts attempts that come at the same moment', async () => {
      fresh = createIdentityApp(database)
      const all = await Promise.all(
        Array.from({ length: 40 }, () => attempt('bruno@example.com', 'wrong horse', '198.51.100.1')),
      )
      expect(all.filter(({ status }) => status === 401)).toHaveLength(10)
      await fresh.close()
    })
  })

  it('says so where too many passwords wait to be checked', async () => {
    const busy = createIdentityApp(database, {
      passwords: {
        hash: async (password) => password,
        verify: async () => {
          throw new ProblemError({ code: 'unavailable', detail: 'Busy', retryAfterSeconds: 5 })
        },
      },
    })
    const sent = await busy.send('POST', '/api/auth/sign-in/email', {
      body: { email: 'bruno@example.com', password: PASSWORD },
    })
    expect([sent.status, sent.body.code, sent.headers.get('retry-after')]).toEqual([503, 'unavailable', '5'])
    await busy.close()
  })

  describe('fixation', () => {
    it('ends the session that the browser brought along', async () => {
      const planted = await signIn('ana@example.com')
      const fresh = await signIn('bruno@example.com', PASSWORD, {
        headers: { cookie: cookieOf(planted), origin: PUBLIC_URL },
      })
      expect(fresh.body.token).not.toBe(planted.body.token)
      expect((await me(String(planted.body.token))).body.code).toBe('invalid_token')
      expect((await me(String(fresh.body.token))).body).toMatchObject({ id: 2 })
    })

    it('does not take over a token that was never issued', async () => {
      const cookie = '__Host-chaveiro_session=chosen-by-the-attacker.c2ln'
      const sent = await signIn('bruno@example.com', PASSWORD, { headers: { cookie, origin: PUBLIC_URL } })
      expect(cookieOf(sent)).not.toContain('chosen-by-the-attacker')
    })
  })

  describe('the session', () => {
    it('is told by get-session, and is null without one', async () => {
      const sent = await signIn('bruno@example.com')
      const session = sent.body['session'] as { id: number }
      const byToken = await app.send('GET', '/api/auth/get-session', { token: String(sent.body.token) })
      const byCookie = await app.send('GET', '/api/auth/get-session', { headers: { cookie: cookieOf(sent) } })
      expect(byToken.body).toMatchObject({ session: { id: session.id }, user: { id: 2 } })
      expect(byCookie.text).toBe(byToken.text)
      expect((await app.send('GET', '/api/auth/get-session')).text).toBe('null')
    })

    it('is extended once a day when it is asked for', async () => {
      const sent = await signIn('bruno@example.com')
      const token = String(sent.body.token)
      await database.asOwner(
        `update sessions set expires_at = now() + interval '5 days' where id = (select max(id) from sessions)`,
      )
      const extended = await app.send('GET', '/api/auth/get-session', { token })
      const { expires_at: expiresAt } = extended.body['session'] as { expires_at: string }
      expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(6.9 * 24 * 60 * MINUTE_MS)
      expect(cookieOf(extended)).toContain(encodeURIComponent(token))
    })

    it('ends with its time, and says so', async () => {
      const token = String((await signIn('bruno@example.com')).body.token)
      app.events.length = 0
      await database.asOwner('update sessions set expires_at = now() where id = (select max(id) from sessions)')
      expect((await me(token)).body.code).toBe('expired_token')
      expect(seen()).toEqual([['token.rejected', 2, 'denied']])
    })

    it('ends with sign-out, which needs none and clears the cookie', async () => {
      const sent = await signIn('bruno@example.com')
      app.events.length = 0
      const out = await app.send('POST', '/api/auth/sign-out', {
        headers: { cookie: cookieOf(sent), origin: PUBLIC_URL },
      })
      expect(out.body).toEqual({ success: true })
      expect(out.headers.getSetCookie()[0]).toMatch(/^__Host-chaveiro_session=; Max-Age=0; Path=\//)
      expect((await me(String(sent.body.token))).body.code).toBe('invalid_token')
      expect((await app.send('POST', '/api/auth/sign-out')).status).toBe(200)
      expect(seen()).toEqual([
        ['user.signed_out', 2, 'success'],
        ['token.rejected', null, 'denied'],
      ])
    })
  })

  describe('the list of sessions', () => {
    const list = async (token: string) => {
      const sent = await app.send('GET', '/api/me/sessions', { token })
      return sent.body['sessions'] as { id: number; current: boolean; ip_address: string; user_agent: string }[]
    }

    it('shows where one is signed in, and which session asks, but no token', async () => {
      const here = await signIn('bruno@example.com', PASSWORD, { headers: { 'user-agent': 'laptop' } })
      const there = await signIn('bruno@example.com', PASSWORD, { address: '198.51.100.9' })
      const { id } = there.body['session'] as { id: number }
      const sessions = await list(String(here.body.token))
      expect(sessions[0]).toMatchObject({ id, current: false, ip_address: '198.51.100.9' })
      expect(sessions[1]).toMatchObject({ current: true, user_agent: 'laptop', ip_address: '192.0.2.1' })
      expect(JSON.stringify(sessions)).not.toContain(String(there.body.token).split('.')[0])
    })

    it('holds the hundred newest, and none that has ended', async () => {
      const first = String((await signIn('ana@example.com')).body.token)
      for (let index = 0; index < 99; index += 1) await signIn('ana@example.com')
      expect((await me(first)).status).toBe(200)
      const last = String((await signIn('ana@example.com')).body.token)
      expect((await me(first)).body.code).toBe('invalid_token')
      expect(await list(last)).toHaveLength(100)
      await database.asOwner('update sessions set expires_at = now() where user_id = 1')
      const next = String((await signIn('ana@example.com')).body.token)
      expect(await list(next)).toHaveLength(1)
      expect(await database.asOwner('select count(*)::integer as count from sessions where user_id = 1')).toEqual([
        { count: 1 },
      ])
    })

    it('ends one of them at once, of its own user only', async () => {
      const asking = String((await signIn('bruno@example.com')).body.token)
      const lost = await signIn('bruno@example.com')
      const stranger = String((await signIn('ana@example.com')).body.token)
      const path = `/api/me/sessions/${(lost.body['session'] as { id: number }).id}`
      app.events.length = 0
      expect((await app.send('DELETE', path, { token: stranger })).body.code).toBe('not_found')
      expect((await me(String(lost.body.token))).status).toBe(200)
      expect((await app.send('DELETE', path, { token: asking })).body).toMatchObject({ ended: true })
      expect((await me(String(lost.body.token))).body.code).toBe('invalid_token')
      expect((await app.send('DELETE', path, { token: asking })).body.code).toBe('not_found')
      expect(seen()[0]).toEqual(['user.signed_out', 2, 'success'])
    })

    it('ends all others at once, of this user alone', async () => {
      const asking = String((await signIn('bruno@example.com')).body.token)
      const lost = String((await signIn('bruno@example.com')).body.token)
      const stranger = String((await signIn('ana@example.com')).body.token)
      const before = (await list(asking)).length
      const ended = await app.send('DELETE', '/api/me/sessions', { token: asking })
      expect(ended.body).toEqual({ ended: before - 1 })
      expect((await me(lost)).body.code).toBe('invalid_token')
      expect((await me(asking)).status).toBe(200)
      expect((await me(stranger)).status).toBe(200)
      expect(await list(asking)).toMatchObject([{ current: true }])
    })
  })

  describe('changing the password', () => {
    const change = (token: string, body: object) => app.send('POST', '/api/auth/change-password', { token, body })

    it('ends every session, gives a new one and makes the old password useless', async () => {
      const asking = String((await signIn('carla@example.com')).body.token)
      const other = String((await signIn('carla@example.com')).body.token)
      const made = await app.send('POST', '/api/tokens', { token: asking, body: { name: 'stays' } })
      app.events.length = 0
      const changed = await change(asking, { current_password: PASSWORD, new_password: 'another password' })
      expect(changed.status).toBe(200)
      expect(seen()).toEqual([['user.changed', 3, 'success']])
      expect((await me(asking)).body.code).toBe('invalid_token')
      expect((await me(other)).body.code).toBe('invalid_token')
      expect((await me(String(changed.body.token))).body).toMatchObject({ id: 3 })
      expect((await me(String(made.body.token))).body).toMatchObject({ id: 3 })
      expect((await signIn('carla@example.com')).status).toBe(401)
      expect((await signIn('carla@example.com', 'another password')).status).toBe(200)
    })

    it('keeps the other sessions where the user wants to', async () => {
      const asking = String((await signIn('ana@example.com')).body.token)
      const other = String((await signIn('ana@example.com')).body.token)
      const to = async (current: string, next: string) =>
        change(asking, { current_password: current, new_password: next, end_other_sessions: false })
      const changed = await to(PASSWORD, 'another password')
      expect(changed.status).toBe(200)
      expect((await me(String(changed.body.token))).body).toMatchObject({ id: 1 })
      for (const token of [asking, other]) expect((await me(token)).status).toBe(200)
      expect((await signIn('ana@example.com')).status).toBe(401)
      expect((await to('another password', PASSWORD)).status).toBe(200)
    })

    it('needs the current password, ten times at most', async () => {
      const token = String((await signIn('bruno@example.com')).body.token)
      for (let index = 0; index < 10; index += 1) {
        const wrong = await change(token, { current_password: 'wrong', new_password: 'another password' })
        expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials'])
      }
      const right = await change(token, { current_password: PASSWORD, new_password: 'another password' })
      expect(right.body.code).toBe('rate_limited')
      expect((await me(token)).status).toBe(200)
    })

    it('needs a session: a stolen API token cannot lock its owner out', async () => {
      const session = String((await signIn('ana@example.com')).body.token)
      const made = await app.send('POST', '/api/tokens', {
        token: session,
        body: { name: 'all', scopes: ['account', 'admin'] },
      })
      const changed = await change(String(made.body.token), { current_password: PASSWORD, new_password: 'another one' })
      expect(changed.body.code).toBe('forbidden')
    })
  })

  it('leaves nothing secret in events and log', () => {
    expect(recorded.length).toBeGreaterThan(20)
    const everything = JSON.stringify([recorded, app.logged])
    for (const secret of [PASSWORD, 'wrong horse', 'another password', '@example.com'])
      expect(everything).not.toContain(secret)
  })
})
