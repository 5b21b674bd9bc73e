import { z } from 'zod'
import { success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import type { Operation } from '#providers/github/errors.ts'
import { idValue, type Id } from '#providers/github/json.ts'
import { placeOf, resolveRepository } from '#providers/github/references.ts'
import { listResult, pageArguments, readPosition, showList, type ListPosition } from '#providers/github/results.ts'
import { day, line } from '#providers/github/texts.ts'
import { named, type Words } from '#providers/github/words.ts'

const READ_REPOSITORY: Operation = { needs: 'read_code', noun: 'repository' }
const READ_USER: Operation = { needs: null, noun: 'user' }

/** Branches that stand in the description of a repository. */
const SHOWN_BRANCHES = 30

/** What all forms of a repository in GitHub's answers have. */
interface Repository {
  readonly full_name: string
  readonly description: string | null
  readonly private: boolean
  readonly archived?: boolean | undefined
  readonly fork: boolean
  readonly language?: string | null | undefined
  readonly pushed_at?: string | null | undefined
  readonly stargazers_count?: number | undefined
  readonly open_issues_count?: number | undefined
  readonly default_branch?: string | undefined
  readonly html_url: string
}

function repositoryValue(repository: Repository) {
  return {
    full_name: repository.full_name,
    description: repository.description,
    private: repository.private,
    archived: repository.archived ?? false,
    fork: repository.fork,
    language: repository.language ?? null,
    default_branch: repository.default_branch ?? null,
    open_issues: repository.open_issues_count ?? null,
    stars: repository.stargazers_count ?? null,
    pushed_at: repository.pushed_at ?? null,
    url: repository.html_url,
  }
}

function traitsOf(words: Words, repository: Repository): string {
  const traits = [
    repository.private ? words.private : words.public,
    repository.archived === true ? words.archived : '',
    repository.fork ? words.fork : '',
    line(repository.language ?? ''),
    (repository.stargazers_count ?? 0) > 0 ? words.stars(repository.stargazers_count ?? 0) : '',
    repository.pushed_at ? words.pushedOn(day(repository.pushed_at)) : '',
  ]
  return traits.filter((trait) => trait !== '').join(', ')
}

function repositoryLine(words: Words, repository: Repository): string {
  const about = repository.description === null ? '' : `: ${line(repository.description)}`
  return `- ${line(repository.full_name)} (${traitsOf(words, repository)})${about}`
}

interface RepositoryPage {
  readonly items: readonly Repository[]
  readonly headers: { readonly link?: string | undefined }
  readonly total?: number
}

export const searchRepositories = defineTool({
  name: 'github_search_repositories',
  title: { en: 'Search repositories', pt: 'Buscar repositórios' },
  description:
    "Without arguments: the user's repositories, latest push first. With owner: that user's or organization's. With query: a search of all GitHub, in its search syntax.",
  input: z.strictObject({
    query: z.string().optional(),
    owner: z.string().optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_code'],
  intent: {
    verbs: {
      en: ['search', 'find', 'list', 'show', 'look for'],
      pt: ['buscar', 'procurar', 'encontrar', 'listar', 'mostrar'],
    },
    nouns: { en: ['repository', 'repo', 'project', 'GitHub'], pt: ['repositório', 'repo', 'projeto', 'GitHub'] },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const { query, owner } = input
    const search = [query ?? '', owner === undefined ? '' : `user:${owner}`].filter((word) => word !== '').join(' ')
    const page =
      query === undefined || query.trim() === ''
        ? await listed(api, owner, position.value)
        : await searched(api, search, position.value)
    if (!page.ok) return page
    const { items, total } = page.value
    const shown = showList(items, page.value, position.value, (each) => repositoryLine(api.words, each))
    const head = items.length === 0 ? api.words.noRepositories : total === undefined ? '' : api.words.found(total)
    const value = { results: shown.items.map(repositoryValue), ...(total === undefined ? {} : { total }) }
    return success(listResult(api.words, shown, head, value))
  },
})

async function searched(api: GitHubApi, q: string, position: ListPosition): Promise<Outcome<RepositoryPage>> {
  const answer = await api.read(
    (github) => github('GET /search/repositories', { q, ...pageArguments(position) }),
    READ_REPOSITORY,
  )
  if (!answer.ok) return answer
  const { data, headers } = answer.value
  return success({ items: data.items, headers, total: data.total_count })
}

async function listed(
  api: GitHubApi,
  owner: string | undefined,
  position: ListPosition,
): Promise<Outcome<RepositoryPage>> {
  const paging = { sort: 'pushed', ...pageArguments(position) } as const
  if (owner === undefined || owner.trim() === '') {
    const own = await api.read((github) => github('GET /user/repos', paging), READ_REPOSITORY)
    return own.ok ? success({ items: own.value.data, headers: own.value.headers }) : own
  }
  const login = owner.trim().replace(/^@/, '')
  const ofOrganization = await api.read(
    (github) => github('GET /orgs/{org}/repos', { org: login, ...paging }),
    READ_REPOSITORY,
  )
  if (ofOrganization.ok) return success({ items: ofOrganization.value.data, headers: ofOrganization.value.headers })
  if (ofOrganization.problem.code !== 'not_found') return ofOrganization
  const ofUser = await api.read(
    (github) => github('GET /users/{username}/repos', { username: login, ...paging }),
    READ_USER,
  )
  return ofUser.ok ? success({ items: ofUser.value.data, headers: ofUser.value.headers }) : ofUser
}

export const getRepository = defineTool({
  name: 'github_get_repository',
  title: { en: 'Get repository', pt: 'Obter repositório' },
  description: 'Get what a repository is about, its default branch, its other branches and what the user may do in it.',
  input: z.strictObject({ repository: z.string().describe('owner/name or URL') }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_code'],
  intent: {
    verbs: { en: ['get', 'show', 'describe', 'see'], pt: ['obter', 'mostrar', 'descrever', 'ver'] },
    nouns: {
      en: ['repository details', 'branches', 'default branch', 'about the repository'],
      pt: ['detalhes do repositório', 'branches', 'ramos', 'branch padrão'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const name = await resolveRepository(api, input.repository)
    if (!name.ok) return name
    const place = { owner: name.value.owner, repo: name.value.repo }
    const answer = await api.read((github) => github('GET /repos/{owner}/{repo}', place), READ_REPOSITORY)
    if (!answer.ok) return answer
    const branches = await api.read(
      (github) => github('GET /repos/{owner}/{repo}/branches', { ...place, per_page: SHOWN_BRANCHES }),
      READ_REPOSITORY,
    )
    if (!branches.ok) return branches
    const names = branches.value.data.map((branch) => branch.name)
    const hasMore = branches.value.headers.link?.includes('rel="next"') === true
    return success({ ...describeRepository(api.words, answer.value.data, names, hasMore), place: placeOf(place) })
  },
})

interface WholeRepository extends Repository {
  readonly default_branch: string
  readonly open_issues_count: number
  readonly has_issues: boolean
  readonly topics?: readonly string[] | undefined
  readonly permissions?: { readonly admin?: boolean; readonly push?: boolean } | undefined
}

function describeRepository(
  words: Words,
  repository: WholeRepository,
  branches: readonly string[],
  hasMore: boolean,
): ToolResult {
  const access = accessOf(repository)
  const topics = repository.topics ?? []
  const lines = [
    `# ${line(repository.full_name)}`,
    repository.html_url,
    line(repository.description ?? ''),
    traitsOf(words, repository),
    `${words.defaultBranch(line(repository.default_branch))}; ${words.access[access]}`,
    `${words.openOnes(repository.open_issues_count)}${repository.has_issues ? '' : `; ${words.issuesOff}`}`,
    topics.length === 0 ? '' : `${words.topics}: ${topics.map((topic) => line(topic)).join(', ')}`,
    `${words.branches}: ${branches.map((branch) => line(branch)).join(', ')}${hasMore ? `, ${words.andMore}` : ''}`,
  ]
  return {
    text: lines.filter((text) => text !== '').join('\n'),
    value: { ...repositoryValue(repository), topics, access, branches, has_more_branches: hasMore },
    ...(hasMore ? { truncated: words.onlyBranches(SHOWN_BRANCHES) } : {}),
  }
}

function accessOf({ permissions }: WholeRepository): keyof Words['access'] {
  if (permissions?.admin === true) return 'admin'
  return permissions?.push === true ? 'write' : 'read'
}

export const getUser = defineTool({
  name: 'github_get_user',
  title: { en: 'Get user', pt: 'Obter usuário' },
  description: 'Get the user as whom the token acts (without login), or another user or organization.',
  input: z.strictObject({ login: z.string().optional() }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: [],
  intent: {
    verbs: {
      en: ['get', 'show', 'who', 'check', 'test'],
      pt: ['obter', 'mostrar', 'quem', 'verificar', 'testar'],
    },
    nouns: {
      en: ['GitHub user', 'profile', 'my account', 'connection', 'login'],
      pt: ['usuário do GitHub', 'perfil', 'minha conta', 'conexão', 'login'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const username = input.login?.trim().replace(/^@/, '') ?? ''
    const answer = await (username === ''
      ? api.read((github) => github('GET /user'), READ_USER)
      : api.read((github) => github('GET /users/{username}', { username }), READ_USER))
    return answer.ok ? success(describeUser(api.words, answer.value.data)) : answer
  },
})

interface User {
  readonly login: string
  readonly id: Id
  readonly name: string | null
  readonly type: string
  readonly company?: string | null
  readonly bio?: string | null
  readonly public_repos: number
  readonly html_url: string
}

function describeUser(words: Words, user: User): ToolResult {
  const name = user.name === null ? '' : `, ${line(user.name)}`
  const lines = [
    `@${line(user.login)}${name} (${named(words.accountKinds, line(user.type))} ${user.id}), ${words.publicRepositories(user.public_repos)}`,
    user.html_url,
    user.company ? `${words.company}: ${line(user.company)}` : '',
    user.bio ? `${words.bio}: ${line(user.bio)}` : '',
  ]
  const { login, type } = user
  const id = idValue(user.id)
  return {
    text: lines.filter((text) => text !== '').join('\n'),
    value: {
      login,
      id,
      name: user.name,
      type,
      company: user.company ?? null,
      bio: user.bio ?? null,
      url: user.html_url,
    },
  }
}
