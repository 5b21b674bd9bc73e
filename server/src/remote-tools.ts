import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import { isSearchTool } from '#mcp/search-tools.ts'
import { applyConnectionChange, createUpstreamPool, type UpstreamPool } from '#mcp/upstreams/pool.ts'
import { applyToolsChange, createUpstreamTools, type UpstreamTools } from '#mcp/upstreams/tool-source.ts'
import type { Registry } from '#providers/registry.ts'

/** The tools of the remote servers that users connected, and the clients that call them. */
export interface RemoteTools {
  readonly tools: UpstreamTools
  readonly pool: Pick<UpstreamPool, 'sweep' | 'size'>
  /** Hears of changes, on whichever replica they were made. Returns what stops it. */
  readonly listen: () => Promise<() => Promise<void>>
  /** Ends every client. */
  readonly close: () => void
}

interface RemoteToolParts {
  readonly database: Database
  readonly clock: Clock
  readonly audit: Audit
  readonly egress: Egress
  readonly registry: Pick<Registry, 'tool'>
  readonly publicUrl: string
}

export function remoteToolsOf({ registry, ...parts }: RemoteToolParts): RemoteTools {
  const { database } = parts
  const pool = createUpstreamPool(parts)
  const isTaken = (name: string) => registry.tool(name) !== undefined || isSearchTool(name)
  const tools = createUpstreamTools({ ...parts, pool, isTaken })
  return {
    tools,
    pool,
    async listen() {
      const stops = [
        await database.listen('upstream_tools_changed', (payload) => applyToolsChange(tools, payload)),
        await database.listen('connection_changed', (payload) => {
          applyToolsChange(tools, payload)
          applyConnectionChange(pool, payload)
        }),
      ]
      return async () => {
        for (const stop of stops) await stop()
      }
    },
    close: () => pool.drop(),
  }
}
