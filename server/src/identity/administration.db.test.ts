import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp, type Sent } from '#test/support/identity.ts'

const PASSWORD = 'correct horse battery'
const HOUR_MS = 3_600_000

describeOnEachEngine('administration', (open) => {
  let database: TestDatabase | undefined
  let app: IdentityApp
  let now = new Date()
  const deleted: number[] = []
  /** Owner, administrator and two users, with ids 1 to 4 and a session each. */
  let tokens: Record<'owner' | 'admin' | 'user' | 'other', string>

  beforeEach(async () => {
    database ??= await open()
    await database.asOwner('truncate users, invitations restart identity cascade')
    now = new Date()
    deleted.length = 0
    app = createIdentityApp(database, {
      clock: { now: () => now },
      beforeUserDeleted: async ({ userId }) => {
        deleted.push(userId)
        return []
      },
    })
    const signUp = async (name: string) => {
      const sent = await app.send('POST', '/api/auth/sign-up/email', {
        body: { name, email: `${name}@example.com`, password: PASSWORD },
      })
      return String(sent.body.token)
    }
    tokens = { owner: await signUp('owner'), admin: await signUp('admin'), user: await signUp('user'), other: '' }
    tokens.other = await signUp('other')
    await database.asOwner("update users set role = 'admin' where id = 2")
    app.events.length = 0
  })
  afterAll(async () => {
    await app.close()
    await database?.close()
  })

  const patch = (who: keyof typeof tokens, id: number, body: object) =>
    app.send('PATCH', `/api/admin/users/${id}`, { token: tokens[who], body })
  const remove = (who: keyof typeof tokens, id: number) =>
    app.send('DELETE', `/api/admin/users/${id}`, { token: tokens[who] })
  const me = (token: string) => app.send('GET', '/api/me', { token })
  const signIn = (name: string): Promise<Sent> =>
    app.send('POST', '/api/auth/sign-in/email', { body: { email: `${name}@example.com`, password: PASSWORD } })

  it.each([
    ['GET', '/api/admin/users', undefined],
    ['POST', '/api/admin/users', { name: 'x', email: 'x@example.com', password: PASSWORD }],
    ['PATCH', '/api/admin/users/4', { role: 'admin' }],
    ['DELETE', '/api/admin/users/4', undefined],
    ['GET', '/api/invitations', undefined],
    ['POST', '/api/invitations', { email: 'x@example.com' }],
    ['DELETE', '/api/invitations/1', undefined],
  ])('%s %s is closed to users and to strangers', async (method, path, body) => {
    const sending = body === undefined ? {} : { body }
    const byUser = await app.send(method, path, { token: tokens.user, ...sending })
    expect(byUser.body).toMatchObject({ status: 403, code: 'insufficient_scope', scope: 'admin' })
    expect((await app.send(method, path, sending)).body.code).toBe('missing_token')
    expect(app.events.map(({ type }) => type)).toEqual(['access.denied', 'token.rejected'])
    expect((await me(tokens.other)).body).toMatchObject({ id: 4, role: 'user' })
  })

  it('lists users by id, page by page, without anything secret', async () => {
    const first = await app.send('GET', '/api/admin/users?limit=3', { token: tokens.admin })
    expect(first.body).toMatchObject({ users: [{ id: 1, role: 'owner' }, { id: 2 }, { id: 3 }], next_cursor: 3 })
    const second = await app.send('GET', '/api/admin/users?limit=3&cursor=3', { token: tokens.admin })
    expect(second.body).toMatchObject({ users: [{ id: 4, banned: false }], next_cursor: null })
    const members = Object.keys((second.body['users'] as object[])[0] ?? {}).sort()
    expect(members).toEqual(['ban_expires_at', 'ban_reason', 'banned', 'created_at', 'email', 'id', 'name', 'role'])
  })

  it.each(['limit=0', 'limit=201', 'cursor=-1', 'cursor=2147483648', 'cursor=99999999999', 'cursor=abc'])(
    'refuses the page %s of users',
    async (query) => {
      const sent = await app.send('GET', `/api/admin/users?${query}`, { token: tokens.admin })
      expect([sent.status, sent.body['path']]).toEqual([400, query.split('=')[0]])
    },
  )

  it('has no users after the largest id', async () => {
    const sent = await app.send('GET', '/api/admin/users?cursor=2147483647', { token: tokens.admin })
    expect(sent.body).toEqual({ users: [], next_cursor: null })
  })

  it('makes accounts whatever the sign-up mode, and never an owner', async () => {
    const body = { name: 'Eva', email: 'Eva@example.com', password: PASSWORD }
    const post = (more: object) =>
      app.send('POST', '/api/admin/users', { token: tokens.admin, body: { ...body, ...more } })
    expect((await post({ role: 'owner' })).body['path']).toBe('role')
    expect((await post({ role: 'admin' })).body.code).toBe('forbidden')
    expect((await post({ id: 99 })).body['path']).toBe('id')
    const made = await post({})
    expect(made.body).toMatchObject({ email: 'eva@example.com', role: 'user' })
    expect((await post({})).body.code).toBe('conflict')
    expect((await signIn('eva')).status).toBe(200)
    expect(app.events.find(({ type }) => type === 'user.created')).toMatchObject({
      actor: { user_id: 2 },
      target: { role: 'user' },
    })
  })

  describe('changing a role', () => {
    it('counts at once, for sessions and tokens alike', async () => {
      const promoted = await patch('owner', 3, { role: 'admin' })
      expect(promoted.body).toMatchObject({ id: 3, role: 'admin' })
      // The session was made with fewer rights: it ends.
      expect((await me(tokens.user)).body.code).toBe('invalid_token')
      const session = String((await signIn('user')).body.token)
      const made = await app.send('POST', '/api/tokens', { token: session, body: { name: 'boss', scopes: ['admin'] } })
      const token = String(made.body.token)
      expect((await app.send('GET', '/api/admin/users', { token })).status).toBe(200)
      await patch('owner', 3, { role: 'user' })
      expect((await app.send('GET', '/api/admin/users', { token })).body.code).toBe('insufficient_scope')
      expect((await me(session)).body.code).toBe('invalid_token')
    })

    it.each([
      ['admin', 3, { role: 'admin' }, 'forbidden'],
      ['admin', 1, { role: 'user' }, 'forbidden'],
      ['admin', 2, { role: 'user' }, 'forbidden'],
      ['owner', 1, { role: 'user' }, 'forbidden'],
      ['owner', 3, { role: 'owner' }, 'invalid_request'],
      ['owner', 3, {}, 'invalid_request'],
      ['owner', 3, { email: 'mallory@example.com' }, 'invalid_request'],
      ['owner', 3, { email_verified: true }, 'invalid_request'],
      ['owner', 99, { role: 'admin' }, 'not_found'],
    ] as const)('by %s of user %i to %o is %s', async (who, id, change, code) => {
      expect((await patch(who, id, change)).body.code).toBe(code)
      const roles = await database?.asOwner<{ role: string }>('select role from users order by id')
      expect(roles?.map(({ role }) => role)).toEqual(['owner', 'admin', 'user', 'user'])
    })
  })

  describe('what the rules forbid', () => {
    const create = (who: keyof typeof tokens, role: string) =>
      app.send('POST', '/api/admin/users', {
        token: tokens[who],
        body: { name: 'Eva', email: 'eva@example.com', password: PASSWORD, role },
      })

    it.each([
      ['deleting the owner', () => remove('admin', 1), { action: 'delete_user' }, 1],
      ['suspending the owner', () => patch('admin', 1, { banned: true }), { action: 'change_user' }, 1],
      ['making an administrator of a user', () => patch('admin', 3, { role: 'admin' }), { action: 'change_user' }, 3],
      ['creating an administrator', () => create('admin', 'admin'), { action: 'create_user' }, undefined],
    ] as const)('is recorded once: %s', async (_attempt, send, details, target) => {
      expect((await send()).body.code).toBe('forbidden')
      const event = { type: 'access.denied', outcome: 'denied', userId: 2, actor: { user_id: 2 }, details }
      expect(app.events).toMatchObject([target === undefined ? event : { ...event, target: { id: target } }])
    })

    it('is not what fails for other reasons', async () => {
      expect((await remove('admin', 99)).body.code).toBe('not_found')
      expect((await patch('admin', 99, { banned: true })).body.code).toBe('not_found')
      expect(app.events).toEqual([])
    })
  })

  describe('a suspended user', () => {
    it('is out at once, by every way in, and back when restored', async () => {
      const made = await app.send('POST', '/api/tokens', { token: tokens.user, body: { name: 'ci' } })
      const token = String(made.body.token)
      const banned = await patch('admin', 3, { banned: true, ban_reason: 'spam' })
      expect(banned.body).toMatchObject({ banned: true, ban_reason: 'spam', ban_expires_at: null })
      expect((await me(tokens.user)).body.code).toBe('invalid_token')
      expect((await me(token)).body.code).toBe('revoked_token')
      const refused = await signIn('user')
      expect([refused.status, refused.body.code, refused.headers.getSetCookie()]).toEqual([403, 'forbidden', []])
      expect(app.events.at(-1)).toMatchObject({ type: 'user.sign_in_failed', userId: 3, outcome: 'denied' })

      const restored = await patch('admin', 3, { banned: false })
      expect(restored.body).toMatchObject({ banned: false, ban_reason: null })
      expect((await signIn('user')).status).toBe(200)
      expect((await me(token)).status).toBe(200)
    })

    it('is told so only with the right password', async () => {
      await patch('admin', 3, { banned: true })
      const wrong = await app.send('POST', '/api/auth/sign-in/email', {
        body: { email: 'user@example.com', password: 'wrong horse' },
      })
      expect(wrong.body.code).toBe('invalid_credentials')
    })

    it('is back by itself when the time is over', async () => {
      const ends = new Date(now.getTime() + HOUR_MS)
      const banned = await patch('admin', 3, { banned: true, ban_expires_at: ends.toISOString() })
      expect(banned.body['ban_expires_at']).toBe(ends.toISOString())
      expect((await signIn('user')).status).toBe(403)
      now = ends
      expect((await signIn('user')).status).toBe(200)
    })

    it('cannot use a session that outlived the ban', async () => {
      // As if the ban and a sign-in had passed each other.
      await database?.asOwner('update users set banned = true where id = 3')
      expect((await me(tokens.user)).body.code).toBe('revoked_token')
    })

    it.each([
      ['admin', 1],
      ['admin', 2],
      ['owner', 1],
    ] as const)('is never made by %s of user %i', async (who, id) => {
      expect((await patch(who, id, { banned: true })).body.code).toBe('forbidden')
    })
  })

  describe('deleting a user', () => {
    it('takes everything of theirs along, and nothing of others', async () => {
      await app.send('POST', '/api/tokens', { token: tokens.user, body: { name: 'gone' } })
      await app.send('POST', '/api/tokens', { token: tokens.other, body: { name: 'stays' } })
      for (const userId of [3, 4]) {
        await database?.asUser(userId, (tx) =>
          tx
            .insertInto('agents')
            .values({ user_id: userId, name: `agent of ${userId}`, tools: [] })
            .execute(),
        )
      }
      expect((await remove('admin', 3)).body).toEqual({ id: 3, deleted: true })
      expect(deleted).toEqual([3])
      expect((await me(tokens.user)).body.code).toBe('invalid_token')
      expect((await signIn('user')).body.code).toBe('invalid_credentials')
      const left = await database?.asOwner(
        `select (select array_agg(user_id) from api_tokens) as tokens, (select array_agg(user_id) from agents) as agents,
                (select array_agg(distinct user_id) from sessions) as sessions,
                (select array_agg(user_id order by user_id) from user_logins) as logins`,
      )
      expect(left).toEqual([{ tokens: [4], agents: [4], sessions: [1, 2, 4], logins: [1, 2, 4] }])
      expect(app.events.find(({ type }) => type === 'user.deleted')).toMatchObject({ userId: 3, actor: { user_id: 2 } })
      expect((await remove('admin', 3)).body.code).toBe('not_found')
    })

    it.each([
      ['admin', 1],
      ['admin', 2],
      ['owner', 1],
    ] as const)('is refused to %s for user %i', async (who, id) => {
      expect((await remove(who, id)).body.code).toBe('forbidden')
      expect(deleted).toEqual([])
    })

    it('does not happen where what must be undone before it fails', async () => {
      const failing = createIdentityApp(database as TestDatabase, {
        beforeUserDeleted: async () => {
          throw new Error('provider away')
        },
      })
      const sent = await failing.send('DELETE', '/api/admin/users/3', { token: tokens.owner })
      expect(sent.status).toBe(500)
      expect((await me(tokens.user)).status).toBe(200)
      await failing.close()
    })

    it.each(['0', '-1', '1.5', 'abc', '99999999999', '1%20or%201=1'])('refuses the id %s', async (id) => {
      const sent = await app.send('DELETE', `/api/admin/users/${id}`, { token: tokens.owner })
      expect([sent.status, sent.body['path']]).toEqual([400, 'id'])
    })
  })
})
