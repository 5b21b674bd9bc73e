import { changedFileAnswer, commentAnswer, issueAnswer, listedPullAnswer, pullAnswer, reviewAnswer } from './answers.ts'
import { errorAnswer, json, notFound, paged, textOf, touch, writeRefusal, type GitHubRequest } from './request.ts'
import { addIssue, timeOf, type Issue, type Repository, type Review, type User } from './state.ts'

/** Issues, comments, pull requests and reviews. */

export function issueRoutes(request: GitHubRequest, repository: Repository, rest: string): Response | undefined {
  if (rest === '/issues')
    return request.method === 'POST' ? createIssue(request, repository) : list(request, repository)
  const [, digits, comments] = /^\/issues\/(\d+)(\/comments)?$/.exec(rest) ?? []
  if (digits === undefined) return undefined
  const issue = repository.issues.find(({ number }) => number === Number(digits))
  if (issue === undefined) return notFound()
  if (comments !== undefined) return commentRoutes(request, repository, issue)
  return request.method === 'PATCH'
    ? updateIssue(request, repository, issue)
    : json(200, issueAnswer(repository, issue))
}

function list(request: GitHubRequest, repository: Repository): Response {
  const { searchParams } = request.url
  const state = searchParams.get('state') ?? 'open'
  const labels = (searchParams.get('labels') ?? '').split(',').filter((label) => label !== '')
  const assignee = searchParams.get('assignee')
  const creator = searchParams.get('creator')
  const found = repository.issues
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .filter((issue) => assignee === null || issue.assignees.some(({ login }) => login === assignee))
    .filter((issue) => creator === null || issue.author.login === creator)
    .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.number - a.number)
  return paged(
    request,
    found.map((issue) => issueAnswer(repository, issue)),
  )
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function people(request: GitHubRequest, value: unknown): User[] | Response {
  const found = texts(value).map((login) => request.state.users.find((user) => user.login === login))
  const missing = found.indexOf(undefined)
  if (missing === -1) return found.filter((user) => user !== undefined)
  const error = { resource: 'Issue', field: 'assignees', code: 'invalid', value: texts(value)[missing] }
  return errorAnswer(422, 'Validation Failed', { errors: [error] })
}

function createIssue(request: GitHubRequest, repository: Repository): Response {
  const refused = writeRefusal(request, repository, 'issues')
  if (refused !== undefined) return refused
  const { title, body, labels } = request.body
  if (typeof title !== 'string' || title.trim() === '') {
    return errorAnswer(422, 'Validation Failed', {
      errors: [{ resource: 'Issue', code: 'missing_field', field: 'title' }],
    })
  }
  const assignees = people(request, request.body['assignees'])
  if (assignees instanceof Response) return assignees
  const issue = addIssue(request.state, repository, {
    author: request.viewer,
    title,
    body: typeof body === 'string' ? body : null,
    labels: texts(labels),
    assignees,
  })
  return json(201, issueAnswer(repository, issue))
}

function updateIssue(request: GitHubRequest, repository: Repository, issue: Issue): Response {
  const refused = writeRefusal(request, repository, 'issues')
  if (refused !== undefined) return refused
  const { title, body, state, state_reason: reason, labels } = request.body
  const assignees =
    request.body['assignees'] === undefined ? issue.assignees : people(request, request.body['assignees'])
  if (assignees instanceof Response) return assignees
  issue.assignees = assignees
  if (typeof title === 'string') issue.title = title
  if (typeof body === 'string') issue.body = body
  if (labels !== undefined) issue.labels = texts(labels)
  if (state === 'open' || state === 'closed') {
    issue.state = state
    issue.closedAt = state === 'closed' ? timeOf(request.state) : null
    issue.stateReason = (reason ?? (state === 'closed' ? 'completed' : 'reopened')) as Issue['stateReason']
  }
  touch(request.state, issue)
  return json(200, issueAnswer(repository, issue))
}

