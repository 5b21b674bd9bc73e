import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { success, type Outcome } from '#kernel/problem.ts'
import type { CallTool, ToolCallAnswer } from '#tools/tool-call.ts'
import { inTurn, openTestAgents, toolAnswer, type Reply, type TestAgents } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { recoverRuns } from './recover-runs.ts'

const READ: Reply = { text: 'Reading.', calls: [{ id: 'r1', tool: 'acme_read_page', arguments: { id: 'p' } }] }
const CREATE: Reply = { text: 'Making it.', calls: [{ id: 'w1', tool: 'acme_create_page', arguments: { id: 'p' } }] }
const DELETE: Reply = { calls: [{ id: 'd1', tool: 'acme_delete_page', arguments: { id: 'p' } }] }

/** A process that dies here never comes back: nothing after this happens, its heartbeat included. */
const death = new Promise<never>(() => {})
const NO_HEARTBEAT_MS = 1_000_000

/** A provider that counts its effects, behind a ledger as the pipeline has one: one effect for each key. */
function provider() {
  const effects: string[] = []
  const ledger = new Map<string, Outcome<ToolCallAnswer>>()
  function act(tool: string, key: string | undefined): Outcome<ToolCallAnswer> {
    const known = key === undefined ? undefined : ledger.get(key)
    if (known !== undefined) return known
    effects.push(tool)
    const outcome = success(toolAnswer(tool, `done ${effects.length}`))
    if (key !== undefined) ledger.set(key, outcome)
    return outcome
  }
  const alive: CallTool = async (_principal, { tool, idempotencyKey }) => act(tool, idempotencyKey)
  /** The effect is there, but the process dies before it hears of it. */
  function dyingIn(victim: string): { callTool: CallTool; died: Promise<void> } {
    const died = Promise.withResolvers<void>()
    return {
      died: died.promise,
      async callTool(_principal, { tool, idempotencyKey }) {
        const outcome = act(tool, idempotencyKey)
        if (tool !== victim) return outcome
        died.resolve()
        return death
      },
    }
  }
  return { effects, alive, dyingIn }
}

