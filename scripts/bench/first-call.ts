import { modernCall } from './callers.ts'
import { percentile } from './load.ts'
import { connect } from './memory.ts'
import { startRival } from './rival.ts'
import type { Stage } from './stage.ts'

/** Users whose first call is timed, and processes that are started for it: a start takes half a second. */
const OWN_USERS = 20
const RIVAL_STARTS = 5

export interface FirstCall {
  /** Milliseconds (p50) of a user's first call after they connected. */
  readonly own: number
  /** Milliseconds (p50) from the start of the user's own process to the answer of its first call. */
  readonly rival: number
}

/** @param from first of the users who are not connected yet; as many as are returned with the figures are afterwards */
export async function measureFirstCalls(
  stage: Stage,
  from: number,
): Promise<FirstCall & { readonly connected: number }> {
  const own: number[] = []
  for (const user of stage.users.slice(from, from + OWN_USERS)) {
    await connect(stage, user)
    own.push(await timed(modernCall(stage.server, user)))
  }
  const rival: number[] = []
  for (const user of stage.users.slice(0, RIVAL_STARTS)) {
    rival.push(
      await timed(async () => {
        const started = await startRival(user, stage.upstreamUrl)
        await started.call()
        void started.stop()
      }),
    )
  }
  return { own: middle(own), rival: middle(rival), connected: from + OWN_USERS }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function middle(times: readonly number[]): number {
  return percentile(
    times.toSorted((a, b) => a - b),
    0.5,
  )
}
