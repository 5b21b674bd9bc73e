import type { CallToolResult, GetPromptResult, InputRequiredResult, Prompt, Tool } from '@modelcontextprotocol/server'
import type { Exchange } from '#mcp/source.ts'

/** What a tool or prompt of the conformance suite is. None of them is there unless CHAVEIRO_CONFORMANCE is 1. */

/** What a fixture tells the caller's other streams: by the endpoint's own way, so that the suite tries that. */
export interface FixtureSignals {
  readonly toolsChanged: (userId: number) => void
  readonly promptsChanged: (userId: number) => void
}

export interface FixtureCall {
  readonly arguments: Readonly<Record<string, unknown>>
  readonly exchange: Exchange
  readonly signals: FixtureSignals
}

type Answer<Result> = Result | InputRequiredResult | Promise<Result | InputRequiredResult>

export interface FixtureTool {
  readonly definition: Tool
  readonly run: (call: FixtureCall) => Answer<CallToolResult>
}

export interface FixturePrompt {
  readonly definition: Prompt
  readonly render: (call: FixtureCall) => Answer<GetPromptResult>
}

/** Of a tool without arguments. */
export function plainTool(name: string, description: string): Tool {
  return { name, description, inputSchema: { type: 'object', properties: {} } }
}

export function textResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] }
}

/** A red pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'
