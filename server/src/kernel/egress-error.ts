/** Stable code → the sentence for the caller. It names no host, address or port: those may be what an attacker asks. */
const PUBLIC_TEXT = {
  egress_refused: 'This server does not call that address.',
  timeout: 'The other side did not answer in time.',
  too_large: 'The answer of the other side is too large.',
  network: 'The other side could not be reached, or broke off.',
} as const

export type EgressErrorCode = keyof typeof PUBLIC_TEXT

/** How a guarded call fails. An abort by the caller is no such failure: it throws the signal's reason, as `fetch` does. */
export class EgressError extends Error {
  readonly code: EgressErrorCode
  /** For the log: a word such as `private_address` or `ECONNREFUSED`. Not for the answer. */
  readonly reason: string
  /** False where the request certainly never left, so that even a write may be tried again. */
  readonly mayHaveArrived: boolean

  constructor(code: EgressErrorCode, reason: string, mayHaveArrived = false) {
    super(PUBLIC_TEXT[code])
    this.name = 'EgressError'
    this.code = code
    this.reason = reason
    this.mayHaveArrived = mayHaveArrived
  }
}

const TIMEOUT_CODES = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])
const TOO_LARGE_CODES = new Set(['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW', 'ERR_BUFFER_TOO_LARGE'])

/** Names what the network library reported. Its message is dropped: it holds addresses. */
export function asEgressError(error: unknown, mayHaveArrived: boolean): EgressError {
  if (error instanceof EgressError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (TIMEOUT_CODES.has(code)) return new EgressError('timeout', code, mayHaveArrived)
  if (TOO_LARGE_CODES.has(code)) return new EgressError('too_large', code, mayHaveArrived)
  return new EgressError('network', code, mayHaveArrived)
}
