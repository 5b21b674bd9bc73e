import { setTimeout as sleep } from 'node:timers/promises'
import { plainTool, textResult, type FixtureTool } from './fixture.ts'

/** Tools that send something besides their answer: log lines, progress, changes of lists. */

const PROGRESS_STEPS = [0, 50, 100]
const PROGRESS_TOTAL = 100
/** The suite opens its next stream within this time; only then is the answer written. */
const RECONNECTION_MS = 100

export const signalTools: readonly FixtureTool[] = [
  {
    definition: plainTool('test_tool_with_logging', 'Logs three lines while it runs.'),
    async run({ exchange: { context } }) {
      for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await context.mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data: line } })
      }
      return textResult('Tool with logging executed successfully')
    },
  },
  {
    definition: plainTool('test_logging_tool', 'Logs one line, where the request asks for log lines.'),
    async run({ exchange: { context } }) {
      await context.mcpReq.log('info', 'Sent only where the request named a level')
      return textResult('Logged where it was asked for')
    },
  },
  {
    definition: plainTool('test_tool_with_progress', 'Reports its progress, where the request brings a token for it.'),
    async run({ exchange: { context } }) {
      const progressToken = context.mcpReq._meta?.progressToken
      if (progressToken === undefined) return textResult('No token for progress')
      for (const progress of PROGRESS_STEPS) {
        const params = { progressToken, progress, total: PROGRESS_TOTAL, message: `Completed step ${progress}` }
        await context.mcpReq.notify({ method: 'notifications/progress', params })
      }
      return textResult(String(progressToken))
    },
  },
  {
    definition: plainTool(
      'test_reconnection',
      'Closes the stream of its answer, which then waits for the client to come back.',
    ),
    async run({ exchange: { context } }) {
      context.http?.closeSSE?.()
      await sleep(RECONNECTION_MS)
      return textResult('The answer was kept for whoever came back')
    },
  },
  {
    definition: plainTool('test_trigger_tool_change', 'Tells subscribers that the list of tools changed.'),
    run({ exchange, signals }) {
      signals.toolsChanged(exchange.principal.userId)
      return textResult('Told of a change of tools')
    },
  },
  {
    definition: plainTool('test_trigger_prompt_change', 'Tells subscribers that the list of prompts changed.'),
    run({ exchange, signals }) {
      signals.promptsChanged(exchange.principal.userId)
      return textResult('Told of a change of prompts')
    },
  },
]
