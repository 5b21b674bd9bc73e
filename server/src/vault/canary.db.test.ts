import { afterAll, beforeEach, beforeAll, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { checkKeys, MISSING_KEY, sealedRowsExist, WRONG_KEY } from './canary.ts'
import { deriveKey, type VaultKey } from './keys.ts'
import { createVault } from './seal.ts'
import { insertConnection } from '#test/support/sealed-connections.ts'

const freshKey = (): VaultKey => deriveKey(Buffer.from(crypto.getRandomValues(new Uint8Array(32))))

describeOnEachEngine('the keys at start', (open) => {
  let database: TestDatabase
  let userId = 0
  beforeAll(async () => {
    database = await open()
    userId = await createTestUser(database, 'ana@example.com')
  })
  afterAll(() => database.close())
  beforeEach(() => database.asOwner('delete from mcp_connections; delete from key_check'))

  const canaries = () => database.asOwner<{ kid: string; token: string }>('select kid, token from key_check order by 1')
  const titles = async (keys: readonly VaultKey[]) => (await checkKeys(database, keys)).map(({ title }) => title)

  it('get their canary once, each of them', async () => {
    const [one, two] = [freshKey(), freshKey()]
    expect(await checkKeys(database, [one])).toEqual([])
    const [first] = await canaries()
    expect(first).toMatchObject({ kid: one.id, token: expect.stringMatching(/^gAAAAA/) })
    expect(await checkKeys(database, [two, one])).toEqual([])
    expect((await canaries()).map(({ kid }) => kid)).toEqual([one.id, two.id].toSorted())
    expect(await canaries()).toContainEqual(first)
    expect(await checkKeys(database, [two])).toEqual([])
  })

  it('are refused where none of them was ever at work here', async () => {
    const right = freshKey()
    await checkKeys(database, [right])
    const problems = await checkKeys(database, [freshKey(), freshKey()])
    expect(problems).toEqual([{ title: WRONG_KEY, detail: expect.stringContaining(right.id) }])
    expect(await canaries()).toHaveLength(1)
  })

  it('are refused where a canary does not open', async () => {
    const [one, two] = [freshKey(), freshKey()]
    await checkKeys(database, [one, two])
    await database.asOwner(`update key_check set token = (select token from key_check where kid = '${two.id}')`)
    expect(await checkKeys(database, [one])).toEqual([{ title: WRONG_KEY, detail: expect.stringContaining(one.id) }])
    const foreign = createVault([one]).seal({ table: 'key_check', parts: [] }, { canary: 'other' }).token
    await database.asOwner(`update key_check set token = '${foreign}' where kid = '${one.id}'`)
    expect(await titles([one])).toEqual([WRONG_KEY])
  })

  it('are refused where one that is in use is not listed, with the number of rows', async () => {
    const [one, two, three] = [freshKey(), freshKey(), freshKey()]
    await checkKeys(database, [one, two])
    for (const key of [one, two, two]) await insertConnection(database, createVault([key]), userId)
    expect(await checkKeys(database, [two, one])).toEqual([])
    expect(await checkKeys(database, [one, three])).toEqual([
      { title: MISSING_KEY, detail: expect.stringMatching(new RegExp(`^2 credentials .* ${two.id}\\.`)) },
    ])
    expect(await checkKeys(database, [two])).toEqual([
      { title: MISSING_KEY, detail: expect.stringMatching(new RegExp(`^1 credential is .* ${one.id}\\.`)) },
    ])
    expect(await titles([three])).toEqual([WRONG_KEY, MISSING_KEY, MISSING_KEY])
    expect((await canaries()).map(({ kid }) => kid)).not.toContain(three.id)
  })

  it('start beside rows that were moved in and belong to no key yet', async () => {
    const key = freshKey()
    await insertConnection(database, createVault([key]), userId)
    await database.asOwner('update mcp_connections set key_id = null, binding_tag = null')
    expect(await checkKeys(database, [key])).toEqual([])
  })

  it('may be checked by several replicas at once', async () => {
    const key = freshKey()
    const all = await Promise.all(Array.from({ length: 6 }, () => checkKeys(database, [key])))
    expect(all.flat()).toEqual([])
    expect(await canaries()).toHaveLength(1)
  })

  it('exist already where a row is sealed or a canary sits', async () => {
    const key = freshKey()
    expect(await sealedRowsExist(database)).toBe(false)
    await insertConnection(database, createVault([key]), userId)
    expect(await sealedRowsExist(database)).toBe(true)
    await database.asOwner('delete from mcp_connections')
    await checkKeys(database, [key])
    expect(await sealedRowsExist(database)).toBe(true)
  })
})
