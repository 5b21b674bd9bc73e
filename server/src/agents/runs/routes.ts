import { createRoute, z } from '@hono/zod-openapi'
import { approvalSchema } from '#agents/approvals/schema.ts'
import { respondWithRun, streamChunks } from '#agents/chat/respond.ts'
import { chatAnswerSchema } from '#agents/chat/routes.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { idParameter } from '#agents/page.ts'
import { answer, createAppRouter, jsonRoute, sendProblem, type AppRouter } from '#kernel/http.ts'
import { followRun } from './follow-run.ts'
import { readRun } from './read-run.ts'
import { resumeRun } from './resume-run.ts'
import { failedToolsSchema, missingToolsSchema, usageSchema } from './schema.ts'
import { stopRun } from './stop-run.ts'

const tag = 'Chat'

const runFields = {
  id: z.number().int(),
  thread_id: z.number().int(),
  agent_id: z.number().int(),
  status: z.enum(['running', 'waiting', 'succeeded', 'failed', 'stopped', 'interrupted']),
  stopping: z.boolean(),
  model: z.object({ id: z.string(), is_llm: z.boolean() }),
  steps: z.number().int(),
  usage: usageSchema,
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
}

function definitions({ requireScope }: AgentContext) {
  const middleware = requireScope('chat')
  const request = { params: idParameter }
  return {
    read: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/runs/{id}',
        tag,
        summary: 'How a run stands, and what it waits for',
        response: z.object({
          ...runFields,
          approvals: z.array(approvalSchema),
          failed_tools: failedToolsSchema,
          missing_tools: missingToolsSchema,
        }),
      }),
      request,
      middleware,
    }),
    stop: createRoute({
      ...jsonRoute({
        method: 'post',
        path: '/api/runs/{id}/stop',
        tag,
        summary: 'Stop a run',
        description: 'Also ends one that waits, and its approvals. `stopping` until a run in another process notices.',
        response: z.object(runFields),
      }),
      request,
      middleware,
    }),
    resume: createRoute({
      ...jsonRoute({
        method: 'post',
        path: '/api/runs/{id}/resume',
        tag,
        summary: 'Go on with a run that a crash cut off',
        description: 'From its last recorded step; a write that was made is not made again. Answers as a chat does.',
        response: chatAnswerSchema,
      }),
      request,
      middleware,
    }),
    stream: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/runs/{id}/stream',
        tag,
        summary: 'Everything a run said and did, then live until it ends or waits',
        description: 'A UI message stream of the AI SDK (text/event-stream).',
        response: z.unknown(),
      }),
      request,
      middleware,
    }),
  }
}

/** Runs: one execution of an agent each. */
export function runRoutes(context: AgentContext): AppRouter {
  const routes = definitions(context)
  const router = createAppRouter()
  router.openapi(routes.read, async (c) =>
    answer(c, await readRun(context, c.get('principal'), c.req.valid('param').id)),
  )
  router.openapi(routes.stop, async (c) =>
    answer(c, await stopRun(context, c.get('principal'), c.req.valid('param').id)),
  )
  router.openapi(routes.resume, async (c) => {
    const { id } = c.req.valid('param')
    return respondWithRun(c, context, await resumeRun(context, c.get('principal'), id, c.get('requestId')))
  })
  router.openapi(routes.stream, async (c) => {
    const request = { id: c.req.valid('param').id, signal: c.req.raw.signal }
    const chunks = await followRun(context, c.get('principal'), request)
    return (chunks.ok ? streamChunks(chunks.value) : sendProblem(c, chunks.problem)) as never
  })
  return router
}
