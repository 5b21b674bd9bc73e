import type { Server } from '@modelcontextprotocol/server'
import type { Source } from '#mcp/source.ts'
import { askingTools } from './asking-tools.ts'
import { contentTools } from './content-tools.ts'
import type { FixtureSignals } from './fixture.ts'
import { prompts } from './prompts.ts'
import { readResource, resources, resourceTemplates } from './resources.ts'
import { roundTools } from './round-tools.ts'
import { signalTools } from './signal-tools.ts'

const tools = [...contentTools, ...signalTools, ...askingTools, ...roundTools]

/**
 * What the conformance suite of the Model Context Protocol wants to find on a server, by the names that it asks for. They
 * touch nothing of a user. They are there only where CHAVEIRO_CONFORMANCE is 1, and this folder is loaded only then.
 */
export function conformanceFixtures(signals: FixtureSignals): Source {
  return {
    capabilities: {
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      logging: {},
      completions: {},
    },
    listTools: async () => tools.map(({ definition }) => definition),
    callTool(call, exchange) {
      const tool = tools.find(({ definition }) => definition.name === call.name)
      if (tool === undefined) return undefined
      return Promise.resolve(tool.run({ arguments: call.arguments, exchange, signals }))
    },
    resources,
    resourceTemplates,
    readResource(uri) {
      const result = readResource(uri)
      return result === undefined ? undefined : Promise.resolve(result)
    },
    listPrompts: () => prompts.map(({ definition }) => definition),
    getPrompt(given, exchange) {
      const prompt = prompts.find(({ definition }) => definition.name === given.name)
      if (prompt === undefined) return undefined
      return Promise.resolve(prompt.render({ arguments: given.arguments, exchange, signals }))
    },
    complete: async () => ({ completion: { values: [], total: 0, hasMore: false } }),
    install: installSubscriptions,
  }
}

/** Of revisions before 2026-07-28, whose suite only asks whether they are acknowledged: nothing here ever changes. */
function installSubscriptions(server: Server): void {
  server.setRequestHandler('resources/subscribe', () => ({}))
  server.setRequestHandler('resources/unsubscribe', () => ({}))
}
