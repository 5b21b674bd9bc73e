import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp } from '#test/support/identity.ts'

const DAY_MS = 86_400_000

describeOnEachEngine('a principal that came in earlier', (open) => {
  let database: TestDatabase | undefined
  let app: IdentityApp
  let now: Date
  let owner: string
  let session: string

  beforeEach(async () => {
    database ??= await open()
    await database.asOwner('truncate users, api_tokens restart identity cascade')
    await app?.close()
    now = new Date()
    app = createIdentityApp(database, { clock: { now: () => now } })
    owner = await signUp('owner')
    session = await signUp('bruno')
  })
  afterAll(async () => {
    await app.close()
    await database?.close()
  })

  const signUp = async (name: string): Promise<string> => {
    const body = { name, email: `${name}@example.com`, password: 'correct horse battery' }
    return String((await app.send('POST', '/api/auth/sign-up/email', { body })).body.token)
  }
  const principal = (kind: Principal['via']['kind'], id: unknown = 1, userId = 2): Principal => ({
    userId,
    role: 'user',
    scopes: new Set(),
    via: { kind, id: String(id) },
  })
  const makeToken = async (): Promise<Principal> => {
    const made = await app.send('POST', '/api/tokens', { token: session, body: { name: 'ci', expires_in_days: 1 } })
    return principal('api_token', made.body['id'])
  }
  const isValid = (who: Principal) => app.identity.stillValid(who)
  const administer = (method: string, body?: object) =>
    app.send(method, '/api/admin/users/2', { token: owner, ...(body === undefined ? {} : { body }) })

  describe('by an API token', () => {
    it('is valid until the token is revoked', async () => {
      const who = await makeToken()
      const other = await makeToken()
      expect(await isValid(who)).toBe(true)
      await app.send('DELETE', `/api/tokens/${who.via.id}`, { token: session })
      expect(await isValid(who)).toBe(false)
      expect(await isValid(other)).toBe(true)
    })

    it('is valid until the token expires', async () => {
      const who = await makeToken()
      now = new Date(now.getTime() + DAY_MS - 1)
      expect(await isValid(who)).toBe(true)
      now = new Date(now.getTime() + 1)
      expect(await isValid(who)).toBe(false)
    })

    it('is not valid by a token that is forgotten, or that is another user’s', async () => {
      const who = await makeToken()
      expect(await isValid({ ...who, userId: 1 })).toBe(false)
      await database?.asOwner('delete from api_tokens')
      expect(await isValid(who)).toBe(false)
    })
  })

  it('by a session stays valid when the session ends', async () => {
    const who = principal('session')
    await app.send('POST', '/api/auth/sign-out', { token: session })
    expect(await isValid(who)).toBe(true)
  })

  it.each(['session', 'api_token', 'oauth_client', 'external_jwt'] as const)(
    'by %s is valid only while its user is there and not suspended',
    async (kind) => {
      const who = kind === 'api_token' ? await makeToken() : principal(kind)
      expect(await isValid(who)).toBe(true)
      await administer('PATCH', { banned: true, ban_expires_at: new Date(now.getTime() + 1_000).toISOString() })
      expect(await isValid(who)).toBe(false)
      now = new Date(now.getTime() + 1_000)
      expect(await isValid(who)).toBe(true)
      await administer('DELETE')
      expect(await isValid(who)).toBe(false)
    },
  )
})
