import {
  commitAnswer,
  contentAnswer,
  fileAnswer,
  publicUserAnswer,
  repositoryAnswer,
  type Schemas,
  wholeRepositoryAnswer,
} from './answers.ts'
import { errorAnswer, isVisible, json, notFound, paged, textOf, writeRefusal, type GitHubRequest } from './request.ts'
import { blobSha, newCommit, type Commit, type Repository } from './state.ts'

/** Users, repositories, their branches, files and commits. */

export function userRoutes(request: GitHubRequest, path: string): Response | undefined {
  const { state, viewer, token } = request
  if (path === '/user') {
    const scopes = token.scopes === null ? {} : { 'x-oauth-scopes': token.scopes.join(', ') }
    return json(200, publicUserAnswer(state, viewer), scopes)
  }
  const visible = state.repositories.filter((repository) => isVisible(request, repository))
  const answers = (all: readonly Repository[]) =>
    paged(
      request,
      all.map((repository) => repositoryAnswer(state, repository, viewer)),
    )
  if (path === '/user/repos') return answers(visible.filter(({ owner }) => owner === viewer))
  const [, kind, login, rest] = /^\/(users|orgs)\/([^/]+)(\/repos)?$/.exec(path) ?? []
  if (kind === undefined) return undefined
  const user = state.users.find((each) => each.login === login)
  if (user === undefined || kind === 'orgs') return notFound()
  if (rest === undefined) return json(200, publicUserAnswer(state, user))
  return answers(visible.filter((repository) => repository.owner === user && !repository.private))
}

export function repositoryRoutes(request: GitHubRequest, repository: Repository, rest: string): Response | undefined {
  const { state, viewer, method } = request
  if (rest === '' && method === 'GET') return json(200, wholeRepositoryAnswer(state, repository, viewer))
  if (rest === '/branches') {
    return paged(
      request,
      [...repository.branches].map(([name, commits]) => ({
        name,
        commit: branchCommit(repository, commits.at(-1)?.sha ?? ''),
        protected: false,
      })),
    )
  }
  if (rest === '/commits') return commits(request, repository)
  if (rest.startsWith('/contents')) {
    const path = decodeURIComponent(rest.slice('/contents/'.length))
    return method === 'PUT' ? putFile(request, repository, path) : getFile(request, repository, path)
  }
  if (rest.startsWith('/git/')) return gitRoutes(request, repository, rest)
  return undefined
}

function branchCommit({ owner, name }: Repository, sha: string) {
  return { sha, url: `https://api.github.com/repos/${owner.login}/${name}/commits/${sha}` }
}

function headOf(repository: Repository, ref: string): Commit | undefined {
  const branch = repository.branches.get(ref)?.at(-1)
  return branch ?? [...repository.branches.values()].flat().find(({ sha }) => sha.startsWith(ref) && ref.length >= 7)
}

function commits(request: GitHubRequest, repository: Repository): Response {
  const { searchParams } = request.url
  const ref = searchParams.get('sha') ?? repository.defaultBranch
  const all = repository.branches.get(ref)
  if (all === undefined) return notFound()
  const path = searchParams.get('path')
  const author = searchParams.get('author')
  const since = searchParams.get('since')
  const found = all
    .filter((commit) => path === null || commit.paths.some((each) => each === path || each.startsWith(`${path}/`)))
    .filter((commit) => author === null || commit.author.login === author)
    .filter((commit) => since === null || commit.date >= since)
    .toReversed()
  return paged(
    request,
    found.map((commit) => commitAnswer(repository, commit)),
  )
}

function getFile(request: GitHubRequest, repository: Repository, path: string): Response {
  const ref = request.url.searchParams.get('ref') ?? repository.defaultBranch
  const commit = headOf(repository, ref)
  if (commit === undefined) return errorAnswer(404, `No commit found for the ref ${ref}`)
  const file = commit.files.get(path)
  if (file !== undefined) return json(200, fileAnswer(repository, path, file, ref))
  const start = path === '' ? '' : `${path}/`
  const inside = [...commit.files].filter(([each]) => each.startsWith(start))
  if (inside.length === 0) return notFound()
  const entries = new Map(
    inside.map(([each, content]) => {
      const [name = '', ...deeper] = each.slice(start.length).split('/')
      const entry = contentAnswer(repository, `${start}${name}`, content, ref)
      return [name, deeper.length === 0 ? entry : { ...entry, type: 'dir' as const, size: 0 }]
    }),
  )
  return json(200, [...entries.values()])
}

