import { z } from 'zod'
import { success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import type { Operation } from '#providers/github/errors.ts'
import { issueLine, issueTraits, issueValue, repositoryOf, type Issue } from '#providers/github/issues.ts'
import { idValue, type Id } from '#providers/github/json.ts'
import { placeOfAll, resolveNumbered, resolveRepository, type RepositoryName } from '#providers/github/references.ts'
import { listResult, pageArguments, readPosition, showList, type ListPosition } from '#providers/github/results.ts'
import { clip, day, line, quote } from '#providers/github/texts.ts'
import type { Words } from '#providers/github/words.ts'

/** What somebody wrote, cut there: a log pasted into one comment must not crowd out the others. */
const BODY_CHARACTERS = 8_000
const COMMENT_CHARACTERS = 4_000

const searchInput = z.strictObject({
  query: z.string().optional(),
  repository: z.string().optional(),
  type: z.enum(['issue', 'pull_request']).optional(),
  state: z.enum(['open', 'closed', 'all']).optional(),
  labels: z.array(z.string()).optional(),
  assignee: z.string().optional(),
  author: z.string().optional(),
  start_cursor: z.string().optional(),
  page_size: z.int().min(1).max(100).optional(),
})

type SearchInput = z.output<typeof searchInput>

export const searchIssues = defineTool({
  name: 'github_search_issues',
  title: { en: 'Search issues', pt: 'Buscar issues' },
  description:
    "List a repository's issues (open unless state says otherwise), or search them by words or GitHub's search syntax. Without arguments: open ones that involve the user.",
  input: searchInput,
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_issues'],
  intent: {
    verbs: {
      en: ['search', 'find', 'list', 'show', 'look for'],
      pt: ['buscar', 'procurar', 'encontrar', 'listar', 'mostrar'],
    },
    nouns: {
      en: ['issue', 'bug', 'ticket', 'open issues', 'bug report'],
      pt: ['issue', 'bug', 'chamado', 'issues abertas', 'relato de bug'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const scope = input.repository === undefined ? success(undefined) : await resolveRepository(api, input.repository)
    if (!scope.ok) return scope
    const listable = scope.value !== undefined && !input.query?.trim() && input.type !== 'pull_request'
    const page = listable
      ? await listed(api, scope.value as RepositoryName, input, position.value)
      : await searched(api, scope.value, input, position.value)
    if (!page.ok) return page
    const { issues, total } = page.value
    const shown = showList(issues, page.value, position.value, (issue) =>
      issue === null ? '' : issueLine(api.words, issue),
    )
    const lines = shown.lines.filter((text) => text !== '')
    const head = total === undefined ? '' : api.words.found(total)
    const value = {
      results: shown.items.filter((issue) => issue !== null).map(issueValue),
      ...(total === undefined ? {} : { total }),
    }
    return success({
      ...listResult(api.words, { ...shown, lines }, lines.length === 0 ? api.words.noIssues : head, value),
      // Of the results: the words of a search may name other repositories than the argument does.
      place: placeOfAll(value.results.map(({ repository }) => repository)),
    })
  },
})

interface IssuePage {
  /** Null where the list of a repository has a pull request in its place: the places count for the cursor. */
  readonly issues: readonly (Issue | null)[]
  readonly headers: { readonly link?: string | undefined }
  readonly total?: number
}

async function listed(
  api: GitHubApi,
  { owner, repo }: RepositoryName,
  input: SearchInput,
  position: ListPosition,
): Promise<Outcome<IssuePage>> {
  const people = Object.entries({ assignee: input.assignee, creator: input.author })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, login]) => [name, login.replace(/^@/, '')] as const)
  const me = people.some(([, login]) => login === 'me')
    ? await api.read((github) => github('GET /user'), { needs: null, noun: 'user' })
    : undefined
  if (me !== undefined && !me.ok) return me
  const filters = Object.fromEntries(
    people.map(([name, login]) => [name, login === 'me' ? me?.value.data.login : login]),
  )
  const answer = await api.read(
    (github) =>
      github('GET /repos/{owner}/{repo}/issues', {
        owner,
        repo,
        state: input.state ?? 'open',
        sort: 'updated',
        ...filters,
        ...(input.labels === undefined ? {} : { labels: input.labels.join(',') }),
        ...pageArguments(position),
      }),
    { needs: 'read_issues', noun: 'repository' },
  )
  if (!answer.ok) return answer
  const issues = answer.value.data.map((issue) => (issue.pull_request === undefined ? (issue as Issue) : null))
  return success({ issues, headers: answer.value.headers })
}

async function searched(
  api: GitHubApi,
  scope: RepositoryName | undefined,
  input: SearchInput,
  position: ListPosition,
): Promise<Outcome<IssuePage>> {
  const answer = await api.read(
    (github) =>
      github('GET /search/issues', {
        q: searchWords(scope, input),
        // The other search is on its way out; this one takes the same words.
        advanced_search: 'true',
        ...(input.query?.trim() ? {} : { sort: 'updated' as const }),
        ...pageArguments(position),
      }),
    { needs: 'read_issues', noun: 'repository' },
  )
  if (!answer.ok) return answer
  const { items, total_count: total } = answer.value.data
  return success({ issues: items as Issue[], headers: answer.value.headers, total })
}

