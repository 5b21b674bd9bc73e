import { repositoryOf } from './issues.ts'
import { day, line } from './texts.ts'
import { named, type Words } from './words.ts'

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

export function pullLine(words: Words, pull: Pull): string {
  const traits = [
    named(words.pullStates, stateOf(pull)),
    words.by(authorOf(pull), day(pull.created_at)),
    branchesOf(words, pull),
    day(pull.updated_at) === day(pull.created_at) ? '' : words.updatedOn(day(pull.updated_at)),
    pull.labels.length === 0 ? '' : `${words.labels}: ${pull.labels.map(({ name }) => line(name)).join(', ')}`,
  ]
  return `- ${repositoryOf(pull.html_url)}#${pull.number} ${line(pull.title)} (${joined(traits)})`
}

/** State, branches and size, for a line of their own. */
export function pullTraits(words: Words, pull: WholePull): string {
  return joined([
    named(words.pullStates, stateOf(pull)),
    pull.mergeable === false ? words.hasConflicts : '',
    words.by(authorOf(pull), day(pull.created_at)),
    branchesOf(words, pull),
    words.files(pull.changed_files),
    `+${pull.additions} -${pull.deletions}`,
  ])
}

function authorOf({ user }: Pull): string {
  return `@${line(user?.login ?? 'ghost')}`
}

function branchesOf(words: Words, { head, base }: Pull): string {
  return words.into(line(head.label ?? head.ref), line(base.ref))
}

function joined(traits: readonly string[]): string {
  return traits.filter((trait) => trait !== '').join(', ')
}
