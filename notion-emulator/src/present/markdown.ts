import type { Call } from '../core/call.ts'
import { PAGE_URL_BASE } from '../core/rich-text.ts'
import { compactId } from '../core/ids.ts'
import type { MarkdownBlock } from '../markdown/block.ts'
import type { Node } from '../state/model.ts'
import { livingChildren, pageOf } from '../state/tree.ts'
import { addressOf } from './address.ts'
import { presentPayload } from './objects.ts'
import { titleOf } from './rich-text.ts'

/** Blocks as the Markdown renderer takes them, and what did not fit. */
export interface MarkdownTree {
  blocks: MarkdownBlock[]
  /** Blocks beyond the limit; they appear as `<unknown>` tags and can be asked for one by one. */
  unknownIds: string[]
}

/** The living blocks below a page or block, at most `limit` of them. */
export function markdownTree(call: Call, parent: Node, limit: number): MarkdownTree {
  const unknownIds: string[] = []
  let left = limit
  const convert = (node: Node): MarkdownBlock => {
    if (left <= 0) {
      unknownIds.push(node.id)
      return { type: typeOf(node), id: node.id, data: {}, children: [], unknown: true, url: blockAddress(call, node) }
    }
    left -= 1
    return {
      ...markdownBlock(call, node),
      children: node.kind === 'block' ? livingChildren(call.state, node).map(convert) : [],
    }
  }
  return { blocks: livingChildren(call.state, parent).map(convert), unknownIds }
}

/** One block with everything below it. */
export function markdownSubtree(call: Call, node: Node): MarkdownBlock {
  const children = node.kind === 'block' ? livingChildren(call.state, node) : []
  return { ...markdownBlock(call, node), children: children.map((child) => markdownSubtree(call, child)) }
}

function markdownBlock(call: Call, node: Node): MarkdownBlock {
  if (node.kind !== 'block') {
    return { type: typeOf(node), id: node.id, data: {}, children: [], url: addressOf(node), title: titleOf(node) }
  }
  const block = { type: node.type, id: node.id, data: presentPayload(call, node.payload), children: [] }
  // A synced copy is addressed by its original, which its payload names.
  const hasOwnAddress = typeof node.payload['url'] === 'string' || node.type === 'synced_block'
  return hasOwnAddress ? block : { ...block, url: blockAddress(call, node) }
}

function typeOf(node: Node): string {
  if (node.kind === 'block') return node.type
  return node.kind === 'page' ? 'child_page' : 'child_database'
}

/** A block is addressed as a place on its page. */
function blockAddress(call: Call, node: Node): string {
  const page = pageOf(call.state, node)
  return `${page === null ? PAGE_URL_BASE : addressOf(page)}#${compactId(node.id)}`
}
