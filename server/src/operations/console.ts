import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { escapeHtml } from '#kernel/escape-html.ts'
import type { AppEnv } from '#kernel/http.ts'
import type { Provider } from '#providers/contract.ts'

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

/** Where the page leads to what can be connected, in each language. */
const CONNECT_PLACES = [
  { place: '{{CONNECT_EN}}', language: 'en', words: 'Connect' },
  { place: '{{CONNECT_PT}}', language: 'pt', words: 'Conectar o' },
] as const

type Connectable = Pick<Provider, 'id' | 'name'>

/** `/` and what it is drawn with. */
export async function consoleRoutes(publicUrl: string, providers: readonly Connectable[]): Promise<Hono<AppEnv>> {
  const router = new Hono<AppEnv>()
  const file = await readFile(PUBLIC_DIRECTORY + 'index.html', 'utf8')
  let page = file.replaceAll(ADDRESS_PLACE, () => escapeHtml(publicUrl))
  for (const { place, language, words } of CONNECT_PLACES) {
    const links = providers.map(
      ({ id, name }) => `<a href="/connect/${escapeHtml(id)}?lang=${language}">${words} ${escapeHtml(name)}</a>`,
    )
    page = page.replace(place, () => links.join(', '))
  }
  router.get('/', (c) => c.html(page, 200, { 'content-security-policy': POLICY }))
  for (const { path, file: name, type } of FILES) {
    const content = await readFile(PUBLIC_DIRECTORY + name, 'utf8')
    router.get(path, (c) => c.body(content, 200, { 'content-type': type, 'cache-control': 'no-cache' }))
  }
  return router
}
