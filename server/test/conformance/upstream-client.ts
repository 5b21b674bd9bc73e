import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { authorizationUrl, credentialOf, exchangeCode } from '../../src/connections/authorization/protocol.ts'
import { newCodeVerifier, newState, validateCallback } from '../../src/connections/authorization/protocol.ts'
import { createEgress, type Egress, type GuardedFetch, type OpenEgress } from '../../src/kernel/egress.ts'
import { success, type Outcome } from '../../src/kernel/problem.ts'
import { readDefinitions, type JsonObject, type ToolDefinition } from '../../src/mcp/upstreams/definitions.ts'
import { discover } from '../../src/mcp/upstreams/discover.ts'
import { challengeOf, type Challenge } from '../../src/mcp/upstreams/probe.ts'
import { register } from '../../src/mcp/upstreams/register.ts'
import { scopesToAsk } from '../../src/mcp/upstreams/scopes.ts'
import { clientOfTrip, tripCredential, type Trip } from '../../src/mcp/upstreams/trip.ts'
import { sendingAs } from '../../src/mcp/upstreams/sending.ts'
import { connectUpstream } from '../../src/mcp/upstreams/upstream-client.ts'
import type { Credential } from '../../src/providers/contract.ts'

/**
 * What the protocol's conformance suite drives as a client: the modules with which users' remote servers are found, signed
 * in to and called, with the loopback allowed and a browser that agrees to everything.
 */

/** What the suite tells the program that it starts: in its environment, and the address as its last argument. */
export interface ClientTask {
  readonly scenario: string
  readonly context: ClientContext
  readonly serverUrl: string
}

export interface ClientContext {
  readonly client_id?: string
  readonly client_secret?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[]
}

const PUBLIC_URL = 'http://127.0.0.1:8001'
/** The document that the suite takes for that of its client. */
const DOCUMENT_URL = 'https://conformance-test.local/client-metadata.json'
/** How often a server may ask for more than it was given before we stop. */
const MAXIMUM_ROUND_TRIPS = 3
const CALL_MS = 25_000

interface Tour extends ClientTask {
  readonly egress: OpenEgress
}

