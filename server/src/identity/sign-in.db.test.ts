import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp, type Sent } from '#test/support/identity.ts'

const PASSWORD = 'correct horse battery'

describeOnEachEngine('accounts and sessions', (open) => {
  let database: TestDatabase
  let app: IdentityApp
  let ana: Sent
  let bruno: Sent

  const signUp = (email: string, more: object = {}) =>
    app.send('POST', '/api/auth/sign-up/email', { body: { name: email, email, password: PASSWORD, ...more } })
  const signIn = (email: string, password = PASSWORD, headers: Record<string, string> = {}) =>
    app.send('POST', '/api/auth/sign-in/email', { body: { email, password }, headers })

  beforeAll(async () => {
    database = await open()
    app = createIdentityApp(database)
    ana = await signUp('ana@example.com')
    bruno = await signUp('bruno@example.com')
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  it('makes the first account the owner and the second a user, with integer ids', () => {
    expect(ana.body).toMatchObject({ user: { id: 1, email: 'ana@example.com', role: 'owner' } })
    expect(bruno.body).toMatchObject({ user: { role: 'user' } })
  })

  it('gives a token that works as bearer, in the body as in the header', async () => {
    for (const token of [String(bruno.body.token), String(bruno.headers.get('set-auth-token'))]) {
      const me = await app.send('GET', '/api/me', { token })
      expect(me.body).toMatchObject({ email: 'bruno@example.com', via: 'session' })
    }
  })

  it('makes API tokens', async () => {
    const made = await app.send('POST', '/api/tokens', { token: String(ana.body.token), body: { name: 'ci' } })
    const me = await app.send('GET', '/api/me', { token: String(made.body.token) })
    expect(me.body).toMatchObject({ email: 'ana@example.com', via: 'api_token' })
    expect((await app.send('GET', '/api/tokens', { token: String(made.body.token) })).body.code).toBe(
      'insufficient_scope',
    )
  })

  it('signs in, tells the session and signs out', async () => {
    const session = await signIn('bruno@example.com')
    const token = String(session.body.token)
    const current = await app.send('GET', '/api/auth/get-session', { token })
    expect(current.body).toMatchObject({ user: { email: 'bruno@example.com' } })
    const out = await app.send('POST', '/api/auth/sign-out', { token })
    expect(out.status).toBe(200)
    expect((await app.send('GET', '/api/me', { token })).body.code).toBe('invalid_token')
    const changed = await app.send('POST', '/api/auth/change-password', {
      token: String(bruno.body.token),
      body: { current_password: PASSWORD, new_password: 'another password' },
    })
    expect(changed.status).toBe(200)
  })
})
