import { actorOf } from '#audit/audit.ts'
import {
  CONNECTED_PARAMETER,
  ERROR_PARAMETER,
  type AuthorizationDeps,
} from '#connections/authorization/authorization.ts'
import { clientFor } from '#connections/authorization/authorize.ts'
import { readReturnTo } from '#connections/authorization/return-to.ts'
import { connectUrl, unknownProvider } from '#connections/connection.ts'
import { MILLISECONDS_PER_MINUTE } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { keyFieldsOf } from '#providers/contract.ts'
import { newSessionToken, readSessionToken, SESSION_MINUTES, SESSION_PARAMETER } from './session.ts'
import { insertSession, trimSessions } from './store.ts'

export interface CreateSessionDeps extends AuthorizationDeps {
  /** How remote servers are connected: as which provider, and which addresses may be named. */
  readonly remote: {
    readonly provider: string
    readonly address: (url: string) => Outcome<string>
  }
}

export interface NewSession {
  /** This, or the address of a remote server. */
  readonly provider?: string
  readonly serverUrl?: string
  /** Where the person is led afterwards. */
  readonly returnTo: string
  readonly language?: 'en' | 'pt'
  readonly requestId?: string
}

export interface SessionView {
  /** For the person's browser, as a whole page or a window of its own. */
  readonly url: string
  readonly provider: string
  readonly expires_at: string
}

/** Of one user at a time, used ones among them: a product makes one for each press of a button. */
const MAXIMUM_SESSIONS = 50

/** Makes a link by which a person without a session here connects one provider for the principal's user, once. */
export async function createSession(
  deps: CreateSessionDeps,
  principal: Principal,
  session: NewSession,
): Promise<Outcome<SessionView>> {
  const target = await targetOf(deps, session)
  if (!target.ok) return target
  const returnTo = readReturnTo(session.returnTo, deps)
  if (!returnTo.ok) return returnTo
  const allowed = await deps.takeConnect(principal.userId)
  if (!allowed.ok) return allowed
  const { userId, via } = principal
  const token = newSessionToken(userId)
  const now = deps.clock.now()
  const expiresAt = new Date(now.getTime() + SESSION_MINUTES * MILLISECONDS_PER_MINUTE)
  const { provider, serverUrl } = target.value
  await deps.database.asUser(userId, async (tx) => {
    await insertSession(userId, tx, {
      token_hash: readSessionToken(token)?.hash ?? '',
      provider,
      server_url: serverUrl,
      return_to: withoutOutcome(returnTo.value),
      language: session.language ?? null,
      made_by: via.kind,
      made_by_id: via.id,
      created_at: now,
      expires_at: expiresAt,
    })
    await trimSessions(userId, tx, MAXIMUM_SESSIONS)
  })
  await deps.audit.record({
    userId,
    type: 'connection.link_created',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'connect_session', provider, ...(serverUrl === null ? {} : { server: new URL(serverUrl).host }) },
    details: { return_to: new URL(returnTo.value).origin },
    ...(session.requestId === undefined ? {} : { requestId: session.requestId }),
  })
  const { publicUrl } = deps
  return success({
    url: sessionUrl({ publicUrl, provider, token, language: session.language ?? null }),
    provider,
    expires_at: expiresAt.toISOString(),
  })
}

export interface SessionLink {
  readonly publicUrl: string
  readonly provider: string
  readonly token: string
  readonly language: string | null
}

export function sessionUrl({ publicUrl, provider, token, language }: SessionLink): string {
  const query = new URLSearchParams({ [SESSION_PARAMETER]: token, ...(language === null ? {} : { lang: language }) })
  return `${connectUrl(publicUrl, provider)}?${query.toString()}`
}

interface Target {
  readonly provider: string
  readonly serverUrl: string | null
}

/** What is to be connected, where it can be. */
async function targetOf(deps: CreateSessionDeps, { provider, serverUrl }: NewSession): Promise<Outcome<Target>> {
  if (provider !== undefined && serverUrl === undefined) return providerTarget(deps, provider)
  if (provider === undefined && serverUrl !== undefined) return serverTarget(deps, serverUrl)
  return failure('invalid_request', 'Name either the provider or the server_url that is to be connected.')
}

function serverTarget({ blocks, remote }: CreateSessionDeps, serverUrl: string): Outcome<Target> {
  const open = blocks.check(remote.provider)
  if (!open.ok) return open
  const address = remote.address(serverUrl)
  if (!address.ok) return address
  // It may hold a secret, and a link is kept in clear.
  if (new URL(address.value).search !== '') {
    const detail = 'A link names a server without a query. Have the person connect it with its whole address instead.'
    return failure('invalid_request', detail, { path: 'server_url' })
  }
  return success({ provider: remote.provider, serverUrl: address.value })
}

async function providerTarget(deps: CreateSessionDeps, id: string): Promise<Outcome<Target>> {
  const provider = deps.registry.provider(id)
  if (provider === undefined) return unknownProvider(id)
  if (id === deps.remote.provider) {
    return failure('invalid_request', 'A remote server is named by its address: send server_url.', { path: 'provider' })
  }
  const open = deps.blocks.check(id)
  if (!open.ok) return open
  if (keyFieldsOf(provider).length > 0) return success({ provider: id, serverUrl: null })
  const found = await clientFor(deps, id)
  return found.ok ? success({ provider: id, serverUrl: null }) : found
}

/** The outcome is ours to say. */
function withoutOutcome(address: string): string {
  const url = new URL(address)
  for (const name of [CONNECTED_PARAMETER, ERROR_PARAMETER]) url.searchParams.delete(name)
  return url.href
}
