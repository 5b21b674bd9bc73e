import { repositoryOf } from './issues.ts'
import { counted, day, line } from './texts.ts'

/** A pull request as any of GitHub's answers gives it. */
export interface Pull {
  readonly number: number
  readonly title: string
  readonly state: string
  readonly draft?: boolean | undefined
  readonly merged_at: string | null
  readonly html_url: string
  readonly user: { readonly login: string } | null
  readonly head: { readonly ref: string; readonly sha: string; readonly label: string | null }
  readonly base: { readonly ref: string }
  readonly created_at: string
  readonly updated_at: string
  readonly labels: readonly { readonly name: string }[]
}

/** What only the request for one pull request tells. */
export interface WholePull extends Pull {
  readonly body: string | null
  readonly mergeable: boolean | null
  readonly changed_files: number
  readonly additions: number
  readonly deletions: number
}

function stateOf({ state, draft, merged_at: mergedAt }: Pull): string {
  if (mergedAt !== null) return 'merged'
  return draft === true && state === 'open' ? 'draft' : state
}

export function pullValue(pull: Pull) {
  return {
    repository: repositoryOf(pull.html_url),
    number: pull.number,
    title: pull.title,
    state: stateOf(pull),
    author: pull.user?.login ?? null,
    head: pull.head.label ?? pull.head.ref,
    head_sha: pull.head.sha,
    base: pull.base.ref,
    labels: pull.labels.map(({ name }) => name),
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    url: pull.html_url,
  }
}

export function pullLine(pull: Pull): string {
  const labels = pull.labels.length === 0 ? '' : `, labels: ${pull.labels.map(({ name }) => line(name)).join(', ')}`
  return `- ${repositoryOf(pull.html_url)}#${pull.number} ${line(pull.title)} (${stateOf(pull)}, by @${line(pull.user?.login ?? 'ghost')}, ${line(pull.head.label ?? pull.head.ref)} into ${line(pull.base.ref)}, updated ${day(pull.updated_at)}${labels})`
}

/** State, branches and size, for a line of their own. */
export function pullTraits(pull: WholePull): string {
  const conflicts = pull.mergeable === false ? ', has conflicts' : ''
  return `${stateOf(pull)}${conflicts}, by @${line(pull.user?.login ?? 'ghost')} ${day(pull.created_at)}, ${line(pull.head.label ?? pull.head.ref)} into ${line(pull.base.ref)}, ${counted(pull.changed_files, 'file')}, +${pull.additions} -${pull.deletions}`
}
