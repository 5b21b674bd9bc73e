import { stringOf } from '../core/json.ts'
import { isObject } from '../validation/check.ts'
import { isWrite, succeeded, type Interaction } from './recording.ts'

/**
 * When each request of a session was sent, in milliseconds since the epoch, as far as the recording tells: no answer
 * shows a time that is still to come, and reads before the first write come just before it.
 */
export function times(interactions: Interaction[]): number[] {
  const newest = interactions.map(({ answer }) => newestTime(answer))
  const firstWrite = interactions.findIndex(
    (interaction, index) => isWrite(interaction) && succeeded(interaction) && (newest[index] ?? 0) > 0,
  )
  let now = firstWrite < 0 ? Math.max(0, ...newest) : (newest[firstWrite] ?? 0)
  return newest.map((time) => {
    now = Math.max(now, time)
    return now
  })
}

function newestTime(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(newestTime))
  if (!isObject(value)) return 0
  const own = ['created_time', 'last_edited_time'].map((name) => Date.parse(stringOf(value[name])) || 0)
  return Math.max(...own, ...Object.values(value).map(newestTime))
}
