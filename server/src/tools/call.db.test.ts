import { setImmediate as immediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { connect } from '#connections/connect.ts'
import type { Principal } from '#kernel/principal.ts'
import { describeOnEachEngine } from '#test/support/database.ts'
import { exampleProvider } from '#test/support/example-provider.ts'
import { OTHER_TEST_KEY, principalOf, testVault, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import { createCallTool } from './call.ts'
import { createLedgerQueue } from './ledger-queue.ts'
import { deletePolicy, setPolicy } from './store.ts'
import type { ToolCallRequest } from './tool-call.ts'

describeOnEachEngine('the tool pipeline', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let ana: Principal
  let bruno: Principal

  beforeEach(async () => {
    house = stage.house
    ana = principalOf(await stage.newUser('ana'))
    bruno = principalOf(await stage.newUser('bruno'))
    for (const [name, principal] of [
      ['ana', ana],
      ['bruno', bruno],
    ] as const) {
      house.backend.accept(`key-${name}`, {
        id: `account-${name}`,
        label: name,
        notes: new Map([['1', `note of ${name}`]]),
      })
      await connect(house.deps, principal, { provider: 'example', credential: { api_key: `key-${name}` } })
    }
    house.backend.seen.length = 0
  })

  const call = (principal: Principal, tool: string, args: unknown, more: Partial<ToolCallRequest> = {}) =>
    house.callTool(principal, { tool, arguments: args, confirmed: true, ...more })
  const read = (principal: Principal, more: Partial<ToolCallRequest> = {}) =>
    call(principal, 'example_read_note', { id: '1' }, more)

  async function idOf(principal: Principal): Promise<number> {
    const rows = await stage.database.asOwner<{ id: number }>(
      `select id from mcp_connections where user_id = ${principal.userId}`,
    )
    return rows[0]?.id ?? 0
  }

  it('answers with the caller’s own account, and sends only the caller’s key', async () => {
    expect(await read(ana)).toMatchObject({ ok: true, value: { text: 'note of ana', connection: { label: 'ana' } } })
    expect(await read(bruno)).toMatchObject({ ok: true, value: { text: 'note of bruno' } })
    expect(house.backend.seen.map(({ key }) => key)).toEqual(['key-ana', 'key-bruno'])
  })

  it('has no fallback: without a connection nothing is sent', async () => {
    const carla = principalOf(await stage.newUser('carla'))
    expect(await read(carla)).toMatchObject({
      ok: false,
      problem: {
        code: 'not_connected',
        title: 'Example Notes not connected',
        extra: { provider: 'example', connect_url: 'http://localhost:8001/connect/example' },
      },
    })
    expect(house.backend.seen).toEqual([])
  })

  it('gives another user’s connection id and an invented one the same answer, and sends nothing', async () => {
    const foreign = await read(ana, { connectionId: await idOf(bruno) })
    expect(foreign).toEqual(await read(ana, { connectionId: 3_000_000 }))
    expect(foreign).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(house.backend.seen).toEqual([])
  })

  it('names the tool that was probably meant', async () => {
    expect(await call(ana, 'exmple_read_note', {})).toMatchObject({
      problem: { code: 'not_found', detail: expect.stringContaining('example_read_note') },
    })
  })

  it('needs the write scope for whatever writes, and records the denial', async () => {
    const reader = principalOf(ana.userId, ['tools:read'])
    expect(await read(reader)).toMatchObject({ ok: true })
    expect(await call(reader, 'example_add_note', { text: 'x' })).toMatchObject({
      problem: { code: 'insufficient_scope', extra: { scope: 'tools:write' } },
    })
    const events = await stage.database.asOwner(
      `select type, outcome from audit_events where user_id = ${ana.userId} order by id desc limit 1`,
    )
    expect(events).toEqual([{ type: 'access.denied', outcome: 'denied' }])
  })

  it('validates arguments before anything is sent, with the path of the fault', async () => {
    expect(await call(ana, 'example_read_note', { id: 7 })).toMatchObject({
      problem: { code: 'invalid_arguments', path: 'arguments.id' },
    })
    expect(await call(ana, 'example_read_note', { id: '1', user_id: bruno.userId })).toMatchObject({
      problem: { code: 'invalid_arguments', path: 'arguments.user_id' },
    })
    expect(house.backend.seen).toEqual([])
  })

  describe('policy', () => {
    it('asks before a tool that removes, unless the caller decided on this call', async () => {
      expect(await call(ana, 'example_delete_note', { id: '1' }, { confirmed: false })).toMatchObject({
        problem: { code: 'approval_required' },
      })
      expect(house.backend.seen).toEqual([])
      expect(await call(ana, 'example_delete_note', { id: '1' })).toMatchObject({ ok: true })
    })

    it('lets what reads and what adds run by default', async () => {
      expect(await read(ana, { confirmed: false })).toMatchObject({ ok: true })
      expect(await call(ana, 'example_add_note', { text: 'x' }, { confirmed: false })).toMatchObject({ ok: true })
    })

    it('is each user’s own', async () => {
      await stage.database.asUser(ana.userId, (tx) => setPolicy(ana.userId, tx, 'example_read_note', 'deny'))
      expect(await read(ana)).toMatchObject({ problem: { code: 'denied' } })
      expect(await read(bruno)).toMatchObject({ ok: true })
    })

    it('is kept for the next call, and forgotten as soon as the database says that it changed', async () => {
      expect(await read(ana)).toMatchObject({ ok: true })
      // As another replica would write it.
      await stage.database.asUser(ana.userId, (tx) => setPolicy(ana.userId, tx, 'example_read_note', 'deny'))
      await expect.poll(() => read(ana)).toMatchObject({ problem: { code: 'denied' } })
      await stage.database.asUser(ana.userId, (tx) => deletePolicy(ana.userId, tx, 'example_read_note'))
      await expect.poll(() => read(ana)).toMatchObject({ ok: true })
    })

    it('is read again after a minute although nobody said that it changed', async () => {
      expect(await read(ana)).toMatchObject({ ok: true })
      await stage.database.asOwner(`alter table tool_policies disable trigger tool_policies_changed`)
      try {
        await stage.database.asUser(ana.userId, (tx) => setPolicy(ana.userId, tx, 'example_read_note', 'deny'))
        expect(await read(ana)).toMatchObject({ ok: true })
        house.clock.advance(60_000)
        expect(await read(ana)).toMatchObject({ problem: { code: 'denied' } })
      } finally {
        await stage.database.asOwner(`alter table tool_policies enable trigger tool_policies_changed`)
      }
    })
  })

  describe('limits', () => {
    it('stops a user who calls too often', async () => {
      house.budget.toolCalls = 0
      expect(await read(ana)).toMatchObject({ problem: { code: 'rate_limited', retryAfterSeconds: 7 } })
      expect(house.backend.seen).toEqual([])
    })

    it('stops one user’s many calls at once, and no other user’s', async () => {
      house.backend.fault = 'hangs'
      const running = Array.from({ length: 4 }, () => read(ana))
      await expect.poll(() => house.backend.seen.length).toBe(4)
      expect(await read(ana)).toMatchObject({ problem: { code: 'rate_limited' } })
      house.backend.fault = 'none'
      expect(await read(bruno)).toMatchObject({ ok: true })
      await Promise.all(running)
      expect(await read(ana)).toMatchObject({ ok: true })
    })
  })

  describe('a key that stops working', () => {
    it('turns the connection to needs_reauthorization on the first refusal, and is not tried again', async () => {
      house.backend.revoke('key-ana')
      expect(await read(ana)).toMatchObject({ problem: { code: 'reauthorize' } })
      house.backend.seen.length = 0
      expect(await read(ana)).toMatchObject({
        problem: { code: 'reauthorize', extra: { connect_url: 'http://localhost:8001/connect/example' } },
      })
      expect(house.backend.seen).toEqual([])
      expect(await read(bruno)).toMatchObject({ ok: true })
    })
  })

  describe('a provider that fails', () => {
    it('reports a read as unavailable', async () => {
      house.backend.fault = 'hangs'
      expect(await read(ana)).toMatchObject({ problem: { code: 'provider_unavailable' } })
    })

    it('reports a write that was cut off as unknown, and never repeats it', async () => {
      house.backend.fault = 'saved_then_hangs'
      expect(await call(ana, 'example_add_note', { text: 'once' })).toMatchObject({
        problem: { code: 'outcome_unknown' },
      })
      expect(house.backend.seen).toHaveLength(1)
    })

    it('ends a call whose caller has left', async () => {
      house.backend.fault = 'hangs'
      const controller = new AbortController()
      const running = read(ana, { signal: controller.signal })
      await expect.poll(() => house.backend.seen.length).toBe(1)
      controller.abort()
      expect(await running).toMatchObject({ problem: { code: 'cancelled' } })
    })
  })

  describe('idempotency', () => {
    const add = (text: string, idempotencyKey: string) => call(ana, 'example_add_note', { text }, { idempotencyKey })

    it('gives the first answer again, with one effect', async () => {
      const first = await add('hello', 'k1')
      expect(first).toMatchObject({ ok: true })
      expect(await add('hello', 'k1')).toEqual(first)
      expect(house.backend.seen).toHaveLength(1)
    })

    it('lets only one of many at the same moment through', async () => {
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => add('hello', 'k2')))
      expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(1)
      expect(house.backend.seen).toHaveLength(1)
    })

    it('refuses the key for another call', async () => {
      await add('hello', 'k3')
      expect(await add('other', 'k3')).toMatchObject({ problem: { code: 'conflict' } })
    })

    it('refuses the key for another connection', async () => {
      const first = await idOf(ana)
      house.backend.accept('key-second', { id: 'second', label: 'second', notes: new Map() })
      await connect(house.deps, ana, { provider: 'example', credential: { api_key: 'key-second' } })
      const rows = await stage.database.asOwner<{ id: number }>(
        `select id from mcp_connections where user_id = ${ana.userId} and id <> ${first}`,
      )
      const more = { idempotencyKey: 'k7' }
      await call(ana, 'example_add_note', { text: 'hello' }, { ...more, connectionId: first })
      const second = { ...more, connectionId: rows[0]?.id ?? 0 }
      expect(await call(ana, 'example_add_note', { text: 'hello' }, second)).toMatchObject({
        problem: { code: 'conflict' },
      })
    })

    it('keeps an answer with text that the database cannot hold, and the labels of its account', async () => {
      const dora = principalOf(await stage.newUser('dora'))
      house.backend.accept('key-dora', { id: 'd\0', label: 'Do\0ra', notes: new Map([['1', 'a\0b']]) })
      const connected = await connect(house.deps, dora, { provider: 'example', credential: { api_key: 'key-dora' } })
      expect(connected).toMatchObject({ ok: true, value: { label: 'Do\uFFFDra', account: { name: 'Do\uFFFDra' } } })
      const note = () => read(dora, { idempotencyKey: 'k8' })
      expect(await note()).toMatchObject({ value: { text: 'a\0b' } })
      expect(await note()).toMatchObject({ value: { text: 'a\uFFFDb', connection: { label: 'Do\uFFFDra' } } })
    })

    it('lets a call that failed be tried again', async () => {
      house.backend.fault = 'html'
      expect(await add('hello', 'k4')).toMatchObject({ ok: false })
      house.backend.fault = 'none'
      expect(await add('hello', 'k4')).toMatchObject({ ok: true })
    })

    it('never repeats a write whose outcome is unknown', async () => {
      house.backend.fault = 'saved_then_hangs'
      await add('hello', 'k5')
      house.backend.fault = 'none'
      expect(await add('hello', 'k5')).toMatchObject({ problem: { code: 'outcome_unknown' } })
      expect(house.backend.seen).toHaveLength(1)
    })

    it('is each user’s own', async () => {
      await add('hello', 'k6')
      expect(await call(bruno, 'example_add_note', { text: 'hello' }, { idempotencyKey: 'k6' })).toMatchObject({
        value: { connection: { label: 'bruno' } },
      })
    })
  })

  describe('the binding of the credential (wall c, alone)', () => {
    const tamper = (statement: string) =>
      stage.database.asOwner(
        `alter table mcp_connections disable trigger all; ${statement}; alter table mcp_connections enable trigger all`,
      )
    const columns = 'encrypted_credentials, binding_tag, key_id, version'

    async function expectUnreadable(): Promise<void> {
      house.deps.cache.dropAll()
      expect(await read(ana)).toMatchObject({ problem: { code: 'credential_unreadable', detail: expect.any(String) } })
      expect(house.backend.seen).toEqual([])
      const events = await stage.database.asOwner(
        `select type from audit_events where user_id = ${ana.userId} order by id desc limit 2`,
      )
      expect(events).toContainEqual({ type: 'credential.unreadable' })
    }

    it('refuses another user’s sealed credential, copied into the caller’s row', async () => {
      await tamper(`update mcp_connections mine set (${columns}) =
        (select ${columns} from mcp_connections theirs where theirs.user_id = ${bruno.userId})
        where mine.user_id = ${ana.userId}`)
      await expectUnreadable()
    })

    it('refuses another user’s whole row under the caller’s name', async () => {
      await tamper(`delete from mcp_connections where user_id = ${ana.userId};
        update mcp_connections set user_id = ${ana.userId} where user_id = ${bruno.userId}`)
      await expectUnreadable()
    })

    it('refuses an older credential that was put back', async () => {
      const old = await stage.database.asOwner<{ token: string; tag: string }>(
        `select encrypted_credentials as token, binding_tag as tag from mcp_connections where user_id = ${ana.userId}`,
      )
      await connect(house.deps, ana, { provider: 'example', credential: { api_key: 'key-ana' } })
      house.backend.seen.length = 0
      await tamper(`update mcp_connections set encrypted_credentials = '${old[0]?.token}', binding_tag = '${old[0]?.tag}'
        where user_id = ${ana.userId}`)
      await expectUnreadable()
    })

    it('refuses a row without a binding', async () => {
      await tamper(`update mcp_connections set binding_tag = null where user_id = ${ana.userId}`)
      await expectUnreadable()
    })
  })

  it('answers nothing where the use of the credential cannot be recorded, and sends nothing more', async () => {
    await stage.database.asOwner('revoke insert on audit_events from chaveiro_system')
    try {
      await expect(call(ana, 'example_add_note', { text: 'x' })).rejects.toThrow(/permission denied/)
      await expect(read(ana)).rejects.toThrow(/permission denied/)
      expect(house.backend.seen).toEqual([])
    } finally {
      await stage.database.asOwner('grant insert on audit_events to chaveiro_system')
    }
  })

  it('opens nothing with another instance’s key', async () => {
    const other = createCallTool({ ...house.deps, vault: testVault(OTHER_TEST_KEY) })
    expect(await other(ana, { tool: 'example_read_note', arguments: { id: '1' }, confirmed: true })).toMatchObject({
      problem: { code: 'credential_unreadable' },
    })
    expect(house.backend.seen).toEqual([])
  })

  describe('what is on record when', () => {
    /** What the database holds at the moment at which the provider is asked. */
    async function recordedWhenSent(tool: string, args: unknown): Promise<unknown> {
      let seen: unknown
      const fetch: typeof house.backend.fetch = async (input, init) => {
        const used = await stage.database.asOwner(
          `select type from audit_events where user_id = ${ana.userId} and type = 'credential.used'`,
        )
        const ledger = await stage.database.asOwner(`select status from tool_calls where user_id = ${ana.userId}`)
        seen = { used: used.length, ledger: ledger.map((row) => row['status']) }
        return house.backend.fetch(input, init)
      }
      const edges = { of: () => ({ apiUrl: house.deps.edges.of(exampleProvider).apiUrl, fetch }) }
      const callTool = createCallTool({ ...house.deps, edges })
      expect(await callTool(ana, { tool, arguments: args, confirmed: true })).toMatchObject({ ok: true })
      return seen
    }
    const statuses = async () => {
      const rows = await stage.database.asOwner(
        `select status from tool_calls where user_id = ${ana.userId} order by id`,
      )
      return rows.map((row) => row['status'])
    }

    it('the use of the credential and the row of a write are before it is sent, its end before the answer', async () => {
      expect(await recordedWhenSent('example_add_note', { text: 'x' })).toEqual({ used: 1, ledger: ['started'] })
      expect(await statuses()).toEqual(['succeeded'])
    })

    it('the use of the credential is before the answer to a read, its end soon after', async () => {
      const written = Promise.withResolvers<void>()
      const audit = { ...house.deps.audit, record: () => written.promise }
      const callTool = createCallTool({ ...house.deps, audit })
      let isAnswered = false
      const answer = callTool(ana, { tool: 'example_read_note', arguments: { id: '1' }, confirmed: true })
      void answer.then(() => (isAnswered = true))
      await expect.poll(() => house.backend.seen.length).toBe(1)
      await immediate()
      expect(isAnswered).toBe(false)
      written.resolve()
      expect(await answer).toMatchObject({ ok: true })
      await house.settle()
      expect(await statuses()).toEqual(['succeeded'])
      house.backend.fault = 'html'
      await read(ana)
      await expect.poll(statuses, { timeout: 5_000 }).toEqual(['succeeded', 'failed'])
    })

    it('a read whose use cannot be recorded is not answered, though it was sent', async () => {
      const requests = { sent: 0, running: 0 }
      const fetch: typeof house.backend.fetch = async (input, init) => {
        requests.sent += 1
        requests.running += 1
        await immediate()
        const answer = await house.backend.fetch(input, init)
        requests.running -= 1
        return answer
      }
      const edges = { of: () => ({ apiUrl: house.deps.edges.of(exampleProvider).apiUrl, fetch }) }
      const audit = { ...house.deps.audit, record: () => Promise.reject(new Error('full')) }
      const callTool = createCallTool({ ...house.deps, edges, audit })
      const read = callTool(ana, { tool: 'example_read_note', arguments: { id: '1' }, confirmed: true })
      await expect(read).rejects.toThrow('full')
      expect(requests).toEqual({ sent: 1, running: 0 })
    })

    it('many reads of several users are each in the ledger of their own user', async () => {
      await Promise.all([read(ana), read(bruno), read(ana)])
      await house.settle()
      const rows = await stage.database.asOwner(
        `select user_id, connection_label as label, duration_ms is not null as ended from tool_calls
         where user_id in (${ana.userId}, ${bruno.userId}) order by user_id`,
      )
      const [own, foreign] = [
        { user_id: ana.userId, label: 'ana', ended: true },
        { user_id: bruno.userId, label: 'bruno', ended: true },
      ]
      expect(rows).toEqual([own, own, foreign])
    })

    it('a read is answered where its end cannot be recorded, and the loss is counted', async () => {
      const lost: number[] = []
      const log = { ...house.deps.log, error: () => {} }
      const ledgerQueue = createLedgerQueue({ database: stage.database, log, onLost: (count) => lost.push(count) })
      const callTool = createCallTool({ ...house.deps, ledgerQueue })
      await stage.database.asOwner('revoke insert on tool_calls from chaveiro_user')
      try {
        const answer = await callTool(ana, { tool: 'example_read_note', arguments: { id: '1' }, confirmed: true })
        expect(answer).toMatchObject({ ok: true })
        await ledgerQueue.flush()
        expect(lost).toEqual([1])
        // A write needs its row before anything is sent.
        house.backend.seen.length = 0
        await expect(call(ana, 'example_add_note', { text: 'x' })).rejects.toThrow(/permission denied/)
        expect(house.backend.seen).toEqual([])
      } finally {
        await stage.database.asOwner('grant insert on tool_calls to chaveiro_user')
      }
    })
  })

  it('records who called what, with which connection and outcome, and no argument in clear', async () => {
    await call(ana, 'example_add_note', { text: 'very private words' })
    const [ledger] = await stage.database.asOwner(
      `select * from tool_calls where user_id = ${ana.userId} order by id desc limit 1`,
    )
    expect(ledger).toMatchObject({
      tool: 'example_add_note',
      status: 'succeeded',
      via: 'session',
      connection_label: 'ana',
    })
    const events = await stage.database.asOwner(`select * from audit_events where user_id = ${ana.userId}`)
    expect(JSON.stringify([ledger, events])).not.toMatch(/very private words|key-ana/)
    expect(events.map((event) => event['type'])).toEqual(expect.arrayContaining(['credential.used', 'tool.called']))
  })
})
