import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { createWholeApp, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** What somebody who administers the instance is shown of it. */
describeOnEachEngine('looking after the instance', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let owner: TestUser
  let ana: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database, {
      CHAVEIRO_RUN_STEPS: '5',
      CHAVEIRO_SIGN_UP: 'open',
      GITHUB_CLIENT_ID: 'Iv1.own',
      GITHUB_CLIENT_SECRET: 'never-shown-1',
      OTHERPROGRAM_CLIENT_ID: 'x',
      OTHERPROGRAM_CLIENT_SECRET: 'never-shown-2',
    })
    owner = await app.signUp('Owner', 'owner@example.com')
    ana = await app.signUp('Ana %', 'ana@example.com')
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const get = async (path: string) => (await app.request('GET', path, { token: owner.token })).json()

  it('tells how the server is and by which settings it works, and nothing secret', async () => {
    const answer = await app.request('GET', '/api/admin/instance', { token: owner.token })
    expect(answer.json()).toMatchObject({
      node_version: process.version,
      production: false,
      public_url: 'http://localhost:8001',
      database: { engine: database.engine, servers: 1 },
      jobs: [{ job: 'recover_runs', succeeded: true }],
      sign_up: { mode: 'open', setting: 'CHAVEIRO_SIGN_UP' },
      limits: expect.arrayContaining([{ setting: 'CHAVEIRO_RUN_STEPS', value: 5 }]),
      advice: [{ code: 'provider_redirected' }],
    })
    expect(answer.text).not.toContain('never-shown')
  })

  it('finds users by a part of their name or address, or by their id', async () => {
    const found = async (search: string) => {
      const { users } = (await get(`/api/admin/users?search=${encodeURIComponent(search)}`)) as {
        users: { id: number }[]
      }
      return users.map(({ id }) => id)
    }
    expect(await found('ANA')).toEqual([ana.id])
    expect(await found('@example')).toEqual([owner.id, ana.id])
    expect(await found(String(owner.id))).toEqual([owner.id])
    expect(await found('%')).toEqual([ana.id])
    expect(await found('_')).toEqual([])
    expect(await found('\\')).toEqual([])
  })

  it('marks what is unusual, and finds what stands behind it', async () => {
    expect(await get('/api/admin/alerts')).toMatchObject({ alerts: [] })
    for (let index = 0; index < 10; index += 1) {
      const answer = await app.request('GET', '/api/admin/keys', { token: ana.token })
      expect(answer.status).toBe(403)
    }
    expect(await get('/api/admin/alerts')).toMatchObject({
      alerts: [{ kind: 'many_of_user', count: 10, user_id: ana.id, user_name: 'Ana %', address: null }],
    })
    const wrong = await app.request('GET', '/api/me', { token: `chv_${'x'.repeat(40)}` })
    expect(wrong.status).toBe(401)
    const ofAna = (await get(`/api/admin/denials?user_id=${ana.id}&type=access.denied`)) as { events: unknown[] }
    expect(ofAna.events).toHaveLength(10)
    expect(ofAna.events[0]).toMatchObject({ user_id: ana.id, user_name: 'Ana %' })
    const [stranger] = ((await get('/api/admin/denials?type=token.rejected')) as { events: unknown[] }).events as {
      actor: { address: string }
    }[]
    const from = encodeURIComponent(stranger?.actor.address ?? '')
    expect(await get(`/api/admin/denials?address=${from}`)).toMatchObject({
      events: [{ type: 'token.rejected', user_name: null }],
    })
    expect(await get('/api/admin/denials?address=192.0.2.99')).toMatchObject({ events: [] })
  })

  it('lists the apps at providers that need one, with what was set and never the secret', async () => {
    const issuer = 'https://login.example.com'
    const set = await app.request('PUT', `/api/admin/provider-apps/${encodeURIComponent(issuer)}`, {
      token: owner.token,
      body: { client_id: 'mine', client_secret: 'never-shown-3' },
    })
    expect(set.status).toBe(200)
    const answer = await app.request('GET', '/api/admin/provider-apps', { token: owner.token })
    const { apps } = answer.json() as { apps: { provider: string }[] }
    expect(apps).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ provider: 'notion', configured: false, client_id: null }),
        expect.objectContaining({ provider: 'github', configured: true, source: 'settings', client_id: 'Iv1.own' }),
        expect.objectContaining({ provider: issuer, configured: true, source: 'stored', client_id: 'mine' }),
      ]),
    )
    expect(apps.map(({ provider }) => provider)).not.toContain('otherprogram')
    expect(answer.text).not.toContain('never-shown')
    await database.asOwner("update users set role = 'admin' where email = 'ana@example.com'")
    expect((await app.request('GET', '/api/admin/provider-apps', { token: ana.token })).status).toBe(403)
    await database.asOwner("update users set role = 'user' where email = 'ana@example.com'")
  })

  it('forgets a key that nothing is sealed with, and no other', async () => {
    const { primary } = (await get('/api/admin/keys')) as { primary: string }
    await database.asOwner("insert into key_check (kid, token) values ('k-old', 'x')")
    const retired = expect.arrayContaining([{ key_id: 'k-old', role: 'retired', rows: 0 }])
    expect(await get('/api/admin/keys')).toMatchObject({ keys: retired })
    const forget = (keyId: string) => app.request('DELETE', `/api/admin/keys/${keyId}`, { token: owner.token })
    expect((await forget('k-old')).json()).toEqual({ key_id: 'k-old', forgotten: true })
    expect((await forget('k-old')).json()).toMatchObject({ code: 'not_found' })
    expect((await forget(primary)).json()).toMatchObject({ code: 'conflict' })
    expect(await get('/api/activity?type=keys.retired')).toMatchObject({ events: [{ target: { key_id: 'k-old' } }] })
  })
})
