import { beforeEach, expect, it } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { describeOnEachEngine } from '#test/support/database.ts'
import { principalOf, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import { insertOAuthConnection } from '#test/support/oauth-connection.ts'
import { connect } from './connect.ts'
import { beginTransaction, takeTransaction } from './authorization/transactions.ts'
import { disconnectAll } from './disconnect-all.ts'
import { disconnect } from './disconnect.ts'
import { connections } from './list.ts'

/** Comes back in the browser where it began. */
function inBrowser(userId: number): Principal {
  return { ...principalOf(userId), via: { kind: 'session', id: 'of the browser' } }
}

describeOnEachEngine('the end of a connection', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let ana: number

  beforeEach(async () => {
    house = stage.house
    ana = await stage.newUser('ana')
  })

  const grant = (userId: number, provider = 'example') =>
    insertOAuthConnection(house.deps, {
      userId,
      provider,
      credential: { access_token: `access-${userId}`, refresh_token: 'refresh' },
      now: house.clock.now(),
    })

  it('ends the grant at the provider, and says so', async () => {
    await grant(ana)
    expect(await disconnect(house.deps, principalOf(ana), { provider: 'example' })).toMatchObject({
      ok: true,
      value: { revoked_at_provider: true, next_step: expect.stringContaining('Nothing is left to do') },
    })
    expect(house.tokens.revoked).toMatchObject([{ access_token: `access-${ana}` }])
  })

  it('is not kept from it by a provider that does not answer, and says what is left to do', async () => {
    await grant(ana)
    const deps = { ...house.deps, revokeGrant: async () => false }
    expect(await disconnect(deps, principalOf(ana), { provider: 'example' })).toMatchObject({
      ok: true,
      value: { disconnected: true, revoked_at_provider: false, next_step: expect.stringContaining('until you end it') },
    })
    expect(await connections(house.deps, principalOf(ana))).toMatchObject({ value: { connections: [] } })
  })

  it('asks nobody to revoke a key that was pasted', async () => {
    house.backend.accept('key-ana', { id: 'pasted', label: 'ana', notes: new Map() })
    await connect(house.deps, principalOf(ana), { provider: 'example', credential: { api_key: 'key-ana' } })
    await disconnect(house.deps, principalOf(ana), { provider: 'example' })
    expect(house.tokens.revoked).toEqual([])
  })

  it('takes all of a user, and none of another', async () => {
    const bruno = await stage.newUser('bruno')
    await grant(ana)
    await grant(bruno)
    house.backend.accept('key-ana', { id: 'pasted', label: 'ana', notes: new Map() })
    await connect(house.deps, principalOf(ana), { provider: 'example', credential: { api_key: 'key-ana' } })
    const start = { provider: 'example', contents: {} }
    await beginTransaction(house.deps, inBrowser(ana), { ...start, state: 'of-ana' })
    await beginTransaction(house.deps, inBrowser(bruno), { ...start, state: 'of-bruno' })
    expect(await disconnectAll(house.deps, principalOf(bruno), ana, 'request')).toMatchObject({
      value: [{ revoked_at_provider: true }, { revoked_at_provider: false }],
    })
    expect(await connections(house.deps, principalOf(ana))).toMatchObject({ value: { connections: [] } })
    expect(await connections(house.deps, principalOf(bruno))).toMatchObject({
      value: { connections: [{ method: 'oauth2', scopes: ['read'], status: 'connected', next_refresh_at: null }] },
    })
    const back = (userId: number, state: string) =>
      takeTransaction(house.deps, inBrowser(userId), { provider: 'example', state })
    expect(await back(ana, 'of-ana')).toEqual({ ok: false, fault: 'unknown' })
    expect(await back(bruno, 'of-bruno')).toMatchObject({ ok: true })
  })

  it('ends all others at their providers where one of them cannot be recorded, and then fails', async () => {
    for (let count = 0; count < 7; count += 1) await grant(ana, `example-${count}`)
    const { audit } = house.deps
    let isFirst = true
    const record: typeof audit.record = async (event) => {
      const fails = isFirst
      isFirst = false
      if (fails) throw new Error('the record is away')
      await audit.record(event)
    }
    const deps = { ...house.deps, audit: { ...audit, record } }
    await expect(disconnectAll(deps, principalOf(ana), ana, 'request')).rejects.toThrow('the record is away')
    expect(house.tokens.revoked.length).toBe(6)
  })

  it('finds nobody where the user is deleted already', async () => {
    await stage.database.asOwner(`delete from users where id = ${ana}`)
    expect(await disconnectAll(house.deps, principalOf(1), ana, 'request')).toMatchObject({
      problem: { code: 'not_found' },
    })
  })
})
