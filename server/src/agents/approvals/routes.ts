import { createRoute, z } from '@hono/zod-openapi'
import { chatAnswerSchema } from '#agents/chat/routes.ts'
import { respondWithRun } from '#agents/chat/respond.ts'
import type { AgentContext } from '#agents/dependencies.ts'
import { idParameter, pageQuery, rowId } from '#agents/page.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { approvalView } from './approval.ts'
import { decideApproval } from './decide.ts'
import { listApprovals, readApproval } from './list-approvals.ts'
import { APPROVAL_STATUSES, approvalSchema } from './schema.ts'

const REASON_CHARACTERS = 1_000
const tag = 'Approvals'

const decisionBody = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  reason: z.string().trim().max(REASON_CHARACTERS).optional(),
  arguments: z
    .record(z.string(), z.unknown())
    .optional()
    .openapi({ description: 'What the person was shown; refused where it is not what would be done' }),
  always: z.boolean().optional().openapi({
    description: 'From now on the agent that asked may call this tool without asking. Needs scope `account`',
  }),
})

function definitions({ requireScope }: AgentContext) {
  const middleware = requireScope('chat')
  return {
    list: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/approvals',
        tag,
        summary: 'What waits, or waited, for my decision',
        response: z.object({ approvals: z.array(approvalSchema), next_cursor: z.number().int().nullable() }),
      }),
      request: {
        query: z.strictObject({
          ...pageQuery,
          status: z.enum(APPROVAL_STATUSES).optional(),
          thread_id: rowId.optional(),
        }),
      },
      middleware,
    }),
    read: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/approvals/{id}',
        tag,
        summary: 'One approval',
        response: approvalSchema,
      }),
      request: { params: idParameter },
      middleware,
    }),
    decide: createRoute({
      ...jsonRoute({
        method: 'post',
        path: '/api/approvals/{id}',
        tag,
        summary: 'Approve or deny a call',
        description:
          'An approval is good for one call with exactly the arguments it shows, and expires. Where a run asked, it goes on and answers as a chat does: JSON, or a stream with `Accept: text/event-stream`. Where an MCP client asked, the answer is the approval, and the client sends its call again.',
        response: z.union([chatAnswerSchema, approvalSchema]),
      }),
      request: { params: idParameter, body: jsonBody(decisionBody) },
      middleware,
    }),
  }
}

/** Decisions of the user about what agents and MCP clients want to do. */
export function approvalRoutes(context: AgentContext): AppRouter {
  const routes = definitions(context)
  const router = createAppRouter()
  router.openapi(routes.list, async (c) => {
    const { thread_id: threadId, ...query } = c.req.valid('query')
    const page = await listApprovals(context, c.get('principal'), { ...query, threadId })
    const now = context.clock.now()
    const approvals = page.rows.map((row) => approvalView(row, now))
    return answer(c, success({ approvals, next_cursor: page.nextCursor }))
  })
  router.openapi(routes.read, async (c) =>
    answer(c, await readApproval(context, c.get('principal').userId, c.req.valid('param').id)),
  )
  router.openapi(routes.decide, async (c) => {
    const { arguments: seen, reason, always = false, decision } = c.req.valid('json')
    const request = { id: c.req.valid('param').id, decision, reason, seen, always, requestId: c.get('requestId') }
    const decided = await decideApproval(context, c.get('principal'), request)
    if (!decided.ok) return answer(c, decided)
    if (decided.value.kind === 'run') return respondWithRun(c, context, success(decided.value.run))
    return answer(c, success(approvalView(decided.value.approval, context.clock.now())))
  })
  return router
}
