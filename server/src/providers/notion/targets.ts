import type { ProviderTarget } from '#providers/contract.ts'

/** Pages and databases by their titles, blocks by their texts: what a call that waits for its user is about. */
export const targets: readonly ProviderTarget[] = [
  { argument: 'page_id', tool: 'notion_read_page', titleOf: (value) => memberOf(value, 'title') },
  { argument: 'database_id', tool: 'notion_get_database', titleOf: (value) => memberOf(value, 'title') },
  { argument: 'block_id', tool: 'notion_get_block', titleOf: (value) => memberOf(value, 'text') },
]

function memberOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  const member = (value as Readonly<Record<string, unknown>>)[name]
  return typeof member === 'string' ? member : null
}
