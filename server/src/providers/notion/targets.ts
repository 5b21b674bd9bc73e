import type { ProviderTarget } from '#providers/contract.ts'
import { blockIdIn } from './ids.ts'

const named = {
  isId: (given) => blockIdIn(given) !== undefined,
  idOf: (value) => memberOf(value, 'id'),
} satisfies Partial<ProviderTarget>

/** Pages and databases by their titles, blocks by their texts: what a call that waits for its user is about. */
export const targets: readonly ProviderTarget[] = [
  { argument: 'page_id', tool: 'notion_read_page', titleOf: (value) => memberOf(value, 'title'), ...named },
  { argument: 'database_id', tool: 'notion_get_database', titleOf: (value) => memberOf(value, 'title'), ...named },
  { argument: 'block_id', tool: 'notion_get_block', titleOf: (value) => memberOf(value, 'text'), ...named },
]

function memberOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  const member = (value as Readonly<Record<string, unknown>>)[name]
  return typeof member === 'string' ? member : null
}
