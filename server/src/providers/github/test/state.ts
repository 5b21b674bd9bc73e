import { createHash } from 'node:crypto'

/** What lies at the local GitHub: plain data, changed by its requests. */

export interface User {
  readonly id: number
  readonly login: string
  readonly name: string | null
}

export interface Commit {
  readonly sha: string
  readonly message: string
  readonly author: User
  readonly date: string
  readonly paths: readonly string[]
  /** Path → content as of this commit. */
  readonly files: ReadonlyMap<string, Buffer>
}

export interface Comment {
  readonly id: number
  readonly author: User
  readonly body: string
  readonly at: string
}

export interface Review extends Comment {
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  readonly lines: readonly { readonly path: string; readonly line: number; readonly body: string }[]
}

export interface ChangedFile {
  readonly filename: string
  readonly status: 'added' | 'removed' | 'modified' | 'renamed'
  readonly additions: number
  readonly deletions: number
  readonly patch?: string
  readonly previous_filename?: string
}

export interface Pull {
  readonly head: string
  readonly base: string
  readonly draft: boolean
  readonly files: readonly ChangedFile[]
  readonly reviews: Review[]
  mergedAt: string | null
}

export interface Issue {
  readonly id: number
  readonly number: number
  readonly author: User
  readonly createdAt: string
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'reopened' | 'not_planned' | null
  labels: readonly string[]
  assignees: readonly User[]
  updatedAt: string
  closedAt: string | null
  readonly comments: Comment[]
  readonly pull?: Pull
}

export interface Repository {
  readonly id: number
  readonly owner: User
  readonly name: string
  readonly private: boolean
  readonly description: string | null
  readonly language: string | null
  readonly defaultBranch: string
  readonly archived: boolean
  /** Newest commit last. */
  readonly branches: Map<string, Commit[]>
  readonly issues: Issue[]
}

/** A token; `scopes` null: a fine-grained one, with `permissions` instead. */
export interface Token {
  readonly user: User
  readonly scopes: readonly string[] | null
  readonly permissions: readonly string[]
}

export interface State {
  readonly users: User[]
  readonly repositories: Repository[]
  readonly tokens: Map<string, Token>
  /** Stands still until a test moves it. */
  now: Date
  nextId: number
}

/** As git names a content. */
export function blobSha(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex')
}

export interface Seed {
  readonly owner: string
  readonly name: string
  readonly private?: boolean
  readonly archived?: boolean
  readonly description?: string
  readonly language?: string
  readonly files?: Readonly<Record<string, string | Buffer>>
}

export function createState(): State {
  return { users: [], repositories: [], tokens: new Map(), now: new Date('2026-03-04T05:06:07Z'), nextId: 1_000 }
}

export function timeOf(state: State): string {
  return state.now.toISOString().replace('.000Z', 'Z')
}

export function addUser(state: State, login: string, name: string | null = null): User {
  const user = { id: (state.nextId += 1), login, name }
  state.users.push(user)
  return user
}

export function addRepository(state: State, seed: Seed): Repository {
  const owner = state.users.find(({ login }) => login === seed.owner)
  if (owner === undefined) throw new Error(`There is no user ${seed.owner}`)
  const files = Object.entries(seed.files ?? { 'README.md': `# ${seed.name}\n` })
  const content = new Map(files.map(([path, text]) => [path, Buffer.from(text as string)]))
  const first = newCommit(state, owner, { message: 'Begin', paths: [...content.keys()], files: content })
  const repository: Repository = {
    id: (state.nextId += 1),
    owner,
    name: seed.name,
    private: seed.private ?? false,
    description: seed.description ?? null,
    language: seed.language ?? null,
    defaultBranch: 'main',
    archived: seed.archived ?? false,
    branches: new Map([['main', [first]]]),
    issues: [],
  }
  state.repositories.push(repository)
  return repository
}

export function newCommit(state: State, author: User, made: Pick<Commit, 'message' | 'paths' | 'files'>): Commit {
  state.nextId += 1
  const sha = createHash('sha1').update(`commit ${state.nextId} ${made.message}`).digest('hex')
  return { sha, author, date: timeOf(state), ...made }
}

export function addIssue(
  state: State,
  repository: Repository,
  given: Partial<Issue> & Pick<Issue, 'author' | 'title'>,
): Issue {
  const issue: Issue = {
    id: (state.nextId += 1),
    number: repository.issues.length + 1,
    createdAt: timeOf(state),
    updatedAt: timeOf(state),
    body: null,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    closedAt: null,
    comments: [],
    ...given,
  }
  repository.issues.push(issue)
  return issue
}
