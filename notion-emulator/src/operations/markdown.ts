import { promise, wantsTask } from '../async-tasks/task.ts'
import { fromMarkdown } from '../blocks/insert.ts'
import { namedChildren, reconcile } from '../blocks/reconcile.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { findPage, notFound, originOf, requireLiving, requireWritable } from '../core/lookup.ts'
import { applyMarkdownUpdate, type Insertion } from '../markdown/edit.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { renderMarkdown } from '../markdown/render.ts'
import { withFreshAddresses } from '../present/files.ts'
import { markdownSubtree, markdownTree } from '../present/markdown.ts'
import { findVisible, requireCapability } from '../state/access.ts'
import type { BlockNode, JsonObject, Node, PageNode } from '../state/model.ts'
import { livingChildren, touch } from '../state/tree.ts'
import { anything, boolean, isObject, literal, object, optional, string, type Check } from '../validation/check.ts'

/** The query of a Markdown read. */
export const markdownQuery: Check = object({
  include_transcript: optional(boolean),
  markdown_version: optional(string()),
})

/** The body of a Markdown change. What the command holds is checked when it is applied. */
export function updateMarkdownBody(): Check {
  return object(
    {
      type: literal('replace_content', 'update_content', 'insert_content', 'replace_content_range'),
      replace_content: anything,
      update_content: anything,
      insert_content: anything,
      replace_content_range: anything,
      allow_async: optional(boolean),
      markdown_version: optional(string()),
    },
    true,
  )
}

/** `GET /v1/pages/:page_id/markdown`: a page, or a block with everything below it. */
export function getMarkdown(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  refuseNewDialect(call.query.get('markdown_version')?.[0])
  return ok(markdownAnswer(call, findReadable(call, call.path['page_id'] ?? '')))
}

/** Version 2 of the dialect is announced for the next API version; pretending to speak it would mislead. */
function refuseNewDialect(version: unknown): void {
  if (version !== undefined && version !== 'v1')
    throw invalid(`emulator: markdown_version ${JSON.stringify(version)} is not implemented.`)
}

function findReadable(call: Call, id: string): PageNode | BlockNode {
  const node = findVisible(call.state, call.install, id)
  if (node?.kind === 'block' || node?.kind === 'page') return node
  if (node === null) throw notFound(call, 'page', id)
  throw invalid(`Provided ID ${id} is a database, not a page. Markdown can only be read from pages and blocks.`)
}

function markdownAnswer(call: Call, node: PageNode | BlockNode): Record<string, unknown> {
  const { blocks, unknownIds } = readTree(call, node)
  return {
    object: 'page_markdown',
    id: node.id,
    markdown: renderMarkdown(blocks),
    truncated: unknownIds.length > 0,
    unknown_block_ids: unknownIds,
  }
}

/** A page is its content; a block is itself with its content. */
function readTree(call: Call, node: PageNode | BlockNode): ReturnType<typeof markdownTree> {
  const tree = markdownTree(call, node, call.settings.markdownBlockLimit)
  if (node.kind === 'page') return tree
  return { ...tree, blocks: [{ ...markdownSubtree(call, node), children: tree.blocks }] }
}

/** `PATCH /v1/pages/:page_id/markdown`: all of the change or none of it. */
export function updateMarkdown(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  refuseNewDialect(call.body['markdown_version'])
  const page = findPage(call, call.path['page_id'] ?? '')
  requireWritable(call, page)
  requireLiving(call, page)
  const current = markdownTree(call, page, Number.POSITIVE_INFINITY).blocks
  const update = applyMarkdownUpdate(renderMarkdown(current), withFreshFiles(call, call.body))
  if (!update.ok) throw invalid(update.message)
  if (wantsTask(call, 'type')) return promise(call, 'update_page_markdown', updateMarkdown)

  const origin = originOf(call)
  if (update.insertion !== undefined) {
    insert(call, page, update.insertion)
  } else {
    const wanted = parseMarkdown(update.markdown)
    const named = new Set(namedChildren(wanted))
    const children = namedChildren(current)
    requireRemovable(
      call,
      children.filter((id) => !named.has(id)),
    )
    const keptIds = new Set(children.filter((id) => named.has(id)))
    reconcile({ origin, keptIds, describe: (node) => markdownSubtree(call, node) }, page, wanted)
  }
  touch(origin, page)
  return ok(markdownAnswer(call, page))
}

/** How deep the texts of a command lie. */
const COMMAND_DEPTH = 4

/** A command whose texts name files by the addresses that the page shows now, not by those of an earlier read. */
function withFreshFiles(call: Call, command: JsonObject): JsonObject {
  const fresh = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return withFreshAddresses(call, value)
    if (depth === 0) return value
    if (Array.isArray(value)) return value.map((entry) => fresh(entry, depth - 1))
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fresh(entry, depth - 1)]))
  }
  return fresh(command, COMMAND_DEPTH) as JsonObject
}

/** A page or database that was shared for reading stays, also when it hangs in a page that may be written. */
function requireRemovable(call: Call, ids: string[]): void {
  for (const id of ids) {
    const node = call.state.nodes.get(id)
    if (node !== undefined) requireWritable(call, node)
  }
}

function insert(call: Call, page: PageNode, insertion: Insertion): void {
  const blocks = parseMarkdown(insertion.content)
  const origin = originOf(call)
  if (insertion.position !== 'after') {
    fromMarkdown(origin, page, blocks, insertion.position === 'start' ? 0 : 'end')
    return
  }
  const lineage = nodesAlong(call, page, insertion.path)
  const parent = lineage.at(-2) ?? page
  const after = lineage.at(-1)
  fromMarkdown(origin, parent, blocks, after === undefined ? 'end' : parent.children.indexOf(after.id) + 1)
}

/** The page, then the block at each step of a path of places among living children. */
function nodesAlong(call: Call, page: PageNode, path: readonly number[]): Node[] {
  const nodes: Node[] = [page]
  for (const index of path) {
    const last = nodes.at(-1)
    const next = last === undefined ? undefined : livingChildren(call.state, last)[index]
    if (next !== undefined) nodes.push(next)
  }
  return nodes
}
