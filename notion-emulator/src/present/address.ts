import { compactId } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import { PAGE_URL_BASE, plainText } from '../core/rich-text.ts'
import type { Node, PageNode } from '../state/model.ts'

/** The web address of an object: pages carry the text of their title, databases do not. */
export function addressOf(node: Node): string {
  const slug = node.kind === 'page' ? slugOf(titleTextOf(node)) : ''
  return `${PAGE_URL_BASE}${slug === '' ? '' : `${slug}-`}${compactId(node.id)}`
}

/** Mentions are no part of the address. */
function titleTextOf(page: PageNode): string {
  return plainText(objectsOf(page.values['title']).filter((item) => item['type'] === 'text'))
}

function slugOf(title: string): string {
  return title.replace(/\W+/g, '-').replace(/^-+|-+$/g, '')
}
