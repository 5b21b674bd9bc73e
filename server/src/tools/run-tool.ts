import type { ConnectionDeps } from '#connections/connection.ts'
import { withDeadline, type DeadlineClock } from '#kernel/deadline.ts'
import type { Log } from '#kernel/log.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential, ToolResult } from '#providers/contract.ts'
import type { WaitingCaller } from '#providers/waiting-caller.ts'
import { capResult, type Found } from './steps.ts'
import type { ToolCallRequest } from './tool-call.ts'

/** Milliseconds for a call whose tool names no deadline of its own. */
const DEFAULT_DEADLINE_MS = 20_000

export interface ToolRun {
  readonly found: Found
  readonly input: Record<string, unknown>
  readonly credential: Credential
  readonly signal: AbortSignal | undefined
  readonly language: ToolCallRequest['language']
  readonly caller: ToolCallRequest['caller']
}

/**
 * The tool's own function, with a credential that is open, within its time. Never throws: what it throws is an outcome, and for a
 * write an unknown one.
 */
export async function runTool(
  deps: Pick<ConnectionDeps, 'edges'> & { readonly log: Log },
  { found: { provider, tool, own }, input, credential, signal, language, caller }: ToolRun,
): Promise<Outcome<ToolResult>> {
  try {
    const result = await withDeadline(tool.deadlineMs ?? DEFAULT_DEADLINE_MS, signal, (either, clock) =>
      tool.run(
        provider.api({
          ...(own?.edge ?? deps.edges.of(provider)),
          credential,
          signal: either,
          ...(language && { language }),
          ...(caller && { caller: unhurried(caller, clock) }),
        }),
        input,
      ),
    )
    return result.ok ? success(capResult(result.value)) : result
  } catch (error) {
    const ended = signal?.aborted === true || errorName(error) === 'TimeoutError'
    if (!ended) {
      deps.log.error({ tool: tool.name, reason: errorName(error) }, 'A tool threw')
      if (tool.annotations.readOnly)
        return failure('internal_error', 'The tool failed on our side. Trying again may not help.')
    }
    return thrown(provider.name, tool.annotations.readOnly, signal?.aborted === true)
  }
}

/**
 * Resolves once the request of a tool that was begun just before has gone to its socket, so that the provider works while the
 * record is made too. Before the network library writes to an idle connection it looks, in the next round of the event loop,
 * for what the connection has to say: what is put behind that look comes after the writing.
 */
export function afterSending(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(setImmediate, resolve)
  })
}

/** The time in which a person thinks is none of the call's own; who asks bounds it. */
function unhurried({ ask, ...caller }: WaitingCaller, clock: DeadlineClock): WaitingCaller {
  if (ask === undefined) return caller
  return {
    ...caller,
    async ask(question) {
      clock.pause()
      try {
        return await ask(question)
      } finally {
        clock.resume()
      }
    },
  }
}

/** The message may quote what was sent; the class cannot. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** A write that was cut off may have happened; a read may simply be tried again. */
function thrown(provider: string, readOnly: boolean, stopped: boolean): ReturnType<typeof failure> {
  if (!readOnly) {
    const cause = stopped ? 'The call was stopped' : `${provider} did not answer in time`
    return failure(
      'outcome_unknown',
      `${cause}, and it may have taken effect. Look at the target before you try again.`,
    )
  }
  if (stopped) return failure('cancelled', 'The call was stopped.')
  return failure('provider_unavailable', `${provider} did not answer in time. Try again in a minute.`)
}
