import { parseMarkdown } from './parse.ts'
import { renderLines, renderMarkdown } from './render.ts'
import type { MarkdownBlock } from './block.ts'

/** Where new blocks go when content is inserted; the other blocks stay untouched. */
export type Insertion = {
  /** The Markdown of the new blocks. */
  content: string
} & (
  | { position: 'start' | 'end' }
  /** Behind the block at this place, as its next sibling. The path has the indices from the roots down. */
  | { position: 'after'; path: readonly number[] }
)

/** A child page or database that the edit takes away. */
export interface RemovedChild {
  type: 'child_page' | 'child_database'
  title: string
  url?: string
  id?: string
}

export type MarkdownUpdate =
  | {
      ok: true
      /** The page afterwards. */
      markdown: string
      /** Present for `insert_content` only. */
      insertion?: Insertion
      /** Empty unless `allow_deleting_content` let them go. */
      removed: RemovedChild[]
    }
  | { ok: false; message: string }

type Failure = { ok: false; message: string }
type Edited = { ok: true; markdown: string; insertion?: Insertion } | Failure
type Command = Record<string, unknown>

const COMMANDS = new Map<string, (current: string, command: Command) => Edited>([
  ['replace_content', replaceContent],
  ['update_content', updateContent],
  ['insert_content', insertContent],
  ['replace_content_range', replaceRange],
])

/**
 * Applies the body of `PATCH /v1/pages/:id/markdown` to a page's rendered Markdown: all of it or nothing. The message of
 * a refusal is the text of a 400 `validation_error`.
 */
export function applyMarkdownUpdate(current: string, body: unknown): MarkdownUpdate {
  const { type } = objectOf(body)
  const apply = typeof type === 'string' ? COMMANDS.get(type) : undefined
  if (!apply || typeof type !== 'string') {
    const known = [...COMMANDS.keys()].map((name) => `\`"${name}"\``).join(', ')
    return failure(`body failed validation: body.type should be ${known}, instead was \`${JSON.stringify(type)}\`.`)
  }
  const command = objectOf(objectOf(body)[type])
  const edited = apply(current, command)
  if (!edited.ok) return edited
  const removed = edited.insertion ? [] : removedChildren(current, edited.markdown)
  if (removed.length > 0 && command['allow_deleting_content'] !== true) return failure(deletionMessage(removed))
  return { ...edited, removed }
}

