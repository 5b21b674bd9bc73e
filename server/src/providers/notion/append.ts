import type { BlockObjectRequest } from '@notionhq/client'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import type { BlockNode } from './markdown-lines.ts'

/** Notion's limits for one request: blocks in one list, levels below a block of that list, blocks in all, bytes. */
const LIST_BLOCKS = 100
const NESTED_LEVELS = 2
const REQUEST_BLOCKS = 1000
/** Of Notion's 500 kB, with room for the envelope and for characters of several bytes. */
const REQUEST_CHARACTERS = 150_000

/** What one tool call may send. At three requests a second, more would outlast its deadline. */
const MOST_REQUESTS = 40

const APPEND: Operation = {
  needs: 'insert',
  noun: 'page or database',
  check: 'Read the end of the content with notion_get_block_children to see what has arrived.',
}

/** One request of an append and what came of it. */
export interface AppendStep {
  readonly parent_id: string
  readonly blocks: number
  readonly status: 'appended' | 'unknown' | 'refused'
}

export interface Appended {
  /** The new blocks of the first level, in order. */
  readonly blockIds: readonly string[]
  readonly steps: readonly AppendStep[]
}

/**
 * Appends blocks, in as many requests as Notion's limits need. Notion has no transaction over them, so a failure says
 * how far it came.
 * @param after block of the same parent to put them behind; otherwise they go to the end
 */
export async function appendBlocks(
  api: NotionApi,
  parentId: string,
  nodes: readonly BlockNode[],
  after: string | undefined,
): Promise<Outcome<Appended>> {
  const requests = requestsFor(nodes)
  if (requests > MOST_REQUESTS) {
    return failure(
      'invalid_arguments',
      `This content would need ${requests} requests to Notion; one call may send ${MOST_REQUESTS}. Nothing was appended. Append it in smaller parts.`,
      { path: 'arguments.content' },
    )
  }
  const steps: AppendStep[] = []
  const outcome = await appendLevel({ api, steps }, parentId, nodes, after)
  return outcome.ok ? success({ blockIds: outcome.value, steps }) : withProgress(outcome.problem, steps, nodes)
}

interface Run {
  readonly api: NotionApi
  readonly steps: AppendStep[]
}

async function appendLevel(
  run: Run,
  parentId: string,
  nodes: readonly BlockNode[],
  after: string | undefined,
): Promise<Outcome<string[]>> {
  const ids: string[] = []
  for (const chunk of chunksOf(nodes)) {
    // At the end, the order of sending is the order of reading; behind a block, each part follows the one before.
    const anchor = after === undefined ? undefined : (ids.at(-1) ?? after)
    const sent = await sendChunk(run, parentId, chunk, anchor)
    if (!sent.ok) return sent
    if (after !== undefined && sent.value.length < chunk.length) return lostIds
    ids.push(...sent.value)
    for (const [index, planned] of chunk.entries()) {
      const id = sent.value[index]
      if (planned.later.length === 0) continue
      if (id === undefined) return lostIds
      const below = await appendLevel(run, id, planned.later, undefined)
      if (!below.ok) return below
    }
  }
  return success(ids)
}

const lostIds = failure(
  'outcome_unknown',
  'Notion saved the blocks but did not say which, so what belongs inside them was not appended. Do not repeat it; read the blocks and append the missing parts to them.',
)

async function sendChunk(
  run: Run,
  parentId: string,
  chunk: readonly Planned[],
  after: string | undefined,
): Promise<Outcome<string[]>> {
  const children = chunk.map((planned) => planned.request)
  const blocks = chunk.reduce((sum, planned) => sum + planned.blocks, 0)
  const position = after === undefined ? {} : { position: { type: 'after_block' as const, after_block: { id: after } } }
  const written = await run.api.write(
    (notion) => notion.blocks.children.append({ block_id: parentId, children, ...position }),
    APPEND,
  )
  if (!written.ok) {
    const status = written.problem.code === 'outcome_unknown' ? 'unknown' : 'refused'
    run.steps.push({ parent_id: parentId, blocks, status })
    return written
  }
  run.steps.push({ parent_id: parentId, blocks, status: 'appended' })
  const { value } = written
  return success(value.kind === 'answered' ? value.answer.results.map(({ id }) => id) : [...value.childIds])
}

function withProgress(problem: Problem, steps: readonly AppendStep[], nodes: readonly BlockNode[]): Outcome<never> {
  const done = steps.filter(({ status }) => status === 'appended').reduce((sum, step) => sum + step.blocks, 0)
  const all = nodes.reduce((sum, node) => sum + sizeOf(node), 0)
  if (done === 0) return { ok: false, problem }
  const progress = `${done} of ${all} blocks were appended before that; do not send those again.`
  return {
    ok: false,
    problem: { ...problem, detail: `${problem.detail} ${progress}`, extra: { ...problem.extra, steps } },
  }
}

/** A block as it is sent, and what has to follow once it has an id. */
interface Planned {
  readonly request: BlockObjectRequest
  readonly later: readonly BlockNode[]
  readonly blocks: number
  readonly characters: number
}

function chunksOf(nodes: readonly BlockNode[]): Planned[][] {
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
export function sizeOf(node: BlockNode): number {
  return node.children.reduce((size, child) => size + sizeOf(child), 1)
}

function requestsFor(nodes: readonly BlockNode[]): number {
  return chunksOf(nodes).reduce(
    (sum, chunk) => chunk.reduce((inner, { later }) => inner + (later.length === 0 ? 0 : requestsFor(later)), sum + 1),
    0,
  )
}
