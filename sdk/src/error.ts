/** A failure that the server explained (RFC 9457). `code` is stable: branch on it. */
export class ChaveiroError extends Error {
  override readonly name = 'ChaveiroError'
  readonly code: string
  readonly status: number
  /** Where in the input the fault lies, for example `arguments.page_id`. */
  readonly path: string | undefined
  /** Seconds after which a retry makes sense. */
  readonly retryAfterSeconds: number | undefined
  readonly requestId: string | undefined
  /** The whole problem, with members such as `connect_url`. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    super(textOf(problem['detail']) ?? textOf(problem['title']) ?? `The server answered ${status}.`)
    this.status = status
    this.problem = problem
    this.code = textOf(problem['code']) ?? 'unexpected_answer'
    this.path = textOf(problem['path'])
    this.requestId = textOf(problem['request_id'])
    this.retryAfterSeconds = typeof problem['retry_after'] === 'number' ? problem['retry_after'] : undefined
  }
}

/** A stream ended before its run did: the connection was cut. The run goes on; `runs.stream` follows it from its start. */
export class StreamCutError extends Error {
  override readonly name = 'StreamCutError'
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
