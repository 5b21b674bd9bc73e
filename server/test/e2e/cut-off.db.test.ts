import { afterAll, beforeAll, expect, it } from 'vitest'
import { letIn, registerTestClient } from '../support/consent-browser.ts'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** From a deletion to the last use of what it ended. */
const ENDED_WITHIN_MS = 1_000

/** The owner stops a provider for everyone, and ends the connections of one user. */
describeOnEachEngine('cutting off', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let owner: TestUser
  let ana: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    owner = await app.signUp('Owner', 'owner@example.com')
    ana = await app.signUp('Ana', 'ana@example.com')
    await connect()
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const connect = () =>
    app.request('POST', '/api/mcp/notion/connect', {
      token: ana.token,
      body: { api_key: tenantKey(app.emulator, 'Estúdio Aurora') },
    })
  const call = () =>
    app.request('POST', '/api/tools/notion_list_users/call', { token: ana.token, body: { arguments: {} } })
  const block = (token: string, reason = 'A leak is being looked into') =>
    app.request('PUT', '/api/admin/provider-blocks/notion', { token, body: { reason } })

  const state = (path: string, user = ana) => app.request('GET', `/api/mcp/${path}`, { token: user.token })

  it('stops every call and every connect with the reason, until it is lifted', async () => {
    expect((await call()).status).toBe(200)
    expect((await block(owner.token)).json()).toMatchObject({ provider: 'notion', blocked: true })
    for (const refused of [await call(), await connect()]) {
      expect(refused.status).toBe(403)
      expect(refused.json()).toMatchObject({
        code: 'forbidden',
        detail: expect.stringMatching(/Your connections are kept\. The reason given: A leak is being looked into$/),
        blocked: true,
      })
    }
    const check = await app.request('GET', '/api/mcp/notion/status?check=true', { token: ana.token })
    expect(check.json()).toMatchObject({ status: 'connected', check: { ok: false, code: 'forbidden' } })
    const words = expect.stringContaining('A leak is being looked into')
    expect((await state('connections')).json()).toMatchObject({
      connections: [{ status: 'connected', cut_off: words }],
    })
    expect((await state('notion/status')).json()).toMatchObject({ status: 'connected', cut_off: words })
    expect((await state('notion/status', owner)).json()).toMatchObject({ status: 'not_connected', cut_off: words })
    expect((await state('slack/status')).json()).toMatchObject({ cut_off: null })
    const list = await app.request('GET', '/api/admin/provider-blocks', { token: owner.token })
    expect(list.json()).toMatchObject({ blocks: [{ provider: 'notion' }] })
    await app.request('DELETE', '/api/admin/provider-blocks/notion', { token: owner.token })
    expect((await call()).status).toBe(200)
    expect((await state('notion/status')).json()).toMatchObject({ cut_off: null })
  })

  it('is heard of by a replica that somebody else told', async () => {
    await database.asOwner("insert into provider_blocks (provider, reason) values ('notion', 'elsewhere')")
    await expect.poll(async () => (await call()).status).toBe(403)
    await database.asOwner('delete from provider_blocks')
    await expect.poll(async () => (await call()).status).toBe(200)
  })

  it('is for the owner alone, and for providers that exist', async () => {
    expect((await block(ana.token)).status).toBe(403)
    const unknown = await app.request('PUT', '/api/admin/provider-blocks/notoin', { token: owner.token, body: {} })
    expect(unknown.status).toBe(404)
    expect((await app.request('POST', `/api/admin/users/${ana.id}/disconnect-all`, { token: ana.token })).status).toBe(
      403,
    )
    expect((await call()).status).toBe(200)
  })

  it('ends every connection of a user, with a receipt for each', async () => {
    const ended = await app.request('POST', `/api/admin/users/${ana.id}/disconnect-all`, { token: owner.token })
    expect(ended.json()).toMatchObject({ user_id: ana.id, receipts: [{ provider: 'notion', disconnected: true }] })
    expect((await call()).json()).toMatchObject({ code: 'not_connected' })
    const missing = await app.request('POST', '/api/admin/users/2000000000/disconnect-all', { token: owner.token })
    expect(missing.status).toBe(404)
  })

  it.each(['themselves', 'the owner'])('ends the connections of a user who is deleted by %s', async (who) => {
    const leaving = await app.signUp('Lia', 'lia@example.com')
    const body = { api_key: tenantKey(app.emulator, 'Estúdio Aurora') }
    await app.request('POST', '/api/mcp/notion/connect', { token: leaving.token, body })
    const { access_token: held } = await letIn(app, leaving, await registerTestClient(app))
    const knock = async () => {
      const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
      const accept = 'application/json, text/event-stream'
      return (await app.request('POST', '/mcp', { token: String(held), body, headers: { accept } })).status
    }
    expect(await knock()).not.toBe(401)
    const proof = { token: leaving.token, body: { password: leaving.password, name: 'Lia' } }
    const deleted =
      who === 'themselves'
        ? await app.request('POST', '/api/me/delete', proof)
        : await app.request('DELETE', `/api/admin/users/${leaving.id}`, { token: owner.token })
    expect([deleted.status, deleted.json()['deleted']]).toEqual([200, true])
    if (who === 'themselves') expect(deleted.json()).toMatchObject({ receipts: [{ provider: 'notion' }] })
    const events = await database.asOwner(
      `select type from audit_events where user_id = ${leaving.id} order by id desc limit 2`,
    )
    expect(events).toEqual([{ type: 'user.deleted' }, { type: 'connection.deleted' }])
    expect((await app.request('GET', '/api/tools', { token: leaving.token })).status).toBe(401)
    await expect.poll(knock, { timeout: ENDED_WITHIN_MS }).toBe(401)
  })
})
