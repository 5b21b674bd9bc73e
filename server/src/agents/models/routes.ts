import { createRoute, z } from '@hono/zod-openapi'
import { answer, createAppRouter, jsonRoute, type AppRouter } from '#kernel/http.ts'
import { success } from '#kernel/problem.ts'
import type { AgentDependencies } from '#agents/dependencies.ts'

const modelSchema = z
  .object({
    id: z.string().openapi({ example: 'embedded/router-1' }),
    provider: z.string(),
    name: z.string(),
    is_llm: z.boolean().openapi({ description: 'False for the built-in router, which is no AI model' }),
    is_default: z.boolean(),
  })
  .openapi('Model')

/** `GET /api/models`: what an agent's `model` may be. */
export function modelRoutes(deps: Pick<AgentDependencies, 'models' | 'requireScope'>): AppRouter {
  const router = createAppRouter()
  const route = createRoute({
    ...jsonRoute({
      method: 'get',
      path: '/api/models',
      tag: 'Agents',
      summary: 'The models that agents can use here',
      description: 'Of a configured provider every model can be named as `provider/model`; these are suggestions.',
      response: z.object({ models: z.array(modelSchema) }),
    }),
    middleware: deps.requireScope('agents:read'),
  })
  router.openapi(route, (c) => answer(c, success({ models: deps.models.entries })))
  return router
}
