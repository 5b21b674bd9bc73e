import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEgress, type Egress } from '#kernel/egress.ts'
import { createTestUser, openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import {
  authorizationAddress,
  Browser,
  exchange,
  obtainCode,
  startOauthApp,
  type OauthApp,
} from '#test/support/oauth.ts'
import { createDocumentFetch } from './fetch-document.ts'

const ID = 'https://client.example/oauth/client.json'
const DOCUMENT = {
  client_id: ID,
  client_name: 'Claude Code',
  client_uri: 'https://client.example',
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}

describe('a client that is named by a document', () => {
  let database: TestDatabase
  let app: OauthApp
  let userId = 0
  let answer: () => Promise<Response> = async () => Response.json(DOCUMENT)
  let fetched: unknown[] = []
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    userId = await createTestUser(database, 'ana@example.com')
    app = await startOauthApp(database, {
      userId,
      fetchDocument: async (input) => {
        fetched.push(input)
        return answer()
      },
    })
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })
  beforeEach(() => {
    fetched = []
  })

  const asking = (client_id: string) => ({ client_id, redirect_uris: ['http://localhost:49200/callback'] })
  const open = (client_id: string) => new Browser().open(authorizationAddress(app, asking(client_id)))

  it('gets tokens on any port of the own machine, and is known by its host; the document is fetched once', async () => {
    answer = async () => Response.json(DOCUMENT)
    const client = asking(ID)
    const { status, body } = await exchange(app, client, await obtainCode(app, client))
    expect(status).toBe(200)
    expect(await app.verifier.verify(body.access_token, '/mcp')).toMatchObject({ ok: true })
    await obtainCode(app, client)
    expect(fetched).toEqual([ID])
    expect(await app.server.listGrants(userId)).toMatchObject([
      { clientId: ID, clientName: 'Claude Code', clientHost: 'client.example', clientKind: 'metadata_document' },
      { clientId: ID },
    ])
    expect(await database.asOwner('select * from oauth_clients')).toEqual([])
  })

  it.each([
    ['names another client', async () => Response.json({ ...DOCUMENT, client_id: 'https://other.example/' })],
    ['names none', async () => Response.json({ ...DOCUMENT, client_id: undefined })],
    ['has a secret', async () => Response.json({ ...DOCUMENT, client_secret: 'x' })],
    ['wants a secret', async () => Response.json({ ...DOCUMENT, token_endpoint_auth_method: 'client_secret_basic' })],
    ['sends codes to a script', async () => Response.json({ ...DOCUMENT, redirect_uris: ['javascript:alert(1)'] })],
    ['sends codes nowhere', async () => Response.json({ ...DOCUMENT, redirect_uris: [] })],
    ['sends codes elsewhere', async () => Response.json({ ...DOCUMENT, redirect_uris: ['https://client.example/'] })],
    ['is no object', async () => Response.json([DOCUMENT])],
    ['is null', async () => new Response('null')],
    ['is no JSON', async () => new Response('<html>')],
    ['is empty', async () => new Response('')],
    ['is too large', async () => Response.json({ ...DOCUMENT, padding: 'a'.repeat(10_240) })],
    ['is elsewhere', async () => new Response(null, { status: 302, headers: { location: 'https://other.example/' } })],
    ['is not there', async () => new Response('', { status: 404 })],
    ['breaks', async () => new Response('', { status: 500 })],
    ['cannot be reached', async () => Promise.reject(new Error('connection refused'))],
  ] as const)('is refused where it %s', async (reason, answered) => {
    answer = answered
    const id = `https://client.example/${encodeURIComponent(reason)}`
    if (reason === 'sends codes elsewhere')
      answer = async () => Response.json({ ...DOCUMENT, client_id: id, redirect_uris: ['https://client.example/'] })
    const { response, url } = await open(id)
    expect([response.status, url.origin]).toEqual([400, app.url])
    expect(await response.text()).toMatch(/invalid_client|invalid_redirect_uri|invalid_client_metadata/)
  })

  it.each([
    'http://client.example/client.json',
    'https://user@client.example/client.json',
    'https://client.example/a/../client.json',
    'https://client.example/%2e%2e/client.json',
    'https://client.example/client.json#part',
    'https://',
    'HTTPS:client.example',
    'ftp://client.example/',
    'file:///etc/passwd',
  ])('is not fetched for %s', async (id) => {
    expect((await open(id)).response.status).toBe(400)
    expect(fetched).toEqual([])
  })
})

