import type { Egress, GuardedFetch } from '#kernel/egress.ts'

/** Fetches the documents that clients are named by. Whoever calls `/oauth/authorize` chooses the address. */

/** Bytes of an answer; the library itself takes a little less. */
const ANSWER_BYTES = 16_384
/** Milliseconds; a person waits for the page. */
const HEADERS_MS = 4_000
const TOTAL_MS = 5_000

/** A fetch bound, each time, to the one host that the address names: no redirect and no cached answer leads elsewhere. */
export function createDocumentFetch(egress: Egress): GuardedFetch {
  return async (input, init) => {
    const { host } = new URL(input instanceof Request ? input.url : input)
    const limits = { headersMs: HEADERS_MS, totalMs: TOTAL_MS, responseBytes: ANSWER_BYTES }
    const bound = egress.bind({ hosts: [host], purpose: 'discovery', limits })
    // The library adds a dispatcher of its own, which would go around the guard.
    const { method = 'GET', headers, signal } = init ?? {}
    return bound(input, {
      method,
      redirect: 'manual',
      ...(headers === undefined ? {} : { headers }),
      ...(signal === undefined ? {} : { signal }),
    })
  }
}
