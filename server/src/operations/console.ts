import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import type { AppEnv } from '#kernel/http.ts'

/** The console's page and its parts: read once at start, served from memory. */

const PUBLIC_DIRECTORY = fileURLToPath(new URL('../../../console/public/', import.meta.url))

const FILES = [
  { path: '/console.css', file: 'console.css', type: 'text/css; charset=utf-8' },
  { path: '/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const

/** Its own style and pictures, and nothing else: no script, no frame, no form. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** `/` and what it is drawn with. */
export async function consoleRoutes(): Promise<Hono<AppEnv>> {
  const router = new Hono<AppEnv>()
  const page = await readFile(PUBLIC_DIRECTORY + 'index.html', 'utf8')
  router.get('/', (c) => c.html(page, 200, { 'content-security-policy': POLICY }))
  for (const { path, file, type } of FILES) {
    const content = await readFile(PUBLIC_DIRECTORY + file, 'utf8')
    router.get(path, (c) => c.body(content, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }
  return router
}
