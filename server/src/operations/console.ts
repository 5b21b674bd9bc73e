import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { Hono } from 'hono'
import { sendProblem, type AppEnv } from '#kernel/http.ts'

/** The console: built from `console/src`, read once at start, served from memory. */

const BUILT_DIRECTORY = fileURLToPath(new URL('../../../console/dist/', import.meta.url))

/**
 * The addresses that the console has a page for, as its own router names them (`console/src/router.tsx`). Only these: what
 * nobody serves is not found, and what the server renders itself is not shadowed.
 */
export const CONSOLE_PAGES = [
  '/',
  '/sign-in',
  '/sign-up',
  '/chat',
  '/chat/:id',
  '/agents',
  '/agents/:id',
  '/connections',
  '/activity',
  '/usage',
  '/access',
  '/access/connect',
  '/access/tokens',
  '/administration',
  '/administration/:section',
  '/settings',
]

/** Scripts, styles, fonts, pictures and answers of this server, and nothing of anybody else's; no inline code; no frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** A year: the name of such a file holds a digest of its content. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

const NOT_BUILT = {
  code: 'unavailable',
  detail: 'The console was not built. `npm start` builds it; so does `node scripts/run.mjs scripts/build-console.ts`.',
} as const

/** @param directory what was built; where there is nothing, its pages say so and the API works without them */
export async function consoleRoutes(directory = BUILT_DIRECTORY): Promise<Hono<AppEnv>> {
  const router = new Hono<AppEnv>()
  const page = await readFile(join(directory, 'index.html'), 'utf8').catch(absent)
  for (const path of CONSOLE_PAGES) {
    router.get(path, (c) =>
      page === null
        ? sendProblem(c, NOT_BUILT)
        : c.html(page, 200, { 'content-security-policy': POLICY, 'cache-control': 'no-cache' }),
    )
  }
  if (page === null) return router
  await serveFiles(router, directory, { under: '/', cacheControl: 'no-cache' })
  await serveFiles(router, join(directory, 'assets'), { under: '/assets/', cacheControl: IMMUTABLE })
  return router
}

interface Serving {
  readonly under: string
  readonly cacheControl: string
}

/** Files of the kinds that browsers load; what else lies there is nobody's business. */
async function serveFiles(router: Hono<AppEnv>, directory: string, { under, cacheControl }: Serving): Promise<void> {
  for (const name of await readdir(directory)) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const content = new Uint8Array(await readFile(join(directory, name)))
    const encodings = isText(type) ? ENCODINGS.map((one) => ({ ...one, body: once(() => one.compress(content)) })) : []
    const headers = {
      'content-type': type,
      'cache-control': cacheControl,
      ...(isText(type) ? { vary: 'accept-encoding' } : {}),
    }
    router.get(under + name, async (c) => {
      const accepted = c.req.header('accept-encoding') ?? ''
      const encoding = encodings.find(({ asked }) => asked.test(accepted))
      if (encoding === undefined) return c.body(content, 200, headers)
      return c.body(new Uint8Array(await encoding.body()), 200, { ...headers, 'content-encoding': encoding.name })
    })
  }
}

/** Of 11: 9 saves a hundredth more for twice the work, 11 a tenth for seconds of it. */
const BROTLI_QUALITY = 6

/** The smaller first. `gzip;q=0` refuses it (RFC 9110 12.5.3). */
const ENCODINGS = [
  {
    name: 'br',
    asked: /\bbr\b(?!\s*;\s*q=0(?:\.0+)?(?:\s|,|$))/i,
    compress: (content: Uint8Array) =>
      promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  },
  {
    name: 'gzip',
    asked: /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?(?:\s|,|$))/i,
    compress: (content: Uint8Array) => promisify(gzip)(content),
  },
] as const

/** A font is compressed already. */
function isText(type: string): boolean {
  return !type.startsWith('font/')
}

/** Done when it is first asked for, and kept: it is the same for everybody. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}
