import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import type { Operation } from '#providers/github/errors.ts'
import { folderResult, type FolderEntry } from '#providers/github/folders.ts'
import { lineCursor, readLineCursor, showLines } from '#providers/github/lines.ts'
import {
  cleanPath,
  placeOf,
  placeOfAll,
  resolveRepository,
  type FilePlace,
  type RepositoryName,
} from '#providers/github/references.ts'
import { listResult, pageArguments, readPosition, showList, wrongCursor } from '#providers/github/results.ts'
import { clip, fenced, line, visible } from '#providers/github/texts.ts'
import type { Words } from '#providers/github/words.ts'

const READ_FILE: Operation = { needs: 'read_code', noun: 'file, folder or branch' }

/** Passages of one hit that are shown, and how much of each. */
const SHOWN_FRAGMENTS = 2
const FRAGMENT_CHARACTERS = 300

/** A text has none; git's own test for a binary file looks for one in its beginning. */
const NUL = '\0'
const BINARY_SCAN_BYTES = 8_000

export const readFile = defineTool({
  name: 'github_read_file',
  title: { en: 'Read file', pt: 'Ler arquivo' },
  description:
    'Read a text file of a repository, whole or by lines, or list a folder. repository may be the URL of the file itself.',
  input: z.strictObject({
    repository: z.string().describe('owner/name or URL'),
    path: z.string().optional(),
    ref: z.string().optional().describe('branch, tag or commit'),
    start_line: z.int().min(1).optional(),
    end_line: z.int().min(1).optional(),
    start_cursor: z.string().optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_code'],
  intent: {
    verbs: {
      en: ['read', 'open', 'show', 'get', 'list'],
      pt: ['ler', 'abrir', 'mostrar', 'obter', 'listar'],
    },
    nouns: {
      en: ['file', 'source code', 'folder', 'directory', 'README'],
      pt: ['arquivo', 'código-fonte', 'pasta', 'diretório', 'README'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const cursor = readLineCursor(input.start_cursor)
    if (cursor === null) return wrongCursor()
    const found = await resolveRepository(api, input.repository)
    if (!found.ok) return found
    const { owner, repo, file } = found.value
    const wanted: FilePlace = { path: '', ...file, ...given(input) }
    const path = cleanPath(wanted.path)
    if (!path.ok) return path
    const place: Place = { owner, repo, path: path.value, ...(wanted.ref === undefined ? {} : { ref: wanted.ref }) }
    const contents = await readContents(api, place)
    if (!contents.ok) return contents
    const { value } = contents
    const result =
      value.kind === 'folder'
        ? folderResult(api.words, place, value.entries, cursor ?? 0)
        : fileResult(
            api.words,
            { place, file: value },
            { first: cursor ?? wanted.startLine ?? 1, last: wanted.endLine },
          )
    return result.ok ? success({ ...result.value, place: placeOf(place) }) : result
  },
})

interface GivenPlace {
  readonly path?: string | undefined
  readonly ref?: string | undefined
  readonly start_line?: number | undefined
  readonly end_line?: number | undefined
}

/** What an argument says goes before what the address says. */
function given(input: GivenPlace): Partial<FilePlace> {
  const { path, ref, start_line: startLine, end_line: endLine } = input
  return Object.fromEntries(Object.entries({ path, ref, startLine, endLine }).filter(([, part]) => part !== undefined))
}

interface Place extends RepositoryName {
  readonly path: string
  readonly ref?: string
}

type Contents =
  | { readonly kind: 'folder'; readonly entries: readonly FolderEntry[] }
  | { readonly kind: 'file'; readonly text: string; readonly sha: string; readonly size: number }

async function readContents(api: GitHubApi, place: Place): Promise<Outcome<Contents>> {
  const answer = await api.read(
    (github) => github('GET /repos/{owner}/{repo}/contents/{path}', { ...place }),
    READ_FILE,
  )
  if (!answer.ok) return answer
  const { data } = answer.value
  if (Array.isArray(data)) return success({ kind: 'folder', entries: data })
  if (data.type !== 'file') {
    return failure('invalid_arguments', `${line(place.path)} is a ${data.type}, not a file. Nothing can be read there.`)
  }
  // Above 1 MB GitHub names the file without its content; there the content comes from the blob (up to 100 MB, of which our
  // own limit on answers lets a part through).
  const blob = data.content === '' && data.size > 0 ? await readBlob(api, place, data.sha) : success(data)
  if (!blob.ok) return blob
  const bytes = Buffer.from(blob.value.content, 'base64')
  if (bytes.subarray(0, BINARY_SCAN_BYTES).includes(NUL)) {
    return failure(
      'invalid_arguments',
      `${line(place.path)} is a binary file of ${data.size} bytes and not text. Do not retry; the user can open it at ${data.html_url ?? 'GitHub'}`,
    )
  }
  return success({ kind: 'file', text: bytes.toString('utf8'), sha: data.sha, size: data.size })
}

async function readBlob(api: GitHubApi, { owner, repo }: RepositoryName, sha: string) {
  const answer = await api.read(
    (github) => github('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { owner, repo, file_sha: sha }),
    READ_FILE,
  )
  return answer.ok ? success(answer.value.data) : answer
}

interface Span {
  readonly first: number
  readonly last: number | undefined
}

interface ReadFile {
  readonly place: Place
  readonly file: Contents & { readonly kind: 'file' }
}

function fileResult(words: Words, { place, file }: ReadFile, span: Span): Outcome<ToolResult> {
  const shown = showLines(file.text, span.first, span.last)
  if (shown === undefined) {
    return failure('invalid_arguments', `${line(place.path)} has no line ${span.first}. Read it from the beginning.`, {
      path: 'arguments.start_line',
    })
  }
  const at = place.ref === undefined ? '' : ` ${words.at(line(place.ref))}`
  const head = `${line(`${place.owner}/${place.repo}`)} ${line(place.path)}${at}, ${words.lines(shown.first, shown.last, shown.total)}, sha ${file.sha}`
  const rest = shown.next === undefined ? undefined : lineCursor(shown.next)
  const notes = [shown.isCut ? words.lineTooLong : '', rest === undefined ? '' : words.more(rest)]
  const more = notes.filter((note) => note !== '').join(' ')
  const body = file.text === '' ? words.emptyFile : fenced(visible(shown.text))
  return success({
    text: [head, body, more].filter((part) => part !== '').join('\n'),
    value: {
      path: place.path,
      sha: file.sha,
      size: file.size,
      first_line: shown.first,
      last_line: shown.last,
      total_lines: shown.total,
      text: shown.text,
      next_cursor: rest ?? null,
      has_more: rest !== undefined,
    },
    ...(rest === undefined ? {} : { nextCursor: rest }),
    ...(more === '' ? {} : { truncated: more }),
  })
}

export const searchCode = defineTool({
  name: 'github_search_code',
  title: { en: 'Search code', pt: 'Buscar no código' },
  description:
    "Find files by words in them, in default branches. Takes GitHub's search syntax: language:, path:, org:. Returns paths with passages.",
  input: z.strictObject({
    query: z.string().min(1),
    repository: z.string().optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_code'],
  intent: {
    verbs: {
      en: ['search', 'find', 'look for', 'where is'],
      pt: ['buscar', 'procurar', 'encontrar', 'onde está'],
    },
    nouns: {
      en: ['code', 'function', 'definition', 'file with'],
      pt: ['código', 'função', 'definição', 'arquivo com'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const position = readPosition(input)
    if (!position.ok) return position
    const scope = await scopeOf(api, input.repository)
    if (!scope.ok) return scope
    const answer = await api.read(
      (github) =>
        github('GET /search/code', {
          q: `${input.query}${scope.value}`,
          ...pageArguments(position.value),
          headers: { accept: 'application/vnd.github.text-match+json' },
        }),
      { needs: 'read_code', noun: 'repository' },
    )
    if (!answer.ok) return answer
    const { items, total_count: total } = answer.value.data
    const shown = showList(items, answer.value, position.value, hitText)
    const head = total === 0 ? api.words.noCode : api.words.filesFound(total)
    return success({
      ...listResult(api.words, shown, head, { total, results: shown.items.map(hitValue) }),
      place: placeOfAll(items.map(({ repository }) => repository.full_name)),
    })
  },
})

async function scopeOf(api: GitHubApi, repository: string | undefined): Promise<Outcome<string>> {
  if (repository === undefined) return success('')
  const name = await resolveRepository(api, repository)
  return name.ok ? success(` repo:${name.value.owner}/${name.value.repo}`) : name
}

interface CodeHit {
  readonly path: string
  readonly sha: string
  readonly html_url: string
  readonly repository: { readonly full_name: string }
  readonly text_matches?: readonly { readonly fragment?: string | undefined }[] | undefined
}

function fragmentsOf(hit: CodeHit): string[] {
  return (hit.text_matches ?? [])
    .slice(0, SHOWN_FRAGMENTS)
    .map(({ fragment = '' }) => clip(fragment.trim(), FRAGMENT_CHARACTERS))
}

function hitText(hit: CodeHit): string {
  const fragments = fragmentsOf(hit).map((fragment) => fenced(visible(fragment)))
  return [`- ${line(hit.repository.full_name)} ${line(hit.path)}`, ...fragments].join('\n')
}

function hitValue(hit: CodeHit) {
  return { repository: hit.repository.full_name, path: hit.path, fragments: fragmentsOf(hit), url: hit.html_url }
}
