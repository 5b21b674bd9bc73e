import { counted, day, line } from './texts.ts'

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

/** State, people and labels, for a line of their own or the end of another. */
export function issueTraits(issue: Issue): string {
  const traits = [
    issue.pull_request === undefined ? '' : 'pull request',
    issue.state_reason && issue.state === 'closed' ? `closed as ${issue.state_reason.replace('_', ' ')}` : issue.state,
    `by @${line(issue.user?.login ?? 'ghost')} ${day(issue.created_at)}`,
    day(issue.updated_at) === day(issue.created_at) ? '' : `updated ${day(issue.updated_at)}`,
    assigneesOf(issue).length === 0
      ? ''
      : `assigned to ${assigneesOf(issue)
          .map((login) => `@${line(login)}`)
          .join(' ')}`,
    labelsOf(issue).length === 0
      ? ''
      : `labels: ${labelsOf(issue)
          .map((label) => line(label))
          .join(', ')}`,
    issue.milestone ? `milestone ${line(issue.milestone.title)}` : '',
    issue.comments > 0 ? counted(issue.comments, 'comment') : '',
  ]
  return traits.filter((trait) => trait !== '').join(', ')
}

export function issueLine(issue: Issue): string {
  return `- ${repositoryOf(issue.html_url)}#${issue.number} ${line(issue.title)} (${issueTraits(issue)})`
}
