import type { Log } from '#kernel/log.ts'
import type { AnswerContents } from './renewed-answer.ts'
import type { RevokeGrant } from './revoke-grant.ts'
import type { Spool, SpooledAnswer } from './spool.ts'

/** Tokens of a grant that no row holds any more, the user having disconnected or connected again, on their way to be ended. */
export interface Leftover {
  readonly answer: SpooledAnswer
  readonly contents: AnswerContents
  /** Where it lies on disk; null where the disk did not take it. */
  readonly name: string | null
}

export interface Leftovers {
  readonly add: (leftover: Leftover) => void
  /** Ends at their providers what there is, a few at a time, and from now on what is yet to come. */
  readonly begin: () => Promise<void>
  /** What was not begun stays on disk for the next start. */
  readonly close: () => void
}

export interface LeftoverDeps {
  readonly log: Pick<Log, 'warn'>
  readonly spool: Spool
  readonly discard: RevokeGrant
}

/** Providers that are asked at the same time. */
const ENDINGS_AT_ONCE = 5

export function createLeftovers(deps: LeftoverDeps): Leftovers {
  const waiting: Leftover[] = []
  let state: 'held' | 'open' | 'closed' = 'held'

  async function endAll(): Promise<void> {
    for (let batch = next(); batch.length > 0; batch = next()) {
      await Promise.all(batch.map((leftover) => endLeftover(deps, leftover)))
    }
  }

  function next(): Leftover[] {
    return state === 'open' ? waiting.splice(0, ENDINGS_AT_ONCE) : []
  }

  return {
    add(leftover) {
      waiting.push(leftover)
      void endAll()
    },
    async begin() {
      if (state === 'held') state = 'open'
      await endAll()
    },
    close() {
      state = 'closed'
    },
  }
}

/** Once: whatever the provider answers, nothing here can use them any more. */
export async function endLeftover(deps: LeftoverDeps, { answer, contents, name }: Leftover): Promise<void> {
  const { connection_id, provider } = answer
  const isEnded = await deps.discard({ provider, account_id: contents.account_id ?? null }, contents.credential)
  if (!isEnded)
    deps.log.warn({ connection_id, provider }, 'Tokens without a place could not be ended at their provider')
  await forgetAnswer(deps, name)
}

/** Takes a file out of the folder. Never throws: the next start judges what stayed. */
export async function forgetAnswer({ spool, log }: Pick<LeftoverDeps, 'spool' | 'log'>, name: string | null) {
  if (name === null) return
  await spool.remove(name).catch((error: unknown) => log.warn({ error }, 'Committed tokens stay in their folder'))
}
