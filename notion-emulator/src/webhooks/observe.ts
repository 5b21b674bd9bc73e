import type { Answer, Call } from '../core/call.ts'
import { changesSince } from './derive.ts'
import { hasListeners, recordChanges } from './record.ts'
import { snapshot } from './snapshot.ts'

/** Carries an operation out and queues the events of what it changed, if anybody listens. */
export function observed(call: Call, operation: (call: Call) => Answer): Answer {
  if (!hasListeners(call.state)) return operation(call)
  const { state, newId, now, install, settings } = call
  const { workspaceId } = install
  const before = snapshot(state, workspaceId)
  const answer = operation(call)
  const changes = [...changesSince(before, state, workspaceId), ...(answer.changes ?? [])]
  const windowMs = settings.webhookWindowMs
  recordChanges({ state, newId, workspaceId, authorId: install.botId, now, windowMs }, changes)
  return answer
}
