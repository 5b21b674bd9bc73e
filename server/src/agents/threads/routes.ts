import { createRoute, z } from '@hono/zod-openapi'
import type { AgentContext } from '#agents/dependencies.ts'
import { idParameter, pageQuery, rowId } from '#agents/page.ts'
import { answer, createAppRouter, jsonBody, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import { deleteThread } from './delete-thread.ts'
import { listThreads } from './list-threads.ts'
import { readThread } from './read-thread.ts'
import { renameThread } from './rename-thread.ts'
import { threadView } from './thread.ts'

const TITLE_CHARACTERS = 200
const SEARCH_CHARACTERS = 200
const tag = 'Chat'

const threadFields = {
  id: z.number().int(),
  agent_id: z.number().int().nullable(),
  title: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
}
const threadSchema = z.object(threadFields).openapi('Thread')
const messageSchema = z
  .object({
    id: z.number().int(),
    run_id: z.number().int().nullable(),
    role: z.enum(['user', 'assistant']),
    parts: z.array(z.unknown()).openapi({ description: 'Parts of a UI message of the AI SDK' }),
    metadata: z.record(z.string(), z.unknown()),
    created_at: z.iso.datetime(),
    replaced_by_run_id: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'The run whose turn stands in the place of this message; null while it holds' }),
  })
  .openapi('Message')

const listQuery = z.strictObject({
  ...pageQuery,
  agent_id: rowId.optional(),
  search: z.string().max(SEARCH_CHARACTERS).optional(),
})
const readQuery = z.strictObject({ ...pageQuery, replaced: z.stringbool().optional() })

function definitions({ requireScope }: AgentContext) {
  const middleware = requireScope('chat')
  const path = '/api/threads/{id}'
  return {
    list: createRoute({
      ...jsonRoute({
        method: 'get',
        path: '/api/threads',
        tag,
        summary: 'My threads',
        description: '`search` finds threads in whose title or messages every word of it is said, accents aside.',
        response: z.object({ threads: z.array(threadSchema), next_cursor: z.number().int().nullable() }),
      }),
      request: { query: listQuery },
      middleware,
    }),
    read: createRoute({
      ...jsonRoute({
        method: 'get',
        path,
        tag,
        summary: 'A thread with its messages',
        description:
          'The newest messages, oldest first; `next_cursor` leads to the ones before them. With `replaced=true` also those that an edited or repeated turn took the place of.',
        response: z.object({
          ...threadFields,
          messages: z.array(messageSchema),
          next_cursor: z.number().int().nullable(),
        }),
      }),
      request: { params: idParameter, query: readQuery },
      middleware,
    }),
    rename: createRoute({
      ...jsonRoute({ method: 'patch', path, tag, summary: 'Rename a thread', response: threadSchema }),
      request: {
        params: idParameter,
        body: jsonBody(z.strictObject({ title: z.string().trim().min(1).max(TITLE_CHARACTERS) })),
      },
      middleware,
    }),
    remove: createRoute({
      ...jsonRoute({
        method: 'delete',
        path,
        tag,
        summary: 'Delete a thread and everything in it',
        response: z.object({ deleted: z.literal(true), id: z.number().int() }),
      }),
      request: { params: idParameter },
      middleware,
    }),
  }
}

/** Conversations of the user. */
export function threadRoutes(context: AgentContext): AppRouter {
  const routes = definitions(context)
  const router = createAppRouter()
  router.openapi(routes.list, async (c) => {
    const { agent_id: agentId, ...query } = c.req.valid('query')
    const page = await listThreads(context, c.get('principal'), { ...query, agentId })
    return answer(c, success({ threads: page.rows.map(threadView), next_cursor: page.nextCursor }))
  })
  router.openapi(routes.read, async (c) => {
    const { replaced = false, ...page } = c.req.valid('query')
    const request = { id: c.req.valid('param').id, page, replaced }
    return answer(c, await readThread(context, c.get('principal'), request))
  })
  router.openapi(routes.rename, async (c) => {
    const request = { id: c.req.valid('param').id, title: c.req.valid('json').title }
    const renamed = await renameThread(context, c.get('principal'), request)
    return answer(c, renamed.ok ? success(threadView(renamed.value)) : renamed)
  })
  router.openapi(routes.remove, async (c) =>
    answer(c, await deleteThread(context, c.get('principal'), c.req.valid('param').id)),
  )
  return router
}
