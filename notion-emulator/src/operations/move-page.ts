import { ok, type Answer, type Call } from '../core/call.ts'
import { parseId } from '../core/ids.ts'
import { findDataSource, findPage, originOf, requireLiving, requireOutside, requireWritable } from '../core/lookup.ts'
import { presentPage } from '../present/objects.ts'
import { startingValues } from '../properties/values.ts'
import { requireCapability } from '../state/access.ts'
import type { DataSourceNode, PageNode, StoredValues } from '../state/model.ts'
import { place, referenceTo, sourceOfRow, touch, unplace } from '../state/tree.ts'
import { isObject, object, uuid, variants, type Check } from '../validation/check.ts'

/** The body of a move. */
export function movePageBody(): Check {
  return object({ parent: variants({ page_id: uuid, data_source_id: uuid }) }, true)
}

/** `POST /v1/pages/:page_id/move`: below another page, or into a data source as a row. */
export function movePage(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const page = findPage(call, call.path['page_id'] ?? '')
  const target = targetOf(call)
  for (const node of [page, target]) {
    requireWritable(call, node)
    requireLiving(call, node)
  }
  requireOutside(call, page, target)

  const source = target.kind === 'data_source' ? target : null
  page.values = carriedValues(page, sourceOfRow(call.state, page), source)
  unplace(call.state, page)
  page.parent = referenceTo(target)
  place(target, [page], 'end')
  if (source !== null) {
    page.rowNumber = source.nextRowNumber
    source.nextRowNumber += 1
  }
  touch(originOf(call), page)
  return ok(presentPage(call, page))
}

function targetOf(call: Call): PageNode | DataSourceNode {
  const parent = isObject(call.body['parent']) ? call.body['parent'] : {}
  const pageId = parseId(parent['page_id'])
  return pageId === null ? findDataSource(call, parseId(parent['data_source_id']) ?? '') : findPage(call, pageId)
}

/** The title stays; a value goes along where both data sources have a property of the same name, type and options. */
function carriedValues(page: PageNode, from: DataSourceNode | null, to: DataSourceNode | null): StoredValues {
  const values: StoredValues = { ...startingValues(to), title: page.values['title'] }
  for (const property of from?.properties ?? []) {
    const twin = to?.properties.find((entry) => entry.name === property.name && entry.type === property.type)
    const isPlain = property.config['options'] === undefined && property.type !== 'relation'
    if (twin !== undefined && isPlain) values[twin.id] = page.values[property.id]
  }
  return values
}
