import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'

/** Milliseconds for a message of the database. */
const PATIENCE = { timeout: 15_000 }

describeOnEachEngine('database', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number

  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
    for (const userId of [ana, bruno]) {
      await database.asUser(userId, (tx) =>
        tx
          .insertInto('agents')
          .values({ user_id: userId, name: `agent of ${userId}`, tools: [] })
          .execute(),
      )
    }
  })
  afterAll(() => database.close())

  it('shows a user only their own rows, without any filter in the query', async () => {
    const rows = await database.asUser(ana, (tx) => tx.selectFrom('agents').select('user_id').execute())
    expect(rows).toEqual([{ user_id: ana }])
  })

  it('refuses a row written for another user', async () => {
    const write = database.asUser(ana, (tx) =>
      tx.insertInto('agents').values({ user_id: bruno, name: 'planted', tools: [] }).execute(),
    )
    await expect(write).rejects.toThrow(/row-level security/)
  })

  it('changes and deletes nothing of another user', async () => {
    const changed = await database.asUser(ana, (tx) =>
      tx.updateTable('agents').set({ name: 'taken' }).where('user_id', '=', bruno).executeTakeFirstOrThrow(),
    )
    const deleted = await database.asUser(ana, (tx) =>
      tx.deleteFrom('agents').where('user_id', '=', bruno).executeTakeFirstOrThrow(),
    )
    expect([Number(changed.numUpdatedRows), Number(deleted.numDeletedRows)]).toEqual([0, 0])
  })

  it('denies user-owned tables to the login role itself', async () => {
    await expect(database.login.selectFrom('agents').selectAll().execute()).rejects.toThrow(/permission denied/)
    await expect(database.login.selectFrom('mcp_connections').selectAll().execute()).rejects.toThrow(
      /permission denied/,
    )
  })

  it('leaves no role and no user behind in the pooled session', async () => {
    await database.asUser(ana, (tx) => tx.selectFrom('agents').selectAll().execute())
    const rows = await sql<{ role: string; user_id: string | null }>`
      select current_user as role, nullif(current_setting('app.user_id', true), '') as user_id`.execute(database.login)
    expect(rows.rows).toEqual([{ role: 'chaveiro_app', user_id: null }])
  })

  it('shows the system role every row', async () => {
    const rows = await database.asSystem('test', (tx) => tx.selectFrom('agents').select('user_id').execute())
    expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set([ana, bruno]))
  })

  it('lets every user read a shared agent, and only its owner change it', async () => {
    await database.asUser(ana, (tx) =>
      tx.updateTable('agents').set({ shared: true }).where('user_id', '=', ana).execute(),
    )
    const seen = await database.asUser(bruno, (tx) => tx.selectFrom('agents').select('user_id').orderBy('id').execute())
    expect(seen.map((row) => row.user_id)).toEqual([ana, bruno])
    const changed = await database.asUser(bruno, (tx) =>
      tx.updateTable('agents').set({ name: 'mine now' }).where('user_id', '=', ana).executeTakeFirstOrThrow(),
    )
    expect(Number(changed.numUpdatedRows)).toBe(0)
  })

  describe('a statement across users', () => {
    const agents = { text: 'select user_id from agents where user_id = 1 or true', values: [] }
    const role = async () => {
      const rows = await sql<{ role: string }>`select current_user as role`.execute(database.login)
      return rows.rows
    }

    it('sees every row, and leaves no role behind', async () => {
      const { rows } = await database.systemStatement<{ user_id: number }>('test', agents)
      expect(new Set(rows.map((row) => row.user_id))).toEqual(new Set([ana, bruno]))
      expect(await role()).toEqual([{ role: 'chaveiro_app' }])
    })

    it('is made where nobody else’s are: no user and no other reader ever has that connection', async () => {
      const session = sql<{ pid: number; role: string }>`select pg_backend_pid() as pid, current_user as role`
      const text = 'select pg_backend_pid() as pid, current_user as role'
      const answered = await database.systemStatement<{ pid: number; role: string }>('test', { text, values: [] })
      const [system] = answered.rows
      expect(system?.role).toBe('chaveiro_system')
      if (database.engine === 'pglite') return // it has one session, whose role ends with the transaction
      const others = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const [own] = await database.userStatement(index % 2 === 0 ? ana : bruno, session)
          const shared = await session.execute(database.login)
          return [own, ...shared.rows]
        }),
      )
      expect(new Set(others.flat().map((other) => other?.role))).toEqual(new Set(['chaveiro_user', 'chaveiro_app']))
      expect(others.flat().map((other) => other?.pid)).not.toContain(system?.pid)
    })

    it('goes on after its connection was lost', async () => {
      const alive = { text: 'select current_user as role', values: [] }
      await database.systemStatement('test', alive)
      if (database.engine === 'postgres') {
        const kill = { text: 'select pg_terminate_backend(pg_backend_pid())', values: [] }
        await expect(database.systemStatement('test', kill)).rejects.toThrow()
      }
      const { rows } = await database.systemStatement('test', alive)
      expect(rows).toEqual([{ role: 'chaveiro_system' }])
    })

    it('takes parameters, and the same text any number of times', async () => {
      for (const id of [ana, bruno, ana]) {
        const statement = { text: 'select user_id from agents where user_id = $1', values: [id] }
        const { rows } = await database.systemStatement('test', statement)
        expect(rows).toEqual([{ user_id: id }])
      }
    })

    it('says how many rows it wrote', async () => {
      const text = 'with named as (select user_id from agents) update agents set name = name where user_id = $1'
      expect(await database.systemStatement('test', { text, values: [ana] })).toEqual({ rows: [], written: 1 })
      expect(await database.systemStatement('test', { text, values: [-1] })).toEqual({ rows: [], written: 0 })
    })

    it('that fails changes nothing, says why, and leaves no role behind', async () => {
      const text = "with changed as (update agents set name = 'changed' returning 1) select 1 / 0 from changed"
      const twice = { text, values: [] }
      await expect(database.systemStatement('test', twice)).rejects.toThrow(/division by zero/)
      expect(await role()).toEqual([{ role: 'chaveiro_app' }])
      const rows = await database.asSystem('test', (tx) => tx.selectFrom('agents').select('name').execute())
      expect(rows.map(({ name }) => name)).not.toContain('changed')
    })
  })

  describe('a statement as one user', () => {
    it('sees that user’s rows only, whoever asked the same before', async () => {
      const all = sql<{ user_id: number }>`select user_id from tool_policies`
      for (const id of [ana, bruno]) {
        await database.userStatement(
          id,
          sql`insert into tool_policies (user_id, tool, decision) values (${id}, 'a', 'deny')`,
        )
      }
      for (const id of [ana, bruno, ana]) expect(await database.userStatement(id, all)).toEqual([{ user_id: id }])
    })

    it('writes nothing for another user', async () => {
      const plant = (userId: number) => sql`insert into agents (user_id, name) values (${userId}, 'planted')`
      await expect(database.userStatement(ana, plant(bruno))).rejects.toThrow(/row-level security/)
      expect(() => database.userStatement(0, plant(ana))).toThrow(/user id/)
      const rows = await database.asSystem('test', (tx) => tx.selectFrom('agents').select('name').execute())
      expect(rows.map(({ name }) => name)).not.toContain('planted')
    })
  })

  it('runs nothing where the role could not be switched', async () => {
    await database.asOwner('revoke chaveiro_user from chaveiro_app')
    try {
      const write = database.asUser(ana, (tx) => tx.updateTable('users').set({ image: 'planted' }).execute())
      await expect(write).rejects.toThrow(/permission denied to set role|permission denied/)
      const rows = await database.login.selectFrom('users').select('image').execute()
      expect(rows.map(({ image }) => image)).not.toContain('planted')
    } finally {
      await database.asOwner('grant chaveiro_user to chaveiro_app')
    }
  })

  it('rejects a user id that is none', () => {
    expect(() => database.asUser(0, async () => {})).toThrow(/user id/)
    expect(() => database.asUser(Number.NaN, async () => {})).toThrow(/user id/)
  })

  it('forces row-level security with a checked policy on every table that has a user_id', async () => {
    const rows = await database.asOwner<{ table: string; forced: boolean; policies: number; unchecked: number }>(`
      select c.relname as "table", c.relrowsecurity and c.relforcerowsecurity as forced,
             (select count(*)::integer from pg_policy p where p.polrelid = c.oid) as policies,
             (select count(*)::integer from pg_policy p where p.polrelid = c.oid and p.polcmd in ('*', 'a', 'w')
                and p.polwithcheck is null) as unchecked
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')
        and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped)
      order by 1`)
    expect(rows.length).toBeGreaterThanOrEqual(13)
    for (const row of rows) expect(row).toMatchObject({ forced: true, unchecked: 0 })
    expect(rows.every((row) => row.policies >= 1)).toBe(true)
  })

  it('lets the role of a user see and write rows by no rule but whose they are', async () => {
    const rules = await database.asOwner<{ table: string; rule: string }>(`
      select tablename as "table", unnest(array[qual, with_check]) as rule from pg_policies
      where schemaname = 'public' and roles && '{chaveiro_user,public}'`)
    expect(rules.length).toBeGreaterThanOrEqual(26)
    const open = rules.filter(({ rule }) => rule !== null && !rule.includes("current_setting('app.user_id'"))
    expect(open.map(({ table, rule }) => `${table}: ${rule}`)).toEqual([])
  })

  it('gives the login role no table and no bypass', async () => {
    const [role] = await database.asOwner<{ owned: number; bypass: boolean; inherits: boolean }>(`
      select (select count(*)::integer from pg_class where relowner = r.oid) as owned,
             r.rolsuper or r.rolbypassrls as bypass, r.rolinherit as inherits
      from pg_roles r where r.rolname = 'chaveiro_app'`)
    expect(role).toEqual({ owned: 0, bypass: false, inherits: false })
  })

  it('finds what points to a row by an index, so that deleting it does not read whole tables', async () => {
    const missing = await database.asOwner(`
      select conrelid::regclass::text || ': ' || pg_get_constraintdef(pg_constraint.oid) as reference
      from pg_constraint
      where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
        select from pg_index
        where indrelid = conrelid and (indkey::smallint[])[0:cardinality(conkey) - 1] @> conkey
      )
      order by 1`)
    // Tables of a handful of rows, none of which belongs to a user.
    const small = /^(?:invitations|provider_apps|provider_blocks): /
    expect(missing.map(({ reference }) => String(reference)).filter((each) => !small.test(each))).toEqual([])
  })

  it('listens to all channels on one connection, which comes back, and says that messages may have been missed', async () => {
    if (database.engine === 'pglite') return // in the same process nothing can be lost
    const heard: [string, string | null][] = []
    const channels = ['test_one', 'test_two', 'test_one']
    const stops = await Promise.all(
      channels.map((channel, index) =>
        database.listen(channel, (payload) => heard.push([`${channel}/${index}`, payload])),
      ),
    )
    const pids = async () => {
      const rows = await sql<{ pid: number }>`
        select pid from pg_stat_activity where query like 'listen %' and datname = current_database()`.execute(
        database.login,
      )
      return rows.rows.map(({ pid }) => pid)
    }
    const notify = () => sql`select pg_notify('test_one', 'a'), pg_notify('test_two', 'b')`.execute(database.login)
    await notify()
    await vi.waitFor(() => expect(heard).toHaveLength(3), PATIENCE)
    expect(new Set(heard)).toEqual(
      new Set([
        ['test_one/0', 'a'],
        ['test_two/1', 'b'],
        ['test_one/2', 'a'],
      ]),
    )
    const before = await pids()
    expect(before).toHaveLength(1)
    heard.length = 0
    await sql`select pg_terminate_backend(${before[0]})`.execute(database.login)
    await vi.waitFor(() => expect(heard.filter(([, payload]) => payload === null)).toHaveLength(6), { timeout: 10_000 })
    heard.length = 0
    await notify()
    await vi.waitFor(() => expect(heard).toHaveLength(3), PATIENCE)
    await stops[2]?.()
    heard.length = 0
    await notify()
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(2), PATIENCE)
    expect(heard.map(([who]) => who)).toEqual(expect.arrayContaining(['test_one/0', 'test_two/1']))
    expect(heard.map(([who]) => who)).not.toContain('test_one/2')
    await Promise.all(stops.map((stop) => stop()))
  })

  it('tells listeners which connection changed', async () => {
    const heard: (string | null)[] = []
    const message = Promise.withResolvers<void>()
    const stop = await database.listen('connection_changed', (payload) => {
      heard.push(payload)
      message.resolve()
    })
    const row = await database.asUser(ana, (tx) =>
      tx
        .insertInto('mcp_connections')
        .values({
          user_id: ana,
          provider: 'example',
          encrypted_credentials: 'x',
          metadata: '{}',
          label: '',
          account_id: 'a',
          scopes: [],
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
    )
    await message.promise
    await stop()
    expect(heard).toEqual([`${ana}:${row.id}`])
  })
})
