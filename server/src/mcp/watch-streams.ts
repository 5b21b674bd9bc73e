import type { Principal } from '#kernel/principal.ts'
import type { McpOptions } from './mcp.ts'

/** What stays open between two requests, of both eras. */
export interface OpenStreams {
  /** Ends those of principals for whom `isOver` says so, of one user or of all. */
  readonly endWhere: (isOver: (principal: Principal) => Promise<boolean>, userId: number | null) => Promise<void>
  readonly listMayHaveChanged: (userId: number | null) => void
}

/**
 * Closes the streams of whoever lost their right to them, on this replica and wherever it was taken away; and tells users,
 * and nobody else, where what they may list has changed.
 */
export async function watchStreams(
  { database, log, stillValid }: Pick<McpOptions, 'database' | 'log' | 'stillValid'>,
  streams: OpenStreams,
): Promise<{ readonly check: () => void; readonly close: () => Promise<void> }> {
  const endOver = (userId: number | null) => {
    streams
      .endWhere(async (principal) => !(await stillValid(principal)), userId)
      .catch((error: unknown) => log.error({ error }, 'Open streams could not be checked'))
  }
  const stops = [
    await database.listen('principal_changed', (payload) => endOver(userOf(payload))),
    await database.listen('policy_changed', (payload) => streams.listMayHaveChanged(userOf(payload))),
    // A provider's tools are listed from its first connection on.
    await database.listen('connection_changed', (payload) => streams.listMayHaveChanged(userOf(payload))),
    await database.listen('upstream_tools_changed', (payload) => streams.listMayHaveChanged(userOf(payload))),
  ]
  return {
    check: () => endOver(null),
    async close() {
      for (const stop of stops) await stop()
    },
  }
}

/** Of `<user>` or `<user>:<connection>`. Null where messages may have been missed: then everybody is concerned. */
function userOf(payload: string | null): number | null {
  return payload === null ? null : Number(payload.split(':')[0])
}
