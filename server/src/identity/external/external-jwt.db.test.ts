import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN_SCOPES, type Scope } from '#kernel/principal.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp } from '#test/support/identity.ts'
import { createSigner, documentsOf, trusting, writtenWeb, type Signer } from '#test/support/trusted-issuer.ts'

const FIRST = 'https://login.example.com'
const SECOND = 'https://other.example.com'
const PASSWORD = 'correct horse battery'

/** Far below the five seconds for which a token is kept: it is the database's message that counts. */
const SOON = { timeout: 15_000 }

describeOnEachEngine('users of trusted issuers', (open, engine) => {
  let database: TestDatabase
  let app: IdentityApp
  let first: Signer
  let second: Signer
  let now: Date
  const clock = { now: () => now }
  const web = writtenWeb(() => ({ ...documentsOf(FIRST, first), ...documentsOf(SECOND, second) }))
  const appWith = (more: Parameters<typeof trusting>[1] = {}, other: Parameters<typeof createIdentityApp>[1] = {}) =>
    createIdentityApp(database, {
      clock,
      egress: web,
      trustedIssuers: [trusting(FIRST, more), trusting(SECOND)],
      ...other,
    })

  beforeAll(async () => {
    now = new Date()
    first = await createSigner(FIRST, clock)
    second = await createSigner(SECOND, clock)
    database = await open()
  })
  beforeEach(async () => {
    now = new Date()
    await database.asOwner('truncate users, api_tokens, external_identities restart identity cascade')
    await app?.close()
    app = appWith()
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const me = (token: string, at = app) => at.send('GET', '/api/me', { token })
  const signUp = (email: string, at = app) =>
    at.send('POST', '/api/auth/sign-up/email', { body: { name: email, email, password: PASSWORD } })
  const users = () => database.asOwner('select id, name, email, role from users order by id')

  it('are made at first sight, and are the same ever after', async () => {
    const sent = await me(await first.mint({ email: 'ana@example.com', name: 'Ana' }))
    expect(sent.body).toMatchObject({
      name: 'Ana',
      email: 'ana@example.com',
      role: 'user',
      via: 'external_jwt',
      scopes: DEFAULT_TOKEN_SCOPES,
    })
    const again = await me(await first.mint({ email: 'married@example.com', name: 'Ana Maria' }))
    expect(again.body).toEqual(sent.body)
    expect(await users()).toHaveLength(1)
  })

  it('are recorded as made by their issuer, once and without a word of the token', async () => {
    const token = await first.mint({ email: 'ana@example.com' })
    await me(token)
    await me(token)
    expect(app.events).toEqual([
      {
        userId: 1,
        type: 'user.created',
        outcome: 'success',
        actor: { kind: 'issuer', issuer: FIRST },
        target: { kind: 'user', id: 1, role: 'user' },
      },
    ])
  })

  it('are one user, however many requests come first at the same moment', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => first.mint({ email: 'ana@example.com', jti: String(index) })),
    )
    const answers = await Promise.all(tokens.map((token) => me(token)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1)
    expect(await users()).toMatchObject([{ email: 'ana@example.com' }])
    expect(app.events.filter(({ type }) => type === 'user.created')).toHaveLength(1)
  })

  it('are one user, also where many come first to two replicas', async () => {
    const replica = appWith()
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => first.mint({ sub: `user ${index % 4}`, jti: String(index) })),
    )
    const answers = await Promise.all(tokens.map((token, index) => me(token, index % 2 === 0 ? app : replica)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    for (const [index, { body }] of answers.entries()) expect(body['id']).toBe(answers[index % 4]?.body['id'])
    expect(await users()).toHaveLength(4)
    const made = [...app.events, ...replica.events].filter(({ type }) => type === 'user.created')
    expect(made).toHaveLength(4)
    await replica.close()
  })

  it('are told apart by issuer and subject, never by anything else', async () => {
    const claims = { email: 'ana@example.com', name: 'Ana' }
    const one = await me(await first.mint(claims))
    const other = await me(await second.mint(claims))
    const third = await me(await first.mint({ ...claims, sub: 'Ana' }))
    expect(new Set([one, other, third].map(({ body }) => body['id'])).size).toBe(3)
    expect(one.body['email']).toBe('ana@example.com')
    for (const { body } of [other, third]) expect(body['email']).toMatch(/^[0-9a-f-]{36}@external\.invalid$/)
  })

  it('are never the local user with their e-mail address', async () => {
    const local = await signUp('ana@example.com')
    const sent = await me(await first.mint({ email: 'Ana@Example.com', email_verified: true }))
    expect(sent.body['id']).not.toBe((await me(String(local.body.token))).body['id'])
    expect(sent.body['email']).toMatch(/@external\.invalid$/)
  })

  it('cannot sign in with a password, and their address is theirs', async () => {
    await signUp('owner@example.com')
    await me(await first.mint({ email: 'ana@example.com' }))
    for (const password of [PASSWORD, '']) {
      const body = { email: 'ana@example.com', password }
      expect((await app.send('POST', '/api/auth/sign-in/email', { body })).status).not.toBe(200)
    }
    expect((await signUp('ana@example.com')).body.code).toBe('conflict')
    expect(await database.asOwner('select * from user_logins where user_id = 2')).toEqual([])
    expect(await database.asOwner('select * from sessions where user_id = 2')).toEqual([])
  })

  it.each(['open', 'invitation', 'closed'] as const)(
    'never own the instance: whoever signs up first does (%s)',
    async (signUpMode) => {
      await app.close()
      app = appWith({}, { signUpMode })
      await me(await first.mint())
      await signUp('owner@example.com')
      expect(await users()).toMatchObject([{ role: 'user' }, { role: 'owner', email: 'owner@example.com' }])
      expect((await signUp('second@example.com')).status).toBe(signUpMode === 'open' ? 200 : 403)
    },
  )

  it('stay users for their tokens, whatever role an administrator gives them', async () => {
    const owner = String((await signUp('owner@example.com')).body.token)
    const token = await first.mint()
    const { id } = (await me(token)).body
    await app.send('PATCH', `/api/admin/users/${String(id)}`, { token: owner, body: { role: 'admin' } })
    expect((await app.send('GET', '/api/admin/users', { token })).body.code).toBe('insufficient_scope')
    expect((await app.send('POST', '/api/tokens', { token, body: { name: 'x' } })).body.code).toBe('insufficient_scope')
  })

  it('are refused where the operator wants none to be made', async () => {
    const known = await first.mint({ sub: 'known' })
    await me(known)
    await app.close()
    app = appWith({ createUsers: false })
    expect((await me(await first.mint({ sub: 'known' }))).status).toBe(200)
    const sent = await me(await first.mint({ sub: 'unknown' }))
    expect([sent.status, sent.body.code]).toEqual([403, 'forbidden'])
    expect(await users()).toHaveLength(1)
    expect(app.events).toMatchObject([{ type: 'access.denied', details: { reason: 'forbidden' } }])
  })

  describe('whose account was ended', () => {
    let owner: string
    let token: string
    let id: unknown

    beforeEach(async () => {
      owner = String((await signUp('owner@example.com')).body.token)
      token = await first.mint()
      ;({ id } = (await me(token)).body)
    })
    const administer = (method: string, body?: object) =>
      app.send(method, `/api/admin/users/${String(id)}`, { token: owner, ...(body === undefined ? {} : { body }) })

    it('are refused at once when suspended, until it ends', async () => {
      const until = new Date(now.getTime() + 60_000)
      await administer('PATCH', { banned: true, ban_expires_at: until.toISOString() })
      const sent = await me(token)
      expect([sent.status, sent.body.code]).toEqual([401, 'revoked_token'])
      expect(app.events.at(-1)).toMatchObject({
        type: 'token.rejected',
        userId: id,
        details: { reason: 'revoked_token' },
      })
      now = until
      expect((await me(token)).status).toBe(200)
    })

    it('are refused at once when deleted, and do not come back with another token', async () => {
      await administer('DELETE')
      expect((await me(token)).body.code).toBe('revoked_token')
      expect((await me(await first.mint({ email: 'new@example.com' }))).body.code).toBe('revoked_token')
      expect(await users()).toHaveLength(1)
      expect((await me(await second.mint())).status).toBe(200)
    })

    it('are refused on every replica within a second', async () => {
      const replica = appWith()
      expect((await me(token, replica)).status).toBe(200)
      await administer('PATCH', { banned: true })
      await expect.poll(async () => (await me(token, replica)).body.code, SOON).toBe('revoked_token')
      await administer('PATCH', { banned: false })
      await expect.poll(async () => (await me(token, replica)).status, SOON).toBe(200)
      await administer('DELETE')
      await expect.poll(async () => (await me(token, replica)).body.code, SOON).toBe('revoked_token')
      await replica.close()
    })

    it('are no longer let on with what they began', async () => {
      const who = {
        userId: Number(id),
        role: 'user',
        scopes: new Set<Scope>(),
        via: { kind: 'external_jwt', id: '1' },
      } as const
      expect(await app.identity.stillValid(who)).toBe(true)
      await administer('PATCH', { banned: true })
      expect(await app.identity.stillValid(who)).toBe(false)
      await administer('PATCH', { banned: false })
      expect(await app.identity.stillValid(who)).toBe(true)
      await administer('DELETE')
      expect(await app.identity.stillValid(who)).toBe(false)
    })
  })

  describe('a token that was verified', () => {
    it('is not verified again for five seconds, and ends on time all the same', async () => {
      const seconds = Math.floor(now.getTime() / 1_000)
      now = new Date(seconds * 1_000)
      const token = await first.mint({ exp: seconds + 4 })
      const bound = web.asked.length
      expect((await me(token)).status).toBe(200)
      expect(web.asked.length).toBe(bound + 2)
      now = new Date((seconds + 4) * 1_000 - 1)
      expect((await me(token)).status).toBe(200)
      now = new Date((seconds + 4) * 1_000)
      const sent = await me(token)
      expect([sent.status, sent.body.code]).toEqual([401, 'expired_token'])
      expect(app.events.at(-1)).toMatchObject({
        type: 'token.rejected',
        userId: 1,
        details: { reason: 'expired_token' },
      })
    })

    it('is not found by its user’s row once that changed while it was looked up', async () => {
      const token = await first.mint()
      await me(token)
      await database.asOwner('update users set banned = true')
      await expect.poll(async () => (await me(token)).body.code, { timeout: 1_000 }).toBe('revoked_token')
    })

    it('holds what its scopes claim and the operator allow, and is told what it lacks', async () => {
      await app.close()
      app = appWith({ scopesClaim: 'scope', scopes: ['tools:read', 'activity:read'] })
      const sent = await me(await first.mint({ scope: 'tools:read tools:write account admin' }))
      expect(sent.body['scopes']).toEqual(['tools:read'])
      const none = await first.mint({ sub: 'bruno' })
      expect((await me(none)).body['scopes']).toEqual([])
      expect((await app.send('GET', '/api/tokens', { token: none })).body.code).toBe('insufficient_scope')
    })
  })

  describe('a token that is refused', () => {
    it('is answered, counted and recorded like any other', async () => {
      const token = await first.mint({ aud: 'https://other.example' })
      const sent = await me(token)
      expect([sent.status, sent.body.code]).toEqual([401, 'invalid_token'])
      expect(sent.headers.get('www-authenticate')).toContain('error="invalid_token"')
      expect(app.events).toMatchObject([
        { type: 'token.rejected', outcome: 'denied', userId: null, details: { reason: 'invalid_token' } },
      ])
      expect(JSON.stringify(app.events)).not.toContain(token.split('.')[1])
      expect(await users()).toEqual([])
    })

    it('is neither where its issuer cannot be asked', async () => {
      await app.close()
      app = appWith({}, { egress: writtenWeb(() => ({})) })
      const sent = await me(await first.mint())
      expect([sent.status, sent.body.code, sent.headers.get('retry-after')]).toEqual([503, 'unavailable', '5'])
      expect(app.events).toEqual([])
    })

    it('works again with the next key after a rotation', async () => {
      await me(await first.mint())
      await first.rotate()
      now = new Date(now.getTime() + 31_000)
      expect((await me(await first.mint())).status).toBe(200)
    })
  })

  it('works beside sessions and API tokens', async () => {
    const session = String((await signUp('owner@example.com')).body.token)
    const made = await app.send('POST', '/api/tokens', { token: session, body: { name: 'ci' } })
    const vias = await Promise.all(
      [session, String(made.body.token), await first.mint()].map(async (token) => (await me(token)).body['via']),
    )
    expect(vias).toEqual(['session', 'api_token', 'external_jwt'])
  })

  it('keeps subjects from every role but the system’s', async () => {
    await me(await first.mint())
    const select = database.login.selectFrom('external_identities').selectAll()
    await expect(select.execute()).rejects.toThrow(/permission denied/)
    const asUser = database.asUser(1, (tx) => tx.selectFrom('external_identities').selectAll().execute())
    await expect(asUser).rejects.toThrow(/permission denied/)
    const change = database.asSystem('test', (tx) =>
      tx.updateTable('external_identities').set({ user_id: 1 }).execute(),
    )
    await expect(change, engine).rejects.toThrow(/permission denied/)
  })

  it('needs a way to ask for keys', () => {
    expect(() => createIdentityApp(database, { trustedIssuers: [trusting(FIRST)] })).toThrow(/keys/)
  })
})
