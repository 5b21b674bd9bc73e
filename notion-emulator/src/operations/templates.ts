import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { findDataSource, findPage } from '../core/lookup.ts'
import { slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { requireCapability } from '../state/access.ts'
import type { DataSourceNode, Node, PageNode } from '../state/model.ts'
import { livingChildren, newBlock, place, referenceTo, sourceOfRow, type Origin } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'

/** `GET /v1/data_sources/:data_source_id/templates`. This answer alone has no list envelope and no `request_id`. */
export function listTemplates(call: Call): Answer {
  requireCapability(call.install, 'read_content')
  const source = findDataSource(call, call.path['data_source_id'] ?? '')
  const wanted = call.query.get('name')?.[0]?.toLowerCase()
  const matching = source.templates.filter((entry) => wanted === undefined || entry.name.toLowerCase().includes(wanted))
  const part = slice(matching, pageRequestOfQuery(call.query))
  const templates = part.items.map((entry) => ({ id: entry.id, name: entry.name, is_default: entry.isDefault }))
  const body = { templates, has_more: part.nextCursor !== null, next_cursor: part.nextCursor }
  return { ...ok(body), withoutRequestId: true }
}

/** The page that a body's `template` names, or null when it names none. */
export function templateOf(call: Call, page: PageNode, wish: unknown): PageNode | null {
  return chooseTemplate(call, sourceOfRow(call.state, page), wish)
}

/** The page that a body's `template` names, for a row of this data source. */
export function chooseTemplate(call: Call, source: DataSourceNode | null, wish: unknown): PageNode | null {
  if (!isObject(wish) || wish['type'] === 'none') return null
  if (wish['type'] === 'template_id') return findPage(call, parseId(wish['template_id']) ?? '')
  const id = source?.templates.find((entry) => entry.isDefault)?.id
  if (id === undefined) throw invalid('The data source does not have a default template.')
  return findPage(call, id)
}

/** Copies the blocks of a template to the end of a page. Pages below the template are not copied. */
export function applyTemplate(origin: Origin, page: PageNode, template: PageNode): void {
  copyBlocks(origin, template, page)
}

function copyBlocks(origin: Origin, from: Node, to: Node): void {
  for (const child of livingChildren(origin.state, from)) {
    if (child.kind !== 'block') continue
    const copy = newBlock(origin, referenceTo(to), child.type, structuredClone(child.payload))
    copyBlocks(origin, child, copy)
    place(to, [copy], 'end')
  }
}
