import { afterAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp } from '#test/support/identity.ts'
import type { UserEnding } from './dependencies.ts'

const PASSWORD = 'correct horse battery'
const RECEIPT = {
  disconnected: true,
  provider: 'notion',
  connection_id: 7,
  label: 'Aurora',
  revoked_at_provider: false,
  next_step: 'Revoke the key there.',
} as const

describeOnEachEngine('what asks for the password again', (open) => {
  let database: TestDatabase | undefined
  let app: IdentityApp
  let endings: UserEnding[]
  let isProviderAway: boolean
  let meanwhile: () => Promise<unknown>
  let owner: string
  let user: string

  beforeEach(async () => {
    database ??= await open()
    await database.asOwner('truncate users, invitations restart identity cascade')
    endings = []
    isProviderAway = false
    meanwhile = async () => {}
    app = createIdentityApp(database, {
      beforeUserDeleted: async (ending) => {
        await meanwhile()
        if (isProviderAway) throw new Error('away')
        endings.push(ending)
        return [RECEIPT]
      },
    })
    owner = await enter('sign-up', 'owner@example.com', 'Olga')
    user = await enter('sign-up', 'user@example.com', 'Rita')
    app.events.length = 0
  })
  afterAll(async () => {
    await app.close()
    await database?.close()
  })

  async function enter(way: 'sign-up' | 'sign-in', email: string, name?: string): Promise<string> {
    const sent = await app.send('POST', `/api/auth/${way}/email`, { body: { name, email, password: PASSWORD } })
    return String(sent.body.token)
  }
  const ask = (path: string, body: object, token = user) => app.send('POST', `/api/me/${path}`, { token, body })
  const me = (token: string) => app.send('GET', '/api/me', { token })

  it('moves an account to another address at once, and ends its other sessions', async () => {
    const elsewhere = await enter('sign-in', 'user@example.com')
    const sent = await ask('email', { email: 'Rita@New.example', password: PASSWORD })
    expect([sent.status, sent.body['email']]).toEqual([200, 'rita@new.example'])
    expect([(await me(user)).status, (await me(elsewhere)).status]).toEqual([200, 401])
    expect(await enter('sign-in', 'rita@new.example')).not.toBe('undefined')
    expect(await enter('sign-in', 'user@example.com')).toBe('undefined')
    const changed = app.events.find(({ type }) => type === 'user.changed')
    expect(changed).toMatchObject({ userId: 2, outcome: 'success', details: { changed: ['email'] } })
    expect(JSON.stringify(app.events)).not.toContain('example')
  })

  it.each(['email', 'delete'])('%s needs the right password, of a session, a few times', async (path) => {
    const body = path === 'email' ? { email: 'x@new.example' } : { name: 'Rita' }
    const made = await app.send('POST', '/api/tokens', { token: user, body: { name: 'ci', scopes: ['account'] } })
    const byToken = await ask(path, { ...body, password: PASSWORD }, String(made.body.token))
    expect(byToken.body.code).toBe('forbidden')
    for (let count = 0; count < 10; count += 1) {
      const sent = await ask(path, { ...body, password: 'wrong' })
      expect([sent.status, sent.body.code, sent.body['path']]).toEqual([401, 'invalid_credentials', 'password'])
    }
    expect((await ask(path, { ...body, password: PASSWORD })).body.code).toBe('rate_limited')
    expect([(await me(user)).body['email'], endings]).toEqual(['user@example.com', []])
    expect(app.events.filter(({ outcome }) => outcome === 'failure').length).toBeGreaterThan(9)
  })

  it('takes no address of somebody else or that somebody was invited by, and few tries a day', async () => {
    await app.send('POST', '/api/invitations', { token: owner, body: { email: 'bia@example.com' } })
    const answers = []
    for (const email of ['owner@example.com', 'bia@example.com', 'owner@example.com', 'a@b.example', 'c@d.example']) {
      const { status, body } = await ask('email', { email, password: PASSWORD })
      answers.push([status, body['detail']])
    }
    expect(answers[0]?.[0]).toBe(409)
    expect([answers[1], answers[2]]).toEqual([answers[0], answers[0]])
    expect(answers.slice(3).map(([status]) => status)).toEqual([200, 200])
    expect((await ask('email', { email: 'e@f.example', password: PASSWORD })).body.code).toBe('rate_limited')
  })

  it('deletes an account with everything of it, and says what is left to do', async () => {
    const made = await app.send('POST', '/api/tokens', { token: user, body: { name: 'ci' } })
    const elsewhere = await enter('sign-in', 'user@example.com')
    expect((await ask('delete', { name: 'Nilo', password: PASSWORD })).body['path']).toBe('name')
    const sent = await ask('delete', { name: ' Rita ', password: PASSWORD })
    expect([sent.status, sent.body]).toEqual([200, { deleted: true, receipts: [RECEIPT] }])
    expect(sent.headers.getSetCookie().join(';')).toMatch(/max-age=0/i)
    expect(endings).toMatchObject([{ userId: 2, principal: { userId: 2 } }])
    for (const token of [user, elsewhere, String(made.body.token)]) expect((await me(token)).status).toBe(401)
    expect(await enter('sign-in', 'user@example.com')).toBe('undefined')
    expect(app.events.find(({ type, outcome }) => type === 'user.deleted' && outcome === 'success')).toBeDefined()
    expect(JSON.stringify(app.events)).not.toMatch(/Rita|user@example/)
    expect((await me(owner)).status).toBe(200)
  })

  it('lets the user in again where the rows cannot be deleted', async () => {
    await database?.asOwner('create table held as select id from users where id = 2')
    await database?.asOwner('alter table held add foreign key (id) references users (id)')
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(500)
    expect((await me(user)).status).toBe(200)
    await database?.asOwner('drop table held')
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(200)
  })

  it('keeps no address that was left, of whoever came by an invitation', async () => {
    const invited = await app.send('POST', '/api/invitations', { token: owner, body: { email: 'bia@example.com' } })
    const { token: invitation } = invited.body
    const body = { name: 'Bia', email: 'bia@example.com', password: PASSWORD, invitation }
    const bia = String((await app.send('POST', '/api/auth/sign-up/email', { body })).body.token)
    await ask('email', { email: 'bia@new.example', password: PASSWORD }, bia)
    expect((await ask('delete', { name: 'Bia', password: PASSWORD }, bia)).status).toBe(200)
    expect(await database?.asOwner('select email from invitations')).toEqual([])
  })

  it('says so where another deletion was faster', async () => {
    const passwords = {
      hash: async (password: string) => password,
      async verify() {
        await database?.asOwner('delete from users where id = 2')
        return true
      },
    }
    const slow = createIdentityApp(database as TestDatabase, { passwords })
    const sent = await slow.send('POST', '/api/me/delete', { token: user, body: { name: 'Rita', password: PASSWORD } })
    await slow.close()
    expect([sent.status, sent.body.code, slow.logged]).toEqual([404, 'not_found', []])
  })

  it('keeps the owner', async () => {
    expect((await ask('delete', { name: 'Olga', password: PASSWORD }, owner)).body.code).toBe('forbidden')
    expect((await me(owner)).status).toBe(200)
  })

  it('lifts no suspension of an administrator where it fails', async () => {
    isProviderAway = true
    const suspend = { banned: true, ban_reason: 'A leak' }
    meanwhile = () => app.send('PATCH', '/api/admin/users/2', { token: owner, body: suspend })
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(500)
    expect(await database?.asOwner('select banned, ban_reason from users where id = 2')).toEqual([suspend])
  })

  it('lets the user in again where two deletions fail at the same time', async () => {
    isProviderAway = true
    const first = Promise.withResolvers<void>()
    let second: ReturnType<IdentityApp['send']> | undefined
    meanwhile = () =>
      new Promise((secondIsUnderWay) => {
        meanwhile = () => {
          secondIsUnderWay(null)
          return first.promise
        }
        second = app.send('DELETE', '/api/admin/users/2', { token: owner })
      })
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(500)
    first.resolve()
    expect((await second)?.status).toBe(500)
    expect((await me(user)).status).toBe(200)
  })

  it('keeps everything where the connections cannot be ended, and can be asked again', async () => {
    isProviderAway = true
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(500)
    expect((await me(user)).status).toBe(200)
    isProviderAway = false
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(200)
  })

  it('keeps everything where an address that was left cannot go', async () => {
    await database?.asOwner(`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before delete on invitations for each statement execute function refuse()`)
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(500)
    expect((await me(user)).status).toBe(200)
    await database?.asOwner('drop trigger refuse on invitations; drop function refuse()')
    expect((await ask('delete', { name: 'Rita', password: PASSWORD })).status).toBe(200)
  })
})