function putFile(request: GitHubRequest, repository: Repository, path: string): Response {
  const refused = writeRefusal(request, repository, 'contents')
  if (refused !== undefined) return refused
  const branch = textOf(request, 'branch') ?? repository.defaultBranch
  const commitsOfBranch = repository.branches.get(branch)
  if (commitsOfBranch === undefined) return errorAnswer(404, `Branch ${branch} not found`)
  const before = commitsOfBranch.at(-1)?.files.get(path)
  const stale = shaRefusal(path, before, textOf(request, 'sha'))
  if (stale !== undefined) return stale
  const bytes = Buffer.from(textOf(request, 'content') ?? '', 'base64')
  const files = new Map([...(commitsOfBranch.at(-1)?.files ?? []), [path, bytes] as const])
  const message = textOf(request, 'message') ?? ''
  const commit = newCommit(request.state, request.viewer, { message, paths: [path], files })
  commitsOfBranch.push(commit)
  const { commit: inner, sha, node_id: nodeId, html_url: html } = commitAnswer(repository, commit)
  const { comment_count: _count, ...made } = inner
  return json(before === undefined ? 201 : 200, {
    content: contentAnswer(repository, path, bytes, branch),
    commit: { ...made, sha, node_id: nodeId, html_url: html, parents: [] },
  })
}

/** A file that is there is changed only by whoever says what is in it now. */
function shaRefusal(path: string, before: Buffer | undefined, sha: string | undefined): Response | undefined {
  if (before !== undefined && sha === undefined) {
    return errorAnswer(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  }
  const isStale = sha !== undefined && (before === undefined || blobSha(before) !== sha)
  return isStale ? errorAnswer(409, `${path} does not match ${sha}`) : undefined
}

function refAnswer({ owner, name }: Repository, branch: string, sha: string) {
  const place = `https://api.github.com/repos/${owner.login}/${name}/git`
  const ref = `refs/heads/${branch}`
  const object = { type: 'commit', sha, url: `${place}/commits/${sha}` }
  return { ref, node_id: 'x', url: `${place}/${ref}`, object } satisfies Schemas['git-ref']
}

function gitRoutes(request: GitHubRequest, repository: Repository, rest: string): Response | undefined {
  const wanted = /^\/git\/ref\/heads(?:\/|%2F)(.+)$/.exec(rest)?.[1]
  if (wanted !== undefined) {
    const name = decodeURIComponent(wanted)
    const head = repository.branches.get(name)?.at(-1)
    return head === undefined ? notFound() : json(200, refAnswer(repository, name, head.sha))
  }
  const blob = /^\/git\/blobs\/([0-9a-f]{40})$/.exec(rest)?.[1]
  if (blob !== undefined) return blobRoute(repository, blob)
  return rest === '/git/refs' && request.method === 'POST' ? createRef(request, repository) : undefined
}

function blobRoute(repository: Repository, sha: string): Response {
  const contents = [...repository.branches.values()].flat().flatMap(({ files }) => [...files.values()])
  const found = contents.find((content) => blobSha(content) === sha)
  if (found === undefined) return notFound()
  return json(200, {
    content: found.toString('base64'),
    encoding: 'base64',
    sha,
    size: found.byteLength,
    url: `https://api.github.com/repos/${repository.owner.login}/${repository.name}/git/blobs/${sha}`,
    node_id: 'x',
  } satisfies Schemas['blob'])
}

function createRef(request: GitHubRequest, repository: Repository): Response {
  const refused = writeRefusal(request, repository, 'contents')
  if (refused !== undefined) return refused
  const name = textOf(request, 'ref')?.replace('refs/heads/', '') ?? ''
  const from = textOf(request, 'sha') ?? ''
  if (repository.branches.has(name)) return errorAnswer(422, 'Reference already exists')
  const source = [...repository.branches.values()].find((all) => all.some(({ sha }) => sha === from))
  if (source === undefined) return errorAnswer(422, 'Object does not exist')
  repository.branches.set(name, [...source])
  return json(201, refAnswer(repository, name, from))
}