function searchWords(scope: RepositoryName | undefined, input: SearchInput): string {
  const query = input.query?.trim() ?? ''
  const state = input.state ?? (query === '' ? 'open' : 'all')
  const kind = input.type === 'pull_request' ? 'pr' : 'issue'
  const isBound = [query || undefined, scope, input.author, input.assignee].some((bound) => bound !== undefined)
  const words = [
    query,
    NAMES_KIND.test(query) ? '' : `is:${kind}`,
    scope === undefined ? '' : `repo:${scope.owner}/${scope.repo}`,
    state === 'all' ? '' : `state:${state}`,
    ...(input.labels ?? []).map((label) => `label:"${label.replaceAll('"', '')}"`),
    personWord('assignee', input.assignee),
    personWord('author', input.author),
    isBound ? '' : 'involves:@me',
  ]
  return words.filter((word) => word !== '').join(' ')
}

const NAMES_KIND = /\b(?:is|type):(?:issue|pr|pull-request)\b/i

function personWord(role: string, given: string | undefined): string {
  const login = given?.replace(/^@/, '') ?? ''
  return login === '' ? '' : `${role}:${login === 'me' ? '@me' : login}`
}

export const getIssue = defineTool({
  name: 'github_get_issue',
  title: { en: 'Read issue', pt: 'Ler issue' },
  description:
    'Read an issue with its comments. Of a pull request it shows the conversation; its code: github_get_pull_request.',
  input: z.strictObject({
    issue: z.union([z.string(), z.number()]).describe('owner/name#12 or URL'),
    repository: z.string().optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_issues'],
  intent: {
    verbs: { en: ['read', 'get', 'open', 'show', 'summarize'], pt: ['ler', 'obter', 'abrir', 'mostrar', 'resumir'] },
    nouns: {
      en: ['issue', 'bug', 'ticket', 'discussion of an issue', 'comments of an issue'],
      pt: ['issue', 'bug', 'chamado', 'discussão da issue', 'comentários da issue'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const name = await resolveNumbered(api, input.issue, input.repository, 'issue')
    if (!name.ok) return name
    const operation: Operation = { needs: 'read_issues', noun: 'issue' }
    const answer = await api.read(
      (github) => github('GET /repos/{owner}/{repo}/issues/{issue_number}', { ...name.value }),
      operation,
    )
    if (!answer.ok) return answer
    const issue = answer.value.data as Issue
    const comments = await api.read(
      (github) =>
        github('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...name.value,
          ...pageArguments(position.value),
        }),
      operation,
    )
    if (!comments.ok) return comments
    const shown = showList(comments.value.data, comments.value, position.value, (comment) =>
      commentText(api.words, comment),
    )
    const isFirst = position.value.page === 1 && position.value.skip === 0
    const result = listResult(api.words, shown, '', { comments: shown.items.map(commentValue) })
    return success(describeIssue(api.words, issue, isFirst, result))
  },
})

/** The text of the issue stands before its first comments only. */
function describeIssue(words: Words, issue: Issue, isFirst: boolean, comments: ToolResult): ToolResult {
  const head = `# ${repositoryOf(issue.html_url)}#${issue.number} ${line(issue.title)}`
  const body = issue.body?.trim() ? quote(issue.body, BODY_CHARACTERS) : words.noDescription
  const parts = isFirst ? [head, issue.html_url, issueTraits(words, issue), body, comments.text] : [head, comments.text]
  const isCut = (issue.body?.trim().length ?? 0) > BODY_CHARACTERS
  return {
    ...comments,
    text: parts.filter((part) => part !== '').join('\n'),
    place: placeOfAll([repositoryOf(issue.html_url)]),
    value: { ...issueValue(issue), body: isFirst ? (issue.body ?? '') : null, ...(comments.value as object) },
    ...(isCut && isFirst && comments.truncated === undefined
      ? { truncated: words.descriptionCut(BODY_CHARACTERS) }
      : {}),
  }
}

interface Comment {
  readonly id: Id
  readonly user: { readonly login: string } | null
  readonly body?: string | undefined
  readonly created_at: string
  readonly html_url: string
}

function commentText(words: Words, comment: Comment): string {
  return `${words.on(`@${line(comment.user?.login ?? 'ghost')}`, day(comment.created_at))}:\n${quote(comment.body ?? '', COMMENT_CHARACTERS)}`
}

function commentValue({ id, user, body = '', created_at: createdAt, html_url: url }: Comment) {
  return {
    id: idValue(id),
    author: user?.login ?? null,
    body: clip(body, COMMENT_CHARACTERS),
    created_at: createdAt,
    url,
  }
}
