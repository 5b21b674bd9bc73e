import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import { fileText, PATCH_CHARACTERS, shownFile, type ChangedFile } from '#providers/github/diffs.ts'
import type { Operation } from '#providers/github/errors.ts'
import { idValue, type Id } from '#providers/github/json.ts'
import { pullLine, pullTraits, pullValue, type WholePull } from '#providers/github/pulls.ts'
import { placeOf, resolveNumbered, resolveRepository, type NumberedName } from '#providers/github/references.ts'
import {
  listResult,
  pageArguments,
  readPosition,
  RESULT_CHARACTERS,
  showList,
  type ListPosition,
} from '#providers/github/results.ts'
import { day, line, quote } from '#providers/github/texts.ts'
import { named, type Words } from '#providers/github/words.ts'

const READ_PULL: Operation = { needs: 'read_pull_requests', noun: 'pull request' }

const BODY_CHARACTERS = 4_000
const REVIEW_CHARACTERS = 1_000
/** Reviews that stand before the files; a pull request rarely has more verdicts that still count. */
const SHOWN_REVIEWS = 10
/** The most that GitHub lists of one pull request, in its pages of the largest size. */
const FILE_PAGES = 30
const FILES_PER_PAGE = 100

export const listPullRequests = defineTool({
  name: 'github_list_pull_requests',
  title: { en: 'List pull requests', pt: 'Listar pull requests' },
  description: 'List the pull requests of a repository, last change first; open ones unless state says otherwise.',
  input: z.strictObject({
    repository: z.string(),
    state: z.enum(['open', 'closed', 'all']).optional(),
    head: z.string().optional().describe('owner:branch'),
    base: z.string().optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_pull_requests'],
  intent: {
    verbs: { en: ['list', 'show', 'see', 'find'], pt: ['listar', 'mostrar', 'ver', 'encontrar'] },
    nouns: {
      en: ['pull requests', 'PRs', 'open pull requests', 'merge requests'],
      pt: ['pull requests', 'PRs', 'pull requests abertos', 'solicitações de merge'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const name = await resolveRepository(api, input.repository)
    if (!name.ok) return name
    const { owner, repo } = name.value
    const answer = await api.read(
      (github) =>
        github('GET /repos/{owner}/{repo}/pulls', {
          owner,
          repo,
          state: input.state ?? 'open',
          sort: 'updated',
          direction: 'desc',
          ...(input.head === undefined ? {} : { head: input.head }),
          ...(input.base === undefined ? {} : { base: input.base }),
          ...pageArguments(position.value),
        }),
      { needs: 'read_pull_requests', noun: 'repository' },
    )
    if (!answer.ok) return answer
    const shown = showList(answer.value.data, answer.value, position.value, (pull) => pullLine(api.words, pull))
    const head = answer.value.data.length === 0 ? api.words.noPulls : ''
    const result = listResult(api.words, shown, head, { results: shown.items.map(pullValue) })
    return success({ ...result, place: placeOf(name.value) })
  },
})

export const getPullRequest = defineTool({
  name: 'github_get_pull_request',
  title: { en: 'Read pull request', pt: 'Ler pull request' },
  description:
    'Read a pull request: description, reviews and the diff of each file, long ones cut. With file: the diff of that file alone.',
  input: z.strictObject({
    pull_request: z.union([z.string(), z.number()]).describe('owner/name#12 or URL'),
    repository: z.string().optional(),
    file: z.string().optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_pull_requests'],
  intent: {
    verbs: { en: ['read', 'get', 'open', 'show', 'summarize'], pt: ['ler', 'obter', 'abrir', 'mostrar', 'resumir'] },
    nouns: {
      en: ['pull request', 'PR', 'diff', 'changes of a pull request'],
      pt: ['pull request', 'PR', 'diff', 'mudanças do pull request'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const name = await resolveNumbered(api, input.pull_request, input.repository, 'pull_request')
    if (!name.ok) return name
    if (input.file !== undefined) return oneFile(api, name.value, input.file)
    const files = await filesOf(api, name.value, position.value)
    if (!files.ok) return files
    const isFirst = position.value.page === 1 && position.value.skip === 0
    return isFirst ? withDescription(api, name.value, files.value) : files
  },
})

async function filesOf(api: GitHubApi, name: NumberedName, position: ListPosition): Promise<Outcome<ToolResult>> {
  const answer = await readFiles(api, name, pageArguments(position))
  if (!answer.ok) return answer
  const files = answer.value.data.map((file) => shownFile(file, PATCH_CHARACTERS))
  const shown = showList(files, answer.value, position, (file) => fileText(api.words, file))
  return success({ ...listResult(api.words, shown, '', { files: shown.items }), place: placeOf(name) })
}

async function readFiles(api: GitHubApi, name: NumberedName, paging: { page: number; per_page: number }) {
  const { owner, repo, issue_number: number } = name
  return api.read(
    (github) =>
      github('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', { owner, repo, pull_number: number, ...paging }),
    READ_PULL,
  )
}

async function withDescription(api: GitHubApi, name: NumberedName, files: ToolResult): Promise<Outcome<ToolResult>> {
  const { owner, repo, issue_number: number } = name
  const place = { owner, repo, pull_number: number }
  const answer = await api.read((github) => github('GET /repos/{owner}/{repo}/pulls/{pull_number}', place), READ_PULL)
  if (!answer.ok) return answer
  const reviews = await api.read(
    (github) => github('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...place, per_page: SHOWN_REVIEWS }),
    READ_PULL,
  )
  if (!reviews.ok) return reviews
  const pull: WholePull = answer.value.data
  const { words } = api
  const body = pull.body?.trim() ? quote(pull.body, BODY_CHARACTERS) : words.noDescription
  const hasMore = reviews.value.headers.link?.includes('rel="next"') === true
  const notes = leftOut(words, pull, hasMore, files)
  const title = `# ${owner}/${repo}#${number} ${line(pull.title)}`
  const head = [title, pull.html_url, pullTraits(words, pull), body]
  const verdicts = reviews.value.data.map((review) => reviewText(words, review))
  return success({
    ...files,
    text: [...head, ...verdicts, files.text].join('\n'),
    value: {
      ...pullValue(pull),
      body: pull.body ?? '',
      mergeable: pull.mergeable,
      changed_files: pull.changed_files,
      reviews: reviews.value.data.map(reviewValue),
      ...(files.value as object),
    },
    ...(notes.length === 0 ? {} : { truncated: notes.join(' ') }),
  })
}

/** What a reader is not shown, in words. */
function leftOut(words: Words, { body }: WholePull, hasMoreReviews: boolean, { truncated }: ToolResult): string[] {
  return [
    (body?.trim().length ?? 0) > BODY_CHARACTERS ? words.descriptionCut(BODY_CHARACTERS) : '',
    hasMoreReviews ? words.onlyReviews(SHOWN_REVIEWS) : '',
    truncated ?? '',
  ].filter((note) => note !== '')
}

interface Review {
  readonly id: Id
  readonly user: { readonly login: string } | null
  readonly body: string
  readonly state: string
  readonly submitted_at?: string
}

function reviewText(words: Words, { user, body, state, submitted_at: at }: Review): string {
  const by = words.reviewBy(`@${line(user?.login ?? 'ghost')}`, day(at))
  const head = `${by}: ${named(words.reviewStates, state.toLowerCase())}`
  return body.trim() === '' ? head : `${head}\n${quote(body, REVIEW_CHARACTERS)}`
}

function reviewValue({ id, user, body, state, submitted_at: at }: Review) {
  return { id: idValue(id), author: user?.login ?? null, state: state.toLowerCase(), body, submitted_at: at ?? null }
}

/** GitHub has no request for one file of a pull request, so its pages are read until the file comes. */
async function oneFile(api: GitHubApi, name: NumberedName, path: string): Promise<Outcome<ToolResult>> {
  const wanted = path.trim().replace(/^\/+/, '')
  for (let page = 1; page <= FILE_PAGES; page += 1) {
    const answer = await readFiles(api, name, { page, per_page: FILES_PER_PAGE })
    if (!answer.ok) return answer
    const found = answer.value.data.find((file: ChangedFile) => file.filename === wanted)
    if (found !== undefined) return success({ ...describeFile(api.words, found), place: placeOf(name) })
    if (answer.value.headers.link?.includes('rel="next"') !== true) break
  }
  return failure('not_found', `The pull request does not change ${line(wanted)}. Read it without file for the list.`, {
    path: 'arguments.file',
  })
}

function describeFile(words: Words, found: ChangedFile): ToolResult {
  const file = shownFile(found, RESULT_CHARACTERS)
  const text = fileText(words, { ...file, truncated: false })
  if (!file.truncated) return { text, value: { files: [file] } }
  const truncated = words.diffTooLong
  return { text: `${text}\n${truncated}`, value: { files: [file] }, truncated }
}
