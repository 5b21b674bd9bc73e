import { parseMarkdown } from './parse.ts'
import { renderLines, renderMarkdown } from './render.ts'
import type { MarkdownBlock } from './block.ts'
import {
  array,
  boolean,
  failureMessage,
  isObject,
  literal,
  object,
  optional,
  string,
  type Check,
  type Finding,
} from '../validation/check.ts'

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

const flag = optional(boolean)
const text = string()
const update = object({ old_str: text, new_str: text, replace_all_matches: flag })
const position = object({ type: literal('start', 'end') })

interface Replacement {
  old_str: string
  new_str: string
  replace_all_matches?: boolean
}

interface Command {
  members: Record<string, Check>
  /** The members have been checked. */
  apply: (current: string, members: Record<string, unknown>) => Edited
}

const COMMANDS = new Map<string, Command>([
  [
    'replace_content',
    { members: { new_str: text }, apply: (_, members) => ({ ok: true, markdown: members['new_str'] as string }) },
  ],
  [
    'update_content',
    {
      members: { content_updates: array(update) },
      apply: (current, members) => updateContent(current, members['content_updates'] as Replacement[]),
    },
  ],
  [
    'insert_content',
    {
      members: { content: text, after: optional(text), position: optional(position) },
      apply: (current, members) => insertContent(current, members),
    },
  ],
  [
    'replace_content_range',
    {
      members: { content: text, content_range: text },
      apply: (current, members) =>
        replaceRange(current, members['content'] as string, members['content_range'] as string),
    },
  ],
])

/**
 * Applies the body of `PATCH /v1/pages/:id/markdown` to a page's rendered Markdown: all of it or nothing. The message of
 * a refusal is the text of a 400 `validation_error`.
 */
export function applyMarkdownUpdate(current: string, body: unknown): MarkdownUpdate {
  const given = isObject(body) ? body : {}
  const command = typeof given['type'] === 'string' ? COMMANDS.get(given['type']) : undefined
  if (!command) return refused(literal(...COMMANDS.keys())(given['type'], 'body.type'))
  const name = given['type'] as string
  const findings = object({ ...command.members, allow_deleting_content: flag })(given[name], `body.${name}`)
  if (findings) return refused(findings)
  const members = given[name] as Record<string, unknown>
  const edited = command.apply(current, members)
  if (!edited.ok) return edited
  const removed = edited.insertion ? [] : removedChildren(current, edited.markdown)
  if (removed.length > 0 && members['allow_deleting_content'] !== true) return failure(deletionMessage(removed))
  return { ...edited, removed }
}

function refused(findings: Finding[] | null): Failure {
  return failure(failureMessage('body', findings ?? []))
}

function failure(message: string): Failure {
  return { ok: false, message }
}

function updateContent(current: string, updates: readonly Replacement[]): Edited {
  let markdown = current
  for (const one of updates) {
    const edited = updateOnce(markdown, one)
    if (!edited.ok) return edited
    markdown = edited.markdown
  }
  return { ok: true, markdown }
}

function updateOnce(current: string, { old_str: search, new_str: replacement, ...given }: Replacement): Edited {
  const parts = search === '' ? [current] : current.split(search)
  const count = parts.length - 1
  if (count === 0) return notFound(search)
  if (count > 1 && given.replace_all_matches !== true) return ambiguous(search, count)
  return { ok: true, markdown: parts.join(replacement) }
}

function notFound(search: string): Failure {
  return failure(`Could not find ${JSON.stringify(search)} in the content of the page. Matching is case-sensitive.`)
}

function ambiguous(search: string, count: number): Failure {
  return failure(
    `Found ${JSON.stringify(search)} at ${count} places in the content of the page. ` +
      'Give more of the text around it, or set replace_all_matches to true.',
  )
}

/** A part of the text, `end` excluded. */
interface Range {
  start: number
  end: number
}

const ELLIPSIS = /\.\.\.|…/g

/**
 * Finds a selection: the text itself, or `start...end` for everything from the first place of the one to the next place
 * of the other, both included.
 */
function select(current: string, selection: string): Range | undefined {
  const wanted = selection.replace(/^\n+|\n+$/g, '')
  const whole = wanted === '' ? -1 : current.indexOf(wanted)
  if (whole !== -1) return { start: whole, end: whole + wanted.length }
  for (const ellipsis of wanted.matchAll(ELLIPSIS)) {
    const first = wanted.slice(0, ellipsis.index).trimEnd()
    const last = wanted.slice(ellipsis.index + ellipsis[0].length).trimStart()
    const start = first === '' ? -1 : current.indexOf(first)
    const end = start === -1 || last === '' ? -1 : current.indexOf(last, start + first.length)
    if (end !== -1) return { start, end: end + last.length }
  }
  return undefined
}

function replaceRange(current: string, content: string, selection: string): Edited {
  const range = select(current, selection)
  if (!range) return notFound(selection)
  return { ok: true, markdown: current.slice(0, range.start) + content + current.slice(range.end) }
}

function insertContent(current: string, { content, after, position: place }: Record<string, unknown>): Edited {
  const inserted = content as string
  if (typeof after === 'string') return insertAfter(current, after, inserted)
  const atStart = isObject(place) && place['type'] === 'start'
  const parts = [parseMarkdown(current), parseMarkdown(inserted)]
  const markdown = renderMarkdown((atStart ? parts.toReversed() : parts).flat())
  return { ok: true, markdown, insertion: { content: inserted, position: atStart ? 'start' : 'end' } }
}

function insertAfter(current: string, after: string, content: string): Edited {
  const blocks = parseMarkdown(current)
  const lines = renderLines(blocks)
  const rendered = lines.map((line) => line.text).join('\n')
  const range = select(rendered, after)
  if (!range) return notFound(after)
  const line = lines[rendered.slice(0, range.end).split('\n').length - 1]
  const path = outOfLayout(blocks, line?.path ?? [])
  const { siblings, index } = placeOf(blocks, path)
  const behind = siblings.splice(index + 1)
  for (const block of [...parseMarkdown(content), ...behind]) siblings.push(block)
  return { ok: true, markdown: renderMarkdown(blocks), insertion: { content, position: 'after', path } }
}

/** Nothing but a column may follow a column: what is put behind one goes behind all of them. */
function outOfLayout(blocks: MarkdownBlock[], path: readonly number[]): readonly number[] {
  const { siblings, index } = placeOf(blocks, path)
  return siblings[index]?.type === 'column' ? path.slice(0, -1) : path
}

function placeOf(blocks: MarkdownBlock[], path: readonly number[]): { siblings: MarkdownBlock[]; index: number } {
  const siblings = path.slice(0, -1).reduce((list, index) => list[index]?.children ?? [], blocks)
  return { siblings, index: path.at(-1) ?? 0 }
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
