import type { Interaction } from 'oidc-provider'
import type { AppContext } from '#kernel/http.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { ownOrigin } from '#oauth/addresses.ts'
import { nodeMessages, type NodeMessages } from '#oauth/library/bridge.ts'
import {
  CLIENT_SCOPES,
  type ClientIdentity,
  type ClientScope,
  type PendingAuthorization,
} from '#oauth/authorization-server.ts'
import { isLoopback } from '#oauth/clients/redirect-uri.ts'
import { PATHS } from '#oauth/library/provider.ts'
import type { RunningProvider } from '#oauth/library/running-provider.ts'

/** What a client asked for and a user has not yet answered. */

export interface InteractionDeps {
  readonly publicUrl: string
  readonly running: RunningProvider
}

/** The library's own view of a pending request, with the messages that its functions take. */
export interface OpenInteraction {
  readonly messages: NodeMessages
  readonly interaction: Interaction
}

const GONE = failure(
  'not_found',
  'This request has expired, was answered, or was started in another browser. Go back to the program and start again.',
)

/** Found by the signed cookie of the browser; the uid of the address must be the same. */
export async function openInteraction(
  { publicUrl, running }: InteractionDeps,
  c: AppContext,
  uid: string,
): Promise<Outcome<OpenInteraction>> {
  const headers = new Headers({ cookie: c.req.header('cookie') ?? '' })
  const url = `${ownOrigin(c, publicUrl)}${PATHS.interaction}/${encodeURIComponent(uid)}`
  const messages = nodeMessages({ method: 'GET', url, headers })
  try {
    const interaction = await running.provider().interactionDetails(messages.request, messages.response)
    return interaction.uid === uid ? success({ messages, interaction }) : GONE
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return GONE
    throw error
  }
}

/** What the pages show of it. */
export async function readInteraction(
  deps: InteractionDeps,
  c: AppContext,
  uid: string,
): Promise<Outcome<PendingAuthorization>> {
  const opened = await openInteraction(deps, c, uid)
  return opened.ok ? describeInteraction(deps, opened.value.interaction) : opened
}

export async function describeInteraction(
  { running }: InteractionDeps,
  { uid, params }: Interaction,
): Promise<Outcome<PendingAuthorization>> {
  const client = await running.provider().Client.find(textOf(params['client_id']))
  if (client === undefined) return GONE
  const redirectUri = textOf(params['redirect_uri'])
  const asked = textOf(params['scope']).split(' ')
  return success({
    uid,
    client: identityOf(client, redirectUri, running),
    scopes: CLIENT_SCOPES.filter((scope): scope is ClientScope => asked.includes(scope)),
    resource: textOf(params['resource']),
    locales: textOf(params['ui_locales']).split(' ').filter(Boolean),
  })
}

interface KnownClient {
  readonly clientId: string
  readonly clientName?: string | undefined
  readonly clientUri?: string | undefined
}

function identityOf(client: KnownClient, redirectUri: string, running: RunningProvider): ClientIdentity {
  const { clientId, clientUri } = client
  const redirectHost = hostOf(redirectUri)
  const kind = running.kindOf(clientId)
  const host = kind === 'metadata_document' ? new URL(clientId).host : redirectHost
  return {
    id: clientId,
    name: client.clientName ?? host,
    host,
    uri: clientUri,
    redirectUri,
    redirectHost,
    isLoopbackOnly: isLoopback(redirectUri),
    kind,
  }
}

/** Without the port of a loopback address, which is another each time. */
function hostOf(redirectUri: string): string {
  const url = new URL(redirectUri)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return url.protocol
  return isLoopback(redirectUri) ? url.hostname : url.host
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