describeOnEachEngine('after a process died', (open) => {
  let database: TestDatabase
  let ana: number
  let now: Date
  const clock = { now: () => now }
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
  })
  afterAll(() => database.close())
  beforeEach(() => {
    now = new Date('2026-11-22T12:00:00Z')
  })

  const recover = (lastSign = now) =>
    recoverRuns({ acrossUsers: (work) => database.asSystem('interrupt abandoned runs', work), lastSign, now })

  /** Lets a first process begin and die inside a tool, and gives what a second one finds. */
  async function crash(replies: readonly Reply[], victim: string, later: readonly Reply[] = [{ text: 'Done.' }]) {
    const world = provider()
    const dying = world.dyingIn(victim)
    const limits = { heartbeatMs: NO_HEARTBEAT_MS, runMs: NO_HEARTBEAT_MS }
    const first = openTestAgents({ database, clock, script: inTurn(...replies), callTool: dying.callTool, limits })
    const agentId = await first.createAgent(ana)
    void first.stream(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'do it' })
    await dying.died
    const prompts: string[] = []
    const next = inTurn(...later)
    const second = openTestAgents({
      database,
      clock,
      callTool: world.alive,
      script(prompt, options) {
        prompts.push(JSON.stringify(prompt))
        return next(prompt, options)
      },
    })
    const threads = await second.send(ana, 'GET', `/api/threads?agent_id=${agentId}`)
    const threadId = threads.body.threads[0].id as number
    const runs = await database.asOwner<{ id: number }>(`select id from runs where thread_id = ${threadId}`)
    return { ...world, agents: second, agentId, threadId, runId: runs[0]?.id ?? 0, prompts }
  }

  async function statusOf(agents: TestAgents, runId: number): Promise<string> {
    return (await agents.send(ana, 'GET', `/api/runs/${runId}`)).body.status
  }

  it('its runs are marked, with all that was recorded, and nothing else is', async () => {
    const { agents, runId, threadId } = await crash([READ, CREATE], 'acme_create_page')
    expect(await recover(new Date(now.getTime() - 30_000))).toBe(0)
    expect(await statusOf(agents, runId)).toBe('running')
    expect(await recover()).toBe(1)
    expect(await recover()).toBe(0)
    expect(await statusOf(agents, runId)).toBe('interrupted')
    const thread = await agents.send(ana, 'GET', `/api/threads/${threadId}`)
    expect(thread.body.messages[1]).toMatchObject({
      metadata: { status: 'interrupted', usage: { total_tokens: 10 } },
      parts: [
        { type: 'step-start' },
        { type: 'text', text: 'Reading.' },
        { type: 'tool-acme_read_page', state: 'output-available' },
        { type: 'step-start' },
        { type: 'text', text: 'Making it.' },
        { type: 'tool-acme_create_page', state: 'input-available', toolCallId: 'w1' },
      ],
    })
  })

  it('a run is resumed from its last step, and the write is not made twice', async () => {
    const { agents, runId, effects, prompts } = await crash([READ, CREATE], 'acme_create_page')
    await recover()
    const resumed = await agents.send(ana, 'POST', `/api/runs/${runId}/resume`)
    expect(resumed.body).toMatchObject({
      run_id: runId,
      status: 'succeeded',
      message: 'Done.',
      tool_calls: [
        { name: 'acme_read_page', status: 'succeeded' },
        { name: 'acme_create_page', status: 'succeeded', result: { text: 'done 2' } },
      ],
    })
    expect(effects).toEqual(['acme_read_page', 'acme_create_page'])
    expect(agents.calls.map(({ request }) => request.idempotencyKey)).toEqual([
      expect.stringMatching(`^run:${runId}:w1:[0-9a-f]{16}$`),
    ])
    expect(prompts[0]).toContain('done 2')
    expect((await agents.send(ana, 'POST', `/api/runs/${runId}/resume`)).status).toBe(409)
  })

  it('only one of many who resume it at the same moment does', async () => {
    const { agents, runId, effects } = await crash([CREATE], 'acme_create_page')
    await recover()
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => agents.send(ana, 'POST', `/api/runs/${runId}/resume`)),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409])
    expect(effects).toEqual(['acme_create_page'])
  })

  it('a following message works, and the model is told what is not known', async () => {
    const { agents, agentId, threadId, runId, prompts, effects } = await crash([CREATE], 'acme_create_page')
    const request = { agent_id: agentId, message: 'and?', thread_id: threadId }
    expect((await agents.send(ana, 'POST', '/api/agents/chat', request)).status).toBe(409)
    now = new Date(now.getTime() + 30_000)
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
    expect(body).toMatchObject({ status: 'succeeded', message: 'Done.' })
    expect(await statusOf(agents, runId)).toBe('interrupted')
    expect(prompts[0]).toContain('outcome_unknown: The run was cut off during this call.')
    expect(effects).toEqual(['acme_create_page'])
    expect((await agents.send(ana, 'POST', `/api/runs/${runId}/resume`)).status).toBe(409)
  })

  it('half a sentence is taken back', async () => {
    const { agents, runId, threadId, prompts } = await crash([READ], 'acme_read_page', [{ text: 'Whole.' }])
    await recover()
    await database.asOwner(`update messages set parts = '[{"type":"step-start"},{"type":"text","text":"Hal","state":"streaming"}]'
      where run_id = ${runId} and role = 'assistant'`)
    expect((await agents.send(ana, 'POST', `/api/runs/${runId}/resume`)).body.message).toBe('Whole.')
    expect(prompts[0]).not.toContain('Hal')
    const thread = await agents.send(ana, 'GET', `/api/threads/${threadId}`)
    expect(JSON.stringify(thread.body.messages[1].parts)).not.toContain('Hal"')
  })

  describe('an approved call', () => {
    /** The first process dies inside the call that was approved. */
    async function crashInApproved() {
      const world = provider()
      const dying = world.dyingIn('acme_delete_page')
      const limits = { heartbeatMs: NO_HEARTBEAT_MS, runMs: NO_HEARTBEAT_MS }
      const first = openTestAgents({ database, clock, script: inTurn(DELETE), callTool: dying.callTool, limits })
      const request = { agent_id: await first.createAgent(ana), message: 'delete p' }
      const { body } = await first.send(ana, 'POST', '/api/agents/chat', request)
      void first.stream(ana, 'POST', `/api/approvals/${body.approvals[0].id}`, { decision: 'approve' })
      await dying.died
      const second = openTestAgents({ database, clock, callTool: world.alive, script: inTurn({ text: 'Gone.' }) })
      return { ...world, agents: second, runId: body.run_id as number, approvalId: body.approvals[0].id as number }
    }

    it('is not made twice by a resume', async () => {
      const { agents, runId, effects } = await crashInApproved()
      await recover()
      const resumed = await agents.send(ana, 'POST', `/api/runs/${runId}/resume`)
      expect(resumed.body).toMatchObject({ message: 'Gone.', tool_calls: [{ status: 'succeeded' }] })
      expect(effects).toEqual(['acme_delete_page'])
      const idempotencyKey = expect.stringMatching(`^run:${runId}:d1:[0-9a-f]{16}$`)
      expect(agents.calls).toMatchObject([{ request: { confirmed: true, idempotencyKey } }])
    })

    it('cannot be approved again', async () => {
      const { agents, approvalId, effects } = await crashInApproved()
      await recover()
      const again = await agents.send(ana, 'POST', `/api/approvals/${approvalId}`, { decision: 'approve' })
      expect(again).toMatchObject({ status: 409, body: { approval_status: 'used' } })
      expect(effects).toEqual(['acme_delete_page'])
    })
  })

  it('a process that was only asleep stops when it wakes and finds its run taken', async () => {
    const world = provider()
    const started = Promise.withResolvers<void>()
    const first = openTestAgents({
      database,
      clock,
      limits: { heartbeatMs: 20 },
      script: inTurn(CREATE),
      callTool: (_principal, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason as Error))
          started.resolve()
        }),
    })
    const agentId = await first.createAgent(ana)
    const stream = await first.stream(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'do it' })
    await started.promise
    const runs = await database.asOwner<{ id: number }>(`select max(id) as id from runs where user_id = ${ana}`)
    const runId = runs[0]?.id ?? 0
    const second = openTestAgents({ database, clock, callTool: world.alive, script: inTurn({ text: 'Mine now.' }) })
    // A row that a heartbeat is writing just now is passed over until the next time.
    const statusThen = async () => {
      await recover()
      return statusOf(second, runId)
    }
    await expect.poll(statusThen).toBe('interrupted')
    const resumed = await second.send(ana, 'POST', `/api/runs/${runId}/resume`)
    await stream.text()
    expect(resumed.body).toMatchObject({ status: 'succeeded', message: 'Mine now.' })
    expect(await statusOf(second, runId)).toBe('succeeded')
    expect(world.effects).toEqual(['acme_create_page'])
  })
})
