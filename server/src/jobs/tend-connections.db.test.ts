import { beforeEach, expect, it } from 'vitest'
import { connect } from '#connections/connect.ts'
import { list } from '#test/support/connection-list.ts'
import { describeOnEachEngine } from '#test/support/database.ts'
import { principalOf, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import { insertOAuthConnection } from '#test/support/oauth-connection.ts'
import { startConnectionCare } from './tend-connections.ts'

const HOUR_MS = 3_600_000
const ROUND_MS = 5
/** For a machine that is busy with something else. */
const PATIENCE = { timeout: 15_000 }

describeOnEachEngine('looking after connections', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let ana: number

  beforeEach(async () => {
    house = stage.house
    ana = await stage.newUser('ana')
    await stage.database.asOwner('delete from mcp_connections')
  })

  async function whileCared(until: () => Promise<void>): Promise<void> {
    const replicas = [startConnectionCare(house.deps, ROUND_MS), startConnectionCare(house.deps, ROUND_MS)]
    await until()
    await Promise.all(replicas.map((replica) => replica.stop()))
  }

  const mine = async () => (await list(house.deps, ana))[0]

  it('renews ahead of the end, once, whoever comes first', async () => {
    const now = house.clock.now()
    const expires = (from: Date) => new Date(from.getTime() + HOUR_MS).toISOString()
    const credential = { access_token: 'old', refresh_token: 'r', expires_at: expires(now) }
    await insertOAuthConnection(house.deps, { userId: ana, provider: 'example', credential, now })
    house.clock.advance(0.9 * HOUR_MS)
    house.tokens.answer = async () => ({
      kind: 'renewed',
      tokens: { access_token: 'new', expires_at: expires(house.clock.now()) },
    })
    await whileCared(() =>
      expect.poll(async () => (await mine())?.expires_at, PATIENCE).toBe(expires(house.clock.now())),
    )
    expect(house.tokens.asked).toBe(1)
    expect(Date.parse((await mine())?.next_refresh_at ?? '')).toBeGreaterThan(house.clock.now().getTime())
  })

  it('tests what was quiet for hours, and leaves what was just used alone', async () => {
    house.backend.accept('key-ana', { id: 'a', label: 'ana', notes: new Map() })
    await connect(house.deps, principalOf(ana), { provider: 'example', credential: { api_key: 'key-ana' } })
    const asked = () => house.backend.seen.filter(({ path }) => path === '/me').length
    await whileCared(() => new Promise((resolve) => setImmediate(resolve)))
    expect(asked()).toBe(1)
    house.clock.advance(7 * HOUR_MS)
    await whileCared(() =>
      expect.poll(async () => (await mine())?.last_success_at, PATIENCE).toBe(house.clock.now().toISOString()),
    )
    expect(asked()).toBe(2)
  })

  it('uses nothing of a suspended user', async () => {
    const now = house.clock.now()
    const bruno = await stage.newUser('bruno')
    const credential = {
      access_token: 'old',
      refresh_token: 'r',
      expires_at: new Date(now.getTime() + HOUR_MS).toISOString(),
    }
    await insertOAuthConnection(house.deps, { userId: ana, provider: 'example', credential, now })
    await house.deps.database.login.updateTable('users').set({ banned: true }).where('id', '=', ana).execute()
    house.backend.accept('key-bruno', { id: 'b', label: 'bruno', notes: new Map() })
    await connect(house.deps, principalOf(bruno), { provider: 'example', credential: { api_key: 'key-bruno' } })
    house.backend.seen.length = 0
    house.clock.advance(7 * HOUR_MS)
    const tested = async () => (await list(house.deps, bruno))[0]?.last_success_at
    await whileCared(() => expect.poll(tested, PATIENCE).toBe(house.clock.now().toISOString()))
    expect(house.backend.seen).toHaveLength(1)
    expect(house.tokens.asked).toBe(0)
  })

  it('finds a key that was refused, and one that works again', async () => {
    house.backend.accept('key-ana', { id: 'a', label: 'ana', notes: new Map() })
    await connect(house.deps, principalOf(ana), { provider: 'example', credential: { api_key: 'key-ana' } })
    house.backend.revoke('key-ana')
    house.clock.advance(7 * HOUR_MS)
    await whileCared(() => expect.poll(async () => (await mine())?.status, PATIENCE).toBe('needs_reauthorization'))
    expect(await mine()).toMatchObject({ last_error: expect.any(String), next_refresh_at: null })
    house.backend.accept('key-ana', { id: 'a', label: 'ana', notes: new Map() })
    house.clock.advance(7 * HOUR_MS)
    await whileCared(() => expect.poll(async () => (await mine())?.status, PATIENCE).toBe('connected'))
  })

  it('notes a provider that is down, and changes nothing else', async () => {
    house.backend.accept('key-ana', { id: 'a', label: 'ana', notes: new Map() })
    await connect(house.deps, principalOf(ana), { provider: 'example', credential: { api_key: 'key-ana' } })
    house.clock.advance(7 * HOUR_MS)
    house.backend.fault = 'down'
    await whileCared(() =>
      expect.poll(async () => (await mine())?.last_error_at, PATIENCE).toBe(house.clock.now().toISOString()),
    )
    expect(await mine()).toMatchObject({ status: 'connected' })
  })
})
