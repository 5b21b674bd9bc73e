import type { Outcome } from '#kernel/problem.ts'
import type { BoundFetch, ProviderAccess, ToolResult } from '#providers/contract.ts'
import github from '#providers/github/provider.ts'
import { issueRoutes, pullRoutes } from './issues.ts'
import { createAuthorizations, type Authorizations, type RegisteredApp } from './oauth.ts'
import { repositoryRoutes, userRoutes } from './repositories.ts'
import { errorAnswer, isVisible, notFound, type GitHubRequest } from './request.ts'
import { searchRoutes } from './search.ts'
import { createState, type State, type User } from './state.ts'

/** A call must end long before this; it only keeps a hanging test from hanging for good. */
const CALL_TIMEOUT_MS = 20_000

const APP: RegisteredApp = {
  clientId: 'Iv1.local',
  clientSecret: 'local-secret',
  redirectUri: 'https://chaveiro.example/api/mcp/github/callback',
  expiring: false,
}

/** GitHub in this process: no socket is opened. Faithful in what the tools use, and typed by GitHub's own description. */
export interface LocalGitHub {
  readonly state: State
  readonly app: RegisteredApp
  readonly authorizations: Authorizations
  readonly fetch: BoundFetch
  /** Makes a token; scopes null: a fine-grained one with these permissions. */
  readonly mint: (user: User, scopes?: readonly string[] | null, permissions?: readonly string[]) => string
  readonly access: (token: string, change?: Partial<ProviderAccess>) => ProviderAccess
  /** Calls a tool as the pipeline does: arguments through the schema, one client for one call. */
  readonly call: (token: string, tool: string, input: Record<string, unknown>) => Promise<Outcome<ToolResult>>
  /** The same, for calls that must succeed. */
  readonly done: (token: string, tool: string, input: Record<string, unknown>) => Promise<ResultOf>
  /** The next request that fits gets this instead; `after`: it is carried out all the same. */
  readonly fault: (fits: RegExp, answer: () => Response | Error, after?: boolean) => void
  /** `METHOD /path` of what was asked since the last look. */
  readonly asked: () => string[]
}

/** A result whose JSON a test looks into. */
export interface ResultOf extends Omit<ToolResult, 'value'> {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into JSON of many shapes
  readonly value: any
}

/** An answer of a local GitHub, as it was given. */
export interface GivenAnswer {
  readonly method: string
  readonly url: URL
  readonly status: number
  readonly text: string
}

const watchers = new Set<(given: GivenAnswer) => void>()

/** Is told each answer of every local GitHub from now on; answers that a test put in their place are none. */
export function watchAnswers(watcher: (given: GivenAnswer) => void): void {
  watchers.add(watcher)
}

interface Fault {
  readonly fits: RegExp
  readonly answer: () => Response | Error
  readonly after: boolean
}

export function createLocalGitHub(change: Partial<RegisteredApp> = {}): LocalGitHub {
  const state = createState()
  const app = { ...APP, ...change }
  const authorizations = createAuthorizations(state, app)
  const faults: Fault[] = []
  const asked: string[] = []

  const answerOf = async (received: Received): Promise<Response> => {
    const { method, url, headers, body } = received
    const response = (await authorizations.route(method, url, headers, body)) ?? route(state, received)
    if (watchers.size > 0) {
      const text = await response.clone().text()
      for (const watch of watchers) watch({ method, url, status: response.status, text })
    }
    return response
  }

  const fetch: BoundFetch = async (input, init) => {
    init?.signal?.throwIfAborted()
    const received = receive(input, init)
    const line = `${received.method} ${received.url.pathname}`
    asked.push(line)
    const index = faults.findIndex(({ fits }) => fits.test(line))
    if (index === -1) return answerOf(received)
    const [fault] = faults.splice(index, 1)
    if (fault?.after === true) await answerOf(received)
    const given = fault?.answer() ?? notFound()
    if (given instanceof Error) throw given
    return given
  }

  const access: LocalGitHub['access'] = (token, more = {}) => ({
    credential: { api_key: token },
    fetch,
    apiUrl: github.apiUrl,
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    ...more,
  })
  const call: LocalGitHub['call'] = async (token, name, input) => {
    const tool = github.tools.find((candidate) => candidate.name === name)
    if (tool === undefined) throw new Error(`There is no tool ${name}`)
    return tool.run(github.api(access(token)), tool.input.parse(input))
  }
  return {
    state,
    app,
    authorizations,
    fetch,
    mint: (user, scopes = ['repo'], permissions = []) => {
      const token = `${scopes === null ? 'github_pat' : 'ghp'}_${user.login}_${(state.nextId += 1)}`
      state.tokens.set(token, { user, scopes, permissions })
      return token
    },
    access,
    call,
    done: async (token, tool, input) => {
      const outcome = await call(token, tool, input)
      if (!outcome.ok) throw new Error(`${tool}: ${JSON.stringify(outcome.problem)}`)
      return outcome.value as ResultOf
    },
    fault: (fits, answer, after = false) => {
      faults.push({ fits, answer, after })
    },
    asked: () => asked.splice(0),
  }
}

interface Received {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
}

function receive(input: string | URL | Request, init: RequestInit | undefined): Received {
  const body = init?.body
  return {
    method: init?.method ?? 'GET',
    url: new URL(input instanceof Request ? input.url : input),
    headers: new Headers(init?.headers),
    body: typeof body === 'string' ? body : body instanceof URLSearchParams ? body.toString() : '',
  }
}

function route(state: State, { method, url, headers, body }: Received): Response {
  const token = state.tokens.get(/^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? '')
  if (token === undefined) return errorAnswer(401, 'Bad credentials')
  if (headers.get('user-agent') === null)
    return new Response('Request forbidden by administrative rules.', { status: 403 })
  const request: GitHubRequest = {
    state,
    token,
    viewer: token.user,
    method,
    url,
    accept: headers.get('accept') ?? '',
    body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
  }
  const answer = answerTo(request)
  if (token.scopes !== null) answer.headers.set('x-oauth-scopes', token.scopes.join(', '))
  return answer
}

function answerTo(request: GitHubRequest): Response {
  const path = request.url.pathname
  const general = userRoutes(request, path) ?? searchRoutes(request, path)
  if (general !== undefined) return general
  const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? []
  const repository = request.state.repositories.find((each) => each.owner.login === owner && each.name === name)
  if (repository === undefined || !isVisible(request, repository)) return notFound()
  return (
    issueRoutes(request, repository, rest) ??
    pullRoutes(request, repository, rest) ??
    repositoryRoutes(request, repository, rest) ??
    notFound()
  )
}
