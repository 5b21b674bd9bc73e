import type { MarkdownBlock } from '../markdown/block.ts'
import type { BlockNode, JsonObject, Node } from '../state/model.ts'
import { newBlock, place, referenceTo, type Origin, type Slot } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { requestBlockType, requestChildren, storedPayload } from './request.ts'
import { BLOCK_TYPES } from './types.ts'

/** Creates validated request blocks, with their children, below a parent. */
export function addBlocks(origin: Origin, parent: Node, blocks: JsonObject[], slot: Slot): BlockNode[] {
  const nodes = blocks.map((block) => {
    const type = requestBlockType(block)
    const payload = isObject(block[type]) ? block[type] : {}
    const node = newBlock(origin, referenceTo(parent), type, storedPayload(type, payload))
    addBlocks(origin, node, requestChildren(payload), 'end')
    return node
  })
  place(parent, nodes, slot)
  return nodes
}

/** Creates parsed Markdown blocks, with their children, below a parent. Types that cannot be created are left out. */
export function fromMarkdown(origin: Origin, parent: Node, blocks: MarkdownBlock[], slot: Slot): BlockNode[] {
  const creatable = blocks.filter((block) => block.type in BLOCK_TYPES)
  const nodes = creatable.map((block) => {
    const node = newBlock(origin, referenceTo(parent), block.type, storedPayload(block.type, block.data))
    fromMarkdown(origin, node, block.children, 'end')
    return node
  })
  place(parent, nodes, slot)
  return nodes
}
