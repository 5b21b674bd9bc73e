import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { GitHubApi } from './client.ts'

/** What people and models give as a repository, an issue or a file becomes its parts: names, addresses, `#12`. */

export interface RepositoryName {
  readonly owner: string
  readonly repo: string
}

/** An issue or a pull request: they share their numbers. */
export interface NumberedName extends RepositoryName {
  readonly issue_number: number
}

/** A file or folder, where an address says one. */
export interface FilePlace {
  readonly path: string
  readonly ref?: string
  readonly startLine?: number
  readonly endLine?: number
}

/** Logins; those of enterprises end in an underscore and a short code. */
const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/
/** `owner/name`, with or without the number of an issue; a bare `name` or `#12`. */
const SHORT = /^(?:(?:([^/#\s]+)\/)?([^/#\s]+))?(?:#(\d{1,9}))?$/
const SCHEME = /^(?:https?:\/\/|git@|ssh:\/\/git@)/i
/** `#L10-L20` and `#L10C3-L20C8` of an address. */
const LINES = /^#L(\d{1,7})(?:C\d+)?(?:-L?(\d{1,7})(?:C\d+)?)?$/
/** GitHub's pages for one issue or pull request. */
const NUMBERED_PAGES = new Set(['issues', 'pull', 'pulls', 'discussions'])

/** Its pages for a file or folder; the branch follows. */
const FILE_PAGES = new Set(['blob', 'tree', 'raw'])

interface Reference {
  readonly owner?: string | undefined
  readonly repo?: string | undefined
  readonly number?: number | undefined
  readonly file?: FilePlace | undefined
}

/** The place of a result (see the contract) that is about this repository alone. */
export function placeOf({ owner, repo }: RepositoryName): string {
  return `${owner}/${repo}`.toLowerCase()
}

/** The place of a result that shows something of each of these repositories. */
export function placeOfAll(names: readonly string[]): string | null {
  const [first, ...others] = new Set(names.map((name) => name.toLowerCase()))
  return first === undefined || others.length > 0 ? null : first
}

/** The repository that is meant. A bare name is one of the user's own; it costs a request to learn whose. */
export async function resolveRepository(
  api: GitHubApi,
  text: string,
  argument = 'repository',
): Promise<Outcome<RepositoryName & { readonly file?: FilePlace }>> {
  const reference = readReference(api, text.trim())
  if (reference?.repo === undefined) return unreadable(argument, 'a repository', 'owner/name')
  const { repo, file } = reference
  const place = file === undefined ? {} : { file }
  if (reference.owner !== undefined) return success({ owner: reference.owner, repo, ...place })
  const me = await api.read((github) => github('GET /user'), { needs: null, noun: 'user' })
  return me.ok ? success({ owner: me.value.data.login, repo, ...place }) : me
}

/** An issue or pull request: its address, `owner/name#12`, or its number next to the repository. */
export async function resolveNumbered(
  api: GitHubApi,
  given: string | number,
  repository: string | undefined,
  argument: 'issue' | 'pull_request',
): Promise<Outcome<NumberedName>> {
  const text = String(given).trim()
  const reference = readReference(api, /^\d{1,9}$/.test(text) ? `#${text}` : text)
  const issueNumber = reference?.number
  if (reference === undefined || issueNumber === undefined || issueNumber === 0) {
    return unreadable(argument, argument.replace('_', ' '), 'owner/name#12')
  }
  const { owner, repo } = reference
  const inside = repo === undefined ? repository : `${owner === undefined ? '' : `${owner}/`}${repo}`
  if (inside === undefined) {
    return failure('invalid_arguments', `Say which repository #${issueNumber} is in: "owner/name#${issueNumber}".`, {
      path: 'arguments.repository',
    })
  }
  const found = await resolveRepository(api, inside)
  return found.ok ? success({ owner: found.value.owner, repo: found.value.repo, issue_number: issueNumber }) : found
}

/** A path inside a repository, as GitHub wants it: without a slash at its ends, and never upwards. */
export function cleanPath(text: string): Outcome<string> {
  const path = text.trim().replace(/^\.$|^(?:\.?\/)+|\/+$/g, '')
  if (path.split('/').some((part) => part === '.' || part === '..' || part === '') && path !== '') {
    return failure('invalid_arguments', 'Give the path from the root of the repository, such as "src/index.ts".', {
      path: 'arguments.path',
    })
  }
  return success(path)
}

function readReference(api: GitHubApi, text: string): Reference | undefined {
  const address = SCHEME.test(text) ? text : /^(?:www\.)?github\.com\//i.test(text) ? `https://${text}` : undefined
  const reference = address === undefined ? readShort(text) : readAddress(api, address)
  if (reference === undefined) return undefined
  const { owner, repo } = reference
  if (owner !== undefined && !OWNER.test(owner)) return undefined
  if (repo !== undefined && !NAME.test(repo)) return undefined
  return reference
}

function readShort(text: string): Reference | undefined {
  const match = SHORT.exec(text)
  if (match === null || text === '') return undefined
  const [, owner, repo, number] = match
  return { owner, repo, number: number === undefined ? undefined : Number(number) }
}

function readAddress(api: GitHubApi, text: string): Reference | undefined {
  const url = URL.parse(text.replace(/^git@([^:/]+):/i, 'ssh://git@$1/'))
  if (url === null || !hostsOf(api).has(url.hostname)) return undefined
  const parts = partsOf(url.pathname)
  const isApi = parts?.[0] === 'repos' && url.hostname.startsWith('api.')
  const [owner, name, ...rest] = (isApi ? parts?.slice(1) : parts) ?? []
  if (owner === undefined || name === undefined) return undefined
  const place = { owner, repo: name.replace(/\.git$/, '') }
  return url.hostname.startsWith('raw.')
    ? { ...place, file: fileOf(rest, '') }
    : { ...place, ...pageOf(rest, url.hash) }
}

/** What an address says beyond the repository. */
function pageOf([page = '', ...rest]: readonly string[], hash: string): Pick<Reference, 'number' | 'file'> {
  const [first = ''] = rest
  if (NUMBERED_PAGES.has(page) && /^\d{1,9}$/.test(first)) return { number: Number(first) }
  return FILE_PAGES.has(page) ? { file: fileOf(rest, hash) } : {}
}

function hostsOf(api: GitHubApi): ReadonlySet<string> {
  return new Set([
    new URL(api.web).hostname,
    'github.com',
    'www.github.com',
    'api.github.com',
    'raw.githubusercontent.com',
  ])
}

function partsOf(pathname: string): string[] | undefined {
  try {
    return pathname
      .split('/')
      .filter((part) => part !== '')
      .map((part) => decodeURIComponent(part))
  } catch {
    return undefined
  }
}

/** A branch may have slashes in its name, which an address does not tell from those of the path; most have none. */
function fileOf([ref, ...path]: readonly string[], hash: string): FilePlace {
  const [, start, end] = LINES.exec(hash) ?? []
  return {
    path: path.join('/'),
    ...(ref === undefined || ref === '' ? {} : { ref: ref }),
    ...(start === undefined ? {} : { startLine: Number(start), endLine: Number(end ?? start) }),
  }
}

function unreadable(argument: string, noun: string, example: string): ReturnType<typeof failure> {
  return failure('invalid_arguments', `This is not ${noun}. Give it as "${example}" or by its address on GitHub.`, {
    path: `arguments.${argument}`,
  })
}
