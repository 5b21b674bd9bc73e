import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { connectMcpClient, type McpClientOptions } from '#test/support/mcp-client.ts'
import { createWholeApp, tenantKey, type Answer, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

/** What an MCP client finds besides the tools, through the endpoint: resources, prompts, search; each for its own user. */

const ERAS = ['legacy', 'modern'] as const
const NOWHERE = '91c4e7a036bd4f528e19d2075bfa84c6'
const TWO = ['search_tools', 'call_tool']
/** Fewer than there are tools, and than there are that only read. */
const FEW = '5'

describeOnEachEngine('what the MCP endpoint offers', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser
  let carla: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ;[ana, bruno, carla] = await Promise.all([
      app.signUp('Ana', 'ana@example.com'),
      app.signUp('Bruno', 'bruno@example.com'),
      app.signUp('Carla', 'carla@example.com'),
    ])
    await connectNotion(app, ana, 0)
    await connectNotion(app, bruno, -1)
  })

  afterAll(async () => {
    await app.close()
    await database.close()
  })

  async function withClient<T>(options: McpClientOptions, use: (client: Client) => Promise<T>): Promise<T> {
    const client = await connectMcpClient(app, options)
    try {
      return await use(client)
    } finally {
      await client.close()
    }
  }

  async function pageOf(user: TestUser): Promise<string> {
    const body = { arguments: { filter: 'page' } }
    const answer = await app.request('POST', '/api/tools/notion_search_pages/call', { token: user.token, body })
    const { result } = answer.json() as { result: { results: { id: string }[] } }
    return result.results[0]?.id ?? ''
  }

  describe.each(ERAS)('to %s clients', (era) => {
    describe('resources', () => {
      it.each(['/mcp', '/mcp/notion', '/mcp/read-only', '/mcp/search'])('are listed at %s', async (path) => {
        await withClient({ token: ana.token, era, path }, async (client) => {
          const { resources } = await client.listResources()
          expect(resources.map(({ uri }) => uri)).toEqual(['notion://docs/markdown'])
          const { resourceTemplates } = await client.listResourceTemplates()
          expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['notion://page/{page_id}'])
        })
      })

      it('a document reads the same for everybody, connected or not', async () => {
        const texts = await Promise.all(
          [ana, carla].map(({ token }) =>
            withClient({ token, era }, (client) => client.readResource({ uri: 'notion://docs/markdown' })),
          ),
        )
        expect(texts[0]?.contents).toMatchObject([
          { mimeType: 'text/markdown', text: expect.stringContaining('# Markdown') },
        ])
        expect(texts[1]?.contents).toEqual(texts[0]?.contents)
      })

      it('a page reads as its tool reads it, by either form of its id', async () => {
        const id = await pageOf(ana)
        await withClient({ token: ana.token, era }, async (client) => {
          const direct = await client.callTool({ name: 'notion_read_page_content', arguments: { page_id: id } })
          for (const form of [id, id.replaceAll('-', ''), id.toUpperCase()]) {
            const uri = `notion://page/${form}`
            const { contents } = await client.readResource({ uri })
            expect(contents).toEqual([{ uri, mimeType: 'text/markdown', text: textOf(direct) }])
          }
        })
      })

      it("another user's page is as one that is nowhere", async () => {
        const id = (await pageOf(ana)).replaceAll('-', '')
        await withClient({ token: bruno.token, era }, async (client) => {
          for (const page of [id, NOWHERE]) {
            const uri = `notion://page/${page}`
            await expect(client.readResource({ uri })).rejects.toMatchObject({
              code: -32602,
              message: `Resource not found: ${uri}`,
              data: { uri },
            })
          }
        })
      })

      it('nothing else is found', async () => {
        const uris = [
          'notion://page/',
          'notion://page/x',
          `notion://page/${NOWHERE}/more`,
          `notion://page/${NOWHERE}?a=b`,
          'notion://page/%2e%2e',
          'notion://docs/other',
          'file:///etc/passwd',
          'http://127.0.0.1/',
          'no uri',
          `notion://page/${'a'.repeat(5_000)}`,
        ]
        await withClient({ token: ana.token, era }, async (client) => {
          for (const uri of uris)
            await expect(client.readResource({ uri }), uri).rejects.toMatchObject({ code: -32602 })
        })
      })

      it('a page of who is not connected leads to the page where they connect', async () => {
        await withClient({ token: carla.token, era }, async (client) => {
          await expect(client.readResource({ uri: `notion://page/${NOWHERE}` })).rejects.toMatchObject({
            message: expect.stringMatching(/http:\/\/localhost:8001\/\S+/),
            data: { code: 'not_connected', connect_url: expect.stringContaining('http://localhost:8001/') },
          })
        })
      })

      it('by the client itself where it can open pages, once', async () => {
        const opened: unknown[] = []
        const capabilities = { elicitation: { url: {} } }
        await withClient({ token: carla.token, era, capabilities }, async (client) => {
          client.setRequestHandler('elicitation/create', (request) => {
            opened.push(request.params)
            return { action: 'accept' }
          })
          await expect(client.readResource({ uri: `notion://page/${NOWHERE}` })).rejects.toMatchObject({
            data: { code: 'not_connected' },
          })
        })
        expect(opened).toMatchObject([{ mode: 'url', url: expect.stringContaining('http://localhost:8001/') }])
      })
    })

    describe('prompts', () => {
      it.each([
        ['/mcp', 6],
        ['/mcp/notion', 6],
        ['/mcp/search', 6],
        ['/mcp/read-only', 2],
      ])('are listed at %s: %i', async (path, count) => {
        await withClient({ token: carla.token, era, path }, async (client) => {
          const { prompts } = await client.listPrompts()
          expect(prompts.length).toBe(count)
          expect(prompts.map(({ name }) => name)).toContain('notion_summarize_page')
        })
      })

      it.each([
        ['en', 'Summarize this Notion page: Plano 2027'],
        ['pt', 'Resuma esta página do Notion: Plano 2027'],
      ])('speak %s', async (language, start) => {
        await withClient({ token: ana.token, era }, async (client) => {
          const given = { name: 'notion_summarize_page', arguments: { page: 'Plano 2027', language } }
          const { messages } = await client.getPrompt(given)
          expect(messages).toMatchObject([{ role: 'user', content: { type: 'text' } }])
          expect(JSON.stringify(messages)).toContain(start)
        })
      })

      it.each([
        { name: 'notion_summarize_page' },
        { name: 'notion_summarize_page', arguments: { page: 'x', other: 'y' } },
        { name: 'notion_summarize_page', arguments: { page: 'x', language: 'fr' } },
        { name: 'notion_nothing', arguments: {} },
      ])('refuse %j', async (given) => {
        await withClient({ token: ana.token, era }, async (client) => {
          await expect(client.getPrompt(given)).rejects.toMatchObject({ code: -32602 })
        })
      })

      it('complete their language', async () => {
        await withClient({ token: ana.token, era }, async (client) => {
          const ref = { type: 'ref/prompt' as const, name: 'notion_tidy_page' }
          const { completion } = await client.complete({ ref, argument: { name: 'language', value: 'p' } })
          expect(completion.values).toEqual(['pt'])
        })
      })
    })

    describe('search', () => {
      it('is all that /mcp/search lists', async () => {
        await withClient({ token: ana.token, era, path: '/mcp/search' }, async (client) => {
          const { tools } = await client.listTools()
          expect(tools.map(({ name }) => name)).toEqual(TWO)
          expect(tools[1]?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true })
        })
      })

      it.each(['find a page by its title', 'procurar uma página pelo título'])('finds: %s', async (query) => {
        await withClient({ token: ana.token, era, path: '/mcp/search' }, async (client) => {
          const found = textOf(await client.callTool({ name: 'search_tools', arguments: { query } }))
          expect(found).toMatch(/^notion_search_pages: /)
        })
      })

      it('calls as a direct call does, each user in their own account', async () => {
        const texts = await Promise.all(
          [ana, bruno].map(({ token }) =>
            withClient({ token, era, path: '/mcp/search' }, async (client) => {
              const inner = { name: 'notion_get_bot_user', arguments: {} }
              const direct = await client.callTool(inner)
              const found = await client.callTool({ name: 'call_tool', arguments: inner })
              expect(found).toEqual(direct)
              expect(found.isError).not.toBe(true)
              return textOf(found)
            }),
          ),
        )
        expect(texts[0]).not.toBe(texts[1])
      })

      it('asks where the policy asks, for the tool inside', async () => {
        await withClient({ token: ana.token, era, path: '/mcp/search' }, async (client) => {
          const inner = { name: 'notion_archive_page', arguments: { page_id: await pageOf(ana) } }
          const answer = await client.callTool({ name: 'call_tool', arguments: inner })
          expect(answer.isError).toBe(true)
          expect(textOf(answer)).toMatch(/^notion_archive_page waits for the user's approval: http/)
        })
      })

      it('tells nobody what they deny, and others all the same', async () => {
        const denied = { token: bruno.token, body: { decision: 'deny' } }
        await app.request('PUT', '/api/tools/notion_delete_block/policy', denied)
        const searched = (user: TestUser) =>
          withClient({ token: user.token, era, path: '/mcp/search' }, async (client) =>
            [
              await client.callTool({ name: 'search_tools', arguments: { query: 'delete block', limit: 20 } }),
              await client.callTool({ name: 'call_tool', arguments: { name: 'notion_delete_blok' } }),
            ].map(textOf),
          )
        expect((await searched(bruno)).join('\n')).not.toContain('notion_delete_block')
        for (const text of await searched(ana)) expect(text).toContain('notion_delete_block')
      })
    })
  })

  describe('with a token that may only read', () => {
    let token: string

    beforeAll(async () => {
      const body = { name: 'reader', scopes: ['tools:read'] }
      const answer = await app.request('POST', '/api/tokens', { token: ana.token, body })
      token = (answer.json() as { token: string }).token
    })

    it.each(['/mcp', '/mcp/search'])('a write through call_tool at %s is refused as the write itself', async (path) => {
      const inner = { name: 'notion_append_blocks', arguments: { block_id: NOWHERE, content: 'x' } }
      const direct = await post(app, { token, path }, 'tools/call', inner)
      const found = await post(app, { token, path }, 'tools/call', { name: 'call_tool', arguments: inner })
      expect(direct.status).toBe(403)
      expect(found.status).toBe(403)
      expect(found.headers.get('www-authenticate')).toBe(direct.headers.get('www-authenticate'))
      expect(found.headers.get('www-authenticate')).toContain('scope="tools:read tools:write"')
    })

    it('a read through call_tool is not', async () => {
      const given = { name: 'call_tool', arguments: { name: 'notion_get_bot_user' } }
      const found = await post(app, { token, path: '/mcp/search' }, 'tools/call', given)
      expect(found.status).toBe(200)
      expect(found.text).not.toContain('isError')
    })

    it('resources and prompts are there', async () => {
      const read = await post(app, { token, path: '/mcp' }, 'resources/read', {
        uri: `notion://page/${await pageOf(ana)}`,
      })
      expect(read.text).toContain('text/markdown')
    })
  })

  it.each<[string, unknown]>([
    ['resources/read', {}],
    ['resources/read', { uri: 7 }],
    ['resources/list', { cursor: 7 }],
    ['resources/templates/list', { cursor: {} }],
    ['prompts/list', { cursor: [] }],
    ['resources/list', { cursor: 'of another server' }],
    ['resources/templates/list', { cursor: 'of another server' }],
    ['prompts/list', { cursor: 'of another server' }],
    ['tools/list', { cursor: 'of another server' }],
    ['prompts/get', {}],
    ['prompts/get', { name: 7 }],
    ['prompts/get', { name: 'notion_tidy_page', arguments: 'page' }],
    ['prompts/get', { name: 'notion_tidy_page', arguments: { page: 7 } }],
    ['completion/complete', {}],
    ['completion/complete', { ref: { type: 'ref/else' }, argument: { name: 'x', value: 'y' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'x', value: 7 } }],
    ['tools/list', { cursor: 7 }],
    ['tools/call', { name: 7 }],
    ['tools/call', { name: 'call_tool', arguments: [] }],
  ])('says of %s with %j that the parameters are wrong', async (method, params) => {
    const answer = await post(app, { token: ana.token, path: '/mcp' }, method, params)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('"code":-32602')
  })

  it('names nothing of a URL to whoever has no token', async () => {
    for (const path of ['/mcp', '/mcp/search', '/mcp/notion']) {
      const answer = await post(app, { token: undefined, path }, 'resources/list', {})
      expect(answer.status).toBe(401)
      expect(answer.text).not.toContain('notion://')
    }
  })
})

