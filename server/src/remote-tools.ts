import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import type { Log } from '#kernel/log.ts'
import { isSearchTool } from '#mcp/search-tools.ts'
import { applyConnectionChange, applyUserChange, createUpstreamPool, type UpstreamPool } from '#mcp/upstreams/pool.ts'
import { createRelearning } from '#mcp/upstreams/relearn.ts'
import { applyToolsChange, createUpstreamTools, type UpstreamTools } from '#mcp/upstreams/tool-source.ts'
import type { Registry } from '#providers/registry.ts'

/** The tools of the remote servers that users connected, and the clients that call them. */
export interface RemoteTools {
  readonly tools: UpstreamTools
  readonly pool: Pick<UpstreamPool, 'sweep' | 'size'>
  /**
   * Hears of changes, on whichever replica they were made, and of those that servers tell.
   * @param learn asks one server for its tools, as a call of its user's
   * @returns what stops it
   */
  readonly listen: (learn: LearnAgain) => Promise<() => Promise<void>>
  /** Ends every client. */
  readonly close: () => void
}

type LearnAgain = (userId: number, connectionId: number) => Promise<unknown>

interface RemoteToolParts {
  readonly database: Database
  readonly clock: Clock
  readonly audit: Audit
  readonly log: Pick<Log, 'warn'>
  readonly egress: Egress
  readonly registry: Pick<Registry, 'tool'>
  readonly publicUrl: string
}

export function remoteToolsOf({ registry, ...parts }: RemoteToolParts): RemoteTools {
  const { database, log } = parts
  let learnAgain: LearnAgain = async () => {}
  const relearning = createRelearning(async (userId, connectionId) => {
    await learnAgain(userId, connectionId).catch((error: unknown) =>
      log.warn({ error, connection_id: connectionId }, 'The tools of a remote server could not be listed again'),
    )
  })
  const pool = createUpstreamPool({ ...parts, onToolsChanged: relearning.due })
  const isTaken = (name: string) => registry.tool(name) !== undefined || isSearchTool(name)
  const tools = createUpstreamTools({ ...parts, pool, isTaken })
  return {
    tools,
    pool,
    async listen(learn) {
      learnAgain = learn
      const stops = [
        await database.listen('upstream_tools_changed', (payload) => applyToolsChange(tools, payload)),
        await database.listen('principal_changed', (payload) => applyUserChange(pool, payload)),
        await database.listen('connection_changed', (payload) => {
          applyToolsChange(tools, payload)
          applyConnectionChange(pool, payload)
        }),
      ]
      return async () => {
        for (const stop of stops) await stop()
      }
    },
    close() {
      relearning.close()
      pool.drop()
    },
  }
}
