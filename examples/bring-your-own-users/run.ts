import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProduct } from './product.ts'

/**
 * A product brings its own users: Chaveiro trusts the tokens that it signs, makes a user for each of its users, and keeps
 * them apart. Starts the product, and the demo that trusts it; ends with 0 only if every check held.
 *
 *   node scripts/run.mjs examples/bring-your-own-users/run.ts
 */

const ROOT = join(import.meta.dirname, '..', '..')
const POLL_MS = 100
/** Milliseconds within which a suspended user must be out. */
const SUSPENSION_MS = 1_000

interface Demo {
  readonly base_url: string
  readonly users: readonly { readonly email: string; readonly password: string }[]
  readonly workspaces: readonly { readonly name: string; readonly notion_api_key: string }[]
}

type Product = Awaited<ReturnType<typeof startProduct>>
type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly text: string }
type Send = (method: string, path: string, token: string, body?: object) => Promise<Answer>

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-own-users-'))
  const product = await startProduct(0)
  const demo = startDemo(directory, product.issuer)
  try {
    const description = await descriptionOf(demo, join(directory, 'demo.json'))
    await tell(product, description, sender(description.base_url))
  } finally {
    await stop(demo)
    product.server.close()
    product.server.closeAllConnections()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function tell(product: Product, demo: Demo, send: Send): Promise<void> {
  console.log('\nTwo users of the product, known to it as 42 and 43')
  const tokens = [await product.mint('42'), await product.mint('43')]
  const ids: string[] = []
  for (const [index, token] of tokens.entries()) {
    const me = await send('GET', '/api/me', token)
    check(
      `user ${String(me.body['id'])} was made for ${String(me.body['name'])}`,
      [me.status, me.body['via']],
      [200, 'external_jwt'],
    )
    ids.push(String(me.body['id']))
    const workspace = workspaceOf(demo, index)
    const connected = await send('POST', '/api/mcp/notion/connect', token, { api_key: workspace.notion_api_key })
    check(`connected to ${workspace.name}`, connected.body['connected'], true)
  }
  check('they are two', new Set(ids).size, 2)

  console.log('\nThe same tools, each with their own connection')
  for (const [index, token] of tokens.entries()) {
    const answers = [
      await send('POST', '/api/tools/notion_get_bot_user/call', token, { arguments: {} }),
      await send('POST', '/mcp', token, request('tools/call', { name: 'notion_get_bot_user', arguments: {} })),
    ]
    for (const [place, { text }] of answers.entries()) {
      const at = `user ${ids[index]} ${place === 0 ? 'by the API' : 'at /mcp'}`
      check(`${at} reaches their own workspace`, text.includes(workspaceOf(demo, index).name), true)
      check(`${at} reaches no other`, text.includes(workspaceOf(demo, 1 - index).name), false)
    }
  }
  await tellRefusals(product, send)
  await tellSuspension(demo, send, { token: tokens[0] ?? '', id: ids[0] ?? '' })
  console.log('\n✓ The users of the product were themselves, and nobody else.')
}

async function tellRefusals(product: Product, send: Send): Promise<void> {
  console.log('\nTokens that are not accepted')
  const [header = '', payload = ''] = (await product.mint('42')).split('.')
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
  const stranger = await startProduct(0)
  stranger.server.close()
  const refused = {
    'for another audience': await product.mint('42', 'somebody-else'),
    'that has expired': await product.mint('42', 'chaveiro', '-1 second'),
    'that lasts a month': await product.mint('42', 'chaveiro', '30 days'),
    'of an issuer that nobody trusts': await stranger.mint('42'),
    'without a signature': `${unsigned}.${payload}.`,
    'with a made-up signature': `${header}.${payload}.${'A'.repeat(86)}`,
  }
  for (const [which, token] of Object.entries(refused)) {
    for (const [method, path] of [
      ['GET', '/api/me'],
      ['POST', '/mcp'],
    ] as const) {
      const { status } = await send(method, path, token, method === 'POST' ? request('tools/list', {}) : undefined)
      check(`one ${which}: 401 from ${path}`, status, 401)
    }
  }
}

async function tellSuspension(demo: Demo, send: Send, user: { token: string; id: string }): Promise<void> {
  console.log('\nThe operator suspends a user')
  const [owner] = demo.users
  const signedIn = await send('POST', '/api/auth/sign-in/email', '', { email: owner?.email, password: owner?.password })
  const path = `/api/admin/users/${user.id}`
  const suspended = await send('PATCH', path, String(signedIn.body['token']), { banned: true })
  check('the owner may', suspended.status, 200)
  await sleep(SUSPENSION_MS)
  const me = await send('GET', '/api/me', user.token)
  check('their token is refused', [me.status, me.body['code']], [401, 'revoked_token'])
}

function workspaceOf({ workspaces }: Demo, index: number): Demo['workspaces'][number] {
  const workspace = workspaces[index]
  if (workspace === undefined) throw new TypeError('The demo has fewer workspaces than users')
  return workspace
}

function request(method: string, params: object): object {
  return { jsonrpc: '2.0', id: 1, method, params }
}

function check(what: string, is: unknown, expected: unknown): void {
  assert.deepEqual(is, expected, `${what}: it is ${JSON.stringify(is)} and should be ${JSON.stringify(expected)}`)
  console.log(`  ✓ ${what}`)
}

function sender(baseUrl: string): Send {
  return async (method, path, token, body) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        accept: 'application/json, text/event-stream',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, text, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} }
  }
}

function startDemo(directory: string, issuer: string): ChildProcess {
  return spawn(process.execPath, ['scripts/demo.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      CHAVEIRO_DATA_DIR: directory,
      CHAVEIRO_TRUSTED_ISSUERS: JSON.stringify([{ issuer, audience: 'chaveiro' }]),
    },
  })
}

async function descriptionOf(demo: ChildProcess, path: string): Promise<Demo> {
  while (!existsSync(path)) {
    if (demo.exitCode !== null) throw new Error(`The demo ended with ${demo.exitCode}.`)
    await sleep(POLL_MS)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as Demo
}

async function stop(demo: ChildProcess): Promise<void> {
  if (demo.exitCode !== null) return
  const ended = new Promise((resolve) => demo.once('exit', resolve))
  demo.kill('SIGTERM')
  await ended
}

try {
  await main()
} catch (error) {
  console.error(`\n✗ ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
