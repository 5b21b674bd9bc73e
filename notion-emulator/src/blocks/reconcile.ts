import { plainRichText } from '../core/rich-text.ts'
import type { MarkdownBlock } from '../markdown/block.ts'
import { renderMarkdown } from '../markdown/render.ts'
import type { BlockNode, Node } from '../state/model.ts'
import { livingChildren, newBlock, newPage, parentOf, referenceTo, unplace, type Origin } from '../state/tree.ts'
import { changedPayload, storedPayload } from './request.ts'
import { matchSequences } from './match-sequences.ts'
import { BLOCK_TYPES } from './types.ts'

/** What is needed to turn a tree of blocks into another one. */
export interface Reconciliation {
  origin: Origin
  /** A stored block as Markdown shows it, children included. */
  describe: (node: Node) => MarkdownBlock
  /** Child pages and databases that the new tree still names; they are moved, never trashed. */
  keptIds: Set<string>
}

/** Ids of child pages and databases that parsed blocks name, at any depth. */
export function namedChildren(blocks: readonly MarkdownBlock[]): string[] {
  return blocks.flatMap((block) => [
    ...(isChildObject(block) && block.id !== undefined ? [block.id] : []),
    ...namedChildren(block.children),
  ])
}

function isChildObject(block: MarkdownBlock): boolean {
  return block.type === 'child_page' || block.type === 'child_database'
}

/**
 * Makes the living children of a parent read like the given blocks. Blocks that read the same stay as they are, ids
 * included; between them, blocks of the same type are changed in place; the rest is created or trashed.
 */
export function reconcile(work: Reconciliation, parent: Node, wanted: readonly MarkdownBlock[]): void {
  const current = livingChildren(work.origin.state, parent)
  const currentKeys = current.map((node) => renderMarkdown([work.describe(node)]))
  const wantedKeys = wanted.map((block) => renderMarkdown([block]))
  const anchors = matchSequences(currentKeys, wantedKeys)
  const result: Node[] = []
  let fromCurrent = 0
  let fromWanted = 0
  for (const [currentIndex, wantedIndex] of [...anchors, [current.length, wanted.length] as const]) {
    const gap = { old: current.slice(fromCurrent, currentIndex), blocks: wanted.slice(fromWanted, wantedIndex) }
    result.push(...reconcileGap(work, parent, gap))
    const anchor = current[currentIndex]
    if (anchor !== undefined) result.push(anchor)
    fromCurrent = currentIndex + 1
    fromWanted = wantedIndex + 1
  }
  // What lies in the trash, or was left out, stays with its parent unless it moved elsewhere.
  const leftOver = parent.children.filter((id) => {
    const node = work.origin.state.nodes.get(id)
    return node !== undefined && !result.includes(node) && parentOf(work.origin.state, node) === parent
  })
  parent.children = [...result.map((node) => node.id), ...leftOver]
}

/** The part between two blocks that stay. */
interface Gap {
  old: Node[]
  blocks: readonly MarkdownBlock[]
}

function reconcileGap(work: Reconciliation, parent: Node, gap: Gap): Node[] {
  const changed = new Set<Node>()
  let next = 0
  const nodes = gap.blocks.flatMap((block) => {
    const fits = (node: Node, at: number): boolean => at >= next && node.kind === 'block' && node.type === block.type
    const index = gap.old.findIndex(fits)
    const node = gap.old[index]
    if (node?.kind !== 'block') return create(work, parent, block)
    next = index + 1
    changed.add(node)
    return [change(work, node, block)]
  })
  for (const node of gap.old) if (!changed.has(node) && !work.keptIds.has(node.id)) node.inTrash = true
  return nodes
}

function change(work: Reconciliation, node: BlockNode, block: MarkdownBlock): BlockNode {
  // What Markdown does not say stays, except for the width of a column: there, saying nothing means as wide as the others.
  const isColumn = node.type === 'column'
  node.payload = isColumn ? storedPayload(node.type, block.data) : changedPayload(node.type, node.payload, block.data)
  node.editedTime = work.origin.now
  node.editedBy = work.origin.userId
  reconcile(work, node, block.children)
  return node
}

/** Creates what a parsed block stands for. A type that cannot be created, or a page from elsewhere, is left out. */
function create(work: Reconciliation, parent: Node, block: MarkdownBlock): Node[] {
  if (isChildObject(block)) return childObject(work, parent, block)
  if (!(block.type in BLOCK_TYPES)) return []
  const node = newBlock(work.origin, referenceTo(parent), block.type, storedPayload(block.type, block.data))
  reconcile(work, node, block.children)
  return [node]
}

function childObject(work: Reconciliation, parent: Node, block: MarkdownBlock): Node[] {
  const { state } = work.origin
  if (block.id === undefined) return block.type === 'child_page' ? [titledPage(work, parent, block)] : []
  const node = work.keptIds.has(block.id) ? state.nodes.get(block.id) : undefined
  if (node === undefined) return []
  unplace(state, node)
  node.parent = referenceTo(parent)
  return [node]
}

function titledPage(work: Reconciliation, parent: Node, block: MarkdownBlock): Node {
  const page = newPage(work.origin, referenceTo(parent))
  page.values = { title: plainRichText(block.title ?? '') }
  return page
}
