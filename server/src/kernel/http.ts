import { OpenAPIHono, z, type Hook } from '@hono/zod-openapi'
import type { Context, Env, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { problemBody, PROBLEMS, type Outcome, type Problem } from './problem.ts'
import type { Principal, Scope } from './principal.ts'

/** What every request carries through the app. */
export interface AppEnv extends Env {
  Variables: {
    /** Ours, or the caller's `X-Request-Id` where it is well formed. */
    requestId: string
    /** Address of the caller; behind a trusted proxy the one that the proxy names. */
    clientAddress: string
    /** Set by the authentication of the routes that need it. */
    principal: Principal
  }
}

export type AppContext = Context<AppEnv>
export type AppRouter = OpenAPIHono<AppEnv>
/** Stops a request that has no principal, or whose principal lacks the scope. Made by identity. */
export type RequireScope = (scope: Scope) => MiddlewareHandler<AppEnv>

/** A router whose validation failures are problems with the path of the fault. */
export function createAppRouter(): AppRouter {
  return new OpenAPIHono<AppEnv>({ defaultHook: validationHook as Hook<unknown, AppEnv, string, unknown> })
}

/** Sends a failure as problem+json, never cached. */
export function sendProblem(c: AppContext, problem: Problem): Response {
  const { status } = PROBLEMS[problem.code]
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  }
  if (problem.retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(problem.retryAfterSeconds))
  if (status === 401) headers['www-authenticate'] = challengeOf(problem)
  return c.body(JSON.stringify(problemBody(problem, c.get('requestId'))), status as ContentfulStatusCode, headers)
}

/** RFC 6750 3: a request without a token is told how to authenticate, and no error. */
function challengeOf({ code }: Problem): string {
  return code === 'missing_token' ? 'Bearer realm="chaveiro"' : 'Bearer realm="chaveiro", error="invalid_token"'
}

/** Sends the value as JSON, or the failure as a problem. For routes whose typed answer is the success alone. */
export function answer<T, Status extends ContentfulStatusCode = 200>(
  c: AppContext,
  outcome: Outcome<T>,
  status: Status = 200 as Status,
): never {
  // zod-openapi types a handler by its declared answers; problems are declared as the default answer of every route.
  const sent = outcome.ok ? c.json(outcome.value as object, status) : sendProblem(c, outcome.problem)
  return sent as never
}

const validationHook: Hook<unknown, AppEnv, string, unknown> = (result, c) => {
  if (result.success) return undefined
  return sendProblem(c as AppContext, problemOfIssues(result.error.issues))
}

/** The first issues of a failed schema in one sentence each, with the path of the first. */
export function problemOfIssues(
  issues: readonly z.core.$ZodIssue[],
  code: 'invalid_request' | 'invalid_arguments' = 'invalid_request',
): Problem {
  const shown = issues.slice(0, ISSUES_SHOWN)
  const sentences = shown.map((issue) => {
    const place = pathOf(issue)
    return place === '' ? `${wordsOf(issue)}.` : `${place}: ${wordsOf(issue)}.`
  })
  const first = shown[0] === undefined ? '' : pathOf(shown[0])
  return { code, detail: sentences.join(' '), ...(first === '' ? {} : { path: first }) }
}

/** The faults that people make, in words; the schema's own message for the others. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'unknown field'
  if (issue.code === 'invalid_type') return isMissing(issue) ? 'is missing' : `must be ${articleFor(issue.expected)}`
  if (issue.code === 'too_small' && issue.origin === 'string') return `must have at least ${issue.minimum} characters`
  if (issue.code === 'too_big' && issue.origin === 'string') return `must have at most ${issue.maximum} characters`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`
  return issue.message
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.message.endsWith('received undefined')
}

function articleFor(type: string): string {
  if (type === 'record') return 'an object'
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}

/** More than this many faults at once help nobody. */
const ISSUES_SHOWN = 5

function pathOf(issue: z.core.$ZodIssue): string {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  return [...issue.path, ...unknownKey].map(String).join('.')
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    path: z.string().optional(),
    retry_after: z.number().optional(),
    request_id: z.string(),
  })
  .loose()
  .openapi('Problem')

interface JsonRoute<Path extends string, Response extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly path: Path
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly response: Response
  readonly responseDescription?: string
  /** False for the few routes that need no token. */
  readonly authenticated?: boolean
}

/**
 * The parts that every JSON route shares: its answer, the problems, its security. Spread it into `createRoute` next to
 * `request` and `middleware`.
 */
export function jsonRoute<const Path extends string, Response extends z.ZodType>(route: JsonRoute<Path, Response>) {
  return {
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.authenticated === false ? {} : { security: [{ bearer: [] }] }),
    responses: {
      200: {
        description: route.responseDescription ?? 'Done',
        content: { 'application/json': { schema: route.response } },
      },
      default: {
        description: 'What went wrong (RFC 9457), with a stable `code`',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  }
}

/** The largest number of PostgreSQL's integer, which every id is; above it the database would refuse the question. */
export const LARGEST_ID = 2_147_483_647

/** A JSON body that is required, as `request.body` of a route. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}
