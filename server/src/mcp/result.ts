import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Problem } from '#kernel/problem.ts'
import type { ToolCallAnswer } from '#tools/tool-call.ts'

/** How the outcome of a tool call reads to a model: text, and what programs need apart from it. */

/** Prefix of our own members of `_meta` (basic/index, "_meta": a reversed domain or a name that we hold). */
const META = 'chaveiro'

/** The text alone, not the JSON as well: a model would read, and pay for, everything twice. */
export function resultOf(answer: ToolCallAnswer): CallToolResult {
  const notes = [
    ...(answer.truncated === null || answer.text.includes(answer.truncated) ? [] : [answer.truncated]),
    ...(answer.next_cursor === null || answer.text.includes(answer.next_cursor)
      ? []
      : [`More: call again with start_cursor "${answer.next_cursor}".`]),
  ]
  return {
    content: [{ type: 'text', text: [answer.text, ...notes].join('\n\n') }],
    _meta: {
      [`${META}/connection`]: answer.connection,
      ...(answer.source === undefined ? {} : { [`${META}/source`]: answer.source }),
    },
  }
}

/** A failure that the model can act on: what happened, whether to retry, what to do, and the stable code. */
export function failedResult(problem: Problem): CallToolResult {
  const retry = problem.retryAfterSeconds
  const connectUrl = problem.extra?.['connect_url']
  const link = typeof connectUrl === 'string' && !problem.detail.includes(connectUrl) ? ` ${connectUrl}` : ''
  return {
    isError: true,
    content: [{ type: 'text', text: `${problem.detail}${link} [${problem.code}]` }],
    _meta: {
      [`${META}/code`]: problem.code,
      ...(retry === undefined ? {} : { [`${META}/retry_after`]: retry }),
      ...(problem.path === undefined ? {} : { [`${META}/path`]: problem.path }),
    },
  }
}
