import type { components } from '@octokit/openapi-types'
import {
  blobSha,
  timeOf,
  type ChangedFile,
  type Commit,
  type Issue,
  type Repository,
  type Review,
  type State,
  type User,
} from './state.ts'

/**
 * State → what GitHub answers, typed by GitHub's published description: a member that is missing, misspelt or of another
 * type does not compile.
 */

export type Schemas = components['schemas']

const API = 'https://api.github.com'
const WEB = 'https://github.com'

/** Base64 as GitHub sends it: in lines. */
const BASE64_LINE = /(.{60})/g

function nodeId(id: number): string {
  return Buffer.from(`node:${id}`).toString('base64')
}

function userAnswer(user: User) {
  const url = `${API}/users/${user.login}`
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${WEB}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
  } satisfies Schemas['simple-user']
}

export function publicUserAnswer(state: State, user: User) {
  return {
    ...userAnswer(user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: state.repositories.filter((each) => each.owner === user && !each.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: timeOf(state),
  } satisfies Schemas['public-user']
}

const REPOSITORY_LINKS = {
  forks_url: '/forks',
  keys_url: '/keys{/key_id}',
  collaborators_url: '/collaborators{/collaborator}',
  teams_url: '/teams',
  hooks_url: '/hooks',
  issue_events_url: '/issues/events{/number}',
  events_url: '/events',
  assignees_url: '/assignees{/user}',
  branches_url: '/branches{/branch}',
  tags_url: '/tags',
  blobs_url: '/git/blobs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  git_refs_url: '/git/refs{/sha}',
  trees_url: '/git/trees{/sha}',
  statuses_url: '/statuses/{sha}',
  languages_url: '/languages',
  stargazers_url: '/stargazers',
  contributors_url: '/contributors',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  commits_url: '/commits{/sha}',
  git_commits_url: '/git/commits{/sha}',
  comments_url: '/comments{/number}',
  issue_comment_url: '/issues/comments{/number}',
  contents_url: '/contents/{+path}',
  compare_url: '/compare/{base}...{head}',
  merges_url: '/merges',
  archive_url: '/{archive_format}{/ref}',
  downloads_url: '/downloads',
  issues_url: '/issues{/number}',
  pulls_url: '/pulls{/number}',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  labels_url: '/labels{/name}',
  releases_url: '/releases{/id}',
  deployments_url: '/deployments',
} as const

/** The forms of a repository in lists, in searches and in other things, in one. */
export function repositoryAnswer(state: State, repository: Repository, viewer: User) {
  const { id, name, owner } = repository
  const fullName = `${owner.login}/${name}`
  const isOwner = viewer === owner
  const openIssues = repository.issues.filter((issue) => issue.state === 'open').length
  const links = Object.fromEntries(
    Object.entries(REPOSITORY_LINKS).map(([link, end]) => [link, `${API}/repos/${fullName}${end}`]),
  ) as Record<keyof typeof REPOSITORY_LINKS, string>
  return {
    ...links,
    id,
    node_id: nodeId(id),
    name,
    full_name: fullName,
    owner: userAnswer(owner),
    private: repository.private,
    html_url: `${WEB}/${fullName}`,
    description: repository.description,
    fork: false,
    url: `${API}/repos/${fullName}`,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `${WEB}/${fullName}.git`,
    svn_url: `${WEB}/${fullName}`,
    mirror_url: null,
    homepage: null,
    language: repository.language,
    forks_count: 0,
    forks: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues_count: openIssues,
    open_issues: openIssues,
    topics: [],
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    license: null,
    permissions: { admin: isOwner, maintain: isOwner, push: isOwner, triage: isOwner, pull: true },
    pushed_at: timeOf(state),
    created_at: '2026-01-01T00:00:00Z',
    updated_at: timeOf(state),
  } satisfies Schemas['repository']
}

/** What is told of a repository by its own address alone. */
export function wholeRepositoryAnswer(state: State, repository: Repository, viewer: User) {
  return {
    ...repositoryAnswer(state, repository, viewer),
    network_count: 0,
    subscribers_count: 0,
  } satisfies Schemas['full-repository']
}

export function contentAnswer(repository: Repository, path: string, content: Buffer, ref: string) {
  const sha = blobSha(content)
  const fullName = `${repository.owner.login}/${repository.name}`
  const url = `${API}/repos/${fullName}/contents/${path}?ref=${ref}`
  const git = `${API}/repos/${fullName}/git/blobs/${sha}`
  const html = `${WEB}/${fullName}/blob/${ref}/${path}`
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    size: content.byteLength,
    url,
    html_url: html,
    git_url: git,
    download_url: `https://raw.githubusercontent.com/${fullName}/${ref}/${path}`,
    type: 'file' as const,
    _links: { self: url, git, html },
  } satisfies Schemas['content-directory'][number]
}

export function fileAnswer(repository: Repository, path: string, content: Buffer, ref: string) {
  // Above one megabyte the content is left out; it stands in the blob.
  const isLarge = content.byteLength > 1_048_576
  return {
    ...contentAnswer(repository, path, content, ref),
    encoding: isLarge ? 'none' : 'base64',
    content: isLarge ? '' : content.toString('base64').replace(BASE64_LINE, '$1\n'),
  } satisfies Schemas['content-file']
}

export function commitAnswer(repository: Repository, commit: Commit) {
  const url = `${API}/repos/${repository.owner.login}/${repository.name}/commits/${commit.sha}`
  const person = { name: commit.author.name ?? commit.author.login, email: 'someone@example.com', date: commit.date }
  return {
    url,
    sha: commit.sha,
    node_id: nodeId(1),
    html_url: `${WEB}/${repository.owner.login}/${repository.name}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url,
      author: person,
      committer: person,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.sha, url },
    },
    author: userAnswer(commit.author),
    committer: userAnswer(commit.author),
    parents: [],
  } satisfies Schemas['commit']
}

function labelAnswer(repository: Repository, name: string) {
  const url = `${API}/repos/${repository.owner.login}/${repository.name}/labels/${encodeURIComponent(name)}`
  return { id: 1, node_id: nodeId(1), url, name, color: 'ededed', default: false, description: '' }
}

/** The form of lists, of one issue and of searches in one. */
export function issueAnswer(repository: Repository, issue: Issue) {
  const place = `${repository.owner.login}/${repository.name}`
  const url = `${API}/repos/${place}/issues/${issue.number}`
  const html = `${WEB}/${place}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`
  return {
    url,
    repository_url: `${API}/repos/${place}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: nodeId(issue.id),
    number: issue.number,
    title: issue.title,
    user: userAnswer(issue.author),
    labels: issue.labels.map((label) => labelAnswer(repository, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    assignee: issue.assignees[0] === undefined ? null : userAnswer(issue.assignees[0]),
    assignees: issue.assignees.map(userAnswer),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: issue.author === repository.owner ? 'OWNER' : 'NONE',
    body: issue.body,
    ...(issue.pull === undefined
      ? {}
      : { pull_request: { url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch` } }),
  } satisfies Schemas['issue']
}

export function commentAnswer(
  repository: Repository,
  issue: Issue,
  { id, author, body, at }: Issue['comments'][number],
) {
  const { url, html_url: html } = issueAnswer(repository, issue)
  return {
    id,
    node_id: nodeId(id),
    url: `${url}/comments/${id}`,
    html_url: `${html}#issuecomment-${id}`,
    issue_url: url,
    user: userAnswer(author),
    created_at: at,
    updated_at: at,
    author_association: 'NONE',
    body,
  } satisfies Schemas['issue-comment']
}

export function reviewAnswer(repository: Repository, issue: Issue, { id, author, body, state, at }: Review) {
  const { url, html_url: html } = issueAnswer(repository, issue)
  const links = { html: { href: html }, pull_request: { href: url } }
  return {
    id,
    node_id: nodeId(id),
    user: userAnswer(author),
    body,
    state,
    html_url: `${html}#pullrequestreview-${id}`,
    pull_request_url: url,
    submitted_at: at,
    _links: links,
    commit_id: null,
    author_association: 'NONE',
  } satisfies Schemas['pull-request-review']
}

/** A pull request in lists. */
export function listedPullAnswer(state: State, repository: Repository, issue: Issue) {
  const { pull } = issue
  if (pull === undefined) throw new Error('This issue is no pull request')
  const shared = issueAnswer(repository, issue)
  const url = shared.url.replace('/issues/', '/pulls/')
  const end = (ref: string) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha: repository.branches.get(ref)?.at(-1)?.sha ?? '0'.repeat(40),
    user: userAnswer(repository.owner),
    repo: repositoryAnswer(state, repository, repository.owner),
  })
  const link = { href: url }
  return {
    url,
    id: issue.id,
    node_id: nodeId(issue.id),
    html_url: shared.html_url,
    diff_url: `${shared.html_url}.diff`,
    patch_url: `${shared.html_url}.patch`,
    issue_url: shared.url,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${url}/comments{/number}`,
    comments_url: shared.comments_url,
    statuses_url: url,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: shared.user,
    body: issue.body,
    labels: shared.labels,
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: null,
    assignee: shared.assignee,
    head: end(pull.head),
    base: end(pull.base),
    _links: {
      comments: link,
      commits: link,
      statuses: link,
      html: link,
      issue: link,
      review_comments: link,
      review_comment: link,
      self: link,
    },
    author_association: 'OWNER',
    auto_merge: null,
    draft: pull.draft,
  } satisfies Schemas['pull-request-simple']
}

/** One pull request by its own address. */
export function pullAnswer(state: State, repository: Repository, issue: Issue) {
  const { pull } = issue
  if (pull === undefined) throw new Error('This issue is no pull request')
  const count = (of: (file: ChangedFile) => number) => pull.files.reduce((sum, file) => sum + of(file), 0)
  return {
    ...listedPullAnswer(state, repository, issue),
    merged: pull.mergedAt !== null,
    mergeable: true,
    mergeable_state: 'clean',
    merged_by: null,
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: count(({ additions }) => additions),
    deletions: count(({ deletions }) => deletions),
    changed_files: pull.files.length,
  } satisfies Schemas['pull-request']
}

export function changedFileAnswer(repository: Repository, file: ChangedFile) {
  const url = `${WEB}/${repository.owner.login}/${repository.name}/blob/main/${file.filename}`
  return {
    sha: blobSha(Buffer.from(file.patch ?? '')),
    ...file,
    changes: file.additions + file.deletions,
    blob_url: url,
    raw_url: url,
    contents_url: url,
  } satisfies Schemas['diff-entry']
}
