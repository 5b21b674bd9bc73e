import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import type { ActivityFilter } from './activity-query.ts'
import type { AuditEvent } from './audit.ts'
import { exportEvents, type ExportRequest } from './export.ts'
import { createAudit } from './record.ts'
import { listEvents } from './store.ts'

/** What the filters of a user's own events let through, and what a file of them holds. */

const HOUR_MS = 3_600_000
const START = Date.parse('2026-11-22T00:00:00.000Z')

type Draft = Pick<AuditEvent, 'type' | 'outcome' | 'actor'> & Partial<AuditEvent>

const BROWSER = { kind: 'user', via: 'session', via_id: '1' }
const CLIENT = { kind: 'user', via: 'oauth_client', via_id: '1' }
const AGENT = { kind: 'agent', agent_id: 12, via: 'session', via_id: '1' }

/** One an hour, from the first. */
const DRAFTS: readonly Draft[] = [
  { type: 'user.signed_in', outcome: 'success', actor: { kind: 'user', address: '203.0.113.7' } },
  { type: 'credential.used', outcome: 'success', actor: AGENT, target: { provider: 'one' }, details: { tool: 'a' } },
  { type: 'tool.called', outcome: 'success', actor: AGENT, target: { provider: 'one' }, details: { tool: 'a' } },
  { type: 'tool.called', outcome: 'failure', actor: CLIENT, target: { provider: 'two' }, details: { tool: 'b' } },
  { type: 'access.denied', outcome: 'denied', actor: CLIENT, target: { kind: 'tool', tool: 'b' } },
  { type: 'approval.approved', outcome: 'success', actor: BROWSER, target: { kind: 'approval', tool: 'a' } },
]

const at = (hour: number) => new Date(START + hour * HOUR_MS)

describeOnEachEngine('a user’s own events', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number

  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
    let now = at(0)
    const audit = createAudit({ database, clock: { now: () => now } })
    for (const [hour, draft] of DRAFTS.entries()) {
      now = at(hour)
      // The same of both, so that a filter without its user would give twice as many.
      await Promise.all([ana, bruno].map((userId) => audit.record({ ...draft, userId })))
    }
  })
  afterAll(() => database.close())

  async function hoursOf(filter: ActivityFilter): Promise<number[]> {
    const rows = await database.asUser(ana, (tx) => listEvents(ana, tx, filter, 50))
    expect(rows.every((row) => row.user_id === ana)).toBe(true)
    return rows.map((row) => (row.at.getTime() - START) / HOUR_MS)
  }

  it.each<[string, ActivityFilter, number[]]>([
    ['nothing', {}, [5, 4, 3, 2, 1, 0]],
    ['a type', { type: ['tool.called'] }, [3, 2]],
    ['several types', { type: ['tool.called', 'access.denied'] }, [4, 3, 2]],
    ['types left out', { except: ['credential.used', 'user.signed_in'] }, [5, 4, 3, 2]],
    ['an outcome', { outcome: 'denied' }, [4]],
    ['a provider', { provider: 'two' }, [3]],
    ['a tool that was called', { tool: 'a' }, [5, 2, 1]],
    ['a tool that was refused', { tool: 'b', outcome: 'denied' }, [4]],
    ['an agent', { agent_id: 12 }, [2, 1]],
    ['a way of coming in', { via: 'oauth_client' }, [4, 3]],
    ['one client, and not the session of the same number', { via: 'oauth_client', via_id: '1' }, [4, 3]],
    ['a client that is not there', { via: 'oauth_client', via_id: '2' }, []],
    ['the first moment', { from: at(4) }, [5, 4]],
    ['the first moment after', { to: at(2) }, [1, 0]],
    ['all at once', { from: at(1), to: at(4), type: ['tool.called'], agent_id: 12, tool: 'a', provider: 'one' }, [2]],
    ['what would end the statement', { tool: "' or true --" }, []],
  ])('are narrowed by %s', async (_, filter, expected) => {
    expect(await hoursOf(filter)).toEqual(expected)
  })

  it('belong to whoever asks, whatever the user that a question names', async () => {
    expect(await database.asUser(bruno, (tx) => listEvents(ana, tx, {}, 50))).toEqual([])
  })

  describe('in a file', () => {
    async function fileOf(request: ExportRequest): Promise<string> {
      let text = ''
      for await (const piece of exportEvents(database, ana, request)) text += piece
      return text
    }

    it('are whole as JSON', async () => {
      const { events, truncated } = JSON.parse(await fileOf({ format: 'json', filter: { tool: 'a' } })) as {
        events: { at: string }[]
        truncated: boolean
      }
      expect(events.map((event) => event.at)).toEqual([5, 2, 1].map((hour) => at(hour).toISOString()))
      expect(truncated).toBe(false)
    })

    it('are JSON where there is none', async () => {
      expect(JSON.parse(await fileOf({ format: 'json', filter: { tool: 'z' } }))).toEqual({
        events: [],
        truncated: false,
      })
    })

    it('are a line each as CSV', async () => {
      const lines = (await fileOf({ format: 'csv', filter: {} })).trimEnd().split('\r\n')
      expect(lines).toHaveLength(DRAFTS.length + 1)
      expect(lines.at(-1)).toContain('203.0.113.7')
    })

    it('go on from batch to batch, and say where they were cut', async () => {
      await database.asOwner(
        `insert into audit_events (id, user_id, type, outcome, actor, target, details, at, previous_hash, hash)
         select 1000 + n, ${ana}, 'tool.called', 'success', '{}', '{}', '{"tool":"many"}', now(), '', ''
         from generate_series(1, 1203) as n`,
      )
      const filter = { tool: 'many' }
      const whole = JSON.parse(await fileOf({ format: 'json', filter })) as { events: { id: number }[] }
      expect(new Set(whole.events.map(({ id }) => id)).size).toBe(1203)
      const cut = JSON.parse(await fileOf({ format: 'json', filter, rows: 501 })) as typeof whole
      expect(cut).toMatchObject({ truncated: true })
      expect(cut.events).toEqual(whole.events.slice(0, 501))
      expect(JSON.parse(await fileOf({ format: 'json', filter, rows: 1203 }))).toMatchObject({ truncated: false })
    })
  })
})
