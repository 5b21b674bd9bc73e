import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { requestBlockType, requestChildren } from './request.ts'

/** Parents that take one type of child only, and children that hang below one type of parent only. */
const ONLY_CHILD: Record<string, string> = { table: 'table_row', column_list: 'column', tab: 'paragraph' }
const ONLY_PARENT: Record<string, string> = { table_row: 'table', column: 'column_list' }
const MIN_COLUMNS = 2

/** What the new blocks are to hang below. */
export interface StructureParent {
  /** A block type, or `page`. */
  type: string
  /** Cells in a row, when the parent is a table. */
  tableWidth?: unknown
}

/** Why blocks cannot hang below this parent, as the message of a 400, or null when they can. */
export function structureProblem(parent: StructureParent, blocks: JsonObject[], path: string): string | null {
  for (const [index, block] of blocks.entries()) {
    const type = requestBlockType(block)
    const payload = isObject(block[type]) ? block[type] : {}
    const children = requestChildren(payload)
    const own = { type, tableWidth: payload['table_width'] }
    const problem =
      placementProblem(parent, type) ??
      cellProblem(parent, payload) ??
      countProblem(type, children, `${path}[${index}].${type}.children`) ??
      structureProblem(own, children, `${path}[${index}].${type}.children`)
    if (problem !== null) return problem
  }
  return null
}

function placementProblem(parent: StructureParent, type: string): string | null {
  const wanted = ONLY_CHILD[parent.type]
  if (wanted !== undefined && wanted !== type) return `Only ${wanted} blocks can be children of a ${parent.type} block.`
  const home = ONLY_PARENT[type]
  return home !== undefined && home !== parent.type ? `A ${type} block can only be a child of a ${home} block.` : null
}

/** The refusal of a row that is not as wide as its table. */
export const ROW_WIDTH_PROBLEM = 'Number of cells in table row must match the table width of the parent table.'

function cellProblem(parent: StructureParent, payload: JsonObject): string | null {
  const { cells } = payload
  return parent.type === 'table' && Array.isArray(cells) && cells.length !== parent.tableWidth
    ? ROW_WIDTH_PROBLEM
    : null
}

function countProblem(type: string, children: JsonObject[], path: string): string | null {
  const minimum = type === 'column_list' ? MIN_COLUMNS : type === 'table' ? 1 : 0
  if (children.length >= minimum) return null
  return `body failed validation: ${path}.length should be ≥ \`${minimum}\`, instead was \`${children.length}\`.`
}