describeOnEachEngine('a list longer than the operator wants', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database, { CHAVEIRO_MCP_TOOLS_SHOWN: FEW })
    ana = await app.signUp('Ana', 'ana@example.com')
  })

  afterAll(async () => {
    await app.close()
    await database.close()
  })

  it.each(ERAS)('shows two tools to %s clients', async (era) => {
    const client = await connectMcpClient(app, { token: ana.token, era })
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(TWO)
    await client.close()
  })

  it('tells that nothing behind them writes, where nothing does', async () => {
    const client = await connectMcpClient(app, { token: ana.token, era: 'modern', path: '/mcp/read-only' })
    const { tools } = await client.listTools()
    expect(tools.map(({ annotations }) => annotations?.readOnlyHint)).toEqual([true, true])
    const refused = await client.callTool({ name: 'call_tool', arguments: { name: 'notion_delete_block' } })
    expect(textOf(refused)).toContain('There is no tool "notion_delete_block" here.')
    await client.close()
  })

  it('still calls the tools by their own names', async () => {
    const client = await connectMcpClient(app, { token: ana.token, era: 'modern' })
    const answer = await client.callTool({ name: 'notion_get_bot_user', arguments: {} })
    expect(textOf(answer)).toContain('[not_connected]')
    await client.close()
  })
})

async function connectNotion(app: WholeApp, user: TestUser, install: number): Promise<void> {
  const workspace = app.emulator.control.installs().at(install)?.workspaceName ?? ''
  const body = { api_key: tenantKey(app.emulator, workspace) }
  const answer = await app.request('POST', '/api/mcp/notion/connect', { token: user.token, body })
  expect(answer.status).toBe(200)
}

/** One message of a client that keeps no session. */
function post(
  app: WholeApp,
  { token, path }: { readonly token: string | undefined; readonly path: string },
  method: string,
  params: unknown,
): Promise<Answer> {
  return app.request('POST', path, {
    ...(token === undefined ? {} : { token }),
    body: { jsonrpc: '2.0', id: 1, method, params },
    headers: { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-11-25' },
  })
}

function textOf(result: unknown): string {
  const { content } = result as { content: { type: string; text: string }[] }
  return content.map(({ text }) => text).join('\n')
}
