import { MILLISECONDS_PER_SECOND } from '../core/clock.ts'
import { ApiFailure, failureBody } from '../core/failure.ts'
import type { Answer, Call } from '../core/call.ts'
import { notFound } from '../core/lookup.ts'
import type { JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { observed } from '../webhooks/observe.ts'

/** Work that a request was promised. */
export interface AsyncTask {
  id: string
  botId: string
  /** Name of the operation, e.g. `create_page`. */
  operation: string
  /** Milliseconds since the epoch. */
  createdTime: number
  /** How often somebody asked how it is going. */
  polls: number
  /** When it is done even if nobody asks, in milliseconds since the epoch. */
  dueAt: number
  /** What became of it; null until then. */
  outcome: { status: 'succeeded'; result: JsonObject } | { status: 'failed'; error: JsonObject } | null
  /** Carries it out at a moment. */
  run: (now: number) => void
}

/** How long a client is asked to wait between two polls. */
const POLL_AFTER_SECONDS = 2
/** Tasks that are remembered; older ones are forgotten when they are done. */
const MAX_TASKS = 1000

/** Whether a body asks for background work and has the member that such work needs. */
export function wantsTask(call: Call, member: string): boolean {
  return call.body['allow_async'] === true && call.body[member] !== undefined
}

/**
 * Promises to carry the operation of this call out later, when the call itself was checked: answers 202. The operation
 * checks again then, since what it is about may have changed.
 */
export function promise(call: Call, name: string, operation: (call: Call) => Answer): Answer {
  const { state, now, settings } = call
  const { allow_async: _async, ...body } = call.body
  const task: AsyncTask = {
    id: call.newId(),
    botId: call.install.botId,
    operation: name,
    createdTime: now,
    polls: 0,
    dueAt: now + settings.asyncPolls * POLL_AFTER_SECONDS * MILLISECONDS_PER_SECOND,
    outcome: null,
    run: (moment) => {
      task.outcome = outcomeOf({ ...call, body, now: moment }, operation)
    },
  }
  forgetOld(state)
  state.tasks.set(task.id, task)
  return { status: 202, body: presentTask(call, task) }
}

function outcomeOf(call: Call, operation: (call: Call) => Answer): AsyncTask['outcome'] {
  try {
    return { status: 'succeeded', result: observed(call, operation).body }
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const { request_id: _id, ...shown } = failureBody(error, '')
    return { status: 'failed', error: shown }
  }
}

function forgetOld(state: State): void {
  for (const [id, task] of state.tasks) {
    if (state.tasks.size < MAX_TASKS) return
    if (task.outcome !== null) state.tasks.delete(id)
  }
}

/** Carries out what is due by the clock, in the order in which it was promised. */
export function settleTasks({ state, now }: { state: State; now: number }): void {
  for (const task of state.tasks.values()) if (task.outcome === null && task.dueAt <= now) task.run(now)
}

/** The task with this id, if the calling install was promised it. Asking brings it on. */
export function pollTask(call: Call, id: string): AsyncTask {
  const task = call.state.tasks.get(id)
  if (task === undefined || task.botId !== call.install.botId) throw notFound(call, 'async_task', id)
  task.polls += 1
  if (task.outcome === null && task.polls >= call.settings.asyncPolls) task.run(call.now)
  return task
}

/** A task as answers show it. */
export function presentTask(call: Call, task: AsyncTask): JsonObject {
  const head = {
    object: 'async_task',
    id: task.id,
    status_url: `${call.base}/v1/async_tasks/${task.id}`,
    created_time: new Date(task.createdTime).toISOString(),
    operation: { surface: 'rest', name: task.operation },
  }
  if (task.outcome !== null) return { ...head, ...task.outcome }
  return { ...head, status: task.polls === 0 ? 'queued' : 'running', poll_after_seconds: POLL_AFTER_SECONDS }
}
