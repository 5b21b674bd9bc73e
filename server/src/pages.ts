import type { Hono } from 'hono'
import type { Agents } from '#agents/agents.ts'
import type { ProviderApps } from '#connections/authorization/apps.ts'
import { connect } from '#connections/connect.ts'
import { readCredential } from '#connections/credential.ts'
import { endSession } from '#connections/sessions/open.ts'
import type { Identity } from '#identity/identity.ts'
import type { AppEnv } from '#kernel/http.ts'
import type { ServerDeps } from '#mcp/upstreams/authorize-server.ts'
import type { AuthorizationServer } from '#oauth/authorization-server.ts'
import { shownName } from '#oauth/pages/shown-client.ts'
import { approvalPageRoutes } from '#operations/pages/approval-routes.ts'
import { clientsPageRoutes } from '#operations/pages/clients-routes.ts'
import { connectPageRoutes } from '#operations/pages/connect-routes.ts'
import type { CallDeps } from '#tools/call.ts'
import { connectBySessionOf } from './connect-by-session.ts'

/** How the pages behind links are made of the parts that the API is made of. */

export interface PageParts {
  readonly deps: Pick<
    CallDeps,
    | 'audit'
    | 'blocks'
    | 'cache'
    | 'catalog'
    | 'clock'
    | 'database'
    | 'edges'
    | 'publicUrl'
    | 'refresher'
    | 'registry'
    | 'revokeGrant'
    | 'takeConnect'
    | 'vault'
  > &
    ServerDeps & { readonly apps: Pick<ProviderApps, 'names'> }
  readonly identity: Pick<Identity, 'browser' | 'resolve' | 'stillPresent'>
  readonly agents: Pick<Agents, 'readApproval' | 'decideApproval'>
  readonly clients: Pick<AuthorizationServer, 'listGrants' | 'revokeGrant'>
}

export function pagesOf({ deps, identity, agents, clients }: PageParts): Hono<AppEnv>[] {
  const { browser, resolve } = identity
  const shared = { browser, resolve, clock: deps.clock }
  return [
    connectPageRoutes({
      ...shared,
      database: deps.database,
      // A link counts no longer than the session that it was made in.
      stillValid: identity.stillPresent,
      connectBySession: connectBySessionOf(deps),
      endSession: (session) => endSession(deps, session),
      publicUrl: deps.publicUrl,
      isAppSet: async (id) => (await deps.apps.names()).has(id),
      provider: (id) => deps.registry.provider(id),
      async connectionsOf(userId, provider) {
        const rows = await deps.cache.connectionsOf(userId)
        return rows
          .filter((row) => row.provider === provider)
          .map(({ id, label, status, is_active, method }) => {
            return { id, label, isActive: is_active && status === 'connected', isGrant: method === 'oauth2' }
          })
      },
      async connect(principal, { provider, typed, requestId }) {
        const credential = readCredential(provider, typed)
        if (!credential.ok) return credential
        return connect(deps, principal, { provider: provider.id, credential: credential.value, requestId })
      },
    }),
    clientsPageRoutes({
      ...shared,
      listClients: (userId) => clients.listGrants(userId),
      endClient: (principal, id, requestId) => clients.revokeGrant(principal, id, requestId),
      connectionsOf: (userId) => deps.cache.connectionsOf(userId),
    }),
    approvalPageRoutes({
      ...shared,
      readApproval: (userId, id) => agents.readApproval(userId, id),
      decideApproval: (principal, request) => agents.decideApproval(principal, request),
      toolTitle: (tool) => deps.catalog.entry(tool)?.title ?? null,
      async connectionLabel(userId, id) {
        const rows = await deps.cache.connectionsOf(userId)
        return rows.find((row) => row.id === id)?.label ?? null
      },
      async clientName(userId, { kind, id }) {
        if (kind !== 'oauth_client') return null
        const grant = (await clients.listGrants(userId)).find((one) => String(one.id) === id)
        return grant === undefined ? null : `${shownName(grant.clientName) ?? ''} (${grant.clientHost})`.trim()
      },
    }),
  ]
}
