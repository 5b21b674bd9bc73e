import { createRoute, z } from '@hono/zod-openapi'
import type { AgentContext } from '#agents/dependencies.ts'
import { rowId } from '#agents/page.ts'
import { approvalSchema } from '#agents/approvals/schema.ts'
import { failedToolsSchema, missingToolsSchema, usageSchema } from '#agents/runs/schema.ts'
import { createAppRouter, jsonBody, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { respondWithRun } from './respond.ts'
import { startChat } from './start-chat.ts'

/** What a run answers with: to a message, and to a decision about a call. */
export const chatAnswerSchema = z
  .object({
    agent_id: z.number().int(),
    thread_id: z.number().int(),
    run_id: z.number().int(),
    status: z.string().openapi({ example: 'succeeded' }),
    message: z.string(),
    tool_calls: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        arguments: z.unknown(),
        status: z.enum(['succeeded', 'failed', 'waiting', 'denied']),
        result: z.unknown(),
        duration_ms: z.number().nullable(),
      }),
    ),
    failed_tools: failedToolsSchema.optional(),
    missing_tools: missingToolsSchema.optional(),
    model: z.object({ id: z.string(), is_llm: z.boolean() }),
    usage: usageSchema,
    approvals: z.array(approvalSchema).optional(),
    code: z.string().optional().openapi({ description: 'not_connected or reauthorize', example: 'not_connected' }),
    provider: z.string().nullable().optional(),
    connect_url: z.string().optional(),
    error: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .openapi('ChatAnswer')

const chatBody = z.strictObject({
  agent_id: rowId,
  message: z.string().refine((text) => text.trim() !== '', 'Write something'),
  thread_id: rowId.optional(),
  replaces_message_id: rowId.optional().openapi({
    description:
      'A message that you wrote in this thread: the new turn stands in its place and in that of all after it. What was written by then is not written again.',
  }),
})

/** `POST /api/agents/chat`. */
export function chatRoutes(context: AgentContext): AppRouter {
  const router = createAppRouter()
  const route = createRoute({
    ...jsonRoute({
      method: 'post',
      path: '/api/agents/chat',
      tag: 'Chat',
      summary: 'Send a message to an agent',
      description:
        'Answers with JSON when the run ends or waits for an approval; with `Accept: text/event-stream`, with a UI message stream of the AI SDK. Send the new message only: the history is kept here. The run goes on when the client leaves.',
      response: chatAnswerSchema,
    }),
    request: { body: jsonBody(chatBody) },
    middleware: context.requireScope('chat'),
  })
  router.openapi(route, async (c) => {
    const { agent_id: agentId, message, thread_id: threadId, replaces_message_id: replaces } = c.req.valid('json')
    const request = { agentId, message, threadId, replaces, requestId: c.get('requestId') }
    return respondWithRun(c, context, await startChat(context, c.get('principal'), request))
  })
  return router
}
