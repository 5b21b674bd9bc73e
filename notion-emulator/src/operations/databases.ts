import { storedFile } from '../blocks/request.ts'
import { storedIcon } from '../blocks/types.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { findDatabase, findPage, originOf, requireLiving, requireOutside, requireWritable } from '../core/lookup.ts'
import { plainRichText, plainText, storedRichText } from '../core/rich-text.ts'
import { severalSources } from '../core/several-sources.ts'
import { trashMembers, trashWish } from '../core/trash.ts'
import { presentDatabase } from '../present/objects.ts'
import { readSchema } from '../properties/change-schema.ts'
import { propertyConfig, propertyConfigChange } from '../properties/configure.ts'
import { requireCapability } from '../state/access.ts'
import type { ApiVersion, DatabaseNode, DataSourceNode, JsonObject, PageNode } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { databaseOf, newDatabase, newDataSource, place, referenceTo, sourcesOf, touch, unplace } from '../state/tree.ts'
import { attachUploads } from '../uploads/attach.ts'
import {
  absent,
  boolean,
  isObject,
  literal,
  nullable,
  object,
  optional,
  record,
  uuid,
  variants,
  type Check,
} from '../validation/check.ts'
import { cover, icon, richText } from '../validation/rich-text.ts'

const DEFAULT_TITLE = 'New database'

const parent = variants({ page_id: uuid, workspace: literal(true) })

const look: Record<string, Check> = {
  title: optional(richText),
  description: optional(richText),
  is_inline: optional(boolean),
  icon: optional(nullable(icon)),
  cover: optional(nullable(cover)),
}

/** The body of a database creation in this version. */
export function createDatabaseBody(version: ApiVersion): Check {
  const isOld = version === '2022-06-28'
  const schema = optional(record(propertyConfig))
  return object(
    {
      parent,
      ...look,
      initial_data_source: isOld ? absent : optional(object({ properties: schema }, true)),
      properties: isOld ? schema : absent,
    },
    true,
  )
}

/** `POST /v1/databases`: a database with one data source of the same name. */
export function createDatabase(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const page = databaseParent(call)
  const uploads = attachUploads(call, call.body)
  const origin = originOf(call)
  const database = newDatabase(origin, page === null ? { type: 'workspace' } : referenceTo(page))
  const source = newDataSource(origin, database)
  dress(database, call.body)
  source.title = database.title
  source.description = database.description
  source.icon = database.icon
  if (database.title.length === 0) database.title = plainRichText(DEFAULT_TITLE)
  try {
    readSchema(call, source, requestedSchema(call.body), true).commit()
  } catch (error) {
    // A schema that is refused leaves nothing behind.
    call.state.nodes.delete(source.id)
    call.state.nodes.delete(database.id)
    throw error
  }
  uploads.commit()
  if (page !== null) {
    place(page, [database], 'end')
    touch(origin, page)
  }
  return ok(presentDatabase(call, database))
}

function requestedSchema(body: JsonObject): JsonObject {
  const initial = isObject(body['initial_data_source']) ? body['initial_data_source'] : body
  return isObject(initial['properties']) ? initial['properties'] : {}
}

function databaseParent(call: Call): PageNode | null {
  const wish = isObject(call.body['parent']) ? call.body['parent'] : {}
  const id = parseId(wish['page_id'])
  if (id === null) {
    if (call.install.owner.type === 'user') return null
    throw invalid(
      "Internal integrations aren't owned by a single user, so creating workspace-level databases is not supported.",
    )
  }
  const page = findPage(call, id)
  requireWritable(call, page)
  requireLiving(call, page)
  return page
}

function dress(database: DatabaseNode, body: JsonObject): void {
  if (body['title'] !== undefined) database.title = storedRichText(body['title'])
  if (body['description'] !== undefined) database.description = storedRichText(body['description'])
  if (typeof body['is_inline'] === 'boolean') database.isInline = body['is_inline']
  if (body['icon'] !== undefined) database.icon = storedIcon(body['icon'])
  if (body['cover'] !== undefined) database.cover = isObject(body['cover']) ? storedFile(body['cover']) : null
  if (typeof body['is_locked'] === 'boolean') database.isLocked = body['is_locked']
}

/** `GET /v1/databases/:database_id`. */
export function getDatabase(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const database = findDatabase(call, call.path['database_id'] ?? '')
  refuseSeveralSources(call, database)
  return ok(presentDatabase(call, database))
}

/** Up to 2022-06-28 a database was its only data source, so one with several cannot be shown. */
function refuseSeveralSources(call: Call, database: DatabaseNode): void {
  const sources = sourcesOf(call.state, database)
  if (call.version === '2022-06-28' && sources.length > 1) throw severalSources(database.id, sources)
}

/** The body of a database change in this version. */
export function updateDatabaseBody(version: ApiVersion): Check {
  const isOld = version === '2022-06-28'
  return object(
    {
      parent: optional(parent),
      ...look,
      is_locked: optional(boolean),
      properties: isOld ? optional(record(propertyConfigChange)) : absent,
      ...trashMembers(version),
    },
    true,
  )
}

/** `PATCH /v1/databases/:database_id`: title, look, trash, place; and up to 2022-06-28 the schema. */
export function updateDatabase(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const database = findDatabase(call, call.path['database_id'] ?? '')
  requireWritable(call, database)
  refuseSeveralSources(call, database)
  const wish = trashWish(call.body)
  if (wish === null) requireLiving(call, database)
  const [source] = sourcesOf(call.state, database)
  const schema = isObject(call.body['properties']) ? call.body['properties'] : null
  const change = source !== undefined && schema !== null ? readSchema(call, source, schema, false) : null
  const target = call.body['parent'] === undefined ? null : databaseParent(call)
  if (target !== null) requireOutside(call, database, target)
  const uploads = attachUploads(call, call.body)

  uploads.commit()
  change?.commit()
  carryToOnlySource(call, database)
  dress(database, call.body)
  if (wish !== null) database.inTrash = wish
  if (target !== null) move(call, database, target)
  touch(originOf(call), database)
  return ok(presentDatabase(call, database))
}

/** With one data source, description and icon are shared, and so is the title until someone names them apart. */
function carryToOnlySource(call: Call, database: DatabaseNode): void {
  const [source, ...others] = sourcesOf(call.state, database)
  if (source === undefined || others.length > 0) return
  carry(source, database, call.body)
}

function carry(source: DataSourceNode, database: DatabaseNode, body: JsonObject): void {
  if (body['title'] !== undefined && sharesTitle(source, database)) source.title = storedRichText(body['title'])
  if (body['description'] !== undefined) source.description = storedRichText(body['description'])
  if (body['icon'] !== undefined) source.icon = storedIcon(body['icon'])
}

function sharesTitle(source: DataSourceNode, database: DatabaseNode): boolean {
  return (plainText(source.title) || DEFAULT_TITLE) === plainText(database.title)
}

/**
 * Names a data source. A database that has no other and goes by the same title goes by the new one, too.
 * @param title validated rich text of a request
 */
export function nameSource(state: State, source: DataSourceNode, title: unknown): void {
  const database = databaseOf(state, source)
  const isShared = database !== null && sourcesOf(state, database).length === 1 && sharesTitle(source, database)
  source.title = storedRichText(title)
  if (isShared) database.title = source.title.length === 0 ? plainRichText(DEFAULT_TITLE) : source.title
}

function move(call: Call, database: DatabaseNode, target: PageNode): void {
  unplace(call.state, database)
  database.parent = referenceTo(target)
  place(target, [database], 'end')
}
