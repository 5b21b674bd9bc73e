import { ok, type Answer, type Call } from '../core/call.ts'
import { ApiFailure } from '../core/failure.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { findPage } from '../core/lookup.ts'
import { listBody } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { presentRichText } from '../present/rich-text.ts'
import { propertyValue, visibleRelations } from '../properties/present.ts'
import { findProperty, wireId } from '../properties/present-schema.ts'
import { requireCapability } from '../state/access.ts'
import type { JsonObject, PageNode, PropertySchema } from '../state/model.ts'
import { sourceOfRow } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'

/** `GET /v1/pages/:page_id/properties/:property_id`: one value whole, or a list of its items. */
export function getPropertyItem(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const page = findPage(call, call.path['page_id'] ?? '')
  const property = propertyOf(call, page, call.path['property_id'] ?? '')
  const head = { object: 'property_item', type: property.type, id: wireId(property.id) }
  const items = itemsOf(call, page, property)
  if (items === null) return ok({ ...head, [property.type]: propertyValue(call, page, property) })

  const wish = pageRequestOfQuery(call.query)
  const start = wish.cursor === null ? 0 : Number.parseInt(wish.cursor, CURSOR_RADIX) || 0
  const end = start + wish.size
  const nextCursor = end < items.length ? end.toString(CURSOR_RADIX) : null
  const results = items.slice(start, end).map((item) => presentItem(property, item))
  const { property_item: _empty, ...envelope } = listBody('property_item', results, nextCursor)
  return ok({ ...envelope, property_item: summaryOf(call, page, property, nextCursor) })
}

const CURSOR_RADIX = 36

/** One item of a list. That of a rollup is an item of the property which it rolls up. */
function presentItem(property: PropertySchema, item: unknown): JsonObject {
  const head = { object: 'property_item', type: property.type, id: wireId(property.id) }
  if (property.type !== 'rollup' || !isObject(item)) return { ...head, [property.type]: item }
  const type = stringOf(item['type'])
  return { ...head, type, id: wireId(stringOf(property.config['rollup_property_id'], property.id)), [type]: item[type] }
}

const TITLE: PropertySchema = { id: 'title', name: 'title', description: null, type: 'title', config: {} }

function propertyOf(call: Call, page: PageNode, key: string): PropertySchema {
  const source = sourceOfRow(call.state, page)
  const found = source === null ? (key === 'title' ? TITLE : null) : findProperty(source, key)
  if (found === null) throw new ApiFailure('object_not_found', `Could not find property with name or id: ${key}`)
  return found
}

/** The single items of a value that is answered as a list, or null for a value that is answered whole. */
function itemsOf(call: Call, page: PageNode, property: PropertySchema): unknown[] | null {
  switch (property.type) {
    case 'title':
    case 'rich_text':
      return presentRichText(call, objectsOf(page.values[property.id]))
    case 'people':
      return objectsOf(propertyValue(call, page, property))
    case 'relation':
      return visibleRelations(call, page, property).map((id) => ({ id }))
    case 'rollup':
      return rolledItems(propertyValue(call, page, property))
    default:
      return null
  }
}

function rolledItems(rollup: unknown): JsonObject[] {
  return isObject(rollup) ? objectsOf(rollup['array']) : []
}

function summaryOf(call: Call, page: PageNode, property: PropertySchema, nextCursor: string | null): JsonObject {
  const id = wireId(property.id)
  const path = `${call.base}/v1/pages/${page.id}/properties/${id}`
  return {
    id,
    next_url: nextCursor === null ? null : `${path}?start_cursor=${nextCursor}`,
    type: property.type,
    [property.type]: property.type === 'rollup' ? rollupSummary(propertyValue(call, page, property)) : {},
  }
}

function rollupSummary(rollup: unknown): JsonObject {
  if (!isObject(rollup)) return {}
  return rollup['type'] === 'array' ? { ...rollup, array: [] } : rollup
}
