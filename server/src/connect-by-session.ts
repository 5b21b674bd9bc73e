import { authorize } from '#connections/authorization/authorize.ts'
import { connect } from '#connections/connect.ts'
import { readCredential } from '#connections/credential.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import { refreshTools, type ChangeRouteDeps } from '#mcp/upstreams/change-routes.ts'
import type { ServerDeps } from '#mcp/upstreams/authorize-server.ts'
import { connectServer } from '#mcp/upstreams/connect-server.ts'
import type { Log } from '#kernel/log.ts'
import type { SessionPageDependencies, SessionStep } from '#operations/pages/session-routes.ts'

/** Connecting by a link: the same use cases as with a session, each of which uses the link up with what it stores. */
export function connectBySessionOf(deps: ServerDeps): SessionPageDependencies['connectBySession'] {
  return async (session, { provider, typed, requestId }) => {
    const { principal, row } = session
    const alongside = session.use
    if (row.server_url !== null) {
      const remote = { url: row.server_url, returnTo: row.return_to, alongside, requestId }
      return serverStep(await connectServer(deps, principal, remote))
    }
    if (typed === null) {
      const begun = await authorize(deps, principal, { provider: provider.id, returnTo: row.return_to })
      return begun.ok ? success({ kind: 'authorize', address: begun.value.authorize_url }) : begun
    }
    const credential = readCredential(provider, typed)
    if (!credential.ok) return credential
    const key = { provider: provider.id, credential: credential.value, alongside, requestId }
    const connected = await connect(deps, principal, key)
    if (!connected.ok) return connected
    const { connection_id: connectionId, label } = connected.value
    return success({ kind: 'connected', connectionId, label })
  }
}

function serverStep(outcome: Awaited<ReturnType<typeof connectServer>>): Outcome<SessionStep> {
  if (!outcome.ok) return outcome
  if (outcome.value.kind === 'authorize') {
    return success({ kind: 'authorize', address: outcome.value.view.authorize_url })
  }
  const { connection_id: connectionId, label } = outcome.value.server
  return success({ kind: 'connected', connectionId, label })
}

type UpkeepDeps = Pick<ChangeRouteDeps, 'tools' | 'callTool'> & { readonly log: Pick<Log, 'warn'> }

/** Asks a server that has just been connected for its tools. A link reaches no tool, but what it connected is looked at once. */
export function listNewTools(deps: UpkeepDeps): NonNullable<ServerDeps['onConnected']> {
  return async (principal, connectionId, requestId) => {
    const isLink = principal.connectSessionId !== undefined
    const asker: Principal = isLink ? { ...principal, scopes: new Set([...principal.scopes, 'tools:read']) } : principal
    await refreshTools(deps, asker, { connectionId, requestId }).catch((error: unknown) =>
      deps.log.warn({ error, request_id: requestId }, 'The tools of a new remote server could not be listed'),
    )
  }
}
