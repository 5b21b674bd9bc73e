import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createTestHouse, OTHER_TEST_KEY, principalOf, testVault, type TestHouse } from '#test/support/house.ts'
import type { Principal } from '#kernel/principal.ts'
import { generateKeyText } from '#vault/keys.ts'
import { keyState, rotateKeys } from '#vault/rotate.ts'
import type { Vault } from '#vault/seal.ts'
import { createProviderApps, type ProviderApps } from './apps.ts'
import { beginTransaction, takeTransaction } from './transactions.ts'

const APP = { name: 'first', clientId: 'client-1', clientSecret: 'the-secret' }
const STATE = 's'.repeat(43)

describeOnEachEngine('the operator’s apps', (open) => {
  let database: TestDatabase
  let house: TestHouse
  let owner: Principal

  beforeAll(async () => {
    database = await open()
    house = await createTestHouse(database)
    owner = principalOf(await createTestUser(database, 'owner@example.com'))
  })
  beforeEach(() => database.asOwner('delete from provider_apps; delete from audit_events'))
  afterEach(() => database.asOwner('delete from authorization_transactions'))
  afterAll(async () => {
    await house.close()
    await database.close()
  })

  const appsOf = (vault: Vault = house.deps.vault, settings = new Map()): ProviderApps =>
    createProviderApps({ ...house.deps, vault, settings })

  it('are sealed, found, changed and forgotten', async () => {
    const apps = appsOf()
    expect(await apps.find('first')).toEqual({ ok: true, value: null })
    expect(await apps.set(owner, APP, 'r')).toMatchObject({
      ok: true,
      value: { source: 'stored', client_id: 'client-1' },
    })
    expect(await apps.find('first')).toEqual({ ok: true, value: { clientId: 'client-1', clientSecret: 'the-secret' } })
    await apps.set(owner, { ...APP, clientSecret: 'another' }, 'r')
    expect(await apps.find('first')).toMatchObject({ value: { clientSecret: 'another' } })
    const text = JSON.stringify([await database.asOwner('select * from provider_apps'), await apps.view('first')])
    expect(text).not.toMatch(/the-secret|another/)
    expect([...(await apps.names())]).toEqual(['first'])
    expect(await apps.remove(owner, 'first', 'r')).toMatchObject({ ok: true, value: { configured: false } })
    expect(await apps.remove(owner, 'first', 'r')).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    const events = await database.asOwner<{ type: string }>(
      'select type, details, target from audit_events order by id',
    )
    expect(events.map(({ type }) => type)).toEqual(['provider_app.set', 'provider_app.set', 'provider_app.deleted'])
    expect(JSON.stringify(events)).not.toMatch(/the-secret|another|client-1/)
  })

  it('of the settings win and stay as they are', async () => {
    await appsOf().set(owner, APP, 'r')
    const fixed = { clientId: 'fixed', clientSecret: 'fixed-secret' }
    const apps = appsOf(house.deps.vault, new Map([['first', fixed]]))
    expect(await apps.find('first')).toEqual({ ok: true, value: fixed })
    expect(await apps.view('first')).toMatchObject({ source: 'settings', client_id: 'fixed', updated_at: null })
    expect(await apps.set(owner, APP, 'r')).toMatchObject({ ok: false, problem: { code: 'conflict' } })
  })

  it.each([
    `client_id = 'evil'`,
    `provider = 'second'`,
    'version = version + 1',
    'encrypted_secret = reverse(encrypted_secret)',
  ])('do not open after %s', async (change) => {
    await appsOf().set(owner, APP, 'r')
    await database.asOwner(`update provider_apps set ${change}`)
    const found = await Promise.all([appsOf().find('first'), appsOf().find('second')])
    expect(found.filter(({ ok }) => !ok)).toEqual([
      expect.objectContaining({ problem: expect.objectContaining({ code: 'credential_unreadable' }) }),
    ])
  })

  it('are sealed again with the keys, and so is whatever is under way', async () => {
    const [oldKey, newKey] = [OTHER_TEST_KEY, generateKeyText()]
    const [before, during, after] = [testVault(oldKey), testVault(newKey, oldKey), testVault(newKey)]
    await database.asOwner('delete from mcp_connections')
    await appsOf(before).set(owner, APP, 'r')
    const begun = { provider: 'first', state: STATE, contents: { code_verifier: 'v' } }
    await beginTransaction({ ...house.deps, vault: before }, owner, begun)
    expect((await keyState(database, during)).keys.map(({ role, rows }) => [role, rows])).toContainEqual(['listed', 2])
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 2, unreadable: 0, remaining: 0 })
    expect(await appsOf(before).find('first')).toMatchObject({ ok: false })
    expect(await appsOf(after).find('first')).toMatchObject({ value: { clientSecret: 'the-secret' } })
    const taken = await takeTransaction({ ...house.deps, vault: after }, owner, { provider: 'first', state: STATE })
    expect(taken).toMatchObject({ ok: true, contents: { code_verifier: 'v' } })
    await appsOf(before).set(owner, { ...APP, name: 'lost' }, 'r')
    expect(await rotateKeys(database, after)).toMatchObject({ rotated: 0, unreadable: 1, remaining: 1 })
  })
})
