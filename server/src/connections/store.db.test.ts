import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Transaction } from '#db/database.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import {
  claimRenewal,
  connectionsOfProvider,
  deleteConnection,
  findConnection,
  insertConnection,
  listConnections,
  lockConnection,
  releaseRenewal,
  setDefault,
  touchConnection,
  updateConnection,
} from './store.ts'

/**
 * Wall (a), alone: every function of the store runs in a transaction that sees all rows (row-level security is out of
 * the way), and must still touch the caller's rows only. Removing a `where user_id` turns one of these red.
 */
describeOnEachEngine('the user filter of the connection store', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number
  let brunosId: number

  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
    const row = {
      provider: 'example',
      encrypted_credentials: 'x',
      metadata: '{}',
      label: 'l',
      account_id: 'a',
      scopes: [],
    }
    await unwalled((tx) => insertConnection(ana, tx, { ...row, is_default: true }))
    brunosId = (await unwalled((tx) => insertConnection(bruno, tx, { ...row, is_default: true }))).id
  })
  afterAll(() => database.close())

  function unwalled<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return database.asSystem('test the filters alone', work)
  }

  async function brunosRow() {
    return unwalled((tx) => findConnection(bruno, tx, brunosId))
  }

  it('reads only the caller’s rows', async () => {
    const lists = await unwalled(async (tx) => [
      await listConnections(ana, tx),
      await connectionsOfProvider(ana, tx, 'example'),
    ])
    for (const rows of lists) expect(rows.map((row) => row.user_id)).toEqual([ana])
    expect(await unwalled((tx) => findConnection(ana, tx, brunosId))).toBeUndefined()
    expect(await unwalled((tx) => lockConnection(ana, tx, brunosId))).toBeUndefined()
  })

  describe('changes only the caller’s rows', () => {
    const attempts: [string, (tx: Transaction) => Promise<unknown>][] = [
      ['update', (tx) => updateConnection(ana, tx, { id: brunosId }, { label: 'taken' })],
      ['claim', (tx) => claimRenewal(ana, tx, { id: brunosId, version: 1, claim: null }, 'taken')],
      ['release', (tx) => releaseRenewal(ana, tx, { id: brunosId, claim: 'of bruno' }, { last_error: 'taken' })],
      ['touch', (tx) => touchConnection(ana, tx, brunosId, { last_used_at: new Date() })],
      ['default', (tx) => setDefault(ana, tx, 'example', brunosId)],
      ['no default', (tx) => setDefault(ana, tx, 'example', null)],
      ['delete', (tx) => deleteConnection(ana, tx, brunosId)],
    ]
    it.each(attempts)('%s', async (_name, attempt) => {
      const before = await brunosRow()
      await unwalled(attempt)
      expect(await brunosRow()).toEqual(before)
    })
  })

  it('writes a new row for the caller and nobody else', async () => {
    const planted = {
      user_id: bruno,
      provider: 'p',
      encrypted_credentials: 'x',
      metadata: '{}',
      label: '',
      account_id: 'b',
      scopes: [],
    }
    const row = await unwalled((tx) => insertConnection(ana, tx, planted))
    expect(row.user_id).toBe(ana)
  })
})
