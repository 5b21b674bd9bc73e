import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import type { UsageQuestion } from '#tools/usage.ts'
import { readUsage, type Usage } from './read-usage.ts'

/** Figures of calls that were made at known moments. */

interface Call {
  readonly at: string
  readonly provider?: string
  readonly tool?: string
  readonly agent?: number
  readonly via?: string
  readonly viaId?: string
  readonly status?: string
  readonly ms?: number | null
}

describeOnEachEngine('usage', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number

  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
  })
  beforeEach(() => database.asOwner('delete from tool_calls; delete from threads'))
  afterAll(() => database.close())

  async function make(userId: number, calls: readonly Call[]): Promise<void> {
    for (const call of calls) {
      await database.asUser(userId, (tx) =>
        tx
          .insertInto('tool_calls')
          .values({
            user_id: userId,
            tool: call.tool ?? 'one_read',
            provider: call.provider ?? 'one',
            agent_id: call.agent ?? null,
            via: call.via ?? 'session',
            via_id: call.viaId ?? '1',
            arguments_digest: '',
            status: (call.status ?? 'succeeded') as 'succeeded',
            started_at: call.at,
            duration_ms: call.ms === undefined ? 10 : call.ms,
          })
          .execute(),
      )
    }
  }

  async function run(
    userId: number,
    runs: readonly { at: string; agent: number; tokens: readonly [number, number] }[],
  ) {
    await database.asUser(userId, async (tx) => {
      const { id } = await tx
        .insertInto('threads')
        .values({ user_id: userId })
        .returning('id')
        .executeTakeFirstOrThrow()
      for (const { at, agent, tokens } of runs) {
        const [input, output] = tokens
        const row = {
          user_id: userId,
          thread_id: id,
          agent_id: agent,
          status: 'succeeded',
          model: 'm',
          is_llm: true,
        } as const
        await tx
          .insertInto('runs')
          .values({ ...row, input_tokens: input, output_tokens: output, started_at: at })
          .execute()
      }
    })
  }

  async function ask(
    question: Partial<UsageQuestion> & { readonly since?: string; readonly until?: string },
  ): Promise<Usage> {
    const { since = '2026-11-20T00:00:00Z', until = '2026-11-23T00:00:00Z', ...rest } = question
    const range = { from: new Date(since), to: new Date(until) }
    const usage = await readUsage(database, ana, {
      ...range,
      interval: 'day',
      timeZone: 'UTC',
      by: 'provider',
      ...rest,
    })
    if (!usage.ok) throw new Error(usage.problem.detail)
    return usage.value
  }

  const startsOf = ({ buckets }: Usage) => buckets.map(({ at }) => at)
  const callsOf = ({ buckets }: Usage) => buckets.map(({ calls }) => calls)

  it('is nothing, in every stretch, where nothing was done', async () => {
    const usage = await ask({})
    const nothing = {
      calls: 0,
      errors: 0,
      p50_ms: null,
      p95_ms: null,
      runs: 0,
      input_tokens: 0,
      output_tokens: 0,
      cost_usd: null,
    }
    expect(usage).toEqual({
      totals: nothing,
      buckets: ['20', '21', '22'].map((day) => ({ at: `2026-11-${day}T00:00:00.000Z`, ...nothing })),
      groups: [],
      more_groups: 0,
      series: [],
    })
  })

  it('counts calls, those that went wrong, and how long they took', async () => {
    await make(ana, [
      ...Array.from({ length: 20 }, (_, index) => ({ at: '2026-11-21T10:00:00Z', ms: (index + 1) * 10 })),
      { at: '2026-11-22T10:00:00Z', status: 'failed', ms: 5 },
      { at: '2026-11-22T11:00:00Z', status: 'unknown', ms: 7 },
      { at: '2026-11-22T12:00:00Z', status: 'started', ms: null },
    ])
    const { totals, buckets } = await ask({})
    expect(totals).toMatchObject({ calls: 23, errors: 2, p50_ms: 90, p95_ms: 190 })
    expect(buckets).toMatchObject([
      { calls: 0, errors: 0, p50_ms: null, p95_ms: null },
      { calls: 20, errors: 0, p50_ms: 100, p95_ms: 190 },
      { calls: 3, errors: 2, p50_ms: 5, p95_ms: 7 },
    ])
  })

  it('begins with the first moment and ends before the last', async () => {
    await make(ana, [
      { at: '2026-11-19T23:59:59.999Z' },
      { at: '2026-11-20T00:00:00Z' },
      { at: '2026-11-22T23:59:59.999Z' },
      { at: '2026-11-23T00:00:00Z' },
    ])
    expect(callsOf(await ask({}))).toEqual([1, 0, 1])
  })

  it('never counts a call or a run of somebody else', async () => {
    await make(ana, [{ at: '2026-11-21T10:00:00Z', tool: 'own' }])
    const foreign = { at: '2026-11-21T10:00:00Z', tool: 'foreign', provider: 'foreign', agent: 2, ms: 9_000 }
    await make(bruno, [foreign, { ...foreign, status: 'failed' }])
    await run(bruno, [{ at: foreign.at, agent: 2, tokens: [500, 500] }])
    for (const by of ['provider', 'tool', 'agent', 'client'] as const) {
      const usage = await ask({ by })
      expect(usage.totals).toMatchObject({ calls: 1, errors: 0, p95_ms: 10, runs: 0, input_tokens: 0 })
      expect(JSON.stringify(usage)).not.toContain('foreign')
    }
    // Alone, the database's own wall holds too: Bruno asks with Ana's id.
    const usage = await readUsage({ ...database, asUser: (_, work) => database.asUser(bruno, work) }, ana, {
      from: new Date('2026-11-20T00:00:00Z'),
      to: new Date('2026-11-23T00:00:00Z'),
      interval: 'day',
      timeZone: 'UTC',
      by: 'tool',
    })
    expect(usage).toMatchObject({ ok: true, value: { totals: { calls: 0, runs: 0 } } })
  })

  it('tells providers, tools, agents and clients apart, the largest first', async () => {
    await make(ana, [
      { at: '2026-11-20T10:00:00Z', provider: 'one', tool: 'one_read', agent: 4 },
      {
        at: '2026-11-21T10:00:00Z',
        provider: 'two',
        tool: 'two_read',
        via: 'oauth_client',
        viaId: '7',
        status: 'failed',
      },
      { at: '2026-11-21T11:00:00Z', provider: 'two', tool: 'two_write', via: 'api_token', viaId: '7' },
      { at: '2026-11-22T11:00:00Z', provider: 'two', tool: 'two_read', viaId: '2', ms: 30 },
    ])
    const keysBy = async (by: UsageQuestion['by']) => (await ask({ by })).groups.map(({ key, calls }) => [key, calls])
    expect((await ask({ by: 'provider' })).groups).toMatchObject([
      { key: 'two', calls: 3, errors: 1, p50_ms: 10, p95_ms: 30, runs: null, input_tokens: null },
      { key: 'one', calls: 1, errors: 0 },
    ])
    expect(await keysBy('tool')).toEqual([
      ['two_read', 2],
      ['one_read', 1],
      ['two_write', 1],
    ])
    expect(await keysBy('agent')).toEqual([
      [null, 3],
      ['4', 1],
    ])
    expect(await keysBy('client')).toEqual([
      ['session', 2],
      ['api_token:7', 1],
      ['oauth_client:7', 1],
    ])
    expect((await ask({ by: 'provider' })).series).toEqual(
      expect.arrayContaining([
        { key: 'one', at: '2026-11-20T00:00:00.000Z', calls: 1, errors: 0 },
        { key: 'two', at: '2026-11-21T00:00:00.000Z', calls: 2, errors: 1 },
        { key: 'two', at: '2026-11-22T00:00:00.000Z', calls: 1, errors: 0 },
      ]),
    )
  })

  it('is narrowed by each of them, and by all', async () => {
    await make(ana, [
      { at: '2026-11-20T10:00:00Z', agent: 4 },
      { at: '2026-11-21T10:00:00Z', provider: 'two', tool: 'two_read', via: 'oauth_client', viaId: '7' },
      { at: '2026-11-21T11:00:00Z', provider: 'two', tool: 'two_read', via: 'api_token', viaId: '7' },
    ])
    const count = async (narrow: Partial<UsageQuestion>) => (await ask(narrow)).totals
    expect(await count({ provider: 'two' })).toMatchObject({ calls: 2, runs: null, input_tokens: null })
    expect(await count({ tool: 'one_read' })).toMatchObject({ calls: 1, runs: null })
    expect(await count({ agentId: 4 })).toMatchObject({ calls: 1, runs: 0 })
    expect(await count({ via: 'oauth_client', viaId: '7' })).toMatchObject({ calls: 1, runs: null })
    expect(await count({ provider: 'two', tool: 'two_read', via: 'session' })).toMatchObject({ calls: 0 })
  })

  it('counts the tokens of runs, by time and by agent', async () => {
    await run(ana, [
      { at: '2026-11-20T10:00:00Z', agent: 4, tokens: [100, 10] },
      { at: '2026-11-21T10:00:00Z', agent: 4, tokens: [200, 20] },
      { at: '2026-11-21T10:00:00Z', agent: 5, tokens: [2_000_000_000, 1] },
      { at: '2026-11-21T10:00:00Z', agent: 5, tokens: [2_000_000_000, 1] },
    ])
    const usage = await ask({ by: 'agent' })
    expect(usage.totals).toMatchObject({ calls: 0, runs: 4, input_tokens: 4_000_000_300, output_tokens: 32 })
    expect(usage.buckets.map(({ runs, input_tokens: tokens }) => [runs, tokens])).toEqual([
      [1, 100],
      [3, 4_000_000_200],
      [0, 0],
    ])
    expect(usage.groups).toMatchObject([
      { key: '4', runs: 2, input_tokens: 300, output_tokens: 30 },
      { key: '5', runs: 2, input_tokens: 4_000_000_000, output_tokens: 2 },
    ])
    expect((await ask({ by: 'agent', agentId: 4 })).totals).toMatchObject({ runs: 2, output_tokens: 30 })
  })

  describe('by the clocks of a place', () => {
    it('has days that begin at its midnight', async () => {
      await make(ana, [{ at: '2026-11-21T02:59:59Z' }, { at: '2026-11-21T03:00:00Z' }])
      const range = { since: '2026-11-20T03:00:00Z', until: '2026-11-22T03:00:00Z' }
      const usage = await ask({ ...range, timeZone: 'America/Sao_Paulo' })
      expect(startsOf(usage)).toEqual(['2026-11-20T03:00:00.000Z', '2026-11-21T03:00:00.000Z'])
      expect(callsOf(usage)).toEqual([1, 1])
    })

    it('has short and long days where its clocks are moved', async () => {
      await make(ana, [{ at: '2026-03-08T04:59:59Z' }, { at: '2026-03-08T05:00:00Z' }, { at: '2026-03-09T03:59:59Z' }])
      const spring = { since: '2026-03-07T05:00:00Z', until: '2026-03-10T04:00:00Z', timeZone: 'America/New_York' }
      const usage = await ask(spring)
      expect(startsOf(usage)).toEqual(
        ['2026-03-07', '2026-03-08', '2026-03-09'].map((day, index) => `${day}T0${index === 2 ? 4 : 5}:00:00.000Z`),
      )
      expect(callsOf(usage)).toEqual([1, 2, 0])
    })

    it('has an hour twice where its clocks go back, and none where they go on', async () => {
      await make(ana, [{ at: '2026-11-01T05:30:00Z' }, { at: '2026-11-01T06:30:00Z' }])
      const place = { interval: 'hour', timeZone: 'America/New_York' } as const
      const back = await ask({ ...place, since: '2026-11-01T05:00:00Z', until: '2026-11-01T08:00:00Z' })
      expect(callsOf(back)).toEqual([1, 1, 0])
      const on = await ask({ ...place, since: '2026-03-08T06:00:00Z', until: '2026-03-08T08:00:00Z' })
      expect(startsOf(on)).toEqual(['2026-03-08T06:00:00.000Z', '2026-03-08T07:00:00.000Z'])
    })

    it('has a day that begins at one, where midnight is left out', async () => {
      await make(ana, [{ at: '2018-11-04T03:00:00Z' }])
      const usage = await ask({
        since: '2018-11-03T03:00:00Z',
        until: '2018-11-05T02:00:00Z',
        timeZone: 'America/Sao_Paulo',
      })
      expect(startsOf(usage)).toEqual(['2018-11-03T03:00:00.000Z', '2018-11-04T03:00:00.000Z'])
      expect(callsOf(usage)).toEqual([0, 1])
    })

    it('has hours that begin at half past', async () => {
      await make(ana, [{ at: '2026-11-21T06:29:00Z' }, { at: '2026-11-21T06:30:00Z' }])
      const range = { since: '2026-11-21T06:00:00Z', until: '2026-11-21T07:00:00Z' }
      const usage = await ask({ ...range, interval: 'hour', timeZone: 'Asia/Kolkata' })
      expect(startsOf(usage)).toEqual(['2026-11-21T05:30:00.000Z', '2026-11-21T06:30:00.000Z'])
      expect(callsOf(usage)).toEqual([1, 1])
    })

    it('has a last day of which only the first minutes are asked for', async () => {
      const usage = await ask({ since: '2026-11-20T13:00:00Z', until: '2026-11-21T00:10:00Z' })
      expect(startsOf(usage)).toEqual(['2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'])
    })

    it('counts every call in a stretch that it lists, whatever the place', async () => {
      const moments = Array.from({ length: 48 }, (_, index) =>
        new Date(Date.parse('2026-04-04T00:10:00Z') + index * 1_800_000).toISOString(),
      )
      await make(
        ana,
        moments.map((at) => ({ at })),
      )
      const range = { since: '2026-04-04T00:00:00Z', until: '2026-04-05T00:00:00Z' }
      for (const timeZone of ['Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'America/St_Johns']) {
        for (const interval of ['hour', 'day'] as const) {
          const counted = callsOf(await ask({ ...range, timeZone, interval })).reduce((sum, calls) => sum + calls, 0)
          expect([timeZone, interval, counted]).toEqual([timeZone, interval, moments.length])
        }
      }
    })

    it('is told of a place that the database does not know', async () => {
      const range = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') }
      const question = { ...range, interval: 'day', timeZone: 'Nowhere/Atlantis', by: 'tool' } as const
      expect(await readUsage(database, ana, question)).toMatchObject({
        ok: false,
        problem: { code: 'invalid_request', path: 'time_zone' },
      })
    })
  })
})
