import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { checkKeys } from './canary.ts'
import { deriveKey, type VaultKey } from './keys.ts'
import { keyState, retireKey, rotateKeys } from './rotate.ts'
import { createVault, type Vault } from './seal.ts'
import { insertConnection, readConnections, type StoredConnection } from '#test/support/sealed-connections.ts'

const freshKey = (): VaultKey => deriveKey(Buffer.from(crypto.getRandomValues(new Uint8Array(32))))

describeOnEachEngine('rotation', (open, engine) => {
  let database: TestDatabase
  let users: number[] = []
  const [old, fresh] = [freshKey(), freshKey()]
  const before = createVault([old])
  const during = createVault([fresh, old])
  const after = createVault([fresh])

  beforeAll(async () => {
    database = await open()
    users = [await createTestUser(database, 'ana@example.com'), await createTestUser(database, 'bia@example.com')]
  })
  afterAll(() => database.close())
  beforeEach(() => database.asOwner('delete from mcp_connections; delete from key_check'))

  const fill = async (count: number, vault: Vault = before): Promise<void> => {
    for (let index = 0; index < count; index += 1) await insertConnection(database, vault, users[index % 2] ?? 0)
  }

  const openWith = (vault: Vault, row: StoredConnection): unknown => {
    const { user_id: userId, provider, id: connectionId, version } = row
    const sealed = { token: row.encrypted_credentials, bindingTag: row.binding_tag, keyId: row.key_id }
    const opened = vault.open({ userId, provider, connectionId, version }, sealed)
    return opened.ok ? opened.value['api_key'] : opened.problem.reason
  }

  it('leaves nothing under the old key, every row readable and bound to its owner', async () => {
    await fill(25)
    const batches: number[] = []
    const progress = await rotateKeys(database, during, {
      batchRows: 10,
      onBatch: ({ rotated }) => void batches.push(rotated),
    })
    expect(progress).toEqual({ rotated: 25, unreadable: 0, unreadable_connections: [], remaining: 0 })
    expect(batches).toEqual([10, 20, 25])
    const rows = await readConnections(database)
    expect(rows).toHaveLength(25)
    for (const row of rows) {
      expect([row.version, row.key_id, openWith(after, row)]).toEqual([2, fresh.id, `ntn_of_${row.user_id}_${row.id}`])
      expect(openWith(before, row)).toBe('unknown_key')
      expect(openWith(after, { ...row, version: 1 })).toBe('tag_mismatch')
      expect(openWith(after, { ...row, user_id: row.user_id + 1 })).toBe('tag_mismatch')
    }
  })

  it('touches nothing that is under the primary key already, and nothing that is not bound', async () => {
    await fill(3, during)
    await fill(2)
    await database.asOwner(`update mcp_connections set key_id = null, binding_tag = null where key_id = '${old.id}'`)
    const rows = await readConnections(database)
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 0, remaining: 0 })
    expect(await readConnections(database)).toEqual(rows)
    expect((await keyState(database, during)).unbound).toBe(2)
  })

  it('can be stopped anywhere and goes on from there', async () => {
    await fill(25)
    expect(await rotateKeys(database, during, { batchRows: 10, maxBatches: 1 })).toMatchObject({
      rotated: 10,
      remaining: 15,
    })
    const stop = new AbortController()
    const onBatch = () => stop.abort()
    const stopped = await rotateKeys(database, during, { batchRows: 10, onBatch, signal: stop.signal })
    expect(stopped).toMatchObject({ rotated: 10, remaining: 5 })
    const mixed = await readConnections(database)
    expect(mixed.map((row) => openWith(during, row))).toEqual(mixed.map((row) => `ntn_of_${row.user_id}_${row.id}`))
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 5, remaining: 0 })
  })

  it('keeps what does not open as it is, and names it', async () => {
    await fill(4)
    const [first, second] = await readConnections(database)
    await database.asOwner(`update mcp_connections set user_id = ${users[1]} where id = ${first?.id}`)
    await database.asOwner(
      `update mcp_connections set encrypted_credentials = encrypted_credentials || '=' where id = ${second?.id}`,
    )
    const progress = await rotateKeys(database, during)
    expect(progress).toEqual({
      rotated: 2,
      unreadable: 2,
      unreadable_connections: [first?.id, second?.id],
      remaining: 2,
    })
    expect((await readConnections(database)).map((row) => row.version)).toEqual([1, 1, 2, 2])
  })

  it('can be done by several at once, each row once', async () => {
    await fill(30)
    const all = await Promise.all([1, 2, 3].map(() => rotateKeys(database, during, { batchRows: 5 })))
    expect(all.reduce((sum, { rotated }) => sum + rotated, 0)).toBe(30)
    const rows = await readConnections(database)
    expect(rows.map((row) => [row.version, row.key_id])).toEqual(rows.map(() => [2, fresh.id]))
  })

  it('passes over a row that somebody is writing, and lets the newer value win', async () => {
    if (engine === 'pglite') return // it has one session: nobody else can hold a row
    await fill(3)
    const [busy] = await readConnections(database)
    const { promise: written, resolve: finish } = Promise.withResolvers<void>()
    const { promise: locked, resolve: hold } = Promise.withResolvers<void>()
    const refresh = database.asSystem('a refresh in a test', async (tx) => {
      const context = { userId: busy?.user_id ?? 0, provider: 'notion', connectionId: busy?.id ?? 0, version: 2 }
      const sealed = before.seal(context, { api_key: 'refreshed' })
      await tx
        .updateTable('mcp_connections')
        .set({ encrypted_credentials: sealed.token, binding_tag: sealed.bindingTag, version: 2 })
        .where('id', '=', context.connectionId)
        .execute()
      hold()
      await written
    })
    await locked
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 2, remaining: 1 })
    finish()
    await refresh
    expect(await rotateKeys(database, during)).toMatchObject({ rotated: 1, remaining: 0 })
    const row = (await readConnections(database)).find(({ id }) => id === busy?.id)
    expect([row?.version, row === undefined || openWith(after, row)]).toEqual([3, 'refreshed'])
  })

  it('loses no read meanwhile: replicas of both orders open every row at every moment', async () => {
    await fill(40)
    const replicas = [createVault([old, fresh]), during]
    const done = new AbortController()
    let reads = 0
    const readAll = async () => {
      while (!done.signal.aborted || reads === 0) {
        const rows = await readConnections(database)
        for (const row of rows) {
          for (const vault of replicas) expect(openWith(vault, row)).toBe(`ntn_of_${row.user_id}_${row.id}`)
          reads += 1
        }
      }
    }
    const rotation = rotateKeys(database, during, { batchRows: 3 }).finally(() => done.abort())
    const [progress] = await Promise.all([rotation, readAll()])
    expect(progress).toMatchObject({ rotated: 40, remaining: 0 })
    expect(reads).toBeGreaterThanOrEqual(40)
  })

  it('ends with the old key forgotten, not before', async () => {
    await checkKeys(database, [old])
    await fill(3)
    expect(await checkKeys(database, [fresh, old])).toEqual([])
    expect(await keyState(database, during)).toEqual({
      primary: fresh.id,
      keys: [
        { key_id: fresh.id, role: 'primary', rows: 0 },
        { key_id: old.id, role: 'listed', rows: 3 },
      ],
      unbound: 0,
    })
    expect(await retireKey(database, during, old.id)).toMatchObject({ ok: false, problem: { code: 'conflict' } })
    expect(await retireKey(database, during, fresh.id)).toMatchObject({ ok: false, problem: { code: 'conflict' } })
    await rotateKeys(database, during)
    expect(await checkKeys(database, [fresh])).toEqual([])
    expect((await keyState(database, after)).keys).toContainEqual({ key_id: old.id, role: 'retired', rows: 0 })
    expect(await retireKey(database, after, old.id)).toEqual({ ok: true, value: null })
    expect((await keyState(database, after)).keys).toEqual([{ key_id: fresh.id, role: 'primary', rows: 3 }])
    expect((await checkKeys(database, [old])).length).toBeGreaterThan(0)
  })
})
