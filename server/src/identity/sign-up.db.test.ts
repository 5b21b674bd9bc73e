import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp, type Sent } from '#test/support/identity.ts'
import type { SignUpMode } from './dependencies.ts'

const PASSWORD = 'correct horse battery'

describeOnEachEngine('sign-up', (open) => {
  let database: TestDatabase | undefined
  const apps: IdentityApp[] = []

  beforeEach(async () => {
    database ??= await open()
    await database.asOwner('truncate users, invitations restart identity cascade')
  })
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()))
  })
  afterAll(() => database?.close())

  function start(mode: SignUpMode): IdentityApp {
    const app = createIdentityApp(database as TestDatabase, { signUpMode: mode })
    apps.push(app)
    return app
  }

  const signUp = (app: IdentityApp, email: string, more: object = {}): Promise<Sent> =>
    app.send('POST', '/api/auth/sign-up/email', {
      body: { name: 'Somebody', email, password: PASSWORD, ...more },
    })

  const roles = () =>
    (database as TestDatabase).asOwner<{ role: string; count: number }>(
      'select role, count(*)::integer as count from users group by role order by role',
    )

  it.each(['open', 'invitation', 'closed'] as const)('says what it offers where it is %s', async (mode) => {
    const app = start(mode)
    const offer = async () => (await app.send('GET', '/api/auth/sign-up')).body
    expect(await offer()).toEqual({ mode, is_first: true, password_minimum: expect.any(Number) as number })
    await signUp(app, 'first@example.com')
    expect(await offer()).toMatchObject({ mode, is_first: false })
  })

  describe('of the first user', () => {
    it('makes exactly one owner of twenty who come at once, and users of the rest', async () => {
      const app = start('open')
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => signUp(app, `user${index}@example.com`)),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
      expect(await roles()).toEqual([
        { role: 'owner', count: 1 },
        { role: 'user', count: 19 },
      ])
    })

    it.each(['closed', 'invitation'] as const)('lets one of eight in where sign-up is %s', async (mode) => {
      const app = start(mode)
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => signUp(app, `user${index}@example.com`)),
      )
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
      expect(statuses).toEqual([200, 403, 403, 403, 403, 403, 403, 403])
      expect(await roles()).toEqual([{ role: 'owner', count: 1 }])
    })

    it('makes no second owner when the first one is gone but others remain', async () => {
      const app = start('open')
      await signUp(app, 'ana@example.com')
      await signUp(app, 'bruno@example.com')
      await (database as TestDatabase).asOwner("delete from users where role = 'owner'")
      expect((await signUp(app, 'carla@example.com')).body).toMatchObject({ user: { role: 'user' } })
    })
  })

  describe('with an address that is taken', () => {
    it.each(['ana@example.com', 'ANA@Example.com', '  ana@example.com  '])('refuses %s', async (email) => {
      const app = start('open')
      await signUp(app, 'ana@example.com')
      const again = await signUp(app, email)
      expect([again.status, again.body.code]).toEqual([409, 'conflict'])
      expect(await roles()).toEqual([{ role: 'owner', count: 1 }])
    })

    it('makes one account of ten who come at once with it', async () => {
      const app = start('open')
      await signUp(app, 'owner@example.com')
      const answers = await Promise.all(Array.from({ length: 10 }, () => signUp(app, 'ana@example.com')))
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
      expect(statuses).toEqual([200, 409, 409, 409, 409, 409, 409, 409, 409, 409])
    })

    it('is not told to who has no invitation', async () => {
      const app = start('invitation')
      await signUp(app, 'ana@example.com')
      const known = await signUp(app, 'ana@example.com')
      const unknown = await signUp(app, 'nobody@example.com')
      expect(known.status).toBe(403)
      expect(known.text).toBe(unknown.text)
    })
  })

  describe('by invitation', () => {
    async function instanceWithInvitation(email = 'bruno@example.com') {
      const app = start('invitation')
      const owner = await signUp(app, 'ana@example.com')
      const token = String(owner.body.token)
      const invited = await app.send('POST', '/api/invitations', { token, body: { email } })
      return { app, token, invitation: String(invited.body.token), invited }
    }

    it('lets the invited address in, once', async () => {
      const { app, invitation, invited } = await instanceWithInvitation()
      expect(invited.body).toMatchObject({ id: 1, email: 'bruno@example.com' })
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => signUp(app, 'Bruno@example.com', { invitation })),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ user: { role: 'user' } })
      expect((await signUp(app, 'bruno@example.com', { invitation })).status).toBe(403)
    })

    it('is for that address alone, and stays good when another tried it', async () => {
      const { app, invitation } = await instanceWithInvitation()
      expect((await signUp(app, 'mallory@example.com', { invitation })).body.code).toBe('forbidden')
      expect((await signUp(app, 'bruno@example.com', { invitation })).status).toBe(200)
    })

    it('ends when it expires, when it is withdrawn and when a newer one is made', async () => {
      const { app, token, invitation } = await instanceWithInvitation()
      await (database as TestDatabase).asOwner("update invitations set expires_at = now() - interval '1 second'")
      expect((await signUp(app, 'bruno@example.com', { invitation })).status).toBe(403)

      const second = await app.send('POST', '/api/invitations', { token, body: { email: 'bruno@example.com' } })
      const third = await app.send('POST', '/api/invitations', { token, body: { email: 'bruno@example.com' } })
      expect((await signUp(app, 'bruno@example.com', { invitation: String(second.body.token) })).status).toBe(403)
      const listed = await app.send('GET', '/api/invitations', { token })
      expect(listed.body).toMatchObject({ invitations: [{ id: 3, email: 'bruno@example.com' }] })
      expect(listed.text).not.toContain(String(third.body.token))
      expect((await app.send('DELETE', '/api/invitations/3', { token })).status).toBe(200)
      expect((await signUp(app, 'bruno@example.com', { invitation: String(third.body.token) })).status).toBe(403)
      expect((await app.send('DELETE', '/api/invitations/3', { token })).body.code).toBe('not_found')
    })

    it('is made by administrators only, and stored as a hash', async () => {
      const { app, invitation } = await instanceWithInvitation()
      const bruno = await signUp(app, 'bruno@example.com', { invitation })
      const attempt = await app.send('POST', '/api/invitations', {
        token: String(bruno.body.token),
        body: { email: 'carla@example.com' },
      })
      expect(attempt.body).toMatchObject({ code: 'insufficient_scope', scope: 'admin' })
      const rows = await (database as TestDatabase).asOwner('select * from invitations')
      expect(JSON.stringify(rows)).not.toContain(invitation)
    })

    it('cannot reopen a closed instance', async () => {
      const { invitation } = await instanceWithInvitation()
      expect((await signUp(start('closed'), 'bruno@example.com', { invitation })).body.code).toBe('forbidden')
    })

    it('is not made for an address that has an account', async () => {
      const { app, token } = await instanceWithInvitation()
      const again = await app.send('POST', '/api/invitations', { token, body: { email: 'ANA@example.com' } })
      expect(again.body.code).toBe('conflict')
    })
  })

  describe('with a wrong body', () => {
    it.each([
      ['no name', { name: undefined }, 'name'],
      ['an empty name', { name: '   ' }, 'name'],
      ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
      ['no address', { email: undefined }, 'email'],
      ['a wrong address', { email: 'not-an-address' }, 'email'],
      ['an address of 255 characters', { email: `${'x'.repeat(243)}@example.com` }, 'email'],
      ['a short password', { password: '1234567' }, 'password'],
      ['a password of 129 characters', { password: 'x'.repeat(129) }, 'password'],
      ['a password that is a number', { password: 12_345_678 }, 'password'],
    ])('%s is a 400 that names the field', async (_what, more, path) => {
      const answer = await signUp(start('open'), 'ana@example.com', more)
      expect([answer.status, answer.body.code, answer.body['path']]).toEqual([400, 'invalid_request', path])
      expect(await roles()).toEqual([])
    })

    it('refuses every column of every table of the login library', async () => {
      const columns = await (database as TestDatabase).asOwner<{ column_name: string }>(
        `select distinct column_name from information_schema.columns
         where table_name in ('users', 'sessions', 'user_logins', 'verifications', 'invitations')`,
      )
      const camelCase = (name: string) => name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
      const names = new Set(columns.flatMap(({ column_name: name }) => [name, camelCase(name)]))
      for (const known of ['name', 'email', 'password']) names.delete(known)
      expect(names.size).toBeGreaterThan(30)
      const app = start('open')
      for (const name of names) {
        const answer = await signUp(app, 'ana@example.com', { [name]: name === 'role' ? 'owner' : true })
        expect([name, answer.status, answer.body['path']]).toEqual([name, 400, name])
      }
      expect(await roles()).toEqual([])
    })
  })

  it.each(['closed', 'invitation'] as const)(
    'records once that a stranger was refused where it is %s',
    async (mode) => {
      await signUp(start('open'), 'ana@example.com')
      const app = start(mode)
      expect((await signUp(app, 'mallory@example.com')).body.code).toBe('forbidden')
      expect(app.events).toEqual([
        {
          userId: null,
          type: 'access.denied',
          outcome: 'denied',
          actor: { kind: 'anonymous', address: '192.0.2.1' },
          details: { reason: 'forbidden', action: 'sign_up', mode },
          requestId: 'request-1',
        },
      ])
    },
  )

  it('leaves no secret in the database, the events or the log', async () => {
    const app = start('open')
    const ana = await signUp(app, 'ana@example.com')
    const rows = await (database as TestDatabase).asOwner(
      `select (select json_agg(u) from users u)::text || (select json_agg(l) from user_logins l)::text
           || (select json_agg(s) from sessions s)::text as everything`,
    )
    const everything = JSON.stringify([rows, app.events, app.logged])
    for (const secret of [PASSWORD, String(ana.body.token), encodeURIComponent(String(ana.body.token))]) {
      expect(everything).not.toContain(secret)
    }
    expect(JSON.stringify(app.events)).not.toContain('ana@example.com')
    expect(app.events.map(({ type, userId, outcome }) => [type, userId, outcome])).toEqual([
      ['user.signed_up', 1, 'success'],
    ])
  })
})
