import { readdir, readFile, stat } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '#db/database.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import {
  createTestHouse,
  OTHER_TEST_KEY,
  refresherDeps,
  TEST_KEY,
  testVault,
  type TestHouse,
} from '#test/support/house.ts'
import { insertOAuthConnection, type TestRow } from '#test/support/oauth-connection.ts'
import { createRefresher, type RefresherDeps } from './refresh.ts'
import { createSpool } from './spool.ts'

const HOUR_MS = 3_600_000
const SECOND_MS = 1_000

describeOnEachEngine('the renewal of access', (open, engine) => {
  let database: TestDatabase
  let house: TestHouse
  let ana: number
  let users = 0
  let directory: string
  let row: TestRow

  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'chaveiro-renewal-'))
    house = await createTestHouse(database, testVault())
    users += 1
    ana = await createTestUser(database, `ana${users}@example.com`)
    house.tokens.answer = answerWith('new')
    row = await connectionThatEndsIn(-SECOND_MS)
  })
  afterEach(async () => {
    await house.close()
    rmSync(directory, { recursive: true, force: true })
  })

  function answerWith(name: string, refreshToken: string | null = `refresh-${name}`): TestHouse['tokens']['answer'] {
    return async () => ({
      kind: 'renewed',
      tokens: {
        access_token: `access-${name}`,
        expires_at: new Date(house.clock.now().getTime() + HOUR_MS).toISOString(),
        ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      },
    })
  }

  function connectionThatEndsIn(milliseconds: number): Promise<TestRow> {
    const now = house.clock.now()
    const expires = new Date(now.getTime() + milliseconds).toISOString()
    const credential = { access_token: 'access-old', refresh_token: 'refresh-old', expires_at: expires, team: 'kept' }
    return insertOAuthConnection(house.deps, { userId: ana, provider: 'example', credential, now })
  }

  function refresher(more: Partial<RefresherDeps> = {}) {
    return createRefresher({ ...refresherDeps(house.deps, house.tokens), spool: createSpool(directory), ...more })
  }

  async function stored(): Promise<TestRow> {
    const rows = await house.deps.database.asUser(ana, (tx) => tx.selectFrom('mcp_connections').selectAll().execute())
    return rows[0] as TestRow
  }

  async function credentialIn({ id, version, encrypted_credentials, binding_tag, key_id }: TestRow) {
    return house.deps.vault.open(
      { userId: ana, provider: 'example', connectionId: id, version },
      { token: encrypted_credentials, bindingTag: binding_tag, keyId: key_id },
    )
  }

  async function eventsOf(type: string): Promise<number> {
    await house.settle()
    const rows = await database.asOwner<{ count: number }>(
      `select count(*)::integer as count from audit_events where user_id = ${ana} and type = '${type}'`,
    )
    return rows[0]?.count ?? 0
  }

  it('asks once, however many wait, and commits before anyone uses what came', async () => {
    const here = refresher()
    // The embedded database has one process.
    const elsewhere = engine === 'postgres' ? refresher() : here
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? here : elsewhere).fresh(ana, row)),
    )
    expect(house.tokens.asked).toBe(1)
    for (const result of results) expect(result).toMatchObject({ ok: true })
    const now = await stored()
    expect(await credentialIn(now)).toMatchObject({
      value: { access_token: 'access-new', refresh_token: 'refresh-new', team: 'kept' },
    })
    expect(now).toMatchObject({ version: 2, renewal_claim: null, status: 'connected' })
    expect(now.expires_at).toEqual(new Date(house.clock.now().getTime() + HOUR_MS))
    expect(now.refresh_at).not.toBeNull()
    expect(await eventsOf('connection.renewed')).toBe(1)
    expect(await readdir(join(directory, 'renewed-tokens'))).toEqual([])
  })

  it('keeps the refresh token where the answer has none', async () => {
    house.tokens.answer = answerWith('new', null)
    await refresher().fresh(ana, row)
    expect(await credentialIn(await stored())).toMatchObject({ value: { refresh_token: 'refresh-old' } })
  })

  it('asks nobody for a token that is good for longer', async () => {
    row = await reinsert(HOUR_MS)
    expect(await refresher().fresh(ana, row)).toMatchObject({ ok: true, value: { row: { version: 1 } } })
    expect(house.tokens.asked).toBe(0)
  })

  async function reinsert(milliseconds: number): Promise<TestRow> {
    await database.asOwner(`delete from mcp_connections where user_id = ${ana}`)
    return connectionThatEndsIn(milliseconds)
  }

  const transient: [string, TestHouse['tokens']['answer']][] = [
    ['says that it failed', async () => ({ kind: 'failed', reason: 'status 500' })],
    ['breaks', () => Promise.reject(new TypeError('fetch failed'))],
  ]
  it.each(transient)('leaves the grant as it is where the provider %s, and tries again', async (_name, answer) => {
    const own = refresher()
    house.tokens.answer = answer
    expect(await own.fresh(ana, row)).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
    const after = await stored()
    expect(after).toMatchObject({ status: 'connected', version: 1, renewal_claim: null })
    expect(after.last_error).not.toBeNull()
    expect(await own.fresh(ana, row)).toMatchObject({ ok: false })
    expect(house.tokens.asked).toBe(2)
    house.tokens.answer = answerWith('new')
    expect(await own.fresh(ana, row)).toMatchObject({ ok: true, value: { credential: { access_token: 'access-new' } } })
    expect(await eventsOf('connection.needs_reauthorization')).toBe(0)
  })

  it('goes on with the old token while it is good and the provider does not answer', async () => {
    row = await reinsert(20 * SECOND_MS)
    house.clock.advance(10 * SECOND_MS)
    await database.asOwner(`update mcp_connections set refresh_at = null where id = ${row.id}`)
    house.tokens.answer = async () => ({ kind: 'failed', reason: 'status 500' })
    const result = await refresher().fresh(ana, { ...row, refresh_at: null })
    expect(house.tokens.asked).toBe(1)
    expect(result).toMatchObject({ ok: true, value: { credential: { access_token: 'access-old' } } })
  })

  it('ends a grant that the provider calls dead: once, with one event, and asks no more', async () => {
    house.tokens.answer = async () => ({ kind: 'ended', reason: 'It was revoked there.' })
    const own = refresher()
    const results = await Promise.all([own.fresh(ana, row), own.fresh(ana, row)])
    results.push(await own.fresh(ana, row))
    const link = 'http://localhost:8001/connect/example'
    for (const result of results) {
      expect(result).toMatchObject({ ok: false, problem: { code: 'reauthorize', extra: { connect_url: link } } })
    }
    expect(house.tokens.asked).toBe(1)
    expect(await stored()).toMatchObject({ status: 'needs_reauthorization', status_reason: 'It was revoked there.' })
    expect(await eventsOf('connection.needs_reauthorization')).toBe(1)
  })

  it('renews what the provider refused before its end, and only if nobody has done so meanwhile', async () => {
    row = await reinsert(HOUR_MS)
    const rejected = { access_token: 'access-old' }
    const own = refresher()
    expect(await own.fresh(ana, row, { rejected })).toMatchObject({
      value: { credential: { access_token: 'access-new' } },
    })
    expect(await own.fresh(ana, row, { rejected })).toMatchObject({
      value: { credential: { access_token: 'access-new' } },
    })
    expect(house.tokens.asked).toBe(1)
  })

  it('takes over from a process that died, and not from one that is at work', async () => {
    await database.asOwner(`update mcp_connections set renewal_claim = 'dead:1' where id = ${row.id}`)
    let waited = 0
    const pause = async () => {
      waited += SECOND_MS
      house.clock.advance(SECOND_MS)
    }
    expect(await refresher({ pause }).fresh(ana, row)).toMatchObject({ ok: true })
    expect(house.tokens.asked).toBe(1)
    // The only process of the embedded database need not wait for another.
    expect(waited).toBe(engine === 'pglite' ? 0 : 12 * SECOND_MS)
  })

  it('keeps what the database does not take, sealed on disk, uses it not, and commits it later', async () => {
    const outage = { isOn: false }
    const broken = { ...database, asUser: failingWhile(database, outage) }
    const own = refresher({ database: broken, spool: createSpool(directory) })
    house.tokens.answer = async (...given) => {
      outage.isOn = true
      return answerWith('new')(...given)
    }
    expect(await own.fresh(ana, row)).toMatchObject({ ok: false, problem: { code: 'unavailable' } })
    const folder = join(directory, 'renewed-tokens')
    const [name = ''] = await readdir(folder)
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/access-|refresh-/)
    outage.isOn = false
    expect(await own.fresh(ana, row)).toMatchObject({ ok: true, value: { credential: { access_token: 'access-new' } } })
    expect(house.tokens.asked).toBe(1)
    expect(await readdir(folder)).toEqual([])
    await own.close()
  })

  it('takes up after a crash what was received and not committed', async () => {
    const outage = { isOn: false }
    const own = refresher({ database: { ...database, asUser: failingWhile(database, outage) } })
    house.tokens.answer = async (...given) => {
      outage.isOn = true
      return answerWith('new')(...given)
    }
    await own.fresh(ana, row)
    await own.close()
    // Meanwhile somebody took the silence for the end of the grant.
    await database.asOwner(`update mcp_connections set status = 'needs_reauthorization' where id = ${row.id}`)
    await refresher().waiting.takeUp()
    expect(await stored()).toMatchObject({ version: 2, status: 'connected' })
    expect(await credentialIn(await stored())).toMatchObject({ value: { access_token: 'access-new' } })
  })

  it('passes over what nobody here can open, and keeps no call from new access for it', async () => {
    const foreign = {
      user_id: ana,
      provider: 'example',
      connection_id: row.id,
      version: row.version,
      token: 'sealed elsewhere',
      binding_tag: 'elsewhere',
      key_id: 'elsewhere',
    }
    await createSpool(directory).write(foreign)
    const own = refresher()
    await own.waiting.takeUp()
    expect(await own.fresh(ana, row)).toMatchObject({ ok: true, value: { credential: { access_token: 'access-new' } } })
    // A start with the key that is missing may still take it up.
    expect(await createSpool(directory).read()).toMatchObject([{ answer: foreign }])
    await own.close()
  })

  it('takes up nothing that was received for another user', async () => {
    const bruno = await createTestUser(database, `bruno${users}@example.com`)
    const spool = await spooled()
    const [found] = await spool.read()
    if (found === undefined) throw new Error('must lie there')
    const planted = { ...found, answer: { ...found.answer, user_id: bruno } }
    await refresher({ spool: { ...spool, read: async () => [planted] } }).waiting.takeUp()
    expect(house.tokens.revoked).toEqual([])
    expect(await stored()).toMatchObject({ version: 1 })
    expect(await spool.read()).toHaveLength(1)
  })

  /** New tokens that the database did not take. */
  async function spooled(more: Partial<RefresherDeps> = {}) {
    const outage = { isOn: false }
    const own = refresher({ database: { ...database, asUser: failingWhile(database, outage) }, ...more })
    house.tokens.answer = async (...given) => {
      outage.isOn = true
      return answerWith('new')(...given)
    }
    await own.fresh(ana, row)
    await own.close()
    return createSpool(directory)
  }

  it('takes up every answer for a connection, whichever is read first', async () => {
    const real = await spooled()
    const [waiting] = await real.read()
    if (waiting === undefined) throw new Error('must lie there')
    const stale = { name: 'stale.json', answer: { ...waiting.answer, token: 'of another time' } }
    for (const found of [
      [stale, waiting],
      [waiting, stale],
    ]) {
      await database.asOwner(`delete from mcp_connections where user_id = ${ana}`)
      await reinstate()
      await refresher({ spool: { ...real, read: async () => found } }).waiting.takeUp()
      expect(await credentialIn(await stored())).toMatchObject({ value: { access_token: 'access-new' } })
    }

    async function reinstate(): Promise<void> {
      await house.deps.database.asUser(ana, (tx) =>
        tx
          .insertInto('mcp_connections')
          .values({ ...row, metadata: '{}' })
          .execute(),
      )
    }
  })

  function failingWhile(real: Database, outage: { isOn: boolean }): Database['asUser'] {
    return (userId, work) => {
      if (outage.isOn) return Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }))
      return real.asUser(userId, work)
    }
  }

  it('commits for the newer version where the keys were rotated meanwhile', async () => {
    house.tokens.answer = async (...given) => {
      const opened = await credentialIn(row)
      if (!opened.ok) throw new Error('must open')
      const sealed = house.deps.vault.seal(
        { userId: ana, provider: 'example', connectionId: row.id, version: 2 },
        opened.value,
      )
      await database.asOwner(
        `update mcp_connections set version = 2, encrypted_credentials = '${sealed.token}',
           binding_tag = '${sealed.bindingTag}' where id = ${row.id}`,
      )
      return answerWith('new')(...given)
    }
    expect(await refresher().fresh(ana, row)).toMatchObject({ value: { credential: { access_token: 'access-new' } } })
    expect(await stored()).toMatchObject({ version: 3 })
  })

  it('ends new tokens at the provider whose connection is gone by then', async () => {
    house.tokens.answer = async (...given) => {
      await database.asOwner(`delete from mcp_connections where id = ${row.id}`)
      return answerWith('new')(...given)
    }
    expect(await refresher().fresh(ana, row)).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(house.tokens.revoked).toMatchObject([{ access_token: 'access-new' }])
    expect(await eventsOf('connection.renewal_discarded')).toBe(1)
  })

  it('ends new tokens whose user has connected again meanwhile, and keeps what was given last', async () => {
    house.tokens.answer = async (...given) => {
      const newer = { access_token: 'access-again', refresh_token: 'refresh-again' }
      const sealed = house.deps.vault.seal(
        { userId: ana, provider: 'example', connectionId: row.id, version: 2 },
        newer,
      )
      await database.asOwner(
        `update mcp_connections set version = 2, encrypted_credentials = '${sealed.token}', expires_at = null,
           binding_tag = '${sealed.bindingTag}', connected_at = connected_at + interval '1 second' where id = ${row.id}`,
      )
      return answerWith('late')(...given)
    }
    expect(await refresher().fresh(ana, row)).toMatchObject({
      value: { credential: { access_token: 'access-again' } },
    })
    expect(house.tokens.revoked).toMatchObject([{ access_token: 'access-late' }])
    expect(await createSpool(directory).read()).toEqual([])
  })

  it('asks no provider while it starts, and ends afterwards what has no place any more', async () => {
    const spool = await spooled()
    await database.asOwner(`delete from mcp_connections where user_id = ${ana}`)
    const own = refresher({ spool })
    await own.waiting.takeUp()
    expect(house.tokens.revoked).toEqual([])
    expect(await spool.read()).toHaveLength(1)
    await own.waiting.endLeftovers()
    expect(house.tokens.revoked).toMatchObject([{ access_token: 'access-new' }])
    expect(await spool.read()).toEqual([])
  })

  it('ends nothing that a copied folder holds of another installation', async () => {
    const spool = await spooled({ installation: 'another' })
    await database.asOwner(`delete from mcp_connections where user_id = ${ana}`)
    const here = refresher({ spool })
    await here.waiting.takeUp()
    await here.waiting.endLeftovers()
    expect(house.tokens.revoked).toEqual([])
    expect(await spool.read()).toHaveLength(1)
  })

  it('seals again what waits on disk, so that an old key can go', async () => {
    const spool = await spooled()
    const [before] = await spool.read()
    const both = testVault(OTHER_TEST_KEY, TEST_KEY)
    const own = refresher({ vault: both, spool })
    expect([...(await own.waiting.keysInUse())]).toEqual([[before?.answer.key_id, 1]])
    expect(await own.waiting.reseal()).toEqual({ resealed: 1, unreadable: 0 })
    expect([...(await own.waiting.keysInUse())]).toEqual([[both.primaryKeyId, 1]])
    expect(await own.waiting.reseal()).toEqual({ resealed: 0, unreadable: 0 })
    await refresher({ vault: both, spool }).waiting.takeUp()
    expect(await stored()).toMatchObject({ version: 2, key_id: both.primaryKeyId })
  })

  it('counts what no listed key opens, and leaves it', async () => {
    const spool = await spooled()
    const own = refresher({ vault: testVault(OTHER_TEST_KEY), spool })
    expect(await own.waiting.reseal()).toEqual({ resealed: 0, unreadable: 1 })
    expect(await spool.read()).toHaveLength(1)
  })

  it('gives no user the connection of another', async () => {
    const bruno = await createTestUser(database, `bruno${users}@example.com`)
    expect(await refresher().fresh(bruno, row)).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(house.tokens.asked).toBe(0)
  })

  it('sends nothing to a provider that is cut off', async () => {
    const problem = { code: 'forbidden', detail: 'Cut off.' } as const
    const result = await refresher({ checkBlock: () => ({ ok: false, problem }) }).fresh(ana, row)
    expect(result).toMatchObject({ ok: false })
    expect(house.tokens.asked).toBe(0)
    expect(await stored()).toMatchObject({ status: 'connected', renewal_claim: null })
  })
})
