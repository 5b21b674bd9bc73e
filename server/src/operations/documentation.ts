import { VERSION } from '#kernel/version.ts'
import { Hono } from 'hono'
import { createAppRouter, type AppEnv, type AppRouter } from '#kernel/http.ts'
import { documentationPage, STYLE_HASH } from './documentation-page.ts'

const POLICY = `default-src 'none'; style-src ${STYLE_HASH}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** `/openapi.json` (3.1) and `/docs`, the same for people: made once, from the routes themselves. */
export function documentationRoutes(features: readonly AppRouter[], publicUrl: string): Hono<AppEnv> {
  const all = createAppRouter()
  for (const feature of features) all.route('/', feature)
  all.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A session token (sign in) or an API token (`POST /api/tokens`).',
  })
  const document = all.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Chaveiro',
      version: VERSION,
      description: `Every user connects their own accounts; agents and clients act only with the keys of whoever asked. Failures are RFC 9457 problems with a stable \`code\`. MCP clients connect to \`${publicUrl}/mcp\` and sign in by OAuth, or send an API token; how to begin is at ${publicUrl}/`,
      license: { name: 'MIT' },
    },
    servers: [{ url: publicUrl }],
  })
  const json = JSON.stringify(document)
  const page = documentationPage(document as never)
  const router = new Hono<AppEnv>()
  router.get('/openapi.json', (c) =>
    c.body(json, 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }),
  )
  router.get('/docs', (c) => c.html(page, 200, { 'content-security-policy': POLICY }))
  return router
}
