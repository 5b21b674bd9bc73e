import type { UIMessageChunk } from 'ai'

/** The chunks of one stretch of a run, live: everybody who follows sees all of them from the first, at their own pace. */
export interface Feed {
  /** Sequence of the recorded events before this stretch: what came earlier is read from the database. */
  readonly after: number
  readonly push: (chunk: UIMessageChunk) => void
  readonly close: () => void
  readonly follow: () => AsyncGenerator<UIMessageChunk, void>
}

export function createFeed(after: number): Feed {
  const chunks: UIMessageChunk[] = []
  let closed = false
  let changed = Promise.withResolvers<void>()

  function wake(): void {
    changed.resolve()
    changed = Promise.withResolvers()
  }

  return {
    after,
    push(chunk) {
      if (closed) return
      chunks.push(chunk)
      wake()
    },
    close() {
      closed = true
      wake()
    },
    async *follow() {
      let next = 0
      for (;;) {
        const chunk = chunks[next]
        if (chunk !== undefined) {
          next += 1
          yield chunk
        } else if (closed) {
          return
        } else {
          await changed.promise
        }
      }
    },
  }
}
