import { pollTask, presentTask } from '../async-tasks/task.ts'
import { ok, type Answer, type Call } from '../core/call.ts'

/** `GET /v1/async_tasks/:task_id`: how the work is going, and what came of it. */
export function getTask(call: Call): Answer {
  return ok(presentTask(call, pollTask(call, call.path['task_id'] ?? '')))
}
