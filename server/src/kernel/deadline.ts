/**
 * Runs work that must end: when the time is up or the caller has left, the signal given to the work aborts and the
 * promise rejects with the reason, whether or not the work listens.
 * @param milliseconds until the deadline
 * @param outer the caller's own signal
 */
export async function withDeadline<T>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const ended = Promise.withResolvers<never>()
  const end = (reason: unknown) => {
    controller.abort(reason)
    ended.reject(reason)
  }
  const leave = () => end(outer?.reason)
  const timer = setTimeout(() => end(new DOMException('The deadline has passed.', 'TimeoutError')), milliseconds)
  outer?.addEventListener('abort', leave, { once: true })
  if (outer?.aborted === true) leave()
  try {
    return await Promise.race([work(controller.signal), ended.promise])
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', leave)
  }
}
