import { ok, type Answer, type Call } from '../core/call.ts'
import { findPage } from '../core/lookup.ts'
import { presentPage } from '../present/objects.ts'

/** `GET /v1/pages/:page_id`. A page in the trash is a 200. */
export function getPage(call: Call): Answer {
  const page = findPage(call, call.path['page_id'] ?? '')
  // An install that may insert but not read sees that the page is there, and nothing of it.
  if (!call.install.capabilities.has('read_content')) return ok({ object: 'page', id: page.id })
  return ok(presentPage(call, page, filterProperties(call)))
}

/** The `filter_properties` of a query string; undefined shows all. */
export function filterProperties(call: Call): string[] | undefined {
  return call.query.get('filter_properties')
}
