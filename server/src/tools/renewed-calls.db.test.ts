import { beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine } from '#test/support/database.ts'
import { list } from '#test/support/connection-list.ts'
import { principalOf, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import { insertOAuthConnection } from '#test/support/oauth-connection.ts'

/** The example provider reads its key from `api_key`; here it changes with the access token. */
const tokens = (name: string) => ({ access_token: name, api_key: name, refresh_token: 'refresh' })

describeOnEachEngine('a call whose token is refused before its end', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let ana: number
  beforeEach(async () => {
    house = stage.house
    ana = await stage.newUser('ana')
    const now = house.clock.now()
    await insertOAuthConnection(house.deps, { userId: ana, provider: 'example', credential: tokens('old'), now })
  })

  const add = () =>
    house.callTool(principalOf(ana), { tool: 'example_add_note', arguments: { text: 'one' }, confirmed: true })
  const status = async () => (await list(house.deps, ana))[0]?.status

  it('is sent once more with a renewed one, a write too, and takes effect once', async () => {
    const notes = new Map<string, string>()
    house.backend.accept('new', { id: 'a', label: 'ana', notes })
    house.tokens.answer = async () => ({ kind: 'renewed', tokens: tokens('new') })
    expect(await add()).toMatchObject({ ok: true })
    expect([house.tokens.asked, notes.size, await status()]).toEqual([1, 1, 'connected'])
  })

  it('is given up where the renewed one is refused too, and never loops', async () => {
    house.tokens.answer = async () => ({ kind: 'renewed', tokens: tokens('new') })
    expect(await add()).toMatchObject({ problem: { code: 'reauthorize' } })
    expect(await add()).toMatchObject({ problem: { code: 'reauthorize' } })
    expect([house.tokens.asked, house.backend.seen.length, await status()]).toEqual([1, 2, 'needs_reauthorization'])
  })

  it('leaves the connection as it is where nothing new is to be had now', async () => {
    expect(await add()).toMatchObject({ problem: { code: 'provider_unavailable' } })
    expect(await status()).toBe('connected')
  })
})
