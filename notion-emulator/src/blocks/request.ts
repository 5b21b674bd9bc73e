import { parseId } from '../core/ids.ts'
import type { JsonObject } from '../state/model.ts'
import {
  absent,
  anything,
  array,
  isObject,
  literal,
  object,
  optional,
  variants,
  type Check,
  type Finding,
} from '../validation/check.ts'
import { MAX_ARRAY_LENGTH, fileMembers } from '../validation/rich-text.ts'
import { BLOCK_TYPES, fieldCheck, type BlockType } from './types.ts'

/** Levels of `children` that one request may nest below its top list. */
const MAX_NESTING = 2
/** Blocks that one request may create, all levels together. */
export const MAX_BLOCKS_PER_REQUEST = 1000

/** Types that stand at the top of a request only; what they hold counts as if it stood there, too. */
const TOP_ONLY = ['column_list', 'column']
/** Types that cannot stand where nothing may hang below them. */
const NEVER_DEEPEST = ['table']

const listsByDepth = new Map<number, Check>()

/** Checks a list of blocks to create, `depth` levels below the top list of the request. */
export function blockList(depth = 0): Check {
  const known = listsByDepth.get(depth) ?? makeBlockList(depth, typesAt(depth))
  listsByDepth.set(depth, known)
  return known
}

function typesAt(depth: number): string[] {
  const left = depth === 0 ? [] : depth < MAX_NESTING ? TOP_ONLY : [...TOP_ONLY, ...NEVER_DEEPEST]
  return Object.keys(BLOCK_TYPES).filter((name) => !left.includes(name))
}

function makeBlockList(depth: number, names: string[]): Check {
  const members = names.flatMap((name) => {
    const type = BLOCK_TYPES[name]
    return type === undefined ? [] : [[name, payloadCheck(name, type, depth)] satisfies [string, Check]]
  })
  const block = variants(Object.fromEntries(members), { object: optional(literal('block')), children: absent })
  return array(block, MAX_ARRAY_LENGTH)
}

function payloadCheck(name: string, type: BlockType, depth: number): Check {
  const members: Record<string, Check> = Object.fromEntries(
    type.fields.map((definition) => [definition.name, fieldCheck(definition)]),
  )
  const whole = type.media === true ? variants(fileMembers) : (type.check ?? anything)
  const children = childrenCheck(name, type, depth)
  return (value, path) => {
    const findings = object(members)(value, path) ?? whole(value, path)
    return findings ?? children(isObject(value) ? value['children'] : undefined, `${path}.children`)
  }
}

function childrenCheck(name: string, type: BlockType, depth: number): Check {
  if (type.children === 'none' || depth >= MAX_NESTING) return noChildren
  // The list of columns is made when it is asked for, since columns hold blocks and blocks may be columns.
  const list: Check = (value, path) =>
    (name === 'column_list' ? makeBlockList(depth, ['column']) : blockList(depth + 1))(value, path)
  return type.children === 'required' ? list : optional(list)
}

/** An empty list of children is as good as none. */
const noChildren: Check = (value, path): Finding[] | null =>
  Array.isArray(value) && value.length === 0 ? null : absent(value, path)

/** Checks `{<type>: {...}}` of a change: every member is optional, and children cannot be set. */
export function payloadChange(type: string): Check {
  const definition = BLOCK_TYPES[type]
  if (definition === undefined) return absent
  const members = Object.fromEntries(
    definition.fields.map(
      (entry) => [entry.name, entry.isFixed === true ? absent : optional(entry.check)] satisfies [string, Check],
    ),
  )
  const sources = definition.media === true ? fileMembers : {}
  const optionalSources = Object.fromEntries(Object.entries(sources).map(([name, check]) => [name, optional(check)]))
  const parts = object({ ...members, ...optionalSources, children: noChildren })
  return (value, path) => parts(value, path) ?? definition.check?.(value, path) ?? null
}

/** The type of a validated request block: the member that it has. */
export function requestBlockType(block: JsonObject): string {
  return Object.keys(BLOCK_TYPES).find((name) => block[name] !== undefined) ?? 'unsupported'
}

/** The children that a validated request block brings. */
export function requestChildren(payload: JsonObject): JsonObject[] {
  return Array.isArray(payload['children']) ? payload['children'].filter(isObject) : []
}

/** What is kept of a validated payload, with defaults, in the key order of answers. */
export function storedPayload(type: string, payload: JsonObject): JsonObject {
  const definition = BLOCK_TYPES[type]
  if (definition === undefined) return { ...payload }
  const entries = definition.fields
    .map((entry) => [entry.name, entry.store(payload[entry.name])] as const)
    .filter(([, value]) => value !== undefined)
  const stored: JsonObject = Object.fromEntries(entries)
  // A heading that is given children can only show them as a toggle.
  if (type.startsWith('heading') && requestChildren(payload).length > 0) stored['is_toggleable'] = true
  if (type === 'link_to_page') return { type: Object.keys(stored)[0], ...stored }
  if (definition.media !== true) return stored
  const { name, ...rest } = stored
  return { ...rest, ...storedFile(payload), ...(type === 'file' ? { name: name ?? fileName(payload) } : {}) }
}

/** `{type, external|file|file_upload}` of a validated file reference. */
export function storedFile(payload: JsonObject): JsonObject {
  const type = Object.keys(fileMembers).find((name) => isObject(payload[name]))
  if (type === undefined) return {}
  const value = payload[type]
  const id = isObject(value) ? parseId(value['id']) : null
  return { type, [type]: id === null ? value : { id } }
}

/** The last part of a file's address. */
export function fileName(payload: JsonObject): string {
  const external = payload['external']
  const url = isObject(external) ? String(external['url']) : ''
  return decodeURIComponent(/[^/]*$/.exec(url.split(/[?#]/)[0] ?? '')?.[0] ?? '')
}

/** The kept payload after a validated change: members that the change does not name stay. */
export function changedPayload(type: string, current: JsonObject, change: JsonObject): JsonObject {
  const definition = BLOCK_TYPES[type]
  if (definition === undefined) return current
  const given = Object.keys(change).filter((name) => change[name] !== undefined)
  const next = { ...current }
  for (const entry of definition.fields) {
    if (given.includes(entry.name)) next[entry.name] = entry.store(change[entry.name])
  }
  if (definition.media === true && given.some((name) => name in fileMembers)) {
    for (const name of [...Object.keys(fileMembers), 'name']) delete next[name]
    return storedPayload(type, { ...next, ...change })
  }
  return type === 'link_to_page' ? storedPayload(type, change) : next
}

/** Blocks in a validated list, all levels together. */
export function countBlocks(blocks: JsonObject[]): number {
  return blocks.reduce((sum, block) => {
    const payload = block[requestBlockType(block)]
    return sum + 1 + (isObject(payload) ? countBlocks(requestChildren(payload)) : 0)
  }, 0)
}
