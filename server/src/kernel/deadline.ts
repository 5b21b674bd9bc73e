/** Lets the time of a deadline stand still, for example while a person is asked. Each `pause` needs its `resume`. */
export interface DeadlineClock {
  readonly pause: () => void
  readonly resume: () => void
}

/**
 * Runs work that must end: when the time is up or the caller has left, the signal given to the work aborts and the
 * promise rejects with the reason, whether or not the work listens.
 * @param milliseconds until the deadline, without those for which the work has paused it
 * @param outer the caller's own signal
 */
export async function withDeadline<T>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal, clock: DeadlineClock) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const ended = Promise.withResolvers<never>()
  const end = (reason: unknown) => {
    controller.abort(reason)
    ended.reject(reason)
  }
  const leave = () => end(outer?.reason)
  const timer = pausableTimer(milliseconds, () => end(new DOMException('The deadline has passed.', 'TimeoutError')))
  outer?.addEventListener('abort', leave, { once: true })
  if (outer?.aborted === true) leave()
  try {
    return await Promise.race([work(controller.signal, timer), ended.promise])
  } finally {
    timer.stop()
    outer?.removeEventListener('abort', leave)
  }
}

function pausableTimer(milliseconds: number, onEnd: () => void): DeadlineClock & { readonly stop: () => void } {
  let left = milliseconds
  let startedAt = performance.now()
  let pauses = 0
  let isOver = false
  let timer = setTimeout(onEnd, left)
  return {
    pause() {
      pauses += 1
      if (pauses > 1 || isOver) return
      clearTimeout(timer)
      left -= performance.now() - startedAt
    },
    resume() {
      pauses -= 1
      if (pauses > 0 || isOver) return
      startedAt = performance.now()
      timer = setTimeout(onEnd, Math.max(0, left))
    },
    stop() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
