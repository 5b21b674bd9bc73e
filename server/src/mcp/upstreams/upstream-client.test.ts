import { randomUUID } from 'node:crypto'
import { Server, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { applyUserChange, createUpstreamPool } from './pool.ts'

const PLACE = { userId: 1, connectionId: 7, url: 'https://tools.example/mcp' }
const WORK = { name: 'work', title: '', description: '', inputSchema: { type: 'object' }, annotations: {} }
const FORM = {
  message: 'Which word?',
  requestedSchema: { type: 'object', properties: { word: { type: 'string' } } },
} as const

/** A server of 2025-11-25 that asks once `calls` calls run: on the stream of the call, or on the standing one. */
async function world(calls: number, stream: 'own' | 'standing') {
  const [everyone, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let running = 0
  const server = new Server({ name: 'tools', version: '1.0.0' }, { capabilities: { tools: { listChanged: true } } })
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    running += 1
    if (running === calls) everyone.resolve()
    await everyone.promise
    if (params.arguments?.['asks'] !== true) await answered.promise
    else {
      const related = stream === 'own' ? { relatedRequestId: context.mcpReq.id } : {}
      const answer = await server.elicitInput(FORM, related)
      answered.resolve()
      return { content: [{ type: 'text', text: JSON.stringify(answer) }] }
    }
    return { content: [] }
  })
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() })
  await server.connect(transport)
  const streams: (AbortSignal | null | undefined)[] = []
  const fetch = (input: string | globalThis.URL | Request, init?: RequestInit): Promise<Response> => {
    if (init?.method === 'GET') streams.push(init.signal)
    return transport.handleRequest(new Request(input, init))
  }
  const pool = createUpstreamPool({ clock: { now: () => new Date(0) } })
  const asked: string[] = []
  const call = (name: string, asks: boolean) =>
    pool.use(
      PLACE,
      {
        credential: { api_key: 'key' },
        fetch,
        signal: new AbortController().signal,
        questions: {
          async answer() {
            asked.push(name)
            return { action: 'accept', content: { word: name } }
          },
          unasked: () => [],
        },
      },
      async (client) => JSON.stringify((await client.callTool(WORK, { asks })).content),
    )
  return {
    asked,
    call,
    pool,
    streams,
    close: async () => {
      pool.drop()
      await server.close()
    },
  }
}

describe('a question in the middle of a call', () => {
  it('is of the call on whose stream it came, whichever others run', async () => {
    const { asked, call, close } = await world(3, 'own')
    const names = ['first', 'second', 'third']
    const texts = await Promise.all(names.map((name) => call(name, true)))
    expect(asked.toSorted()).toEqual(names)
    expect(texts).toEqual(names.map((name) => expect.stringContaining(name)))
    await close()
  })

  it('on the standing stream is of the only call that runs', async () => {
    const { asked, call, close } = await world(1, 'standing')
    expect(await call('only', true)).toContain('accept')
    expect(asked).toEqual(['only'])
    await close()
  })

  it('on the standing stream is put to nobody where several calls run', async () => {
    const { asked, call, close } = await world(2, 'standing')
    const [, text] = await Promise.all([call('first', false), call('second', true)])
    expect([asked, text]).toEqual([[], expect.stringContaining('decline')])
    await close()
  })
})

describe('the stream that stands open between calls', () => {
  it('ends as soon as its user is suspended, and not with another', async () => {
    const { call, pool, streams, close } = await world(1, 'standing')
    await call('only', true)
    applyUserChange(pool, '2')
    expect(streams.map((signal) => signal?.aborted)).toEqual([false])
    applyUserChange(pool, '1')
    await expect.poll(() => streams.map((signal) => signal?.aborted)).toEqual([true])
    await close()
  })
})
