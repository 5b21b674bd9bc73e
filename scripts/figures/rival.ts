import { startNotionMcpServer } from '../notion-mcp-server.ts'

/** `@notionhq/notion-mcp-server`: what its tools and their results say to a model. */
export interface Rival {
  /** The definitions of its tools, as it lists them. */
  readonly definitions: readonly unknown[]
  /** The text of a tool's result. */
  readonly call: (tool: string, input: Readonly<Record<string, unknown>>) => Promise<string>
  readonly stop: () => Promise<void>
}

interface Answer {
  readonly result?: { readonly tools?: unknown[]; readonly content?: { readonly text?: string }[] }
  readonly error?: { readonly message: string }
}

/** @param url where the Notion API is, without a path */
export async function startRival(url: string, token: string): Promise<Rival> {
  const server = await startNotionMcpServer({ url, token, client: 'figures' })
  async function ask(method: string, params: object): Promise<NonNullable<Answer['result']>> {
    const { result, error } = JSON.parse(await server.ask(method, params)) as Answer
    if (result === undefined) throw new Error(`notion-mcp-server refused ${method}: ${error?.message}`)
    return result
  }
  const { tools = [] } = await ask('tools/list', {})
  return {
    definitions: tools,
    async call(name, input) {
      const { content = [] } = await ask('tools/call', { name, arguments: input })
      return content.map(({ text = '' }) => text).join('\n')
    },
    stop: server.stop,
  }
}
