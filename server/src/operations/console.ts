import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AppEnv } from '#kernel/http.ts'

/** The console's page and its parts: read once at start, served from memory. */

const PUBLIC_DIRECTORY = fileURLToPath(new URL('../../../console/public/', import.meta.url))

const FILES = [
  { path: '/console.css', file: 'console.css', type: 'text/css; charset=utf-8' },
  { path: '/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const

/** `/`, and `/connect/{provider}`, where links of agents and tools lead. */
export async function consoleRoutes(): Promise<Hono<AppEnv>> {
  const router = new Hono<AppEnv>()
  const policy = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
  })
  const page = await readFile(PUBLIC_DIRECTORY + 'index.html', 'utf8')
  router.get('/', policy, (c) => c.html(page))
  router.get('/connect/:provider', policy, (c) => c.html(page))
  for (const { path, file, type } of FILES) {
    const content = await readFile(PUBLIC_DIRECTORY + file, 'utf8')
    router.get(path, (c) => c.body(content, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }
  return router
}