/** The guarded fetch as in production, but that any port of this machine may be a remote server's. */
function loopbackEgress(): OpenEgress & { readonly close: () => Promise<void> } {
  const egresses = new Map<string, Egress>()
  const openFor = (address: string) => {
    const { host, hostname } = new URL(address)
    const remoteHosts = ['localhost', '127.0.0.1'].includes(hostname) ? [host] : []
    const key = remoteHosts.join()
    const egress = egresses.get(key) ?? createEgress({ remoteHosts })
    egresses.set(key, egress)
    return egress.open()
  }
  return {
    fetch: (input, init) => openFor(input instanceof Request ? input.url : String(input)).fetch(input, init),
    allows: (address) => URL.canParse(address) && openFor(address).allows(address),
    async close() {
      await Promise.all([...egresses.values()].map((egress) => egress.close()))
    },
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Error(`${outcome.problem.code}: ${outcome.problem.detail} (${outcome.problem.reason ?? ''})`)
}

/** Signs in as a user would, whose browser follows the address and comes back. */
async function signIn(
  { egress, serverUrl, context }: Tour,
  challenge: Challenge,
  before: readonly string[],
): Promise<{ credential: Credential; scopes: readonly string[] }> {
  const server = valueOf(await discover(egress, { url: serverUrl, challenge }))
  const { client_id: clientId, client_secret: clientSecret = '' } = context
  const app = clientId === undefined ? null : { clientId, clientSecret }
  const client = valueOf(
    await register(
      { apps: { find: async () => success(app) }, egress, publicUrl: PUBLIC_URL, documentUrl: () => DOCUMENT_URL },
      server,
    ),
  )
  const trip: Trip = {
    url: serverUrl,
    server,
    client,
    scopes: scopesToAsk(server, before),
    state: newState(),
    codeVerifier: newCodeVerifier(),
    returnTo: PUBLIC_URL,
  }
  const { redirectUri } = client
  const address = valueOf(
    await authorizationUrl(clientOfTrip(trip), {
      redirectUri,
      state: trip.state,
      codeVerifier: trip.codeVerifier,
      scopes: trip.scopes,
    }),
  )
  const answer = await fetch(address, { redirect: 'manual' })
  const location = new URL(answer.headers.get('location') ?? '')
  const valid = validateCallback(clientOfTrip(trip), location.searchParams, trip.state)
  if (!valid.ok) throw new Error(`The callback was refused: ${valid.fault}`)
  const grant = { callback: valid.value, redirectUri, codeVerifier: trip.codeVerifier }
  const tokens = valueOf(await exchangeCode(clientOfTrip(trip), grant, { fetch: egress.fetch, now: new Date() }))
  return { credential: { ...credentialOf(tokens), ...tripCredential(trip) }, scopes: trip.scopes }
}

/** One connection with the credential. @returns the challenge where the server wants another */
async function converse({ egress, serverUrl, context }: Tour, credential: Credential): Promise<Challenge | undefined> {
  let challenge: Challenge | undefined
  const watching: GuardedFetch = async (input, init) => {
    const response = await egress.fetch(input, init)
    challenge = challengeOf(response) ?? challenge
    return response
  }
  const access = { credential, fetch: watching, signal: AbortSignal.timeout(CALL_MS) }
  try {
    await sendingAs(access, () => useTools(serverUrl, context))
    return undefined
  } catch (error) {
    if (challenge === undefined) throw error
    return challenge
  }
}

async function useTools(serverUrl: string, context: ClientContext): Promise<void> {
  const client = await connectUpstream(serverUrl, { onToolsChanged() {}, onClose() {} })
  try {
    const { taken } = readDefinitions(await client.listTools())
    for (const { tool, given } of callsOf(taken, context)) await client.callTool(tool, given)
  } finally {
    await client.close()
  }
}

/** What the scenario asks to be called, or every tool once. */
function callsOf(tools: readonly ToolDefinition[], { toolCalls: asked }: ClientContext) {
  if (asked === undefined) return tools.map((tool) => ({ tool, given: argumentsFor(tool.inputSchema) }))
  return asked.flatMap(({ name, arguments: given }) =>
    tools.filter((tool) => tool.name === name).map((tool) => ({ tool, given })),
  )
}

const EXAMPLES: Readonly<Record<string, unknown>> = { number: 5, integer: 5, boolean: true, array: [], object: {} }

function argumentsFor(schema: JsonObject): Record<string, unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, { type?: string }>
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, EXAMPLES[type ?? ''] ?? 'example']),
  )
}

/** Clients that answer questions of a server: the suite asks for them, our users' servers are given no such client. */
async function answerQuestions({ egress, serverUrl }: Tour): Promise<void> {
  const client = new Client(
    { name: 'chaveiro', version: '0.1.0' },
    { capabilities: { elicitation: { form: { applyDefaults: true } } }, versionNegotiation: { mode: 'auto' } },
  )
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: {} }))
  await client.connect(new StreamableHTTPClientTransport(new URL(serverUrl), { fetch: egress.fetch }))
  const { tools } = await client.listTools()
  // One of the tools answers in a way that the library refuses, as the scenario has it.
  for (const { name } of tools) await client.callTool({ name, arguments: {} }).catch(() => undefined)
  await client.close()
}

const ASKING = new Set(['elicitation-sep1034-client-defaults', 'sep-2322-client-request-state'])

/** @throws where the server cannot be used as the scenario has it */
export async function runClient(task: ClientTask): Promise<void> {
  const egress = loopbackEgress()
  try {
    await run({ ...task, egress })
  } finally {
    await egress.close()
  }
}

async function run(tour: Tour): Promise<void> {
  if (ASKING.has(tour.scenario)) return answerQuestions(tour)
  let credential: Credential = {}
  let scopes: readonly string[] = []
  for (let trip = 0; ; trip += 1) {
    const challenge = await converse(tour, credential)
    if (challenge === undefined) return
    if (trip === MAXIMUM_ROUND_TRIPS) throw new Error('The server asks for more again and again.')
    ;({ credential, scopes } = await signIn(tour, challenge, scopes))
  }
}
