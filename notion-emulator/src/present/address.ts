import { compactId } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import { PAGE_URL_BASE, plainText } from '../core/rich-text.ts'
import type { Node, PageNode } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { lineage } from '../state/tree.ts'

/** The web address of an object: pages carry the text of their title, databases do not. */
export function addressOf(node: Node): string {
  return PAGE_URL_BASE + lastPartOf(node)
}

/** Where everybody can read an object: on the site as which it, or something above it, was published. */
export function publicAddressOf(state: State, node: Node): string | null {
  for (const { publicSite } of lineage(state, node)) {
    if (publicSite !== undefined) return `${publicSite}/${lastPartOf(node)}`
  }
  return null
}

function lastPartOf(node: Node): string {
  const slug = node.kind === 'page' ? slugOf(titleTextOf(node)) : ''
  return `${slug === '' ? '' : `${slug}-`}${compactId(node.id)}`
}

/** Mentions are no part of the address. */
function titleTextOf(page: PageNode): string {
  return plainText(objectsOf(page.values['title']).filter((item) => item['type'] === 'text'))
}

function slugOf(title: string): string {
  return title.replace(/\W+/g, '-').replace(/^-+|-+$/g, '')
}