function failure(message: string): Failure {
  return { ok: false, message }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function missing(path: string, value: unknown): Failure {
  const expectation = value === undefined ? 'defined' : 'a string'
  const shown = value === undefined ? 'undefined' : JSON.stringify(value)
  return failure(`body failed validation: body.${path} should be ${expectation}, instead was \`${shown}\`.`)
}

function replaceContent(_current: string, { new_str: text }: Command): Edited {
  return typeof text === 'string' ? { ok: true, markdown: text } : missing('replace_content.new_str', text)
}

function updateContent(current: string, { content_updates: updates }: Command): Edited {
  if (!Array.isArray(updates)) return missing('update_content.content_updates', updates)
  let markdown = current
  for (const [index, update] of updates.entries()) {
    const edited = updateOnce(markdown, objectOf(update), `update_content.content_updates[${index}]`)
    if (!edited.ok) return edited
    markdown = edited.markdown
  }
  return { ok: true, markdown }
}

function updateOnce(current: string, update: Command, path: string): Edited {
  const { old_str: search, new_str: replacement, replace_all_matches: all } = update
  if (typeof search !== 'string' || search === '') return missing(`${path}.old_str`, search === '' ? undefined : search)
  if (typeof replacement !== 'string') return missing(`${path}.new_str`, replacement)
  const parts = current.split(search)
  const found = checkMatches(parts.length - 1, search, all === true)
  return found ?? { ok: true, markdown: parts.join(replacement) }
}

function checkMatches(count: number, search: string, severalAllowed = false): Failure | undefined {
  if (count === 0) return failure(`No match found for the text: ${JSON.stringify(search)}`)
  if (count === 1 || severalAllowed) return undefined
  return failure(
    `Found ${count} matches for the text: ${JSON.stringify(search)}. ` +
      'Give more of the surrounding text, or set replace_all_matches.',
  )
}

/** A part of the text, `end` excluded. */
interface Range {
  start: number
  end: number
}

const ELLIPSIS = /\.\.\.|…/g

/**
 * Finds a selection: the whole text of it, or `start...end` for everything from the one to the next other. Either must
 * be found at one place only.
 */
function select(current: string, selection: string): { ok: true; range: Range } | Failure {
  const wanted = selection.replace(/^\n+|\n+$/g, '')
  const count = wanted === '' ? 0 : current.split(wanted).length - 1
  if (count === 1) {
    const start = current.indexOf(wanted)
    return { ok: true, range: { start, end: start + wanted.length } }
  }
  if (count > 1) return checkMatches(count, wanted) ?? failure('')
  return selectBetween(current, wanted)
}

function selectBetween(current: string, wanted: string): { ok: true; range: Range } | Failure {
  for (const ellipsis of wanted.matchAll(ELLIPSIS)) {
    const first = wanted.slice(0, ellipsis.index).trimEnd()
    const last = wanted.slice(ellipsis.index + ellipsis[0].length).trimStart()
    if (first === '' || last === '') continue
    const count = current.split(first).length - 1
    if (count > 1) return checkMatches(count, first) ?? failure('')
    const start = current.indexOf(first)
    const found = start === -1 ? -1 : current.indexOf(last, start + first.length)
    if (found !== -1) return { ok: true, range: { start, end: found + last.length } }
  }
  return checkMatches(0, wanted) ?? failure('')
}

function replaceRange(current: string, { content, content_range: selection }: Command): Edited {
  if (typeof content !== 'string') return missing('replace_content_range.content', content)
  if (typeof selection !== 'string') return missing('replace_content_range.content_range', selection)
  const selected = select(current, selection)
  if (!selected.ok) return selected
  const { start, end } = selected.range
  return { ok: true, markdown: current.slice(0, start) + content + current.slice(end) }
}

function insertContent(current: string, { content, after, position }: Command): Edited {
  if (typeof content !== 'string') return missing('insert_content.content', content)
  const blocks = parseMarkdown(current)
  const inserted = parseMarkdown(content)
  if (typeof after === 'string') return insertAfter(current, after, content)
  const atStart = objectOf(position)['type'] === 'start'
  const markdown = renderMarkdown(atStart ? [...inserted, ...blocks] : [...blocks, ...inserted])
  return { ok: true, markdown, insertion: { content, position: atStart ? 'start' : 'end' } }
}

function insertAfter(current: string, after: string, content: string): Edited {
  const blocks = parseMarkdown(current)
  const lines = renderLines(blocks)
  const text = lines.map((line) => line.text).join('\n')
  const selected = select(text, after)
  if (!selected.ok) return selected
  const lineIndex = text.slice(0, selected.range.end).split('\n').length - 1
  const path = lines[lineIndex]?.path ?? []
  insertBehind(blocks, path, parseMarkdown(content))
  return { ok: true, markdown: renderMarkdown(blocks), insertion: { content, position: 'after', path } }
}

function insertBehind(blocks: MarkdownBlock[], path: readonly number[], inserted: MarkdownBlock[]): void {
  const [index = 0, ...deeper] = path
  const below = blocks[index]?.children
  if (deeper.length > 0 && below) insertBehind(below, deeper, inserted)
  else blocks.splice(index + 1, 0, ...inserted)
}

function removedChildren(before: string, after: string): RemovedChild[] {
  const kept = new Set(childrenIn(after).map(keyOf))
  return childrenIn(before).filter((child) => !kept.has(keyOf(child)))
}

function keyOf({ type, id, url, title }: RemovedChild): string {
  return `${type} ${id ?? url ?? title}`
}

function childrenIn(markdown: string): RemovedChild[] {
  const found: RemovedChild[] = []
  const pending = parseMarkdown(markdown).toReversed()
  for (let block = pending.pop(); block; block = pending.pop()) {
    for (const child of block.children.toReversed()) pending.push(child)
    if (block.type !== 'child_page' && block.type !== 'child_database') continue
    const { type, title = '', url, id } = block
    found.push({ type, title, ...(url === undefined ? {} : { url }), ...(id === undefined ? {} : { id }) })
  }
  return found
}

function deletionMessage(removed: readonly RemovedChild[]): string {
  const list = removed.map(({ type, title, url }) => {
    const kind = type === 'child_page' ? 'page' : 'database'
    return `- ${kind} "${title}"${url === undefined ? '' : ` (${url})`}`
  })
  return [
    `This operation would delete ${removed.length} child page(s) or database(s):`,
    ...list,
    'Keep their tags in the new content, or set allow_deleting_content to true.',
  ].join('\n')
}
