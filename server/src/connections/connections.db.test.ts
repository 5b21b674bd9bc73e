import { beforeEach, describe, expect, it } from 'vitest'
import { describeOnEachEngine } from '#test/support/database.ts'
import { principalOf, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import type { Principal } from '#kernel/principal.ts'
import { changeConnection } from './change.ts'
import { connect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { connection, connections } from './list.ts'
import { status } from './status.ts'

describeOnEachEngine('connections', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let ana: Principal
  let bruno: Principal

  beforeEach(async () => {
    house = stage.house
    ana = principalOf(await stage.newUser('ana'))
    bruno = principalOf(await stage.newUser('bruno'))
    house.backend.accept('key-ana', { id: 'account-ana', label: 'Ana’s notes', notes: new Map([['1', 'ana']]) })
    house.backend.accept('key-bruno', { id: 'account-bruno', label: 'Bruno’s notes', notes: new Map([['1', 'bruno']]) })
  })

  const connectWith = (principal: Principal, key: string, more: { label?: string; makeDefault?: boolean } = {}) =>
    connect(house.deps, principal, { provider: 'example', credential: { api_key: key }, ...more })

  async function connected(principal: Principal, key: string, more: { label?: string; makeDefault?: boolean } = {}) {
    const outcome = await connectWith(principal, key, more)
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    return outcome.value
  }

  async function rowsOf(principal: Principal) {
    return stage.database.asOwner<{ id: number; version: number; encrypted_credentials: string; status: string }>(
      `select * from mcp_connections where user_id = ${principal.userId} order by id`,
    )
  }

  it('stores what the provider says, and never the key in clear', async () => {
    const view = await connected(ana, 'key-ana')
    expect(view).toMatchObject({
      connected: true,
      status: 'connected',
      provider: 'example',
      label: 'Ana’s notes',
      is_default: true,
      permissions: { read: true, write: true },
      missing_permissions: [],
      connect_url: null,
    })
    const rows = await rowsOf(ana)
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('key-ana')
    expect(rows[0]?.encrypted_credentials).toMatch(/^gAAAAA/)
  })

  it('says in plain words what a key cannot do', async () => {
    house.backend.accept('weak', { id: 'account-weak', label: 'read-only', notes: new Map() })
    const view = await connected(ana, 'weak')
    expect(view.missing_permissions).toEqual([{ permission: 'write', en: 'write notes', pt: 'escrever notas' }])
  })

  it.each([
    ['a refused key', 'wrong', 'none', 'credential_rejected'],
    ['a provider that is down', 'key-ana', 'down', 'provider_unavailable'],
    ['a provider that answers HTML', 'key-ana', 'html', 'provider_unavailable'],
  ] as const)('stores nothing for %s, and leaves an older connection as it was', async (_name, key, fault, code) => {
    await connected(ana, 'key-ana')
    const before = await rowsOf(ana)
    house.backend.fault = fault
    expect(await connectWith(ana, key)).toMatchObject({ ok: false, problem: { code } })
    expect(await rowsOf(ana)).toEqual(before)
  })

  it('records a refused key without any part of it', async () => {
    await connectWith(ana, 'wrong-secret-key')
    const events = await stage.database.asOwner(`select * from audit_events where user_id = ${ana.userId}`)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ type: 'connection.rejected', outcome: 'failure' })
    expect(JSON.stringify(events)).not.toContain('wrong-secret')
  })

  it('replaces the key of the same account, under a new version', async () => {
    const first = await connected(ana, 'key-ana', { label: 'mine' })
    house.backend.accept('key-ana-2', { id: 'account-ana', label: 'Ana’s notes', notes: new Map() })
    const second = await connected(ana, 'key-ana-2')
    expect(second).toMatchObject({ connection_id: first.connection_id, label: 'mine' })
    expect(await rowsOf(ana)).toMatchObject([{ id: first.connection_id, version: 2 }])
  })

  it('keeps several accounts of one user, one of them the default', async () => {
    const first = await connected(ana, 'key-ana')
    house.backend.accept('key-work', { id: 'account-work', label: 'Work', notes: new Map() })
    const second = await connected(ana, 'key-work', { makeDefault: true })
    const listed = await connections(house.deps, ana)
    expect(listed).toMatchObject({
      ok: true,
      value: {
        connections: [
          { connection_id: first.connection_id, is_default: false },
          { connection_id: second.connection_id, is_default: true },
        ],
      },
    })
    expect(await status(house.deps, ana, { provider: 'example' })).toMatchObject({ value: { label: 'Work' } })
    await changeConnection(house.deps, ana, first.connection_id, { is_default: true, label: 'Home' })
    expect(await status(house.deps, ana, { provider: 'example' })).toMatchObject({ value: { label: 'Home' } })
  })

  it('makes the oldest that is left the default when the default ends', async () => {
    const first = await connected(ana, 'key-ana')
    house.backend.accept('key-work', { id: 'account-work', label: 'Work', notes: new Map() })
    await connected(ana, 'key-work', { makeDefault: true })
    expect(await disconnect(house.deps, ana, { provider: 'example' })).toMatchObject({ value: { label: 'Work' } })
    expect(await connection(house.deps, ana, first.connection_id)).toMatchObject({ value: { is_default: true } })
  })

  it('deletes the key on disconnect, and says what is left to do', async () => {
    await connected(ana, 'key-ana')
    expect(await disconnect(house.deps, ana, { provider: 'example' })).toMatchObject({
      value: {
        disconnected: true,
        revoked_at_provider: false,
        next_step: expect.stringContaining('example.test/keys'),
      },
    })
    expect(await rowsOf(ana)).toEqual([])
    expect(await status(house.deps, ana, { provider: 'example' })).toEqual({
      ok: true,
      value: {
        connected: false,
        status: 'not_connected',
        provider: 'example',
        connect_url: 'http://localhost:8001/connect/example',
        cut_off: null,
      },
    })
    expect(await disconnect(house.deps, ana, { provider: 'example' })).toMatchObject({ problem: { code: 'not_found' } })
  })

  it('answers an unknown provider with not_found everywhere', async () => {
    const outcomes = [
      await connect(house.deps, ana, { provider: 'nothing', credential: {} }),
      await status(house.deps, ana, { provider: 'nothing' }),
      await disconnect(house.deps, ana, { provider: 'nothing' }),
    ]
    for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(house.backend.seen).toEqual([])
  })

  it('gives another user’s connection and a missing one the same answer', async () => {
    const { connection_id: id } = await connected(bruno, 'key-bruno')
    const missing = 2_000_000
    for (const ask of [
      (which: number) => connection(house.deps, ana, which),
      (which: number) => status(house.deps, ana, { provider: 'example', connectionId: which }),
      (which: number) => disconnect(house.deps, ana, { provider: 'example', connectionId: which }),
      (which: number) => changeConnection(house.deps, ana, which, { label: 'taken' }),
    ]) {
      const foreign = await ask(id)
      expect(foreign).toEqual(await ask(missing))
      expect(foreign.ok).toBe(false)
    }
    expect(await connection(house.deps, bruno, id)).toMatchObject({ value: { label: 'Bruno’s notes' } })
  })

  it('limits how often a user may try', async () => {
    house.budget.connects = 0
    expect(await connectWith(ana, 'key-ana')).toMatchObject({ problem: { code: 'rate_limited', retryAfterSeconds: 7 } })
    expect(house.backend.seen).toEqual([])
  })

  describe('at the same moment', () => {
    it('two connects of one account give one row', async () => {
      const outcomes = await Promise.all([
        connectWith(ana, 'key-ana'),
        connectWith(ana, 'key-ana'),
        connectWith(ana, 'key-ana'),
      ])
      expect(outcomes.every(({ ok }) => ok)).toBe(true)
      expect(await rowsOf(ana)).toMatchObject([{ version: 3, is_default: true }])
    })

    it('connects of several accounts give exactly one default', async () => {
      const keys = ['a', 'b', 'c', 'd']
      for (const key of keys) house.backend.accept(key, { id: `account-${key}`, label: key, notes: new Map() })
      await Promise.all(keys.map((key) => connectWith(ana, key, { makeDefault: true })))
      const rows = await stage.database.asOwner<{ is_default: boolean }>(
        `select is_default from mcp_connections where user_id = ${ana.userId}`,
      )
      expect(rows).toHaveLength(4)
      expect(rows.filter(({ is_default }) => is_default)).toHaveLength(1)
    })

    it('two disconnects end it once', async () => {
      await connected(ana, 'key-ana')
      const outcomes = await Promise.all([1, 2].map(() => disconnect(house.deps, ana, { provider: 'example' })))
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    })
  })

  describe('a live check', () => {
    const check = () => status(house.deps, ana, { provider: 'example', check: true })

    it('finds a dead key, says so once, and recovers when the key works again', async () => {
      await connected(ana, 'key-ana')
      house.backend.revoke('key-ana')
      expect(await check()).toMatchObject({
        value: {
          connected: false,
          status: 'needs_reauthorization',
          connect_url: 'http://localhost:8001/connect/example',
          check: { ok: false, code: 'credential_rejected' },
        },
      })
      await check()
      house.backend.accept('key-ana', { id: 'account-ana', label: 'Ana’s notes', notes: new Map() })
      expect(await check()).toMatchObject({ value: { connected: true, status: 'connected', check: { ok: true } } })
      const events = await stage.database.asOwner<{ type: string }>(
        `select type from audit_events where user_id = ${ana.userId} and type like 'connection.%e%' order by id`,
      )
      const types = events.map(({ type }) => type)
      expect(types.filter((type) => type === 'connection.needs_reauthorization')).toHaveLength(1)
      expect(types.filter((type) => type === 'connection.recovered')).toHaveLength(1)
    })

    it('changes nothing while the provider is down', async () => {
      await connected(ana, 'key-ana')
      house.backend.fault = 'down'
      expect(await check()).toMatchObject({
        value: { connected: true, status: 'connected', check: { ok: false, code: 'provider_unavailable' } },
      })
    })

    it('recovers on a new connect with the same account', async () => {
      await connected(ana, 'key-ana')
      house.backend.revoke('key-ana')
      await check()
      house.backend.accept('key-new', { id: 'account-ana', label: 'Ana’s notes', notes: new Map() })
      expect(await connected(ana, 'key-new')).toMatchObject({ connected: true, status: 'connected' })
    })
  })
})
