import type { ConnectInput } from '#connections/connect.ts'
import { viewOf, type ConnectionDeps, type ConnectionView } from '#connections/connection.ts'
import { loadConnections } from '#connections/list.ts'
import type { Principal } from '#kernel/principal.ts'
import { forgetPolicies } from '#tools/forget-policies.ts'
import { prefixFor } from './prefix.ts'
import { UPSTREAM } from './provider-id.ts'
import { isQuerySealed, openAddress } from './server-address.ts'
import { insertServer, listServers } from './store.ts'
import { countWaiting } from './tool-store.ts'

/** A remote server of a user, with how its connection stands. */
export interface ServerView extends ConnectionView {
  /** Without its query. */
  readonly url: string
  /** It has a query, which is kept sealed. */
  readonly query_is_sealed: boolean
  /** Leads the names of its tools. */
  readonly tool_prefix: string
  /** New or changed tools that wait to be accepted. */
  readonly changed_tools: number
}

export async function serverViews(
  deps: ConnectionDeps,
  { userId }: Pick<Principal, 'userId'>,
): Promise<{ readonly servers: ServerView[]; readonly next_cursor: null }> {
  const [{ servers, waiting }, rows] = await Promise.all([
    deps.database.asUser(userId, async (tx) => ({
      servers: await listServers(userId, tx),
      waiting: await countWaiting(userId, tx),
    })),
    loadConnections(deps, userId),
  ])
  const views = servers.flatMap((server) => {
    const row = rows.find(({ id }) => id === server.connection_id)
    if (row === undefined) return []
    const own = {
      url: server.url,
      query_is_sealed: isQuerySealed(row.account_id),
      tool_prefix: server.prefix,
      changed_tools: waiting.get(row.id) ?? 0,
    }
    return [{ ...viewOf(deps, row), ...own }]
  })
  return { servers: views, next_cursor: null }
}

type Alongside = NonNullable<ConnectInput['alongside']>

/** One after the other, in the same transaction. */
export function both(first: Alongside, second: Alongside | undefined): Alongside {
  return async (tx, connectionId, identity) => {
    await first(tx, connectionId, identity)
    await second?.(tx, connectionId, identity)
  }
}

/**
 * What a new connection to a server is stored with, in its own transaction. A server that is known keeps its prefix; a new
 * one has that of its label, else of what it calls itself, else of its host.
 */
export function noteServer(
  deps: Pick<ConnectionDeps, 'registry'>,
  userId: number,
  { url, label }: { readonly url: string; readonly label?: string },
): Alongside {
  return async (tx, connectionId, { account }) => {
    const servers = await listServers(userId, tx)
    if (servers.some((server) => server.connection_id === connectionId)) return
    const providers = [UPSTREAM, ...deps.registry.providers.map(({ id }) => id)]
    const taken = new Set([...servers.map(({ prefix }) => prefix), ...providers])
    const ownName = typeof account['server'] === 'string' ? account['server'] : undefined
    const prefix = prefixFor(label ?? ownName, url, taken)
    await insertServer(userId, tx, { connectionId, url: openAddress(url), prefix })
    // Allowed to whichever server had the prefix before: its user has allowed nothing to this one.
    const isProviders = (tool: string) => deps.registry.tool(tool) !== undefined
    await forgetPolicies(userId, tx, (tool) => tool.startsWith(`${prefix}_`) && !isProviders(tool))
  }
}