function commentRoutes(request: GitHubRequest, repository: Repository, issue: Issue): Response {
  if (request.method === 'GET') {
    return paged(
      request,
      issue.comments.map((comment) => commentAnswer(repository, issue, comment)),
    )
  }
  const refused = writeRefusal(request, repository, 'issues')
  if (refused !== undefined) return refused
  const { state, viewer: author } = request
  const comment = { id: (state.nextId += 1), author, body: String(request.body['body']), at: timeOf(state) }
  issue.comments.push(comment)
  touch(state, issue)
  return json(201, commentAnswer(repository, issue, comment))
}

export function pullRoutes(request: GitHubRequest, repository: Repository, rest: string): Response | undefined {
  if (rest === '/pulls')
    return request.method === 'POST' ? createPull(request, repository) : listPulls(request, repository)
  const [, digits, part] = /^\/pulls\/(\d+)(\/files|\/reviews)?$/.exec(rest) ?? []
  if (digits === undefined) return undefined
  const issue = repository.issues.find(({ number }) => number === Number(digits))
  if (issue?.pull === undefined) return notFound()
  const { files, reviews } = issue.pull
  if (part === '/files')
    return paged(
      request,
      files.map((file) => changedFileAnswer(repository, file)),
    )
  if (part === undefined) return json(200, pullAnswer(request.state, repository, issue))
  if (request.method === 'POST') return createReview(request, repository, issue)
  return paged(
    request,
    reviews.map((review) => reviewAnswer(repository, issue, review)),
  )
}

function listPulls(request: GitHubRequest, repository: Repository): Response {
  const state = request.url.searchParams.get('state') ?? 'open'
  const base = request.url.searchParams.get('base')
  const head = request.url.searchParams.get('head')
  const found = repository.issues
    .filter(({ pull }) => pull !== undefined)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter(({ pull }) => base === null || pull?.base === base)
    .filter(({ pull }) => head === null || `${repository.owner.login}:${pull?.head}` === head)
    .toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.number - a.number)
  return paged(
    request,
    found.map((issue) => listedPullAnswer(request.state, repository, issue)),
  )
}

function createPull(request: GitHubRequest, repository: Repository): Response {
  const refused = writeRefusal(request, repository, 'pull_requests')
  if (refused !== undefined) return refused
  const { title, head, base, body, draft } = request.body
  for (const [field, value] of Object.entries({ head, base })) {
    if (repository.branches.has(String(value))) continue
    return errorAnswer(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', field, code: 'invalid' }] })
  }
  const taken = repository.issues.some((issue) => issue.state === 'open' && issue.pull?.head === head)
  if (taken) {
    const message = `A pull request already exists for ${repository.owner.login}:${String(head)}.`
    return errorAnswer(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] })
  }
  const issue = addIssue(request.state, repository, {
    author: request.viewer,
    title: String(title),
    body: typeof body === 'string' ? body : null,
    pull: { head: String(head), base: String(base), draft: draft === true, files: [], reviews: [], mergedAt: null },
  })
  return json(201, pullAnswer(request.state, repository, issue))
}

const REVIEW_STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const

function createReview(request: GitHubRequest, repository: Repository, issue: Issue): Response {
  const refused = writeRefusal(request, repository, 'pull_requests')
  if (refused !== undefined) return refused
  const { state, viewer } = request
  const event = String(request.body['event']) as keyof typeof REVIEW_STATES
  if (event === 'APPROVE' && issue.author === viewer) {
    return errorAnswer(422, 'Unprocessable Entity', { errors: ['Can not approve your own pull request'] })
  }
  const lines = (request.body['comments'] ?? []) as Review['lines']
  if (lines.some(({ path }) => !issue.pull?.files.some(({ filename }) => filename === path))) {
    return errorAnswer(422, 'Unprocessable Entity', { errors: ['Path could not be resolved'] })
  }
  const review: Review = {
    id: (state.nextId += 1),
    author: viewer,
    body: textOf(request, 'body') ?? '',
    state: REVIEW_STATES[event],
    at: timeOf(state),
    lines,
  }
  issue.pull?.reviews.push(review)
  return json(200, reviewAnswer(repository, issue, review))
}
