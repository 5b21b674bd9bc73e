import { fenced, line, visible, wholeStart } from './texts.ts'
import { named, type Words } from './words.ts'

/** One file of a pull request as GitHub answers it. */
export interface ChangedFile {
  readonly filename: string
  readonly previous_filename?: string | undefined
  readonly status: string
  readonly additions: number
  readonly deletions: number
  /** Absent where the file is binary or the change too large for GitHub. */
  readonly patch?: string | undefined
}

/** Characters of one file's change, so that a generated file does not crowd out the others. */
export const PATCH_CHARACTERS = 6_000

export interface ShownFile {
  readonly path: string
  readonly previous_path: string | null
  readonly status: string
  readonly additions: number
  readonly deletions: number
  readonly patch: string | null
  readonly truncated: boolean
}

/** What is shown of a file: whole lines of its change, as far as they fit. */
export function shownFile(file: ChangedFile, characters: number): ShownFile {
  const { filename, previous_filename: previous, status, additions, deletions, patch } = file
  const part = patch === undefined || patch.length <= characters ? patch : wholeLines(patch, characters)
  return {
    path: filename,
    previous_path: previous ?? null,
    status,
    additions,
    deletions,
    patch: part ?? null,
    truncated: part !== patch,
  }
}

function wholeLines(text: string, characters: number): string {
  const part = wholeStart(text, characters)
  const end = part.lastIndexOf('\n')
  return end > 0 ? part.slice(0, end) : part
}

/** A file's change in words: a heading of ours, and the rest between fences that nothing in it can close. */
export function fileText(words: Words, file: ShownFile): string {
  const moved = file.previous_path === null ? '' : ` (${words.was(line(file.previous_path))})`
  const head = `## ${line(file.path)}${moved}: ${named(words.fileStates, line(file.status))}, +${file.additions} -${file.deletions}`
  if (file.patch === null) return `${head}\n${words.noPatch}`
  const cut = file.truncated ? `\n${words.patchCut}` : ''
  return `${head}\n${fenced(visible(file.patch), 'diff')}${cut}`
}
