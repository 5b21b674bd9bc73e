import type { Client, ClientCapabilities } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '../support/database.ts'
import { connectMcpClient } from '../support/mcp-client.ts'
import { createWholeApp, tenantKey, type TestUser, type WholeApp } from '../support/whole-app.ts'

/** Connecting and approving with the official client, which carries the question to its user and the answer back by itself. */

describeOnEachEngine('the official client', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let users = 0

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  const api = async (user: TestUser, path: string, body: unknown) =>
    (await app.request('POST', path, { token: user.token, body })).json()

  async function connect(user: TestUser): Promise<void> {
    const workspace = app.emulator.control.installs()[0]?.workspaceName ?? ''
    await api(user, '/api/mcp/notion/connect', { api_key: tenantKey(app.emulator, workspace) })
  }

  async function newUser(): Promise<TestUser> {
    users += 1
    return app.signUp('Ana', `ana${users}@example.com`)
  }

  async function newPage(user: TestUser): Promise<string> {
    const found = await api(user, '/api/tools/notion_search_pages/call', { arguments: { query: 'Onboarding' } })
    const { results } = found['result'] as { results: readonly { id: string; object: string }[] }
    const parent = results.find(({ object }) => object === 'page')?.id
    const made = await api(user, '/api/tools/notion_create_page/call', {
      arguments: { parent_id: parent, title: 'To archive' },
    })
    return (made['result'] as { id: string }).id
  }

  interface Asked {
    readonly message: string
    readonly mode?: string
    readonly url?: string
  }

  /** A client whose user answers each question as the test says. */
  async function clientOf(
    user: TestUser,
    era: 'legacy' | 'modern',
    more: { capabilities: ClientCapabilities; answer: (asked: Asked) => Promise<object> },
  ): Promise<{ client: Client; questions: Asked[] }> {
    const questions: Asked[] = []
    const client = await connectMcpClient(app, {
      token: user.token,
      era,
      capabilities: more.capabilities,
      async answer(asked) {
        questions.push(asked as Asked)
        return more.answer(asked as Asked)
      },
    })
    return { client, questions }
  }

  const textOf = (answer: unknown) => JSON.stringify((answer as { content?: unknown }).content)

  describe.each(['legacy', 'modern'] as const)('of the %s era', (era) => {
    it('has its user approve a call, and makes it once', async () => {
      const user = await newUser()
      await connect(user)
      const pageId = await newPage(user)
      const { client, questions } = await clientOf(user, era, {
        capabilities: { elicitation: { form: {} } },
        answer: async () => ({ action: 'accept', content: { decision: 'approve' } }),
      })
      const answer = await client.callTool({ name: 'notion_archive_page', arguments: { page_id: pageId } })
      expect(answer.isError, textOf(answer)).not.toBe(true)
      expect(questions).toHaveLength(1)
      expect(questions[0]?.message).toContain(pageId)
      const rows = await database.asOwner<{ status: string }>(`select status from approvals where user_id = ${user.id}`)
      expect(rows).toEqual([{ status: 'used' }])
      await client.close()
    })

    it('hears of a denial, and does not ask again', async () => {
      const user = await newUser()
      await connect(user)
      const pageId = await newPage(user)
      const { client, questions } = await clientOf(user, era, {
        capabilities: { elicitation: { form: {} } },
        answer: async () => ({ action: 'decline' }),
      })
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const answer = await client.callTool({ name: 'notion_archive_page', arguments: { page_id: pageId } })
        expect([answer.isError, textOf(answer).includes('[denied]')]).toEqual([true, true])
      }
      expect(questions).toHaveLength(1)
      await client.close()
    })

    it('sends its user to connect, and has what was asked for afterwards', async () => {
      const user = await newUser()
      const { client, questions } = await clientOf(user, era, {
        capabilities: { elicitation: { url: {} } },
        async answer() {
          await connect(user)
          return { action: 'accept' }
        },
      })
      const answer = await client.callTool({ name: 'notion_search_pages', arguments: { query: 'Onboarding' } })
      expect(answer.isError, textOf(answer)).not.toBe(true)
      expect(questions).toMatchObject([{ mode: 'url', url: 'http://localhost:8001/connect/notion' }])
      await client.close()
    })

    it('gives the links as text where it can ask nothing', async () => {
      const user = await newUser()
      const client = await connectMcpClient(app, { token: user.token, era })
      const missing = await client.callTool({ name: 'notion_search_pages', arguments: { query: 'x' } })
      expect(textOf(missing)).toContain('http://localhost:8001/connect/notion')
      await connect(user)
      const waiting = await client.callTool({
        name: 'notion_archive_page',
        arguments: { page_id: await newPage(user) },
      })
      expect(textOf(waiting)).toMatch(/http:\/\/localhost:8001\/approvals\/\d+/)
      await client.close()
    })
  })
})
