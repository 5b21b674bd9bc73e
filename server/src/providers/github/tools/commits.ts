import { z } from 'zod'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import type { Operation } from '#providers/github/errors.ts'
import { cleanPath, placeOf, resolveRepository, type RepositoryName } from '#providers/github/references.ts'
import { listResult, pageArguments, readPosition, showList } from '#providers/github/results.ts'
import { day, line } from '#providers/github/texts.ts'
import type { Words } from '#providers/github/words.ts'

/** Enough of a commit's id for people and for GitHub. */
const SHORT_SHA = 10

export const listCommits = defineTool({
  name: 'github_list_commits',
  title: { en: 'List commits', pt: 'Listar commits' },
  description: 'List the commits of a branch, newest first; only those that touch path, by author, or in a time.',
  input: z.strictObject({
    repository: z.string(),
    ref: z.string().optional(),
    path: z.string().optional(),
    author: z.string().optional(),
    since: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_code'],
  intent: {
    verbs: { en: ['list', 'show', 'see', 'who changed'], pt: ['listar', 'mostrar', 'ver', 'quem mudou'] },
    nouns: {
      en: ['commit', 'history', 'last commits'],
      pt: ['commit', 'histórico', 'últimos commits'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const name = await resolveRepository(api, input.repository)
    if (!name.ok) return name
    const { owner, repo, file } = name.value
    const path = cleanPath(input.path ?? file?.path ?? '')
    if (!path.ok) return path
    const sha = input.ref ?? file?.ref
    const given = Object.entries({
      sha,
      path: path.value,
      author: input.author?.replace(/^@/, ''),
      since: input.since,
      until: input.until,
    })
    const filters = Object.fromEntries(given.filter((entry): entry is [string, string] => !!entry[1]))
    const answer = await api.read(
      (github) =>
        github('GET /repos/{owner}/{repo}/commits', { owner, repo, ...filters, ...pageArguments(position.value) }),
      { needs: 'read_code', noun: 'repository or branch' },
    )
    if (!answer.ok) return answer
    const shown = showList(answer.value.data, answer.value, position.value, (commit) => commitLine(api.words, commit))
    const head = answer.value.data.length === 0 ? api.words.noCommits : ''
    return success({
      ...listResult(api.words, shown, head, { results: shown.items.map(commitValue) }),
      place: placeOf(name.value),
    })
  },
})

interface Commit {
  readonly sha: string
  readonly html_url: string
  readonly author: { readonly login?: string } | null
  readonly commit: {
    readonly message: string
    readonly author: { readonly name?: string; readonly date?: string } | null
  }
}

function authorOf({ author, commit }: Commit): string | null {
  return author?.login === undefined ? (commit.author?.name ?? null) : `@${author.login}`
}

function commitLine(words: Words, commit: Commit): string {
  const [subject = ''] = commit.commit.message.split('\n')
  return `- ${commit.sha.slice(0, SHORT_SHA)} ${day(commit.commit.author?.date)} ${line(authorOf(commit) ?? words.unknown)}: ${line(subject)}`
}

function commitValue(commit: Commit) {
  const { sha, html_url: url } = commit
  return {
    sha,
    message: commit.commit.message,
    author: authorOf(commit),
    date: commit.commit.author?.date ?? null,
    url,
  }
}

export const writeFile = defineTool({
  name: 'github_write_file',
  title: { en: 'Write file', pt: 'Gravar arquivo' },
  description:
    'Commit the whole new text of one file. To change a file, give the sha that github_read_file showed. new_branch puts the commit on a new branch off branch.',
  input: z.strictObject({
    repository: z.string(),
    path: z.string().min(1),
    text: z.string(),
    message: z.string().min(1).describe('commit message'),
    sha: z.string().optional().describe('of the file as it was read; none: the file is new'),
    branch: z.string().optional(),
    new_branch: z.string().optional(),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  needs: ['write_code'],
  intent: {
    verbs: {
      en: ['write', 'commit', 'save', 'edit', 'update', 'create'],
      pt: ['gravar', 'commitar', 'salvar', 'editar', 'atualizar', 'criar'],
    },
    nouns: { en: ['file', 'source code', 'commit'], pt: ['arquivo', 'código-fonte', 'commit'] },
  },
  run: async (api: GitHubApi, input) => {
    const name = await resolveRepository(api, input.repository)
    if (!name.ok) return name
    const { owner, repo } = name.value
    const path = cleanPath(input.path)
    if (!path.ok) return path
    if (path.value === '') return failure('invalid_arguments', 'Give the path of the file.', { path: 'arguments.path' })
    const branch = await branchFor(api, { owner, repo }, input)
    if (!branch.ok) return branch
    const place = { owner, repo, path: path.value, branch: branch.value }
    const written = await commitFile(api, place, input)
    if (!written.ok && input.new_branch !== undefined) return afterBranch(written, input.new_branch)
    return written
  },
})

interface CommitPlace extends RepositoryName {
  readonly path: string
  readonly branch: string | undefined
}

interface NewText {
  readonly text: string
  readonly message: string
  readonly sha?: string | undefined
}

async function commitFile(
  api: GitHubApi,
  { branch, ...place }: CommitPlace,
  { text, message, sha: read }: NewText,
): Promise<Outcome<ToolResult>> {
  const where = `${place.owner}/${place.repo} ${place.path}`
  const answer = await api.write(
    (github) =>
      github('PUT /repos/{owner}/{repo}/contents/{path}', {
        ...place,
        message,
        content: Buffer.from(text, 'utf8').toString('base64'),
        ...(read === undefined ? {} : { sha: read }),
        ...(branch === undefined ? {} : { branch }),
      }),
    {
      needs: 'write_code',
      noun: 'repository or branch',
      check: `Read ${where} with github_read_file to see whether it is there.`,
    },
  )
  if (!answer.ok) return answer
  const { commit, content } = answer.value.data
  const sha = content?.sha ?? null
  const { words } = api
  const done = words.committed(line(where), branch === undefined ? undefined : line(branch))
  const said = `${done}: ${words.commitAndSha(commit.sha ?? words.unknown, sha ?? words.unknown)}`
  return success({
    text: commit.html_url === undefined ? said : `${said}\n${commit.html_url}`,
    value: { path: place.path, branch: branch ?? null, sha, commit: commit.sha ?? null, url: commit.html_url ?? null },
    place: placeOf(place),
  })
}

interface BranchChoice {
  readonly branch?: string | undefined
  readonly new_branch?: string | undefined
}

/** The branch to commit on; a new one is made first. */
async function branchFor(
  api: GitHubApi,
  place: RepositoryName,
  { branch, new_branch: created }: BranchChoice,
): Promise<Outcome<string | undefined>> {
  if (created === undefined) return success(branch)
  const reading: Operation = { needs: 'read_code', noun: 'repository or branch' }
  const base = branch === undefined ? await defaultBranch(api, place) : success(branch)
  if (!base.ok) return base
  const head = await api.read(
    (github) => github('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...place, ref: `heads/${base.value}` }),
    reading,
  )
  if (!head.ok) return head
  const made = await api.write(
    (github) =>
      github('POST /repos/{owner}/{repo}/git/refs', {
        ...place,
        ref: `refs/heads/${created}`,
        sha: head.value.data.object.sha,
      }),
    {
      needs: 'write_code',
      noun: 'repository',
      check: `Look at the branches with github_get_repository; without "${line(created)}" nothing was changed.`,
    },
  )
  return made.ok ? success(created) : made
}

async function defaultBranch(api: GitHubApi, place: RepositoryName): Promise<Outcome<string>> {
  const answer = await api.read((github) => github('GET /repos/{owner}/{repo}', { ...place }), {
    needs: 'read_code',
    noun: 'repository',
  })
  return answer.ok ? success(answer.value.data.default_branch) : answer
}

/** The branch is there by now: calling again in the same way would fail on it. */
function afterBranch({ problem }: { readonly problem: Problem }, branch: string): Outcome<never> {
  const detail = `${problem.detail} The new branch "${line(branch)}" was made already: go on with it as branch, without new_branch.`
  return { ok: false, problem: { ...problem, detail } }
}
