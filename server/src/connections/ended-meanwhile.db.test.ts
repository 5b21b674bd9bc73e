import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authorizingHouse, ISSUER, type AuthorizingHouse } from '#test/support/authorizing-provider.ts'
import { describeOnEachEngine } from '#test/support/database.ts'
import { principalOf, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import type { Principal } from '#kernel/principal.ts'
import { authorize } from './authorization/authorize.ts'
import { finish } from './authorization/finish.ts'
import { connect } from './connect.ts'
import { disconnectAll } from './disconnect-all.ts'
import { disconnect } from './disconnect.ts'
import { importConnections } from './import.ts'

/** Cut off while a provider still thinks about a code or a key: each by another replica, which this one has not heard of. */
describeOnEachEngine('what is ended while it is under way', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let world: AuthorizingHouse
  let ana: Principal
  let bruno: Principal

  beforeEach(async () => {
    house = stage.house
    ana = principalOf(await stage.newUser('ana'))
    bruno = principalOf(await stage.newUser('bruno'))
    world = authorizingHouse(house)
    house.backend.accept('key-ana', { id: 'pasted', label: 'ana', notes: new Map() })
  })
  afterEach(() =>
    stage.database.asOwner('delete from mcp_connections; delete from provider_blocks; delete from audit_events'),
  )

  const rows = () => stage.database.asOwner('select * from mcp_connections')
  const endAll = (user = ana) => disconnectAll(house.deps, principalOf(bruno.userId), user.userId, 'ending')

  async function begin(principal = ana, connectionId?: number): Promise<string> {
    const input = { provider: 'first', ...(connectionId === undefined ? {} : { connectionId }) }
    const begun = await authorize(world.deps, principal, input)
    if (!begun.ok) throw new Error(begun.problem.detail)
    return new URL(begun.value.authorize_url).searchParams.get('state') ?? ''
  }

  /** How the round trip ends, where something happens before the token endpoint answers. */
  async function comeBack(state: string, meanwhile: () => Promise<unknown> = async () => {}) {
    const { token } = world.backend
    world.backend.token = async (body) => {
      await meanwhile()
      return token(body)
    }
    const parameters = new URLSearchParams({ code: 'the-code', iss: ISSUER, state })
    const address = await finish(world.deps, ana, { provider: 'first', parameters, requestId: 'request-1' })
    world.backend.token = token
    return new URL(address).searchParams.get('connect_error')
  }

  /** The same for a key. */
  function paste(meanwhile: () => Promise<unknown>) {
    const fetch: typeof globalThis.fetch = async (...given) => {
      await meanwhile()
      return house.backend.fetch(...given)
    }
    const { apiUrl } = house.deps.edges.of(house.deps.registry.providers[0] as never)
    const deps = { ...house.deps, edges: { of: () => ({ apiUrl, fetch }) } }
    return connect(deps, ana, { provider: 'example', credential: { api_key: 'key-ana' } })
  }

  const suspend = () => stage.database.asOwner(`update users set banned = true where id = ${ana.userId}`)
  const block = (provider: string) =>
    stage.database.asOwner(`insert into provider_blocks (provider, reason) values ('${provider}', 'A leak')`)

  describe('by ending all connections', () => {
    it('stores no access, and ends at the provider what it has just given', async () => {
      expect(await comeBack(await begin(), endAll)).toBe('ended')
      expect(await rows()).toEqual([])
      expect(house.tokens.revoked).toMatchObject([{ access_token: 'at-ana', refresh_token: 'rt-1' }])
      const events = await stage.database.asOwner('select type, details from audit_events order by id')
      expect(events).toMatchObject([
        { type: 'credential.used', details: { purpose: 'revoke' } },
        { type: 'connection.rejected', details: { code: 'ended' } },
      ])
    })

    it('stores no key, and says why', async () => {
      expect(await paste(endAll)).toMatchObject({
        ok: false,
        problem: { code: 'conflict', extra: { connect_error: 'ended' }, detail: expect.stringContaining('were ended') },
      })
      expect(await rows()).toEqual([])
      expect(house.tokens.revoked).toEqual([])
    })

    it('imports nothing', async () => {
      const { token } = house.deps.vault.seal(
        { userId: ana.userId, provider: 'example', connectionId: 1, version: 1 },
        { api_key: 'key-ana' },
      )
      const row = { user_email: stage.emailOf('ana'), provider: 'example', encrypted_credentials: token }
      const fetch: typeof globalThis.fetch = async (...given) => {
        await endAll()
        return house.backend.fetch(...given)
      }
      const deps = { ...house.deps, edges: { of: () => ({ apiUrl: 'https://api.example.test', fetch }) } }
      expect(await importConnections(deps, bruno, [row], 'request-1')).toMatchObject([{ outcome: 'refused' }])
      expect(await rows()).toEqual([])
    })

    it('also ends a way that was begun before, and written down at the same moment', async () => {
      const state = await begin()
      await stage.database.asOwner(`insert into connection_endings (user_id, endings) values (${ana.userId}, 1)`)
      expect(await comeBack(state)).toBe('ended')
      expect(await rows()).toEqual([])
    })

    it('leaves what another user has under way, and what begins afterwards', async () => {
      expect(await comeBack(await begin(), () => endAll(bruno))).toBeNull()
      await endAll()
      expect(await comeBack(await begin())).toBeNull()
      expect(await paste(async () => {})).toMatchObject({ ok: true })
    })
  })

  describe('by a suspension', () => {
    it('stores no access, and ends it at the provider', async () => {
      expect(await comeBack(await begin(), suspend)).toBe('ended')
      expect([await rows(), house.tokens.revoked.length]).toEqual([[], 1])
    })

    it('stores no key', async () => {
      expect(await paste(suspend)).toMatchObject({ problem: { code: 'forbidden', extra: { connect_error: 'ended' } } })
      expect(await rows()).toEqual([])
    })

    it('that is over by then stores it', async () => {
      const over = house.clock.now().toISOString()
      const ends = () =>
        stage.database.asOwner(`update users set banned = true, ban_expires = '${over}' where id = ${ana.userId}`)
      expect(await paste(ends)).toMatchObject({ ok: true })
    })
  })

  it('by cutting the provider off stores nothing, and sends nothing there either', async () => {
    expect(await comeBack(await begin(), () => block('first'))).toBe('blocked')
    expect(await paste(() => block('example'))).toMatchObject({
      problem: { code: 'forbidden', extra: { blocked: true }, detail: expect.stringMatching(/A leak$/) },
    })
    expect([await rows(), house.tokens.revoked]).toEqual([[], []])
  })

  it('by disconnecting the connection that is renewed stores nothing in its place', async () => {
    expect(await comeBack(await begin())).toBeNull()
    const [row] = await rows()
    const end = () => disconnect(world.deps, ana, { provider: 'first' })
    expect(await comeBack(await begin(ana, Number(row?.['id'])), end)).toBe('ended')
    expect(await rows()).toEqual([])
  })
})
