import type { BlockObjectRequest } from '@notionhq/client'
import type { BlockNode } from './markdown-lines.ts'

/** How blocks are divided into requests that Notion takes. */

/** Notion's limits for one request: blocks in one list, levels below a block of that list, blocks in all, bytes. */
const LIST_BLOCKS = 100
const NESTED_LEVELS = 2
export const REQUEST_BLOCKS = 1000
/** Of Notion's 500 kB, with room for the envelope and for characters of several bytes. */
const REQUEST_CHARACTERS = 150_000

/** A block as it is sent, and what has to follow once it has an id. */
export interface Planned {
  readonly request: BlockObjectRequest
  readonly later: readonly BlockNode[]
  readonly blocks: number
  readonly characters: number
}

/** Blocks of one level, divided into requests in their order. */
export function chunksOf(nodes: readonly BlockNode[]): Planned[][] {
  const chunks: Planned[][] = []
  let room = { list: 0, blocks: 0, characters: 0 }
  for (const planned of nodes.map(plan)) {
    const fits =
      room.list >= 1 && room.blocks >= planned.blocks && room.characters >= planned.characters && chunks.length > 0
    if (!fits) {
      chunks.push([])
      room = { list: LIST_BLOCKS, blocks: REQUEST_BLOCKS, characters: REQUEST_CHARACTERS }
    }
    chunks.at(-1)?.push(planned)
    room = {
      list: room.list - 1,
      blocks: room.blocks - planned.blocks,
      characters: room.characters - planned.characters,
    }
  }
  return chunks
}

/** Sends a block with all that is in it where the limits allow, otherwise without; a table keeps its first rows, which Notion requires. */
function plan(node: BlockNode): Planned {
  if (fitsWhole(node)) return planned(node, node.children, [])
  const kept = node.type === 'table' ? node.children.slice(0, LIST_BLOCKS) : []
  return planned(node, kept, node.children.slice(kept.length))
}

function planned(node: BlockNode, kept: readonly BlockNode[], later: readonly BlockNode[]): Planned {
  const request = requestOf({ ...node, children: [...kept] })
  return {
    request: request as unknown as BlockObjectRequest,
    later,
    blocks: kept.reduce((sum, child) => sum + sizeOf(child), 1),
    characters: JSON.stringify(request).length,
  }
}

function requestOf(node: BlockNode): Record<string, unknown> {
  const children = node.children.length === 0 ? {} : { children: node.children.map(requestOf) }
  return { type: node.type, [node.type]: { ...node.content, ...children } }
}

function fitsWhole(node: BlockNode): boolean {
  return (
    heightOf(node) <= NESTED_LEVELS &&
    listsFit(node) &&
    sizeOf(node) <= REQUEST_BLOCKS &&
    (node.children.length === 0 || JSON.stringify(requestOf(node)).length <= REQUEST_CHARACTERS)
  )
}

function listsFit(node: BlockNode): boolean {
  return node.children.length <= LIST_BLOCKS && node.children.every(listsFit)
}

function heightOf(node: BlockNode): number {
  return node.children.reduce((height, child) => Math.max(height, heightOf(child) + 1), 0)
}

/** Blocks in a tree, its root included. */
function sizeOf(node: BlockNode): number {
  return node.children.reduce((size, child) => size + sizeOf(child), 1)
}

/** Blocks in several trees. */
export function blocksIn(nodes: readonly BlockNode[]): number {
  return nodes.reduce((sum, node) => sum + sizeOf(node), 0)
}

/** How many requests it takes to send these blocks with all that is in them. */
export function requestsFor(nodes: readonly BlockNode[]): number {
  return chunksOf(nodes).reduce(
    (sum, chunk) => chunk.reduce((inner, { later }) => inner + (later.length === 0 ? 0 : requestsFor(later)), sum + 1),
    0,
  )
}
