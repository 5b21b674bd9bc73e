import type { UIMessageChunk } from 'ai'
import { RunAbort } from './active-runs.ts'
import type { Feed } from './feed.ts'
import type { RunEvent } from './store.ts'

/** Milliseconds that chunks wait for others before they are written: a write for each word would be a hundred a second. */
const FLUSH_MS = 250

/** Takes the chunks of one stretch: live to the feed, merged and in groups to the database. */
export interface Recorder {
  /**
   * Shows the chunk to followers and keeps it for the record.
   * @throws RunAbort where the record would become larger than it may
   */
  readonly write: (chunk: UIMessageChunk) => void
  /** Resolves once everything taken so far is in the database. Rejects where it could not be written. */
  readonly flush: () => Promise<void>
  /** Resolves once the arguments of this call have been taken. */
  readonly announced: (toolCallId: string) => Promise<void>
  /** Everything taken so far, merged. */
  readonly chunks: readonly UIMessageChunk[]
  /** What is not yet in the database, with its sequence, for whoever stores it together with the end of the run. */
  readonly drain: (last: readonly UIMessageChunk[]) => Promise<readonly RunEvent[]>
}

export interface RecorderOptions {
  readonly feed: Feed
  readonly maximumBytes: number
  readonly store: (events: readonly RunEvent[]) => Promise<void>
  /** Told when a group could not be written while nobody waited for it. */
  readonly onError: (error: unknown) => void
}

export function createRecorder({ feed, maximumBytes, store, onError }: RecorderOptions): Recorder {
  const chunks: UIMessageChunk[] = []
  const announcements = new Map<string, PromiseWithResolvers<void>>()
  let waiting: UIMessageChunk[] = []
  let sequence = feed.after
  let bytes = 0
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  function announcement(toolCallId: string): PromiseWithResolvers<void> {
    const known = announcements.get(toolCallId) ?? Promise.withResolvers<void>()
    announcements.set(toolCallId, known)
    return known
  }

  function take(): RunEvent[] {
    clearTimeout(timer)
    timer = undefined
    const events = waiting.map((chunk) => {
      sequence += 1
      return { sequence, chunk }
    })
    waiting = []
    return events
  }

  async function flush(): Promise<void> {
    const events = take()
    const before = writing
    writing = before.then(() => (events.length === 0 ? undefined : store(events)))
    await writing
  }

  function keep(chunk: UIMessageChunk): void {
    // The finished arguments follow whole; their pieces are for live eyes only.
    if (chunk.type === 'tool-input-delta') return
    append(chunks, chunk)
    append(waiting, chunk)
    timer ??= setTimeout(() => void flush().catch(onError), FLUSH_MS)
  }

  return {
    chunks,
    flush,
    write(chunk) {
      bytes += JSON.stringify(chunk).length
      if (bytes > maximumBytes) throw tooLarge(maximumBytes)
      keep(chunk)
      feed.push(chunk)
      if (chunk.type === 'tool-input-available') announcement(chunk.toolCallId).resolve()
    },
    announced: (toolCallId) => announcement(toolCallId).promise,
    async drain(last) {
      for (const chunk of last) keep(chunk)
      const events = take()
      await writing
      return events
    },
  }
}

function tooLarge(maximumBytes: number): RunAbort {
  const detail = `The run produced more than ${maximumBytes} bytes and was ended. Ask for less at once.`
  return new RunAbort({ status: 'failed', error: { code: 'size_limit', detail } })
}

/** Adds a chunk to a list, or its text to the chunk before it where both are pieces of the same text. */
function append(list: UIMessageChunk[], chunk: UIMessageChunk): void {
  const last = list.at(-1)
  const merged = last === undefined ? null : merge(last, chunk)
  if (merged === null) list.push(chunk)
  else list[list.length - 1] = merged
}

function merge(last: UIMessageChunk, next: UIMessageChunk): UIMessageChunk | null {
  const isText = next.type === 'text-delta' && last.type === 'text-delta'
  const isReasoning = next.type === 'reasoning-delta' && last.type === 'reasoning-delta'
  if (!isText && !isReasoning) return null
  if (last.id !== next.id || last.providerMetadata !== undefined || next.providerMetadata !== undefined) return null
  return { ...last, delta: last.delta + next.delta }
}
