import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SHARED_TITLE, type McpStage, type StageUser } from '../support/mcp-stage.ts'
import { outputOf, resultOf, scratchFolder, type ClientReport, type TestedClient } from './client.ts'

/** Clients that are used from a shell. */

export function inspector(era: 'legacy' | 'auto' | 'modern'): TestedClient {
  return {
    name: `MCP Inspector, ${era}`,
    era: era === 'legacy' ? 'legacy' : 'modern',
    async run(stage, user) {
      const ask = async (...line: readonly string[]) =>
        outputOf(stage, 'mcp-inspector', [...inspectorLine(stage.url, user.token), '--protocol-era', era, ...line])
      const { result } = JSON.parse(await ask('--method', 'tools/list')) as ListOutput
      const call = (name: string, argument: string) =>
        ask('--method', 'tools/call', '--tool-name', name, '--tool-arg', argument)
      return {
        tools: result.tools.map(({ name }) => name),
        found: await call('notion_search_pages', `query=${SHARED_TITLE}`),
        content: await call('notion_read_page_content', `page_id=${user.pageId}`),
      }
    },
  }
}

interface ListOutput {
  readonly result: { readonly tools: readonly { readonly name: string }[] }
}

/** How the Inspector ends where it would have to ask somebody to sign in. */
export const INSPECTOR_EXIT_AUTH_REQUIRED = 3

/** The exit code with a token that is none. */
export async function inspectorWithBadToken(stage: McpStage): Promise<number | null> {
  const line = [...inspectorLine(stage.url, 'chv_none'), '--stored-auth-only', '--method', 'tools/list']
  return (await resultOf(stage, 'mcp-inspector', line)).exitCode
}

function inspectorLine(url: string, token: string): string[] {
  const header = `Authorization: Bearer ${token}`
  return ['--cli', url, '--transport', 'http', '--header', header, '--format', 'json']
}

export const mcporter: TestedClient = {
  name: 'mcporter',
  async run(stage, user) {
    const file = await mcporterFile(stage, user)
    const ask = (...line: readonly string[]) => outputOf(stage, 'mcporter', ['--config', file, ...line])
    const listed = await ask('list', 'keys')
    return {
      tools: [...listed.matchAll(/function (\w+)\(/g)].map(([, name = '']) => name),
      found: await ask('call', 'keys.notion_search_pages', `query=${SHARED_TITLE}`),
      content: await ask('call', 'keys.notion_read_page_content', `page_id=${user.pageId}`),
    } satisfies ClientReport
  },
}

async function mcporterFile(stage: McpStage, { token }: StageUser): Promise<string> {
  const file = join(await scratchFolder(stage), 'mcporter.json')
  const keys = { url: stage.url, headers: { Authorization: `Bearer ${token}` } }
  await writeFile(file, JSON.stringify({ mcpServers: { keys } }))
  return file
}
