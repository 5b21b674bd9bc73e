import type { Database } from '#db/database.ts'
import type { Log } from '#kernel/log.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Registry } from '#providers/registry.ts'
import { listBlocks, type ProviderBlock } from './blocks-store.ts'

/**
 * The providers that the owner has cut off, known to every replica at once: nothing is sent to them, and every call and
 * every attempt to connect says so. Connections stay as they are.
 */
export interface ProviderBlocks {
  /** Fails with `forbidden` and the owner's reason while the provider is cut off. */
  readonly check: (provider: string) => Outcome<null>
  readonly list: () => readonly ProviderBlock[]
  /** Reads them again: at start, and whenever one has changed. */
  readonly reload: () => Promise<void>
}

export function createProviderBlocks({
  database,
  log,
  registry,
}: {
  readonly database: Database
  readonly log: Pick<Log, 'error'>
  readonly registry: Pick<Registry, 'provider'>
}): ProviderBlocks {
  let blocks: ReadonlyMap<string, ProviderBlock> = new Map()
  let newest = 0
  return {
    check(provider) {
      const block = blocks.get(provider)
      return block === undefined ? success(null) : blockedProblem(block, registry.provider(provider)?.name ?? provider)
    },
    list: () => [...blocks.values()],
    async reload() {
      newest += 1
      const own = newest
      try {
        const rows = await listBlocks(database.login)
        // A later reading knows better, whichever ends first.
        if (own === newest) blocks = new Map(rows.map((row) => [row.provider, row]))
      } catch (error) {
        log.error({ error }, 'The list of blocked providers could not be read; the last one known stands')
      }
    },
  }
}

/** What everyone who is refused reads. */
export function blockedProblem({ provider, reason }: ProviderBlock, name: string): ReturnType<typeof failure> {
  // Last, since nobody knows how a reason that somebody wrote ends.
  const why = reason === '' ? '' : ` The reason given: ${reason}`
  return failure(
    'forbidden',
    `The owner of this server has cut off ${name}, so nothing is sent there. Your connections are kept.${why}`,
    { title: 'Cut off by the owner', extra: { provider, blocked: true } },
  )
}
