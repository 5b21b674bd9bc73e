import { isObject } from '../validation/check.ts'
import type { Interaction } from './recording.ts'

/**
 * Published recordings have mail and web addresses replaced by ones at example.com, after Notion filtered by the real
 * ones. What a filter on the text of such a property gives cannot be told any more.
 */

const REPLACED = /\bexample\.com\b/

/** Names and ids of the properties whose recorded values were replaced. */
export function replacedProperties(interactions: Interaction[]): Set<string> {
  const found = new Set<string>()
  for (const { answer } of interactions) collect(answer, found)
  return found
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) collect(entry, found)
  if (!isObject(value)) return
  const properties = isObject(value['properties']) ? value['properties'] : {}
  for (const [name, property] of Object.entries(properties)) {
    const text = isObject(property) ? (property['email'] ?? property['url']) : undefined
    if (!isObject(property) || typeof text !== 'string' || !REPLACED.test(text)) continue
    found.add(name)
    found.add(String(property['id']))
  }
  for (const entry of Object.values(value)) collect(entry, found)
}

/** Whether a filter looks at one of these properties. */
export function looksAt(properties: Set<string>, filter: unknown): boolean {
  if (Array.isArray(filter)) return filter.some((entry) => looksAt(properties, entry))
  if (!isObject(filter)) return false
  const isOne = typeof filter['property'] === 'string' && properties.has(filter['property'])
  return isOne || ['and', 'or', 'filter'].some((member) => looksAt(properties, filter[member]))
}
