import { contentAnswer, issueAnswer, repositoryAnswer } from './answers.ts'
import { errorAnswer, isVisible, paged, type GitHubRequest } from './request.ts'
import type { Issue, Repository } from './state.ts'

/** Searches, with the qualifiers that the tools use. */
export function searchRoutes(request: GitHubRequest, path: string): Response | undefined {
  const kind = /^\/search\/(repositories|code|issues)$/.exec(path)?.[1]
  if (kind === undefined) return undefined
  const words = readWords(request.url.searchParams.get('q') ?? '')
  const named = words.of('repo')[0]
  const visible = request.state.repositories.filter((repository) => isVisible(request, repository))
  const inside = visible.filter((repository) => named === undefined || fullName(repository) === named)
  if (named !== undefined && inside.length === 0) return unsearchable()
  if (kind === 'repositories') return repositories(request, inside, words)
  if (kind === 'code') return code(request, inside, words)
  return issues(request, inside, words)
}

function unsearchable(): Response {
  return errorAnswer(422, 'Validation Failed', {
    errors: [
      {
        message:
          'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.',
        resource: 'Search',
        field: 'q',
        code: 'invalid',
      },
    ],
  })
}

interface Words {
  readonly plain: readonly string[]
  readonly of: (qualifier: string) => string[]
}

function readWords(query: string): Words {
  const parts = query.match(/\w+:"[^"]*"|\S+/g) ?? []
  const qualified = parts.map((part) => /^(\w+):"?([^"]*)"?$/.exec(part))
  return {
    plain: parts.filter((_, index) => qualified[index] === null).map((word) => word.toLowerCase()),
    of: (qualifier) => qualified.filter((match) => match?.[1] === qualifier).map((match) => match?.[2] ?? ''),
  }
}

const fullName = (repository: Repository) => `${repository.owner.login}/${repository.name}`
const wrap = (all: readonly unknown[]) => (items: unknown[]) => ({
  total_count: all.length,
  incomplete_results: false,
  items,
})
const hasAll = (text: string, { plain }: Words) => plain.every((word) => text.toLowerCase().includes(word))

function repositories(request: GitHubRequest, inside: readonly Repository[], words: Words): Response {
  const users = words.of('user')
  const found = inside
    .filter((repository) => users.length === 0 || users.includes(repository.owner.login))
    .filter((repository) => hasAll(`${repository.name} ${repository.description}`, words))
    .map((repository) => ({ ...repositoryAnswer(request.state, repository, request.viewer), score: 1 }))
  return paged(request, found, wrap(found))
}

function code(request: GitHubRequest, inside: readonly Repository[], words: Words): Response {
  const withMatches = request.accept.includes('text-match')
  const found = inside.flatMap((repository) =>
    [...(repository.branches.get(repository.defaultBranch)?.at(-1)?.files ?? [])]
      .filter(([, content]) => hasAll(content.toString(), words))
      .map(([path, content]) => ({
        ...hitAnswer(contentAnswer(repository, path, content, repository.defaultBranch)),
        repository: repositoryAnswer(request.state, repository, request.viewer),
        score: 1,
        ...(withMatches ? { text_matches: [{ fragment: content.toString().slice(0, 400) }] } : {}),
      })),
  )
  return paged(request, found, wrap(found))
}

/** A search names a file and where it is, and says no more of it. */
function hitAnswer({ name, path, sha, url, git_url, html_url }: ReturnType<typeof contentAnswer>) {
  return { name, path, sha, url, git_url, html_url }
}

function issues(request: GitHubRequest, inside: readonly Repository[], words: Words): Response {
  const kinds = words.of('is')
  if (!kinds.some((kind) => kind === 'issue' || kind === 'pr')) {
    return errorAnswer(422, "Query must include 'is:issue' or 'is:pull-request'")
  }
  const me = (login: string) => (login === '@me' ? request.viewer.login : login)
  const fits = (issue: Issue) =>
    kinds.includes(issue.pull === undefined ? 'issue' : 'pr') &&
    words.of('state').every((state) => issue.state === state) &&
    words.of('label').every((label) => issue.labels.includes(label)) &&
    words.of('author').every((login) => issue.author.login === me(login)) &&
    words.of('assignee').every((login) => issue.assignees.some((user) => user.login === me(login))) &&
    words
      .of('involves')
      .every((login) => [issue.author, ...issue.assignees].some((user) => user.login === me(login))) &&
    hasAll(`${issue.title} ${issue.body}`, words)
  const found = inside.flatMap((repository) =>
    repository.issues.filter(fits).map((issue) => ({ ...issueAnswer(repository, issue), score: 1 })),
  )
  return paged(request, found, (items) => ({ ...wrap(found)(items), search_type: 'lexical' }))
}
