import type { IdGenerator } from '../core/ids.ts'
import type { BlockNode, Comment, DatabaseNode, DataSourceNode, Node, PageNode, ParentReference } from './model.ts'
import { nextSequence, type State } from './state.ts'

/** The object that this one hangs from, or null at the top of a workspace. */
export function parentOf(state: State, node: Node): Node | null {
  return node.parent.type === 'workspace' ? null : (state.nodes.get(node.parent.id) ?? null)
}

/** The object itself, then its parent, and so on to the top. */
export function* lineage(state: State, node: Node): Generator<Node> {
  let current: Node | null = node
  while (current !== null) {
    yield current
    current = parentOf(state, current)
  }
}

/** Whether the object or anything above it lies in the trash. */
export function isTrashed(state: State, node: Node): boolean {
  for (let entry: Node | null = node; entry !== null; entry = parentOf(state, entry)) if (entry.inTrash) return true
  return false
}

/** Whether something above the object, but not the object itself, lies in the trash. */
export function hasTrashedAncestor(state: State, node: Node): boolean {
  const parent = parentOf(state, node)
  return parent !== null && isTrashed(state, parent)
}

/** The direct children that do not lie in the trash, in order. */
export function livingChildren(state: State, node: Node): Node[] {
  return node.children.flatMap((id) => {
    const child = state.nodes.get(id)
    return child === undefined || child.inTrash ? [] : [child]
  })
}

/** The database that holds a data source. */
export function databaseOf(state: State, source: DataSourceNode): DatabaseNode | null {
  const parent = parentOf(state, source)
  return parent?.kind === 'database' ? parent : null
}

/** The data source whose row this page is, or null for a page that is no row. */
export function sourceOfRow(state: State, page: PageNode): DataSourceNode | null {
  const parent = parentOf(state, page)
  return parent?.kind === 'data_source' ? parent : null
}

/** The data sources of a database that do not lie in the trash. */
export function sourcesOf(state: State, database: DatabaseNode): DataSourceNode[] {
  return livingChildren(state, database).filter((node) => node.kind === 'data_source')
}

/** The page that a block stands on, or null when it stands on none. */
export function pageOf(state: State, node: Node): PageNode | null {
  for (const entry of lineage(state, node)) if (entry.kind === 'page') return entry
  return null
}

/** Who makes something and when; what every new object needs. */
export interface Origin {
  state: State
  newId: IdGenerator
  workspaceId: string
  userId: string
  /** Milliseconds since the epoch. */
  now: number
  /** Search finds new objects this many milliseconds later. */
  indexDelayMs: number
}

function nodeBase(origin: Origin, parent: ParentReference, id = origin.newId()) {
  return {
    id,
    workspaceId: origin.workspaceId,
    parent,
    createdTime: origin.now,
    editedTime: origin.now,
    createdBy: origin.userId,
    editedBy: origin.userId,
    inTrash: false,
    children: [],
    sequence: nextSequence(origin.state),
    searchableFrom: origin.now + origin.indexDelayMs,
  }
}

/** A new empty page, not yet placed among its parent's children. */
export function newPage(origin: Origin, parent: ParentReference, id?: string): PageNode {
  const base = nodeBase(origin, parent, id)
  const page = { icon: null, cover: null, isLocked: false, isArchived: false, values: { title: [] }, rowNumber: 0 }
  return store(origin.state, { ...base, kind: 'page', ...page })
}

/** A new block, not yet placed among its parent's children. */
export function newBlock(
  origin: Origin,
  parent: ParentReference,
  type: string,
  payload: Record<string, unknown>,
): BlockNode {
  return store(origin.state, { ...nodeBase(origin, parent), kind: 'block', type, payload })
}

/** A new database without data sources, not yet placed. */
export function newDatabase(origin: Origin, parent: ParentReference, id?: string): DatabaseNode {
  const base = nodeBase(origin, parent, id)
  const look = { title: [], description: [], icon: null, cover: null, isInline: false, isLocked: false }
  return store(origin.state, { ...base, kind: 'database', ...look })
}

/** A new data source without properties, placed last in its database. */
export function newDataSource(origin: Origin, database: DatabaseNode, id?: string): DataSourceNode {
  const base = nodeBase(origin, { type: 'database', id: database.id }, id)
  const source: DataSourceNode = {
    ...base,
    kind: 'data_source',
    title: [],
    description: [],
    icon: null,
    cover: null,
    properties: [],
    nextRowNumber: 1,
    templates: [],
  }
  database.children.push(source.id)
  return store(origin.state, source)
}

function store<T extends Node>(state: State, node: T): T {
  state.nodes.set(node.id, node)
  return node
}

/** Where among a parent's children something goes: an index, or the end. */
export type Slot = number | 'end'

/** Puts objects among the children of their parent, in their order. */
export function place(parent: Node, nodes: Node[], slot: Slot): void {
  const index = slot === 'end' ? parent.children.length : slot
  parent.children.splice(index, 0, ...nodes.map((node) => node.id))
}

/** Takes an object out of its parent's children. The object itself stays. */
export function unplace(state: State, node: Node): void {
  const parent = parentOf(state, node)
  if (parent !== null) parent.children = parent.children.filter((id) => id !== node.id)
}

/** A parent reference to this object. */
export function referenceTo(node: Node): ParentReference {
  return { type: node.kind, id: node.id }
}

/** Marks an object and the page that it stands on as edited now. */
export function touch(origin: Origin, node: Node): void {
  const page = pageOf(origin.state, node)
  for (const entry of page === null ? [node] : [node, page]) {
    entry.editedTime = origin.now
    entry.editedBy = origin.userId
  }
}

/** Comments on an object, oldest first. */
export function commentsOn(state: State, id: string): Comment[] {
  return [...state.comments.values()]
    .filter((comment) => comment.parent.id === id)
    .sort((left, right) => left.createdTime - right.createdTime || left.sequence - right.sequence)
}
