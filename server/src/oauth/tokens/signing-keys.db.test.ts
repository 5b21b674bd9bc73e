import { createPrivateKey, sign, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { checkKeys, MISSING_KEY } from '#vault/canary.ts'
import { deriveKey } from '#vault/keys.ts'
import { keyState, retireKey, rotateKeys } from '#vault/rotate.ts'
import { createVault } from '#vault/seal.ts'
import { RETIRED_KEY_SECONDS, SIGNING_KEY_SECONDS } from '#oauth/lifetimes.ts'
import { currentSigningKeys } from './signing-keys.ts'

const freshKey = () => deriveKey(Buffer.from(crypto.getRandomValues(new Uint8Array(32))))

describeOnEachEngine('the keys that sign access tokens', (open) => {
  let database: TestDatabase
  let now = new Date('2026-11-22T12:00:00Z')
  const clock = { now: () => now }
  const [old, fresh] = [freshKey(), freshKey()]
  const vault = createVault([old])
  const deps = () => ({ database, clock, vault })
  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1_000)
  }

  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(() => database.asOwner('delete from oauth_signing_keys; delete from key_check'))

  it('are one key, however many replicas start at once, whose public half fits', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => currentSigningKeys(deps())))
    expect(new Set(all.map(({ active }) => active.kid)).size).toBe(1)
    const [{ active, published, verifying } = await currentSigningKeys(deps())] = all
    expect(published).toEqual([
      { kty: 'EC', crv: 'P-256', x: active.x, y: active.y, kid: active.kid, alg: 'ES256', use: 'sig' },
    ])
    const text = Buffer.from('text')
    const signature = sign('sha256', text, createPrivateKey({ key: active as never, format: 'jwk' }))
    expect(verify('sha256', text, verifying.get(active.kid) as never, signature)).toBe(true)
  })

  it('lie sealed: no private half in the row, and none for a row that was changed', async () => {
    const { active } = await currentSigningKeys(deps())
    const [row] = await database.asOwner('select * from oauth_signing_keys')
    expect(JSON.stringify(row)).not.toContain(active.d)
    await database.asOwner("update oauth_signing_keys set kid = 'another'")
    await expect(currentSigningKeys(deps())).rejects.toThrow(
      /another that signs access tokens does not open: tag_mismatch/,
    )
  })

  it('are replaced after their time, and published until their tokens have expired', async () => {
    const first = await currentSigningKeys(deps())
    pass(SIGNING_KEY_SECONDS - 1)
    expect((await currentSigningKeys(deps())).active.kid).toBe(first.active.kid)
    pass(1)
    const [second, same] = await Promise.all([currentSigningKeys(deps()), currentSigningKeys(deps())])
    expect(second.active.kid).not.toBe(first.active.kid)
    expect(same.active.kid).toBe(second.active.kid)
    expect(second.published.map(({ kid }) => kid)).toEqual([second.active.kid, first.active.kid])
    pass(RETIRED_KEY_SECONDS)
    expect((await currentSigningKeys(deps())).published).toHaveLength(2)
    pass(1)
    const later = await currentSigningKeys(deps())
    expect(later.published.map(({ kid }) => kid)).toEqual([second.active.kid])
    expect([...later.verifying.keys()]).toEqual([second.active.kid])
  })

  it('follow a rotation of the keys of the vault, which counts them', async () => {
    const { active } = await currentSigningKeys(deps())
    expect(await checkKeys(database, [old, fresh])).toEqual([])
    expect(await checkKeys(database, [fresh])).toMatchObject([{ title: MISSING_KEY }])
    const during = createVault([fresh, old])
    expect(await retireKey(database, during, old.id)).toMatchObject({ ok: false })
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 1, unreadable: 0, remaining: 0 })
    expect((await keyState(database, during)).keys).toMatchObject([
      { key_id: fresh.id, rows: 1 },
      { key_id: old.id, rows: 0 },
    ])
    expect(await retireKey(database, during, old.id)).toMatchObject({ ok: true })
    const after = await currentSigningKeys({ ...deps(), vault: createVault([fresh]) })
    expect(after.active).toMatchObject({ kid: active.kid, d: active.d })
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 0, remaining: 0 })
  })

  it('count as unreadable in a rotation where they do not open', async () => {
    await currentSigningKeys(deps())
    await database.asOwner("update oauth_signing_keys set kid = 'another'")
    const progress = await rotateKeys(database, createVault([fresh, old]))
    expect(progress).toMatchObject({ rotated: 0, unreadable: 1, unreadable_connections: [], remaining: 1 })
  })
})
