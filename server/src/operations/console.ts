import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { escapeHtml } from '#kernel/escape-html.ts'
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

/** Where the page says the address of this server, which its file cannot know. */
const ADDRESS_PLACE = '{{PUBLIC_URL}}'

/** `/` and what it is drawn with. */
export async function consoleRoutes(publicUrl: string): Promise<Hono<AppEnv>> {
  const router = new Hono<AppEnv>()
  const file = await readFile(PUBLIC_DIRECTORY + 'index.html', 'utf8')
  const page = file.replaceAll(ADDRESS_PLACE, () => escapeHtml(publicUrl))
  router.get('/', (c) => c.html(page, 200, { 'content-security-policy': POLICY }))
  for (const { path, file: name, type } of FILES) {
    const content = await readFile(PUBLIC_DIRECTORY + name, 'utf8')
    router.get(path, (c) => c.body(content, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }
  return router
}
