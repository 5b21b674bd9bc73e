import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import { lineCursor } from './lines.ts'
import { RESULT_CHARACTERS } from './results.ts'
import { line } from './texts.ts'
import type { Words } from './words.ts'

/** One entry of a folder as GitHub answers it. */
export interface FolderEntry {
  readonly name: string
  readonly path: string
  readonly type: string
  readonly size: number
  readonly sha: string
}

interface Folder {
  readonly owner: string
  readonly repo: string
  readonly path: string
  readonly ref?: string
}

/**
 * What lies in a folder, folders first, as many entries as fit.
 * @param start entries that were given out already
 */
export function folderResult(
  words: Words,
  folder: Folder,
  all: readonly FolderEntry[],
  start: number,
): Outcome<ToolResult> {
  if (start > 0 && start >= all.length) {
    return failure('invalid_arguments', 'The folder has no entries at this start_cursor. List it from the beginning.', {
      path: 'arguments.start_cursor',
    })
  }
  const sorted = all.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)).slice(start)
  const lines: string[] = []
  let characters = 0
  for (const entry of sorted) {
    const text = entryLine(entry)
    characters += text.length + 1
    if (characters > RESULT_CHARACTERS) break
    lines.push(text)
  }
  const end = start + lines.length
  const cursor = end < all.length ? lineCursor(end) : undefined
  const at = folder.ref === undefined ? '' : ` ${words.at(line(folder.ref))}`
  const head = `${folder.owner}/${folder.repo} ${folder.path === '' ? '/' : line(folder.path)}${at}, ${words.entries(all.length)}:`
  const more = cursor === undefined ? [] : [words.more(cursor)]
  return success({
    text: [head, ...lines, ...more].join('\n'),
    value: {
      path: folder.path,
      entries: sorted.slice(0, lines.length).map(({ name, path, type, size }) => ({ name, path, type, size })),
      next_cursor: cursor ?? null,
      has_more: cursor !== undefined,
    },
    ...(cursor === undefined ? {} : { nextCursor: cursor, truncated: more.join('') }),
  })
}

function rank({ type }: FolderEntry): number {
  return type === 'dir' ? 0 : 1
}

function entryLine({ name, type, size }: FolderEntry): string {
  if (type === 'dir') return `- ${line(name)}/`
  return type === 'file' ? `- ${line(name)} (${size} bytes)` : `- ${line(name)} (${type})`
}
