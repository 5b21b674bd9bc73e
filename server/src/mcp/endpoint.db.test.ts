import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { connectMcpClient } from '#test/support/mcp-client.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

describeOnEachEngine('the MCP endpoint', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
    for (const [user, workspace] of [
      [ana, app.emulator.control.installs()[0]?.workspaceName],
      [bruno, app.emulator.control.installs().at(-1)?.workspaceName],
    ] as const) {
      const body = { api_key: tenantKey(app.emulator, workspace ?? '') }
      const answer = await app.request('POST', '/api/mcp/notion/connect', { token: user.token, body })
      expect(answer.status).toBe(200)
    }
  })

  afterAll(async () => {
    await app.close()
    await database.close()
  })

  describe.each(['legacy', 'modern'] as const)('for %s clients', (era) => {
    it('lists the tools in a stable order', async () => {
      const client = await connectMcpClient(app, { token: ana.token, era })
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toContain('notion_search_pages')
      expect(tools).toEqual((await client.listTools()).tools)
      await client.close()
    })

    it('calls a tool with the connection of whoever asks', async () => {
      const [of, from] = await Promise.all(
        [ana, bruno].map((user) => connectMcpClient(app, { token: user.token, era })),
      )
      const [first, second] = await Promise.all([of, from].map(botNameOf))
      expect(first).not.toEqual(second)
      await Promise.all([of?.close(), from?.close()])
    })
  })
})

async function botNameOf(client: Client | undefined): Promise<string> {
  const answer = await client?.callTool({ name: 'notion_get_bot_user', arguments: {} })
  expect(answer?.isError).not.toBe(true)
  return JSON.stringify(answer?.content)
}
