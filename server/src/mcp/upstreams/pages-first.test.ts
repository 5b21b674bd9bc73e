import { ProtocolError, Server, UrlElicitationRequiredError } from '@modelcontextprotocol/server'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import type { CallAnswer, CallQuestion, WaitingCaller } from '#providers/waiting-caller.ts'
import { createUpstreamPool } from './pool.ts'
import { runUpstreamTool, type RunDeps } from './run-tool.ts'

const TOOL = { name: 'work', title: '', description: '', inputSchema: { type: 'object' }, annotations: {} }
const URL_OF_SERVER = 'https://tools.example/mcp'
const page = (url: string) => ({ mode: 'url' as const, message: 'Allow it', elicitationId: 'e1', url })
const SIGN_IN = page('https://login.example/allow')

/** What comes of a call that the server refuses with this, and what its user was asked. */
async function refusedWith(error: Error, action?: CallAnswer['action']) {
  let calls = 0
  const server = new Server({ name: 'tools', version: '1.0.0' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/call', () => {
    calls += 1
    throw error
  })
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => 'one' })
  await server.connect(transport)
  const pool = createUpstreamPool({ clock: { now: () => new Date(0) } })
  const deps = {
    publicUrl: 'http://localhost:8001',
    pool: {
      use: ((place, access, work) =>
        pool.use(place, access, (held) =>
          work({ ...held, refreshed: async () => ({ digests: new Map([['work', 'accepted']]) }) as never }),
        )) satisfies RunDeps['pool']['use'],
    },
  } as unknown as RunDeps
  const asked: CallQuestion[] = []
  const caller: WaitingCaller = {
    async ask(question) {
      asked.push(question)
      return action === undefined ? null : { action }
    },
  }
  const outcome = await runUpstreamTool(deps, {
    access: {
      credential: { api_key: 'key' },
      fetch: (input, init) => transport.handleRequest(new Request(input, init)),
      signal: new AbortController().signal,
      caller,
    },
    place: { userId: 1, connectionId: 7, url: URL_OF_SERVER },
    server: { label: 'Tools', host: 'tools.example' },
    tool: { definition: TOOL, digest: 'accepted', readOnly: false, exposedName: 'tools_work' },
    input: {},
  })
  pool.drop()
  await server.close()
  return { problem: outcome.ok ? undefined : outcome.problem, asked, calls }
}

describe('a server that wants its user to open a page before it does anything', () => {
  it.each([
    ['accept', 'Call the tool again once they have finished there'],
    ['decline', 'and declined'],
  ] as const)('has the user asked, who answers: %s', async (action, words) => {
    const { problem, asked, calls } = await refusedWith(new UrlElicitationRequiredError([SIGN_IN]), action)
    expect(asked).toMatchObject([
      { kind: 'url', url: SIGN_IN.url, message: expect.stringMatching(/"Tools" \(tools\.example\).+Allow it$/) },
    ])
    expect(problem).toMatchObject({ code: 'tool_failed', detail: expect.stringContaining(words) })
    // It may have been refused for good; and a call that changes something is made by whoever wants it.
    expect(calls).toBe(1)
  })

  it('has the link told to whoever cannot be asked', async () => {
    const { problem } = await refusedWith(new UrlElicitationRequiredError([SIGN_IN]))
    expect(problem?.detail).toContain(`Allow it ${SIGN_IN.url} Then call the tool again.`)
  })

  it.each([
    ['a script', new UrlElicitationRequiredError([page('javascript:alert(1)')])],
    ['a page without TLS elsewhere', new UrlElicitationRequiredError([page('http://login.example/')])],
    ['a name in the address', new UrlElicitationRequiredError([page('https://tools.example@evil.example/')])],
    ['no page', new ProtocolError(-32042, 'x', { elicitations: 'x' })],
    ['nothing', new ProtocolError(-32042, 'x')],
  ])('is not followed to %s', async (_case, error) => {
    const { problem, asked } = await refusedWith(error, 'accept')
    expect(asked).toEqual([])
    expect(problem).toMatchObject({
      code: 'tool_failed',
      detail: expect.stringContaining('cannot be opened from here'),
    })
    expect(problem?.detail).not.toContain('evil')
  })

  it('may name a few, and no more of them are shown', async () => {
    const many = Array.from({ length: 50 }, (_, at) => page(`https://login.example/${at}`))
    expect((await refusedWith(new UrlElicitationRequiredError(many), 'accept')).asked).toHaveLength(3)
  })
})
