import { timeOf, type Repository, type State, type Token, type User } from './state.ts'

/** A request as the local GitHub sees it, and the ways to answer it. */
export interface GitHubRequest {
  readonly state: State
  readonly token: Token
  readonly viewer: User
  readonly method: string
  readonly url: URL
  readonly accept: string
  readonly body: Readonly<Record<string, unknown>>
}

const DOCUMENTATION = 'https://docs.github.com/rest'

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

export function errorAnswer(
  status: number,
  message: string,
  more: Record<string, unknown> = {},
  headers = {},
): Response {
  return json(status, { message, documentation_url: DOCUMENTATION, status: String(status), ...more }, headers)
}

export const notFound = () => errorAnswer(404, 'Not Found')

/** One page of a list, with the header that leads to the next. */
export function paged<Item>(
  { url }: GitHubRequest,
  items: readonly Item[],
  wrap?: (page: Item[]) => unknown,
): Response {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
  const page = Math.max(1, Number(url.searchParams.get('page') ?? 1))
  const part = items.slice((page - 1) * size, page * size)
  const next = new URL(url)
  next.searchParams.set('page', String(page + 1))
  const hasNext = page * size < items.length
  return json(200, wrap === undefined ? part : wrap(part), hasNext ? { link: `<${next.href}>; rel="next"` } : {})
}

/** What the token may see; GitHub says of everything else that it is not there. */
export function isVisible({ viewer, token }: Pick<GitHubRequest, 'viewer' | 'token'>, repository: Repository): boolean {
  if (!repository.private) return true
  return repository.owner === viewer && (token.scopes === null || token.scopes.includes('repo'))
}

/** Why the token may not write: the answers that GitHub gives to tokens of either kind. Undefined: it may. */
export function writeRefusal(
  { token, viewer }: GitHubRequest,
  repository: Repository,
  permission: 'contents' | 'issues' | 'pull_requests',
): Response | undefined {
  if (repository.archived) {
    return errorAnswer(403, 'Repository was archived so is read-only.')
  }
  if (token.scopes === null) {
    if (token.permissions.includes(`${permission}=write`)) return undefined
    return errorAnswer(
      403,
      'Resource not accessible by personal access token',
      {},
      {
        'x-accepted-github-permissions': `${permission}=write`,
      },
    )
  }
  const accepted = repository.private ? ['repo'] : ['public_repo', 'repo']
  const holds = accepted.some((scope) => token.scopes?.includes(scope))
  if (!holds) return errorAnswer(404, 'Not Found', {}, { 'x-accepted-oauth-scopes': accepted.join(', ') })
  const isMember = repository.owner === viewer || permission !== 'contents'
  return isMember ? undefined : errorAnswer(403, 'Must have push access to repository.')
}

export function touch(state: State, thing: { updatedAt: string }): void {
  thing.updatedAt = timeOf(state)
}

/** A member of the request's body, where it is a text. */
export function textOf({ body }: GitHubRequest, member: string): string | undefined {
  const value = body[member]
  return typeof value === 'string' ? value : undefined
}
