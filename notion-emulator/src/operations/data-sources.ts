import { storedIcon } from '../blocks/types.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { parseId } from '../core/ids.ts'
import {
  findDatabase,
  findDataSource,
  originOf,
  requireLiving,
  requireOutside,
  requireWritable,
} from '../core/lookup.ts'
import { trashMembers, trashWish } from '../core/trash.ts'
import { presentDataSource } from '../present/objects.ts'
import { readSchema } from '../properties/change-schema.ts'
import { propertyConfig, propertyConfigChange } from '../properties/configure.ts'
import { requireCapability } from '../state/access.ts'
import type { ApiVersion, DatabaseNode, DataSourceNode, JsonObject } from '../state/model.ts'
import { newDataSource, place, referenceTo, touch, unplace } from '../state/tree.ts'
import { attachUploads } from '../uploads/attach.ts'
import { nameSource } from './databases.ts'
import { isObject, nullable, object, optional, record, uuid, variants, type Check } from '../validation/check.ts'
import { icon, richText } from '../validation/rich-text.ts'

const parent = variants({ database_id: uuid })

/** The body of a new data source. */
export function createDataSourceBody(): Check {
  return object(
    {
      parent,
      properties: record(propertyConfig),
      title: optional(richText),
      icon: optional(nullable(icon)),
    },
    true,
  )
}

/** `POST /v1/data_sources`: one more data source in a database. */
export function createDataSource(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const database = databaseOfBody(call)
  const uploads = attachUploads(call, call.body)
  const source = newDataSource(originOf(call), database)
  const properties = isObject(call.body['properties']) ? call.body['properties'] : {}
  try {
    readSchema(call, source, properties, true).commit()
  } catch (error) {
    // A schema that is refused leaves nothing behind.
    unplace(call.state, source)
    call.state.nodes.delete(source.id)
    throw error
  }
  uploads.commit()
  dress(call, source, call.body)
  touch(originOf(call), database)
  return ok(presentDataSource(call, source))
}

function databaseOfBody(call: Call): DatabaseNode {
  const wish = isObject(call.body['parent']) ? call.body['parent'] : {}
  const database = findDatabase(call, parseId(wish['database_id']) ?? '')
  requireWritable(call, database)
  requireLiving(call, database)
  return database
}

function dress(call: Call, source: DataSourceNode, body: JsonObject): void {
  if (body['title'] !== undefined) nameSource(call.state, source, body['title'])
  if (body['icon'] !== undefined) source.icon = storedIcon(body['icon'])
}

/** `GET /v1/data_sources/:data_source_id`. */
export function getDataSource(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  return ok(presentDataSource(call, findDataSource(call, call.path['data_source_id'] ?? '')))
}

/** The body of a data source change in this version. */
export function updateDataSourceBody(version: ApiVersion): Check {
  return object(
    {
      parent: optional(parent),
      title: optional(richText),
      icon: optional(nullable(icon)),
      properties: optional(record(propertyConfigChange)),
      ...trashMembers(version),
    },
    true,
  )
}

/** `PATCH /v1/data_sources/:data_source_id`: title, icon, schema, trash, and the database that holds it. */
export function updateDataSource(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const source = findDataSource(call, call.path['data_source_id'] ?? '')
  requireWritable(call, source)
  const wish = trashWish(call.body)
  if (wish === null) requireLiving(call, source)
  const schema = isObject(call.body['properties']) ? call.body['properties'] : {}
  const change = readSchema(call, source, schema, false)
  const target = call.body['parent'] === undefined ? null : databaseOfBody(call)
  if (target !== null) requireOutside(call, source, target)
  const uploads = attachUploads(call, call.body)

  uploads.commit()
  change.commit()
  dress(call, source, call.body)
  if (wish !== null) source.inTrash = wish
  if (target !== null) {
    unplace(call.state, source)
    source.parent = referenceTo(target)
    place(target, [source], 'end')
  }
  touch(originOf(call), source)
  return ok(presentDataSource(call, source))
}