describe('fetching the document', () => {
  let database: TestDatabase
  let app: OauthApp
  let egress: Egress
  const resolved: string[] = []
  beforeAll(async () => {
    database = await openTestDatabase('pglite')
    const userId = await createTestUser(database, 'ana@example.com')
    const PRIVATE: Record<string, string> = {
      'intranet.example': '10.0.0.5',
      'metadata.example': '169.254.169.254',
      'loopback.example': '127.0.0.1',
      'six.example': '::1',
      'mapped.example': '::ffff:10.0.0.1',
    }
    egress = createEgress({
      resolve: async (host) => {
        resolved.push(host)
        const address = PRIVATE[host]
        if (address === undefined) throw new Error(`nobody asks for ${host}`)
        return [{ address, family: address.includes(':') ? 6 : 4 }]
      },
    })
    app = await startOauthApp(database, { userId, fetchDocument: createDocumentFetch(egress) })
  })
  afterAll(async () => {
    await app.close()
    await egress.close()
    await database.close()
  })

  it.each([
    'https://127.0.0.1/client.json',
    'https://localhost/client.json',
    'https://10.0.0.1/client.json',
    'https://192.168.1.1/client.json',
    'https://172.16.0.1/client.json',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/client.json',
    'https://0.0.0.0/client.json',
    'https://0/client.json',
    'https://2130706433/client.json',
    'https://0x7f.1/client.json',
    'https://[::1]/client.json',
    'https://[::]/client.json',
    'https://[fd00::1]/client.json',
    'https://[fe80::1]/client.json',
    'https://[::ffff:127.0.0.1]/client.json',
    'https://[64:ff9b::7f00:1]/client.json',
    'https://intranet.example/client.json',
    'https://metadata.example/client.json',
    'https://loopback.example/client.json',
    'https://six.example/client.json',
    'https://mapped.example/client.json',
    'https://client.internal/client.json',
    'https://client.example:22/client.json',
    'https://client.example:5432/client.json',
  ])('reaches no private place: %s', async (id) => {
    const client = { client_id: id, redirect_uris: ['http://localhost:1/callback'] }
    const { response } = await new Browser().open(authorizationAddress(app, client))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('invalid_client')
  })

  it('asked for the names that it had to ask for', () => {
    expect(resolved).toEqual(expect.arrayContaining(['intranet.example', 'metadata.example', 'six.example']))
    expect(resolved).not.toContain('localhost')
  })

  it('is bound to the host of the address, follows nothing and takes no dispatcher of another', async () => {
    const bound: unknown[] = []
    const sent: unknown[] = []
    const fake = {
      bind: (declaration: unknown) => {
        bound.push(declaration)
        return async (...call: unknown[]) => {
          sent.push(call)
          return new Response('')
        }
      },
    } as unknown as Egress
    const init = {
      method: 'GET',
      dispatcher: {},
      redirect: 'follow',
      headers: { accept: 'application/json' },
    } as unknown as RequestInit
    await createDocumentFetch(fake)('https://client.example:8443/client.json', init)
    expect(bound).toMatchObject([
      { hosts: ['client.example:8443'], purpose: 'discovery', limits: { responseBytes: 16_384 } },
    ])
    expect(sent).toEqual([
      [
        'https://client.example:8443/client.json',
        { method: 'GET', redirect: 'manual', headers: { accept: 'application/json' } },
      ],
    ])
  })

  it('is limited by address', async () => {
    const limits = { clientDocuments: { points: 2, windowSeconds: 60 } }
    const fetched: unknown[] = []
    const limited = await startOauthApp(database, {
      userId: 1,
      limits,
      fetchDocument: async (input) => {
        fetched.push(input)
        return new Response('', { status: 404 })
      },
    })
    for (let index = 0; index < 5; index += 1) {
      const client = { client_id: `https://client.example/${index}`, redirect_uris: ['http://localhost:1/callback'] }
      expect((await new Browser().open(authorizationAddress(limited, client))).response.status).toBe(400)
    }
    expect(fetched).toHaveLength(2)
    await limited.close()
  })
})
