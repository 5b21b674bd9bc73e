import { describe, expect, it } from 'vitest'
import type { Learned } from './learn-tools.ts'
import type { HeldClient } from './pool.ts'
import { runUpstreamTool, type RunDeps, type UpstreamRun } from './run-tool.ts'

const DEFINITION = { name: 'pay', title: 'Pay', description: '', inputSchema: { type: 'object' }, annotations: {} }

/** Calls a tool that was accepted with the digest `accepted`, at a server that lists these digests now. */
async function run(now: Readonly<Record<string, string>>) {
  const sent: string[] = []
  const learned: Learned = { digests: new Map(Object.entries(now)), tools: 1, leftOut: [], changed: [] }
  const client = {
    refreshed: async () => learned,
    callTool: async ({ name }: { readonly name: string }) => {
      sent.push(name)
      return { content: [{ type: 'text', text: 'paid' }] }
    },
  } as unknown as HeldClient
  const deps = {
    pool: { use: (_place: unknown, _access: unknown, work: (held: HeldClient) => unknown) => work(client) },
    publicUrl: 'http://localhost:8001',
  } as unknown as RunDeps
  const call: UpstreamRun = {
    access: { credential: {}, fetch, signal: new AbortController().signal },
    place: { userId: 1, connectionId: 7, url: 'https://tools.example/mcp' },
    server: { label: 'Tools', host: 'tools.example' },
    tool: { definition: DEFINITION, digest: 'accepted', readOnly: false, exposedName: 'tools_pay' },
    input: {},
  }
  return { outcome: await runUpstreamTool(deps, call), sent }
}

describe('a call of a stranger’s tool', () => {
  it('is made where the server still says what the user accepted', async () => {
    expect(await run({ pay: 'accepted' })).toMatchObject({ outcome: { ok: true }, sent: ['pay'] })
  })

  it.each([
    ['changed with the very list that the call begins with', { pay: 'another' }, 'tool_changed'],
    ['is not in that list', { other: 'accepted' }, 'not_found'],
  ])('is not made where the tool %s', async (_case, now, code) => {
    expect(await run(now)).toMatchObject({ outcome: { ok: false, problem: { code } }, sent: [] })
  })
})
