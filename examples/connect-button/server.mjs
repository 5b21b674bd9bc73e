import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

/**
 * A product as small as can be, whose user connects an account by a button. Its server keeps the user's token, and asks for a
 * link when the button is pressed; the browser never sees the token. It asks for one link before it listens, and ends with 1
 * where that is refused.
 *
 *   CHAVEIRO_URL=http://127.0.0.1:8001 CHAVEIRO_TOKEN=… PORT=9001 node examples/connect-button/server.mjs
 */

const CHAVEIRO_URL = process.env['CHAVEIRO_URL'] ?? 'http://127.0.0.1:8001'
const TOKEN = process.env['CHAVEIRO_TOKEN'] ?? ''
const PORT = Number(process.env['PORT'] ?? 9001)
const ORIGIN = `http://127.0.0.1:${PORT}`
const SCRIPT = readFileSync(join(import.meta.dirname, 'connect-button.js'), 'utf8')
const ATTEMPT = /^[0-9a-f-]{36}$/

const page = (/** @type {string} */ body, /** @type {string} */ script) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>A product</title>
<body>${body}<script type="module">${script}</script>`

const HOME = page(
  '<h1>Your accounts</h1><button>Connect Notion</button><p role="status"></p>',
  `import { connect } from '/connect-button.js'
  const say = (text) => (document.querySelector('[role=status]').textContent = text)
  const askForLink = async (attempt) => {
    const answer = await fetch('/links?attempt=' + attempt, { method: 'POST' })
    if (!answer.ok) throw new Error(await answer.text())
    return answer.text()
  }
  document.querySelector('button').addEventListener('click', async () => {
    try {
      const ending = await connect(askForLink)
      say('error' in ending ? 'Not connected: ' + ending.error : await (await fetch('/status')).text())
    } catch (error) {
      say(error.message)
    }
  })`,
)
const BACK = page(
  '<p>You can close this window.</p>',
  `import { reportBack } from '/connect-button.js'
  reportBack()`,
)

/**
 * With the token of the user who is signed in; this product has one.
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function ask(method, path, body) {
  const answer = await fetch(CHAVEIRO_URL + path, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answered = /** @type {Record<string, unknown>} */ (await answer.json())
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${String(answered['detail'])}`)
  return answered
}

async function linkFor(/** @type {string} */ attempt) {
  const body = { provider: 'notion', return_to: `${ORIGIN}/back?attempt=${attempt}` }
  return String((await ask('POST', '/api/connect-sessions', body))['url'])
}

/** What the address says can be typed by anybody; this cannot. */
async function statusText() {
  const { connected, label } = await ask('GET', '/api/mcp/notion/status')
  return connected === true ? `Connected: ${String(label)}` : 'Not connected'
}

async function answerTo(/** @type {import('node:http').IncomingMessage} */ request) {
  const { pathname, searchParams } = new URL(request.url ?? '/', ORIGIN)
  if (request.method === 'POST' && pathname === '/links') {
    const attempt = searchParams.get('attempt') ?? ''
    // Nobody else's page may ask in the name of this product's user.
    const isOwn = request.headers.origin === ORIGIN && ATTEMPT.test(attempt)
    return isOwn ? { status: 200, type: 'text/plain', text: await linkFor(attempt) } : MISSING
  }
  if (pathname === '/') return { status: 200, type: 'text/html', text: HOME }
  if (pathname === '/back') return { status: 200, type: 'text/html', text: BACK }
  if (pathname === '/status') return { status: 200, type: 'text/plain', text: await statusText() }
  return pathname === '/connect-button.js' ? { status: 200, type: 'text/javascript', text: SCRIPT } : MISSING
}
const MISSING = { status: 404, type: 'text/plain', text: 'There is nothing here' }

const server = createServer((request, response) => {
  const failed = (/** @type {unknown} */ error) => ({ status: 502, type: 'text/plain', text: String(error) })
  void answerTo(request)
    .catch(failed)
    .then(({ status, type, text }) => {
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(text)
    })
})

try {
  await linkFor(crypto.randomUUID())
  server.listen(PORT, '127.0.0.1', () => console.log(`The product is ready on ${ORIGIN}`))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
