import { createEmulator, builtinSeed, type Emulator } from '../../notion-emulator/src/index.ts'
import { resultOf } from '../../server/src/mcp/result.ts'
import { toolDefinition } from '../../server/src/mcp/tool-definition.ts'
import type { ProviderAccess } from '../../server/src/providers/contract.ts'
import notion from '../../server/src/providers/notion/provider.ts'
import { createRegistry } from '../../server/src/providers/registry.ts'
import { createCatalog } from '../../server/src/tools/catalog.ts'

/** Our tools over an emulator in this process, as their texts reach a model that is connected by MCP. */
export interface House {
  readonly emulator: Emulator
  /** A key of a workspace; the first of its integrations that sees most. */
  readonly keyOf: (workspace: string) => string
  /** The text of a tool's result. */
  readonly call: (key: string, tool: string, input: Readonly<Record<string, unknown>>) => Promise<string>
  /** An answer of the API itself. */
  readonly ask: (key: string, path: string, body?: object) => Promise<Json>
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers of many shapes, looked into for ids and titles
export type Json = any

export const API_VERSION = '2026-03-11'
const API_URL = 'https://api.notion.com'
const CALL_TIMEOUT_MS = 30_000

/** @param seeds built-in seeds of the emulator */
export function openHouse(seeds: readonly string[]): House {
  const emulator = createEmulator({ seeds: seeds.flatMap(builtinSeed) })
  const access = (key: string): ProviderAccess => ({
    credential: { api_key: key },
    fetch: (url, init) =>
      emulator.fetch(url instanceof Request ? url.url : url, init as Parameters<Emulator['fetch']>[1]),
    apiUrl: API_URL,
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  })
  return {
    emulator,
    keyOf(workspace) {
      const install = emulator.control.installs().find(({ workspaceName }) => workspaceName === workspace)
      if (install === undefined) throw new Error(`There is no workspace ${workspace}`)
      return emulator.control.mintToken(install.botId)
    },
    async call(key, name, input) {
      const tool = notion.tools.find((candidate) => candidate.name === name)
      const outcome = await tool?.run(notion.api(access(key)), tool.input.parse(input))
      if (outcome?.ok !== true) throw new Error(`${name} failed: ${JSON.stringify(outcome?.problem)}`)
      const { text, nextCursor = null, truncated = null } = outcome.value
      const answer = { text, next_cursor: nextCursor, truncated, result: null, connection: '' }
      return resultOf(answer as unknown as Parameters<typeof resultOf>[0])
        .content.map((part) => (part.type === 'text' ? part.text : ''))
        .join('\n')
    },
    async ask(key, path, body) {
      const headers = {
        authorization: `Bearer ${key}`,
        'notion-version': API_VERSION,
        'content-type': 'application/json',
      }
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await emulator.fetch(`${API_URL}/v1/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        ...sent,
      })
      const answer: Json = JSON.parse(await response.text())
      if (!response.ok) throw new Error(`${path}: ${answer.message}`)
      return answer
    },
  }
}

/** The definitions of our tools as MCP clients list them. */
export async function ownDefinitions(): Promise<readonly { readonly name: string }[]> {
  return createCatalog(await createRegistry())
    .entries.filter(({ provider }) => provider === notion.id)
    .map(toolDefinition)
}
