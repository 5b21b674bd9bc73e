import { ProtocolError, ProtocolErrorCode, SdkError } from '@modelcontextprotocol/client'
import { EgressError } from '#kernel/egress-error.ts'
import { failure, type Outcome, type Problem } from '#kernel/problem.ts'
import { TooDeepError } from './bounded-body.ts'
import { cleanText } from './definitions.ts'
import { RefusedInputError } from './questions.ts'
import type { ServerView } from './results.ts'
import { TooManyRoundsError } from './upstream-client.ts'

/** What went wrong with a remote server, in words, and what is known of its effect. */

export interface Failed {
  readonly error: unknown
  /** Status of an answer that refused us, where there was one. */
  readonly refusal: number | null
  /** Why the last request got no answer, where it got none. */
  readonly broken: EgressError | null
  /** Whether the call of the tool itself had begun, so that it may have had an effect. */
  readonly hasCalled: boolean
  readonly readOnly: boolean
}

const UNAUTHORIZED = 401
const FORBIDDEN = 403
const TOO_MANY = 429
const SERVER_ERRORS = 500
/** Seconds: a server that says nothing about when. */
const RETRY_SECONDS = 10
/** Characters of a server's own words. */
const WORDS_CHARACTERS = 500

/** Of JSON-RPC. */
const INVALID_PARAMETERS: number = ProtocolErrorCode.InvalidParams

/** Undefined for what is no failure of the server: an abort, or a bug. */
export function problemOf(server: ServerView, failed: Failed): Outcome<never> | undefined {
  const { error, refusal } = failed
  const refused = refusedByStatus(server, refusal)
  if (refused !== undefined) return refused
  if (error instanceof ProtocolError) return refusedByServer(server, error)
  const broken = brokenOff(server, failed.broken ?? error)
  if (broken === undefined) return undefined
  const mayHaveArrived = failed.broken?.mayHaveArrived ?? true
  const isRefusal = refusal !== null && refusal < SERVER_ERRORS
  if (failed.hasCalled && !failed.readOnly && mayHaveArrived && !isRefusal) {
    return failure(
      'outcome_unknown',
      `${broken} The call may have taken effect. Look at the target before you try again.`,
    )
  }
  return failure('provider_unavailable', `${broken} Try again in a minute.`)
}

function refusedByStatus(server: ServerView, refusal: number | null): Outcome<never> | undefined {
  if (refusal === UNAUTHORIZED) {
    return failure(
      'reauthorize',
      `${server.label} no longer accepts the credential of this connection. Connect it again.`,
    )
  }
  if (refusal === FORBIDDEN) {
    return failure('forbidden_by_provider', `${server.label} does not allow this with the access that you gave.`)
  }
  if (refusal === TOO_MANY) {
    const extra = { retryAfterSeconds: RETRY_SECONDS }
    return failure(
      'rate_limited',
      `${server.label} takes no more calls now. Try again in ${RETRY_SECONDS} seconds.`,
      extra,
    )
  }
  return undefined
}

/** A JSON-RPC error: the server understood the message and did not do it. */
function refusedByServer(server: ServerView, { code, message }: ProtocolError): Outcome<never> {
  const words = cleanText(message, WORDS_CHARACTERS)
  const told = `${server.label} (${server.host}) refused the call: ${words}`
  return failure(code === INVALID_PARAMETERS ? 'invalid_arguments' : 'tool_failed', told)
}

function brokenOff({ label }: ServerView, error: unknown): string | undefined {
  if (error instanceof EgressError) return `${label}: ${error.message}`
  if (error instanceof TooDeepError) return `${label} sent an answer that is nested too deep to be read.`
  if (error instanceof RefusedInputError || error instanceof TooManyRoundsError) {
    return `${label} asks for something in the middle of the call, which cannot be passed on.`
  }
  if (error instanceof SdkError) return `${label} did not answer as an MCP server does.`
  // What the library's parsers throw about what they were given.
  const isUnreadable = error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError')
  return isUnreadable ? `${label} did not answer as an MCP server does.` : undefined
}

interface ChangedTool {
  /** As the user's agents and clients know it. */
  readonly name: string
  readonly connectionId: number
  readonly label: string
}

/** The same answer wherever the change is met. */
export function changedProblem(publicUrl: string, { name, connectionId, label }: ChangedTool): Problem {
  const url = `${publicUrl}/api/mcp/servers/${connectionId}/changes`
  return failure(
    'tool_changed',
    `The remote server "${label}" has changed ${name} since you accepted it, so it is not called. See what is different, and accept it: ${url}`,
    { extra: { connection_id: connectionId, changes_url: url } },
  ).problem
}
