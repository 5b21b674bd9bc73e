import { day, line } from './texts.ts'
import { named, type Words } from './words.ts'

/** An issue as any of GitHub's answers gives it; a pull request is one too. */
export interface Issue {
  readonly number: number
  readonly title: string
  readonly state: string
  readonly state_reason?: string | null | undefined
  readonly html_url: string
  readonly user: { readonly login: string } | null
  readonly labels: readonly (string | { readonly name?: string | null })[]
  readonly assignees?: readonly { readonly login: string }[] | null | undefined
  readonly milestone?: { readonly title: string } | null | undefined
  readonly comments: number
  readonly created_at: string
  readonly updated_at: string
  readonly closed_at: string | null
  readonly body?: string | null | undefined
  readonly pull_request?: object | undefined
}

function labelsOf(issue: Issue): string[] {
  return issue.labels
    .map((label) => (typeof label === 'string' ? label : (label.name ?? '')))
    .filter((name) => name !== '')
}

function assigneesOf(issue: Issue): string[] {
  return (issue.assignees ?? []).map(({ login }) => login)
}

/** Owner and name of the repository, which the address of an issue always bears. */
export function repositoryOf(address: string): string {
  return /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\//.exec(address)?.[1] ?? ''
}

export function issueValue(issue: Issue) {
  return {
    repository: repositoryOf(issue.html_url),
    number: issue.number,
    title: issue.title,
    state: issue.state,
    state_reason: issue.state_reason ?? null,
    is_pull_request: issue.pull_request !== undefined,
    author: issue.user?.login ?? null,
    labels: labelsOf(issue),
    assignees: assigneesOf(issue),
    milestone: issue.milestone?.title ?? null,
    comments: issue.comments,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    url: issue.html_url,
  }
}

function stateOf(words: Words, { state, state_reason: reason, pull_request: pull }: Issue): string {
  if (pull !== undefined) return named(words.pullStates, state)
  if (reason && state === 'closed') return words.closedAs(named(words.issueStates, reason))
  return named(words.issueStates, state)
}

/** State, people and labels, for a line of their own or the end of another. */
export function issueTraits(words: Words, issue: Issue): string {
  const traits = [
    issue.pull_request === undefined ? '' : words.isPull,
    stateOf(words, issue),
    words.by(`@${line(issue.user?.login ?? 'ghost')}`, day(issue.created_at)),
    day(issue.updated_at) === day(issue.created_at) ? '' : words.updatedOn(day(issue.updated_at)),
    assigneesOf(issue).length === 0
      ? ''
      : words.assignedTo(
          assigneesOf(issue)
            .map((login) => `@${line(login)}`)
            .join(' '),
        ),
    labelsOf(issue).length === 0
      ? ''
      : `${words.labels}: ${labelsOf(issue)
          .map((label) => line(label))
          .join(', ')}`,
    issue.milestone ? words.milestone(line(issue.milestone.title)) : '',
    issue.comments > 0 ? words.comments(issue.comments) : '',
  ]
  return traits.filter((trait) => trait !== '').join(', ')
}

export function issueLine(words: Words, issue: Issue): string {
  return `- ${repositoryOf(issue.html_url)}#${issue.number} ${line(issue.title)} (${issueTraits(words, issue)})`
}
