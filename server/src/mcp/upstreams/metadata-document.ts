import type { z } from 'zod'
import { withDeadline } from '#kernel/deadline.ts'
import { EgressError } from '#kernel/egress-error.ts'
import type { GuardedFetch } from '#kernel/egress.ts'
import { wholeText } from '#kernel/egress-response.ts'
import { parseJson } from '#kernel/json.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'

/** One JSON document of a server that nobody vouches for. */

/** Bytes of a document; the longest in use have about 10,000. The egress of these requests reads no more either. */
const DOCUMENT_BYTES = 256 * 1024
const DOCUMENT_LIMITS = { bytes: DOCUMENT_BYTES, depth: 16, keys: 2_000, items: 5_000 }
/** Milliseconds for one document, redirects included: a person waits for several. */
const DOCUMENT_MS = 8_000

export interface DocumentAnswer<Value> {
  readonly status: number
  /** Undefined where the answer is not what was asked for: another status, no JSON, another form. */
  readonly value: Value | undefined
}

/**
 * Asks for a document. Fails where nothing was answered: `forbidden` where the address may not be called,
 * `provider_unavailable` where nobody answers there in time.
 */
export async function fetchDocument<Schema extends z.ZodType>(
  reach: GuardedFetch,
  schema: Schema,
  request: { readonly url: string; readonly init?: RequestInit; readonly signal?: AbortSignal },
): Promise<Outcome<DocumentAnswer<z.output<Schema>>>> {
  try {
    return await withDeadline(DOCUMENT_MS, request.signal, async (signal) => {
      const headers = { accept: 'application/json', ...(request.init?.headers as Record<string, string> | undefined) }
      const response = await reach(request.url, { ...request.init, headers, signal })
      const { status } = response
      if (!response.ok) {
        await response.body?.cancel()
        return success({ status, value: undefined })
      }
      const json = parseJson(await wholeText(response), DOCUMENT_LIMITS)
      const parsed = json.ok ? schema.safeParse(json.value) : undefined
      return success({ status, value: parsed?.success === true ? parsed.data : undefined })
    })
  } catch (error) {
    request.signal?.throwIfAborted()
    return documentFailure(error)
  }
}

function documentFailure(error: unknown): ReturnType<typeof failure> {
  if (error instanceof EgressError && error.code === 'egress_refused') {
    return failure('forbidden', 'The server names an address that is not called from here.', { reason: error.reason })
  }
  const reason = error instanceof EgressError ? `${error.code} ${error.reason}` : String(error)
  return failure('provider_unavailable', 'The server did not answer in time. Nothing was stored; try again later.', {
    reason,
  })
}
