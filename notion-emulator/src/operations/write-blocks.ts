import { addBlocks } from '../blocks/insert.ts'
import { MAX_BLOCKS_PER_REQUEST, blockList, changedPayload, countBlocks, payloadChange } from '../blocks/request.ts'
import { ROW_WIDTH_PROBLEM, structureProblem, type StructureParent } from '../blocks/structure.ts'
import { BLOCK_TYPES, READ_ONLY_BLOCK_TYPES, mayHaveChildren } from '../blocks/types.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import { findBlock, originOf, requireLiving, requireWritable } from '../core/lookup.ts'
import { listBody } from '../core/pagination.ts'
import { MAX_PAGE_SIZE } from '../core/settings.ts'
import { trashMembers, trashWish } from '../core/trash.ts'
import { presentBlock } from '../present/objects.ts'
import { requireCapability } from '../state/access.ts'
import type { ApiVersion, BlockNode, DatabaseNode, PageNode } from '../state/model.ts'
import { touch, type Slot } from '../state/tree.ts'
import { attachUploads } from '../uploads/attach.ts'
import {
  absent,
  anything,
  failureMessage,
  isObject,
  literal,
  object,
  optional,
  string,
  uuid,
  type Check,
} from '../validation/check.ts'
import { blockChildren } from './blocks.ts'

const afterBlock = object({ type: literal('after_block'), after_block: object({ id: uuid }) }, true)
const edge = object({ type: literal('after_block', 'start', 'end') }, true)
const position: Check = (value, path) =>
  isObject(value) && value['type'] === 'after_block' ? afterBlock(value, path) : edge(value, path)

/** The body of an append in this version. */
export function appendBody(version: ApiVersion): Check {
  return object(
    {
      children: blockList(),
      position: version === '2022-06-28' ? absent : optional(position),
      after: version === '2026-03-11' ? absent : optional(uuid),
    },
    true,
  )
}

/**
 * `PATCH /v1/blocks/:block_id/children`. Answers the new first-level blocks and, as the real API does, the siblings
 * that follow them.
 */
export function appendChildren(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const parent = findBlock(call, call.path['block_id'] ?? '')
  requireWritable(call, parent)
  requireLiving(call, parent)
  requireContainer(parent)
  const blocks = objectsOf(call.body['children'])
  if (countBlocks(blocks) > MAX_BLOCKS_PER_REQUEST) {
    throw invalid(
      `body failed validation: body.children should contain at most ${MAX_BLOCKS_PER_REQUEST} blocks in total.`,
    )
  }
  const problem = structureProblem(structureParent(parent), blocks, 'body.children')
  if (problem !== null) throw invalid(problem)
  const slot = slotOf(call, parent)
  const uploads = attachUploads(call, blocks)
  const origin = originOf(call)
  uploads.commit()
  const added = addBlocks(origin, parent, blocks, slot)
  touch(origin, parent)
  const living = blockChildren(call, parent).filter((node) => !node.inTrash)
  const start = added.length === 0 ? living.length : living.findIndex((node) => node.id === added[0]?.id)
  const shown = living.slice(start, start + MAX_PAGE_SIZE)
  return ok(
    listBody(
      'block',
      shown.map((node) => presentBlock(call, node)),
      living[start + MAX_PAGE_SIZE]?.id ?? null,
    ),
  )
}

function structureParent(parent: PageNode | DatabaseNode | BlockNode): StructureParent {
  return parent.kind === 'block' ? { type: parent.type, tableWidth: parent.payload['table_width'] } : { type: 'page' }
}

function requireContainer(parent: PageNode | DatabaseNode | BlockNode): void {
  const isContainer = parent.kind === 'page' || (parent.kind === 'block' && mayHaveChildren(parent.type))
  if (!isContainer) throw invalid('Block does not support children.')
}

function slotOf(call: Call, parent: PageNode | DatabaseNode | BlockNode): Slot {
  const wish = isObject(call.body['position']) ? call.body['position'] : {}
  if (call.body['after'] !== undefined && call.body['position'] !== undefined) {
    throw invalid(
      'body failed validation: body.after should be not present, instead was given together with body.position.',
    )
  }
  if (wish['type'] === 'start') return 0
  const after = parseId(isObject(wish['after_block']) ? wish['after_block']['id'] : call.body['after'])
  if (after === null) return 'end'
  const index = parent.children.indexOf(after)
  if (index < 0) throw invalid(`Block to append children after is not parented by ${parent.id}.`)
  return index + 1
}

/** The body of a block change in this version. What the payload holds depends on the block. */
export function updateBlockBody(version: ApiVersion): Check {
  const payloads = Object.fromEntries(
    Object.keys(BLOCK_TYPES).map((type) => [type, anything] satisfies [string, Check]),
  )
  return object({ type: optional(string()), object: optional(string()), ...payloads, ...trashMembers(version) }, true)
}

/** `PATCH /v1/blocks/:block_id`: the payload of a block, or the trash flag of anything that is a block. */
export function updateBlock(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const block = findBlock(call, call.path['block_id'] ?? '')
  requireWritable(call, block)
  const wish = trashWish(call.body)
  const type = Object.keys(BLOCK_TYPES).find((name) => call.body[name] !== undefined)
  if (wish !== false) requireLiving(call, block)
  if (type !== undefined) changePayload(call, block, type)
  if (wish !== null) block.inTrash = wish
  touch(originOf(call), block)
  return ok(presentBlock(call, block))
}

function changePayload(call: Call, block: PageNode | DatabaseNode | BlockNode, type: string): void {
  if (block.kind !== 'block' || READ_ONLY_BLOCK_TYPES.includes(block.type)) {
    throw invalid(`Block type ${block.kind === 'block' ? block.type : `child_${block.kind}`} cannot be changed here.`)
  }
  if (block.type !== type) throw invalid(`${type} was provided, but the block is of type ${block.type}.`)
  const findings = payloadChange(type)(call.body[type], `body.${type}`)
  if (findings !== null) throw invalid(failureMessage('body', findings))
  const change = isObject(call.body[type]) ? call.body[type] : {}
  requireRowWidth(call, block, change)
  attachUploads(call, change).commit()
  block.payload = changedPayload(type, block.payload, change)
}

/** A row keeps as many cells as its table is wide. */
function requireRowWidth(call: Call, block: BlockNode, change: Record<string, unknown>): void {
  const table = block.parent.type === 'block' ? call.state.nodes.get(block.parent.id) : undefined
  if (block.type !== 'table_row' || table?.kind !== 'block' || !Array.isArray(change['cells'])) return
  const width = table.payload['table_width']
  if (change['cells'].length !== width) {
    throw invalid(ROW_WIDTH_PROBLEM)
  }
}

/** `DELETE /v1/blocks/:block_id`: into the trash. Works for pages and databases too. */
export function deleteBlock(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const block = findBlock(call, call.path['block_id'] ?? '')
  requireWritable(call, block)
  requireLiving(call, block)
  block.inTrash = true
  touch(originOf(call), block)
  return ok(presentBlock(call, block))
}
