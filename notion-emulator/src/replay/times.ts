import { stringOf } from '../core/json.ts'
import { isObject } from '../validation/check.ts'
import { succeeded, type Interaction } from './recording.ts'

/**
 * When each request of a session was sent, in milliseconds since the epoch, as far as the recording tells: a write is
 * as old as the newest time in its answer, and a read comes between the writes around it.
 */
export function times(interactions: Interaction[]): number[] {
  const writes = interactions.map((interaction) => (isWrite(interaction) ? newestTime(interaction.answer) : 0))
  const first = writes.find((time) => time > 0) ?? Math.max(0, ...interactions.map(({ answer }) => newestTime(answer)))
  let now = first
  return writes.map((time) => {
    now = Math.max(now, time)
    return now
  })
}

function isWrite(interaction: Interaction): boolean {
  const isRead = interaction.method === 'GET' || /\/(?:query|search)$/.test(interaction.path)
  return !isRead && succeeded(interaction)
}

function newestTime(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(newestTime))
  if (!isObject(value)) return 0
  const own = ['created_time', 'last_edited_time'].map((name) => Date.parse(stringOf(value[name])) || 0)
  return Math.max(...own, ...Object.values(value).map(newestTime))
}
