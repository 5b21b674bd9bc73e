import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEgress, type Egress, type OpenEgress } from '#kernel/egress.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { listen, type LocalServer } from '#test/support/local-server.ts'
import { PRIVATE_HOSTS } from '#test/support/private-hosts.ts'
import { startBentServer, type Bends, type BentServer } from '#test/support/bent-server.ts'
import { discover } from './discover.ts'
import { probe } from './probe.ts'
import { register } from './register.ts'
import { serverAddress } from './server-address.ts'

/**
 * A hostile server, which is let in, names the inside of the network in every place where it can name anything. A
 * listener inside counts who comes.
 */

/** The name that a resolver, and nothing else, betrays: refused when something is sent there, and only then. */
const REBOUND = 'rebind.example.com'

let inside: LocalServer
let hostile: BentServer
let egress: Egress
let servers: OpenEgress

beforeAll(async () => {
  inside = await listen(createServer((socket) => socket.end()))
  hostile = await startBentServer()
  egress = createEgress({
    remoteHosts: [hostile.host],
    // So that no port protects what the rules for addresses have to.
    publicPorts: [443, inside.port],
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  })
  servers = egress.open()
})
afterAll(async () => {
  await egress.close()
  await hostile[Symbol.asyncDispose]()
  await inside[Symbol.asyncDispose]()
})

async function meet(): Promise<Outcome<unknown>> {
  const probed = await probe({ fetch: servers.fetch, url: hostile.url })
  if (!probed.ok || probed.value.kind === 'open') return probed
  const found = await discover(servers, { url: hostile.url, challenge: probed.value.challenge })
  if (!found.ok) return found
  const apps = { find: async () => success(null) }
  return register({ apps, egress: servers, publicUrl: 'http://127.0.0.1:8001', documentUrl: () => null }, found.value)
}

const ofServer = (member: string) => (address: string) => ({ server: { [member]: address } })

/** The places, and how each is made to name an address. */
const PLACES: Readonly<Record<string, (address: string) => Bends>> = {
  resource_metadata: (address) => ({ challenge: `Bearer resource_metadata="${address}"` }),
  authorization_servers: (address) => ({ resource: { authorization_servers: [address] } }),
  issuer: ofServer('issuer'),
  authorization_endpoint: ofServer('authorization_endpoint'),
  token_endpoint: ofServer('token_endpoint'),
  registration_endpoint: ofServer('registration_endpoint'),
  revocation_endpoint: ofServer('revocation_endpoint'),
  introspection_endpoint: ofServer('introspection_endpoint'),
  userinfo_endpoint: ofServer('userinfo_endpoint'),
  jwks_uri: ofServer('jwks_uri'),
}

/** Addresses of ours that redirect instead. */
const REDIRECTING = [
  '/mcp',
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-authorization-server',
  '/register',
]

const addressesOf = (port: number) =>
  PRIVATE_HOSTS.flatMap((host) => ['https', 'http'].map((scheme) => `${scheme}://${host}:${port}/latest/meta-data/`))

/** What is no address of the web, or would be more than one to somebody else. */
const ODD = [
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,x',
  'ftp://example.com/',
  'unix:/var/run/docker.sock',
  'https://$(id).example.com/',
  'https://`id`.example.com/',
  '-oProxyCommand=id',
  'https://-oProxyCommand.example.com/',
  'https://user:secret@example.com/',
  '//127.0.0.1/',
  '',
]

describe('an inward address', () => {
  it('is none that a user may give', () => {
    for (const address of [...addressesOf(inside.port), ...ODD]) {
      const isRebound = address.startsWith(`https://${REBOUND}`)
      expect(serverAddress(servers, address).ok, address).toBe(isRebound)
    }
  })

  it.each(Object.entries(PLACES))(
    'in %s gets no request and ends the attempt',
    { timeout: 60_000 },
    async (place, bend) => {
      for (const address of [...addressesOf(inside.port), ...ODD]) {
        hostile.bend(bend(address))
        const met = await meet()
        // To most of the members nothing is sent; a name that turns out to be private is refused when something would be.
        // In a header, what is no address is as good as nothing, and the usual places are looked at.
        const isNothing = place === 'resource_metadata' && !/^[!-~]+$/.test(address)
        if (!address.includes(REBOUND) && !isNothing && URL.canParse(address)) expect(met.ok, address).toBe(false)
      }
      hostile.bend({})
      expect(inside.connections()).toBe(0)
    },
  )

  it.each(REDIRECTING)('behind a redirect of %s gets no request', { timeout: 60_000 }, async (path) => {
    for (const address of addressesOf(inside.port)) {
      const location = Buffer.from(address).toString('latin1')
      hostile.answer(path, (_request, response) => void response.writeHead(307, { location }).end())
      expect((await meet()).ok, address).toBe(false)
    }
    hostile.answer(path, null)
    expect(inside.connections()).toBe(0)
  })

  it('is missing from what lets a server in', async () => {
    expect((await meet()).ok).toBe(true)
  })
})
