import { createRoute, z } from '@hono/zod-openapi'
import { answer, createAppRouter, jsonBody, jsonRoute } from '#kernel/http.ts'
import type { AppRouter, RequireScope } from '#kernel/http.ts'
import { createSession, type CreateSessionDeps } from './create.ts'

/** Longer than any address that leads somewhere. */
const ADDRESS_CHARACTERS = 2_000
const PROVIDER_CHARACTERS = 50

const createSessionRoute = createRoute({
  ...jsonRoute({
    method: 'post',
    path: '/api/connect-sessions',
    tag: 'Connections',
    summary: 'Make a link by which my user connects one account, without signing in here',
    description:
      'For products that send their own users through: open `url` in the user’s browser, as a page or in a window of its own. It connects this one provider, or this one remote server, for the user whose token made it, counts once and lasts ten minutes. Afterwards `return_to` is opened with `connected` (the id of the connection) or `connect_error` (why nothing was connected). Give the link to that user and to nobody else: whoever opens it connects an account of theirs.',
    response: z.object({ url: z.string(), provider: z.string(), expires_at: z.string() }).openapi('ConnectSession'),
  }),
  request: {
    body: jsonBody(
      z
        .strictObject({
          provider: z.string().min(1).max(PROVIDER_CHARACTERS).optional(),
          server_url: z.string().min(1).max(ADDRESS_CHARACTERS).optional(),
          return_to: z.string().min(1).max(ADDRESS_CHARACTERS),
          language: z.enum(['en', 'pt']).optional(),
        })
        .openapi({ example: { provider: 'a provider’s id', return_to: 'https://product.example/accounts' } }),
    ),
  },
})

/** `/api/connect-sessions`. */
export function connectSessionRoutes(deps: CreateSessionDeps & { readonly requireScope: RequireScope }): AppRouter {
  const router = createAppRouter()
  router.post('/api/connect-sessions', deps.requireScope('connections:write'))
  router.openapi(createSessionRoute, async (c) => {
    const { provider, server_url: serverUrl, return_to: returnTo, language } = c.req.valid('json')
    const made = await createSession(deps, c.get('principal'), {
      returnTo,
      requestId: c.get('requestId'),
      ...(provider === undefined ? {} : { provider }),
      ...(serverUrl === undefined ? {} : { serverUrl }),
      ...(language === undefined ? {} : { language }),
    })
    c.header('cache-control', 'no-store')
    return answer(c, made)
  })
  return router
}
