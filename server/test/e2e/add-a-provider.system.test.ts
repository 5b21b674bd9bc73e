import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient, type Client } from '../../../sdk/src/index.ts'
import { ROOT, startServerProcess, type ServerProcess } from '../support/server-process.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'

/**
 * The guide for a new provider, followed to the letter: its files go into a copy of the server, in which nothing else
 * changes, and the provider is then in the catalogue, the connect flow, the tools and the docs.
 */

const PROVIDER = 'bookmarks'
const ANA = { name: 'Ana', email: 'ana@example.com', password: 'correct horse battery staple' }
const KEY = 'key-of-ana'

let copy: string
let service: Server
let server: ServerProcess
let client: Client
/** Of the browser in which Ana is signed in. */
let cookie: string

beforeAll(async () => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'chaveiro-provider-')))
  copyServer(copy)
  writeGuide(join(copy, 'server', 'src', 'providers', PROVIDER))
  const answer = bookmarks()
  service = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const { port } = service.address() as AddressInfo
  const environment = { [`${PROVIDER.toUpperCase()}_API_URL`]: `http://127.0.0.1:${port}` }
  server = await startServerProcess(
    prepareDirectory(join(copy, 'data')),
    environment,
    join(copy, 'server', 'src', 'main.ts'),
  )
  const signedUp = await fetch(`${server.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify(ANA),
  })
  cookie = signedUp.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const { token } = (await signedUp.json()) as { token: string }
  client = createClient({ baseUrl: server.url, token })
})
afterAll(async () => {
  await server.end('SIGTERM')
  service.close()
  rmSync(copy, { recursive: true, force: true })
})

describe('docs/add-a-provider.md', () => {
  it('leads to a provider that passes the contract test', async () => {
    const { stdout, stderr } = await promisify(execFile)(
      join(ROOT, 'node_modules', '.bin', 'vitest'),
      ['run', '--root', join(copy, 'server'), '--reporter=verbose', '-t', PROVIDER, 'src/providers/contract.test.ts'],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    expect(stdout).toContain(`provider ${PROVIDER}`)
    expect(stdout).toContain(`${PROVIDER}_add_bookmark`)
  })

  it('is found in the catalogue', async () => {
    const { providers } = await client.providers.list()
    const found = providers.find(({ id }) => id === PROVIDER)
    expect(found).toMatchObject({ name: 'Bookmarks', auth: [{ kind: 'api_key' }, { kind: 'oauth2' }] })
  })

  it('is found in the connect flow, whose key is checked with the service before it is stored', async () => {
    const page = await fetch(`${server.url}/connect/${PROVIDER}`, { headers: { accept: 'text/html', cookie } })
    expect(await page.text()).toContain('Open your profile and copy the key.')
    await expect(client.connections.connect(PROVIDER, { api_key: 'another-key' })).rejects.toMatchObject({
      code: 'credential_rejected',
    })
    const connection = await client.connections.connect(PROVIDER, { api_key: KEY })
    expect(connection).toMatchObject({ connected: true, label: 'Ana’s links', account: { name: 'Ana’s links' } })
  })

  it('is found in the tools, which read and write', async () => {
    const { tools } = await client.tools.list()
    expect(tools.filter(({ provider }) => provider === PROVIDER).map(({ name }) => name)).toEqual([
      'bookmarks_list_bookmarks',
      'bookmarks_add_bookmark',
    ])
    const bookmark = { url: 'https://example.com/tides', title: 'Tides' }
    await client.tools.call('bookmarks_add_bookmark', bookmark)
    const listed = await client.tools.call('bookmarks_list_bookmarks', { query: 'tid' })
    expect(listed.text).toBe('- [Tides](https://example.com/tides)')
  })

  it('has a URL of its own for MCP clients', async () => {
    const answer = await fetch(`${server.url}/mcp/${PROVIDER}`, { method: 'POST' })
    expect(answer.status).toBe(401)
  })

  it('is found in the docs', async () => {
    const answer = await fetch(`${server.url}/openapi.json`)
    expect(await answer.text()).toContain(PROVIDER)
  })
})

/** As a clone has it; the packages are those of this one. */
function copyServer(to: string): void {
  for (const folder of ['server/src', 'server/migrations', 'server/package.json', 'console/public']) {
    cpSync(join(ROOT, folder), join(to, folder), { recursive: true })
  }
  for (const folder of ['node_modules', 'server/node_modules']) symlinkSync(join(ROOT, folder), join(to, folder))
  mkdirSync(join(to, 'data'))
}

/** Every file that the guide names in bold, with the block of code that follows it. */
function writeGuide(folder: string): void {
  const guide = readFileSync(join(ROOT, 'docs', 'add-a-provider.md'), 'utf8')
  const files = [...guide.matchAll(/^\*\*`([\w.]+)`\*\*[^`]*?(?:`[^`\n]+`[^`]*?)*\n\n```\w+\n([\s\S]*?)```$/gm)]
  expect(files).toHaveLength(5)
  mkdirSync(folder)
  for (const [, name = '', text = ''] of files) writeFileSync(join(folder, name), text)
}

/** The service itself: one account, one list. */
function bookmarks() {
  const kept: { url: string; title: string }[] = []
  return async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(String(request.url), 'http://service')
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.headers.authorization !== `Bearer ${KEY}`) return answer(401, { error: 'no such key' })
    if (pathname === '/me') return answer(200, { id: 'ana', name: 'Ana’s links' })
    if (request.method === 'POST') {
      const text = (await request.toArray()).join('')
      kept.push(JSON.parse(text))
      return answer(200, kept.at(-1))
    }
    const words = searchParams.get('query')?.toLowerCase() ?? ''
    return answer(
      200,
      kept.filter(({ title }) => title.toLowerCase().includes(words)),
    )
  }
}
