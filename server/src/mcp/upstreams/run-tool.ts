import { SdkHttpError } from '@modelcontextprotocol/client'
import { success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import type { ToolDefinition } from './definitions.ts'
import { changedProblem, problemOf } from './faults.ts'
import { askToOpen } from './pages-first.ts'
import { relayed } from './progress.ts'
import { learnTools, type LearnDeps, type Learned } from './learn-tools.ts'
import type { HeldClient, UpstreamPlace, UpstreamPool } from './pool.ts'
import { createQuestions, type Questions } from './questions.ts'
import { resultOf, type ServerView } from './results.ts'
import type { Exchange, UpstreamAccess } from './sending.ts'

/** One call of a remote server's tool, as its definition was accepted and with the credential of this very call. */

export interface RunDeps extends LearnDeps {
  readonly pool: Pick<UpstreamPool, 'use'>
  readonly publicUrl: string
}

export interface RunningTool {
  readonly definition: ToolDefinition
  /** Of the definition that the user accepted. */
  readonly digest: string
  readonly readOnly: boolean
  /** As the user's agents and clients know it. */
  readonly exposedName: string
}

export interface UpstreamVisit {
  readonly access: UpstreamAccess
  readonly place: UpstreamPlace
  readonly server: ServerView
}

export interface UpstreamRun extends UpstreamVisit {
  readonly tool: RunningTool
  readonly input: Readonly<Record<string, unknown>>
}

export async function runUpstreamTool(deps: RunDeps, run: UpstreamRun): Promise<Outcome<ToolResult>> {
  const { tool, place, server, input } = run
  const caller = relayed(run.access.caller)
  const questions: Questions = createQuestions(server, place.url, caller)
  const access = { ...run.access, questions, ...(caller === undefined ? {} : { caller }) }
  return visiting(deps, { ...run, access }, tool.readOnly, async (client, noteCall) => {
    const problem = refusalOf(deps, run, await learn(deps, place, client))
    if (problem !== undefined) return { ok: false as const, problem }
    noteCall()
    try {
      return resultOf(server, await client.callTool(tool.definition, input), questions.unasked())
    } catch (error) {
      const refused = await askToOpen({ server, serverUrl: place.url, questions }, error)
      if (refused === undefined) throw error
      return refused
    }
  })
}

/** Lists the server's tools now, whatever is known of them, and compares them with what the user has accepted. */
export async function listUpstreamTools(deps: RunDeps, visit: UpstreamVisit): Promise<Outcome<ToolResult>> {
  return visiting(deps, visit, true, async (client) => {
    const { tools, leftOut, changed } = await learn(deps, visit.place, client, true)
    const text = `${tools} tools, ${changed.length} of them new or changed. ${leftOut.join(' ')}`.trim()
    return success({ text, value: { tools, left_out: leftOut, changed } })
  })
}

function learn(
  deps: RunDeps,
  { userId, connectionId }: UpstreamPlace,
  client: HeldClient,
  isForced = false,
): Promise<Learned> {
  return client.refreshed((offered) => learnTools(deps, { userId, connectionId }, offered), isForced)
}

/** Looked at again with the list that this very client was given: what is called is what was accepted, or nothing is. */
function refusalOf(deps: RunDeps, { place, tool, server }: UpstreamRun, { digests }: Learned): Problem | undefined {
  const digest = digests.get(tool.definition.name)
  const { exposedName: name } = tool
  if (digest === tool.digest) return undefined
  if (digest !== undefined) {
    return changedProblem(deps.publicUrl, { name, connectionId: place.connectionId, label: server.label })
  }
  return { code: 'not_found', detail: `The remote server "${server.label}" does not have ${name} any more.` }
}

type Work = (client: HeldClient, noteCall: () => void) => Promise<Outcome<ToolResult>>

async function visiting(
  deps: RunDeps,
  { access, place, server }: UpstreamVisit,
  readOnly: boolean,
  work: Work,
): Promise<Outcome<ToolResult>> {
  const first = await attempt(deps, { access, place, server }, work)
  if (first.kind === 'done') return first.outcome
  access.signal.throwIfAborted()
  const last = mayRepeat(first, readOnly) ? await attempt(deps, { access, place, server }, work) : first
  if (last.kind === 'done') return last.outcome
  access.signal.throwIfAborted()
  const problem = problemOf(server, { ...last, readOnly })
  if (problem === undefined) throw last.error
  return problem
}

interface FailedAttempt {
  readonly kind: 'failed'
  readonly error: unknown
  /** Whether the message that could have an effect was given to the client. */
  readonly hasCalled: boolean
  readonly refusal: number | null
  readonly broken: ReturnType<Exchange['broken']>
}

type Attempt = { readonly kind: 'done'; readonly outcome: Outcome<ToolResult> } | FailedAttempt

async function attempt(deps: RunDeps, { access, place }: UpstreamVisit, work: Work): Promise<Attempt> {
  let hasCalled = false
  let exchange: Exchange | undefined
  try {
    const watched = { ...access, onExchange: (own: Exchange) => (exchange = own) }
    const outcome = await deps.pool.use(place, watched, (client) => work(client, () => (hasCalled = true)))
    return { kind: 'done', outcome }
  } catch (error) {
    return {
      kind: 'failed',
      error,
      hasCalled,
      refusal: exchange?.refusal() ?? statusOf(error),
      broken: exchange?.broken() ?? null,
    }
  }
}

/** Where another caller's request was the one that was refused, for this one too. */
function statusOf(error: unknown): number | null {
  return error instanceof SdkHttpError ? error.status : null
}

/** A session that the server has forgotten: it did nothing with the message. */
const FORGOTTEN_SESSION = 404

/**
 * Safe also for what changes something: nothing was done, or the caller whom this one waited for went away. What was cut
 * off, as a server does with a connection that it had just given up, is repeated where it cannot have changed anything.
 */
function mayRepeat({ error, hasCalled, refusal, broken }: FailedAttempt, readOnly: boolean): boolean {
  const isOthersEnd = !hasCalled && error instanceof Error && error.name === 'AbortError'
  const isCutOff = broken?.code === 'network' && (readOnly || !hasCalled)
  return isOthersEnd || isCutOff || (hasCalled && refusal === FORGOTTEN_SESSION)
}
