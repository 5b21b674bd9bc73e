import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chunksOf, inTurn, openTestAgents, toolAnswer, type Reply, type Script } from '#test/support/agents.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { success } from '#kernel/problem.ts'

const READ: Reply = { calls: [{ tool: 'acme_read_page', arguments: {} }] }

/** A model whose first answer waits until the test lets it go. */
function gated(...replies: readonly Reply[]) {
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const next = inTurn(...replies)
  const script: Script = async (prompt, options) => {
    asked.resolve()
    await Promise.race([gate.promise, aborted(options.abortSignal)])
    return next(prompt, options)
  }
  return { script, asked: asked.promise, open: () => gate.resolve() }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

describeOnEachEngine('runs', (open) => {
  let database: TestDatabase
  let ana: number
  let bruno: number
  beforeAll(async () => {
    database = await open()
    ana = await createTestUser(database, 'ana@example.com')
    bruno = await createTestUser(database, 'bruno@example.com')
  })
  afterAll(() => database.close())

  async function runOf(threadId: number): Promise<number> {
    const rows = await database.asOwner<{ id: number }>(`select max(id) as id from runs where thread_id = ${threadId}`)
    return rows[0]?.id ?? 0
  }

  /** Starts a streamed run and gives its id as soon as the stream begins. */
  async function begin(agents: ReturnType<typeof openTestAgents>, body: Record<string, unknown>) {
    const response = await agents.stream(ana, 'POST', '/api/agents/chat', { message: 'go', ...body })
    const rows = await database.asOwner<{ id: number; thread_id: number }>(
      `select id, thread_id from runs where user_id = ${ana} order by id desc limit 1`,
    )
    return { response, runId: rows[0]?.id ?? 0, threadId: rows[0]?.thread_id ?? 0 }
  }

  it('work one at a time in a thread', async () => {
    const model = gated({ text: 'first' }, { text: 'second' })
    const agents = openTestAgents({ database, script: model.script })
    const agentId = await agents.createAgent(ana)
    const { response, runId, threadId } = await begin(agents, { agent_id: agentId })
    await model.asked
    const request = { agent_id: agentId, message: 'and?', thread_id: threadId }
    const busy = await agents.send(ana, 'POST', '/api/agents/chat', request)
    expect(busy).toMatchObject({ status: 409, body: { code: 'conflict', run_id: runId, retry_after: 5 } })
    model.open()
    await response.text()
    expect((await agents.send(ana, 'POST', '/api/agents/chat', request)).body.message).toBe('second')
  })

  it('only so many at once for one user', async () => {
    const model = gated({ text: 'a' }, { text: 'b' })
    const agents = openTestAgents({ database, script: model.script, limits: { runsPerUser: 1 } })
    const agentId = await agents.createAgent(ana)
    const { response } = await begin(agents, { agent_id: agentId })
    await model.asked
    const refused = await agents.send(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'x' })
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
    const threads = await agents.send(ana, 'GET', `/api/threads?agent_id=${agentId}`)
    expect(threads.body.threads).toHaveLength(1)
    model.open()
    await response.text()
  })

  it('go on when the client leaves, and can be replayed and followed', async () => {
    const model = gated({ ...READ, text: 'Let me look at it.' }, { text: 'All of it is here.' })
    const agents = openTestAgents({ database, script: model.script })
    const agentId = await agents.createAgent(ana)
    const { response, runId, threadId } = await begin(agents, { agent_id: agentId })
    await model.asked
    await response.body?.cancel()
    const follower = agents.stream(ana, 'GET', `/api/runs/${runId}/stream`)
    model.open()
    const followed = await chunksOf(await follower)
    expect(followed.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { status: 'succeeded' } })
    const replayed = await chunksOf(await agents.stream(ana, 'GET', `/api/runs/${runId}/stream`))
    expect(textOf(replayed)).toBe('Let me look at it.All of it is here.')
    expect(textOf(replayed)).toBe(textOf(followed))
    expect(replayed.length).toBeLessThan(followed.length)
    expect(replayed.map(({ type }) => type).filter((type) => type !== 'text-delta')).toEqual(
      followed.map(({ type }) => type).filter((type) => type !== 'text-delta'),
    )
    const thread = await agents.send(ana, 'GET', `/api/threads/${threadId}`)
    expect(thread.body.messages[1].parts.at(-1)).toMatchObject({ type: 'text', text: 'All of it is here.' })
  })

  it('can be followed from another process', async () => {
    const model = gated({ text: 'Far away.' })
    const here = openTestAgents({ database, script: model.script })
    const there = openTestAgents({ database, script: inTurn() })
    const { response, runId } = await begin(here, { agent_id: await here.createAgent(ana) })
    await model.asked
    const follower = there.stream(ana, 'GET', `/api/runs/${runId}/stream`).then(chunksOf)
    model.open()
    await response.text()
    expect(textOf(await follower)).toBe('Far away.')
  })

  describe('stop', () => {
    it('when told to', async () => {
      const model = gated({ text: 'never said' })
      const agents = openTestAgents({ database, script: model.script })
      const { response, runId, threadId } = await begin(agents, { agent_id: await agents.createAgent(ana) })
      await model.asked
      const stopped = await agents.send(ana, 'POST', `/api/runs/${runId}/stop`)
      expect(stopped.body).toMatchObject({ id: runId, status: 'stopped', stopping: false, error: null })
      expect((await chunksOf(response)).map(({ type }) => type).slice(-2)).toEqual(['abort', 'finish'])
      expect((await agents.send(ana, 'GET', `/api/threads/${threadId}`)).status).toBe(200)
      expect((await agents.send(ana, 'POST', `/api/runs/${runId}/stop`)).body.status).toBe('stopped')
    })

    it('when told to in another process, at the next heartbeat', async () => {
      const model = gated({ text: 'never said' })
      const here = openTestAgents({ database, script: model.script, limits: { heartbeatMs: 20 } })
      const there = openTestAgents({ database, script: inTurn() })
      const { response, runId } = await begin(here, { agent_id: await here.createAgent(ana) })
      await model.asked
      const stopping = await there.send(ana, 'POST', `/api/runs/${runId}/stop`)
      expect(['running', 'stopped']).toContain(stopping.body.status)
      await response.text()
      expect((await there.send(ana, 'GET', `/api/runs/${runId}`)).body.status).toBe('stopped')
    })

    it('with the tool that runs, which gets the signal', async () => {
      const started = Promise.withResolvers<AbortSignal | undefined>()
      const agents = openTestAgents({
        database,
        script: inTurn(READ),
        async callTool(_principal, { signal }) {
          started.resolve(signal)
          return aborted(signal)
        },
      })
      const { response, runId } = await begin(agents, { agent_id: await agents.createAgent(ana) })
      const signal = await started.promise
      await agents.send(ana, 'POST', `/api/runs/${runId}/stop`)
      await response.text()
      expect(signal?.aborted).toBe(true)
      expect((await agents.send(ana, 'GET', `/api/runs/${runId}`)).body.status).toBe('stopped')
    })

    it('at the next heartbeat, when the access of whoever started them ended', async () => {
      const model = gated({ text: 'never said' })
      let valid = true
      const stillValid = async () => valid
      const limits = { heartbeatMs: 20 }
      const agents = openTestAgents({ database, script: model.script, limits, agents: { stillValid } })
      const { response, runId } = await begin(agents, { agent_id: await agents.createAgent(ana) })
      await model.asked
      valid = false
      expect((await chunksOf(response)).slice(-3)).toMatchObject([
        { type: 'error', errorText: expect.stringContaining('access_ended: ') },
        { type: 'abort' },
        { type: 'finish', messageMetadata: { status: 'stopped' } },
      ])
      expect((await agents.send(ana, 'GET', `/api/runs/${runId}`)).body).toMatchObject({
        status: 'stopped',
        error: { code: 'access_ended', detail: expect.any(String) },
      })
    })

    it('before a tool call, when the access of whoever started them ended', async () => {
      const askedFor: number[] = []
      const stillValid = async ({ userId }: { userId: number }) => {
        askedFor.push(userId)
        return false
      }
      const agents = openTestAgents({ database, script: inTurn(READ), agents: { stillValid } })
      const request = { agent_id: await agents.createAgent(ana), message: 'read' }
      const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
      expect(body).toMatchObject({ status: 'stopped', error: { code: 'access_ended' } })
      expect(agents.calls).toEqual([])
      expect(askedFor).toEqual([ana])
    })

    it('with what they wait for', async () => {
      const script = inTurn({ calls: [{ tool: 'acme_delete_page', arguments: {} }] })
      const agents = openTestAgents({ database, script })
      const request = { agent_id: await agents.createAgent(ana), message: 'delete' }
      const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
      expect((await agents.send(ana, 'POST', `/api/runs/${body.run_id}/stop`)).body.status).toBe('stopped')
      const decided = await agents.send(ana, 'POST', `/api/approvals/${body.approvals[0].id}`, { decision: 'approve' })
      expect(decided.status).toBe(409)
      expect(agents.calls).toEqual([])
    })

    it('when their thread is deleted', async () => {
      const model = gated({ text: 'never said' })
      const agents = openTestAgents({ database, script: model.script })
      const { response, runId, threadId } = await begin(agents, { agent_id: await agents.createAgent(ana) })
      await model.asked
      expect((await agents.send(ana, 'DELETE', `/api/threads/${threadId}`)).body).toEqual({
        deleted: true,
        id: threadId,
      })
      await response.text()
      expect((await agents.send(ana, 'GET', `/api/runs/${runId}`)).status).toBe(404)
      expect(agents.logged.filter((line) => line.includes('could not'))).toEqual([])
    })

    it('when the server stops, and can be resumed', async () => {
      const model = gated({ text: 'never said' })
      const agents = openTestAgents({ database, script: model.script })
      const { response, runId } = await begin(agents, { agent_id: await agents.createAgent(ana) })
      await model.asked
      await agents.close()
      await response.text()
      const after = openTestAgents({ database, script: inTurn({ text: 'Said after all.' }) })
      expect((await after.send(ana, 'GET', `/api/runs/${runId}`)).body.status).toBe('interrupted')
      const resumed = await after.send(ana, 'POST', `/api/runs/${runId}/resume`)
      expect(resumed.body).toMatchObject({ run_id: runId, status: 'succeeded', message: 'Said after all.' })
    })
  })

  describe('end at the limit of', () => {
    const cases = [
      ['steps', { stepsPerRun: 2 }, 'step_limit'],
      ['tokens', { tokensPerRun: 25 }, 'token_limit'],
      ['recorded bytes', { recordedBytes: 900 }, 'size_limit'],
    ] as const

    it.each(cases)('%s', async (_name, limits, code) => {
      const agents = openTestAgents({ database, script: inTurn(READ, READ, READ, READ), limits })
      const request = { agent_id: await agents.createAgent(ana), message: 'read on' }
      const { status, body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
      expect(status).toBe(200)
      expect(body).toMatchObject({ status: 'failed', error: { code, detail: expect.any(String) } })
      expect(body.tool_calls.length).toBeGreaterThan(0)
      expect(agents.calls.length).toBeLessThan(4)
    })

    it('time', async () => {
      const model = gated({ text: 'too late' })
      const agents = openTestAgents({ database, script: model.script, limits: { runMs: 50 } })
      const request = { agent_id: await agents.createAgent(ana), message: 'hurry' }
      const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
      expect(body).toMatchObject({ status: 'failed', error: { code: 'time_limit' } })
    })

    it('tool calls', async () => {
      const calls = Array.from({ length: 3 }, (_, index) => ({
        tool: 'acme_read_page',
        arguments: { id: String(index) },
      }))
      const script = inTurn({ calls }, { text: 'Enough.' })
      const agents = openTestAgents({ database, script, limits: { toolCallsPerRun: 2 } })
      const request = { agent_id: await agents.createAgent(ana), message: 'read three' }
      const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
      expect(body.tool_calls.map(({ status }: { status: string }) => status)).toEqual([
        'succeeded',
        'succeeded',
        'denied',
      ])
      expect(body.message).toBe('Enough.')
      expect(agents.calls).toHaveLength(2)
    })

    it('history', async () => {
      const prompts: string[] = []
      const agents = openTestAgents({
        database,
        limits: { historyMessages: 3 },
        script(prompt) {
          prompts.push(JSON.stringify(prompt))
          return { text: `answer ${prompts.length}` }
        },
      })
      const agentId = await agents.createAgent(ana)
      let threadId: number | undefined
      for (const message of ['one', 'two', 'three', 'four']) {
        const request = { agent_id: agentId, message, thread_id: threadId }
        threadId = (await agents.send(ana, 'POST', '/api/agents/chat', request)).body.thread_id
      }
      expect(prompts[3]).not.toContain('"two"')
      expect(prompts[3]).toContain('"three"')
      expect(prompts[3]).toContain('answer 3')
    })
  })

  it('take the calls of a model that numbers them anew in each step for different ones', async () => {
    const create = (id: string): Reply => ({ calls: [{ id: 'c1', tool: 'acme_create_page', arguments: { id } }] })
    const agents = openTestAgents({ database, script: inTurn(create('p1'), create('p2'), create('p1')) })
    const request = { agent_id: await agents.createAgent(ana), message: 'make two' }
    expect((await agents.send(ana, 'POST', '/api/agents/chat', request)).body.status).toBe('succeeded')
    const [first, second, third] = agents.calls.map(({ request: made }) => made.idempotencyKey)
    expect(second).not.toBe(first)
    expect(third).toBe(first)
  })

  it('tell a failure of the model by its code, and leave the thread usable', async () => {
    let calls = 0
    const agents = openTestAgents({
      database,
      script() {
        calls += 1
        if (calls === 1) throw new Error('secret-key-123 in a message of the model provider')
        return { text: 'Better.' }
      },
    })
    const agentId = await agents.createAgent(ana)
    const failed = await agents.send(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'x' })
    expect(failed).toMatchObject({ status: 502, body: { code: 'model_failed', run_id: expect.any(Number) } })
    expect(JSON.stringify([failed.body, agents.logged])).not.toContain('secret-key-123')
    const request = { agent_id: agentId, message: 'again', thread_id: failed.body.thread_id }
    expect((await agents.send(ana, 'POST', '/api/agents/chat', request)).body.message).toBe('Better.')
    expect(await runOf(failed.body.thread_id)).toBeGreaterThan(failed.body.run_id)
  })

  it('a throw inside the pipeline reaches neither the model nor the client in its own words', async () => {
    const prompts: string[] = []
    const agents = openTestAgents({
      database,
      script(prompt) {
        prompts.push(JSON.stringify(prompt))
        return prompts.length === 1 ? READ : { text: 'Sorry.' }
      },
      callTool: async () => {
        throw new Error('column "secret" does not exist')
      },
    })
    const request = { agent_id: await agents.createAgent(ana), message: 'x' }
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
    expect(body.tool_calls).toMatchObject([{ status: 'failed', result: { code: 'internal_error' } }])
    expect(JSON.stringify([body, prompts])).not.toContain('secret')
    expect(agents.logged.join()).toContain('A tool call threw')
  })

  it('of somebody else are not found, with the same bytes as what does not exist', async () => {
    const agents = openTestAgents({ database, script: inTurn({ text: 'private' }) })
    const request = { agent_id: await agents.createAgent(ana), message: 'private' }
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', request)
    const routes = [
      ['GET', '/api/runs/#', body.run_id],
      ['POST', '/api/runs/#/stop', body.run_id],
      ['POST', '/api/runs/#/resume', body.run_id],
      ['GET', '/api/runs/#/stream', body.run_id],
      ['GET', '/api/threads/#', body.thread_id],
      ['PATCH', '/api/threads/#', body.thread_id, { title: 'stolen' }],
      ['DELETE', '/api/threads/#', body.thread_id],
    ] as const
    for (const [method, path, id, sent] of routes) {
      const foreign = await agents.send(bruno, method, path.replace('#', String(id)), sent)
      const missing = await agents.send(bruno, method, path.replace('#', '999999'), sent)
      expect(foreign).toEqual(missing)
      expect(foreign.status).toBe(404)
    }
    expect((await agents.send(bruno, 'GET', '/api/threads')).body.threads).toEqual([])
    expect((await agents.send(ana, 'GET', `/api/threads/${body.thread_id}`)).body.title).toBe('private')
  })

  it('keep their thread when the author deletes the shared agent', async () => {
    const agents = openTestAgents({
      database,
      script: inTurn({ text: 'hi' }),
      callTool: async (_principal, { tool }) => success(toolAnswer(tool, 'x')),
    })
    const agentId = await agents.createAgent(bruno, { shared: true })
    const { body } = await agents.send(ana, 'POST', '/api/agents/chat', { agent_id: agentId, message: 'hello' })
    await agents.send(bruno, 'DELETE', `/api/agents/${agentId}`)
    const thread = await agents.send(ana, 'GET', `/api/threads/${body.thread_id}`)
    expect(thread.body).toMatchObject({ agent_id: null, messages: [{ role: 'user' }, { role: 'assistant' }] })
    const own = await agents.createAgent(ana)
    const request = { agent_id: own, message: 'go on', thread_id: body.thread_id }
    expect((await agents.send(ana, 'POST', '/api/agents/chat', request)).status).toBe(200)
  })
})

function textOf(chunks: { type: string; delta?: string }[]): string {
  return chunks.map(({ type, delta }) => (type === 'text-delta' ? delta : '')).join('')
}
