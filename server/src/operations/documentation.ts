import { VERSION } from '#kernel/version.ts'
import { Hono } from 'hono'
import { createAppRouter, type AppEnv, type AppRouter } from '#kernel/http.ts'
import { documentationPage, STYLE_HASH, type OpenApiDocument } from './documentation-page.ts'

const POLICY = `default-src 'none'; style-src ${STYLE_HASH}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/**
 * `/openapi.json` (3.1) and `/docs`, the same for people: made once, from the routes themselves.
 * @param providers ids of those that are installed: what `{provider}` of a path can be
 */
export function documentationRoutes(
  features: readonly AppRouter[],
  publicUrl: string,
  providers: readonly string[],
): Hono<AppEnv> {
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
  nameProviders(document as never, providers)
  const json = JSON.stringify(document)
  const page = documentationPage(document as never)
  const router = new Hono<AppEnv>()
  router.get('/openapi.json', (c) =>
    c.body(json, 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }),
  )
  router.get('/docs', (c) => c.html(page, 200, { 'content-security-policy': POLICY }))
  return router
}

/** Paths of which `{provider}` is an installed one, and nothing else. */
const PROVIDER_PATH = /^\/api\/mcp\/\{provider\}\//

function nameProviders({ paths }: OpenApiDocument, providers: readonly string[]): void {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    PROVIDER_PATH.test(path) ? Object.values(methods) : [],
  )
  for (const { schema, name } of operations.flatMap(({ parameters }) => parameters ?? [])) {
    if (name === 'provider' && schema !== undefined) Object.assign(schema, { enum: providers, example: providers[0] })
  }
}
