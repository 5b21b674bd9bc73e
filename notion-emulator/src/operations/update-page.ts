import { storedFile } from '../blocks/request.ts'
import { storedIcon } from '../blocks/types.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { findPage, originOf, requireLiving, requireWritable } from '../core/lookup.ts'
import { trashMembers, trashWish } from '../core/trash.ts'
import { presentPage } from '../present/objects.ts'
import { propertyValues, readValues, syncRelations } from '../properties/values.ts'
import { requireCapability } from '../state/access.ts'
import type { ApiVersion, JsonObject, PageNode } from '../state/model.ts'
import { sourceOfRow, touch } from '../state/tree.ts'
import { attachUploads } from '../uploads/attach.ts'
import {
  boolean,
  isObject,
  literal,
  nullable,
  object,
  optional,
  string,
  uuid,
  type Check,
} from '../validation/check.ts'
import { cover, icon } from '../validation/rich-text.ts'
import { filterProperties } from './pages.ts'
import { applyTemplate, templateOf } from './templates.ts'

const template = object({
  type: literal('default', 'template_id'),
  template_id: optional(uuid),
  timezone: optional(string()),
})

/** The body of a page change in this version. */
export function updatePageBody(version: ApiVersion): Check {
  return object(
    {
      properties: optional(propertyValues),
      icon: optional(nullable(icon)),
      cover: optional(nullable(cover)),
      is_locked: optional(boolean),
      is_archived: optional(boolean),
      template: optional(template),
      erase_content: optional(boolean),
      ...trashMembers(version),
    },
    true,
  )
}

/** `PATCH /v1/pages/:page_id`: properties, look, lock, trash and restore. */
export function updatePage(call: Call): Answer {
  requireCapability(call.install, 'update_content')
  const page = findPage(call, call.path['page_id'] ?? '')
  requireWritable(call, page)
  const wish = trashWish(call.body)
  if (wish !== false) requireLivingUnlessTrashing(call, page, wish)
  const properties = isObject(call.body['properties']) ? call.body['properties'] : {}
  const change = readValues(call, sourceOfRow(call.state, page), properties)
  const chosen = templateOf(call, page, call.body['template'])
  const uploads = attachUploads(call, call.body)

  const origin = originOf(call)
  change.commit()
  uploads.commit()
  const before = page.values
  page.values = { ...before, ...change.values }
  syncRelations(call, page, before)
  applyLook(page, call.body)
  if (wish !== null) page.inTrash = wish
  if (call.body['erase_content'] === true) eraseContent(call, page)
  if (chosen !== null) applyTemplate(origin, page, chosen)
  touch(origin, page)
  return ok(presentPage(call, page, filterProperties(call)))
}

/** A page in the trash takes no change but restoring; trashing it again changes nothing. */
function requireLivingUnlessTrashing(call: Call, page: PageNode, wish: boolean | null): void {
  const others = Object.keys(call.body).filter((name) => name !== 'in_trash' && name !== 'archived')
  if (wish !== true || others.length > 0) requireLiving(call, page)
}

function applyLook(page: PageNode, body: JsonObject): void {
  if (body['icon'] !== undefined) page.icon = storedIcon(body['icon'])
  if (body['cover'] !== undefined) page.cover = isObject(body['cover']) ? storedFile(body['cover']) : null
  if (typeof body['is_locked'] === 'boolean') page.isLocked = body['is_locked']
  if (typeof body['is_archived'] === 'boolean') page.isArchived = body['is_archived']
}

function eraseContent(call: Call, page: PageNode): void {
  for (const id of page.children) {
    const child = call.state.nodes.get(id)
    if (child?.kind === 'block') child.inTrash = true
  }
}
