import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import type { ProviderTarget } from '#providers/contract.ts'
import { blockIdIn } from './ids.ts'

const named = {
  isId: (given) => blockIdIn(given) !== undefined,
  idOf: (value) => memberOf(value, 'id'),
  titleOf: (value) => memberOf(value, 'title'),
} satisfies Partial<ProviderTarget>

/** A block by what it says; pages and databases are blocks too, and say their title. */
const block = {
  ...named,
  tool: 'notion_get_block',
  readAs: 'block_id',
  titleOf: (value) => memberOf(value, 'text'),
} satisfies Partial<ProviderTarget>

const database = {
  ...named,
  tool: 'notion_get_database',
  nowOf: (value) => membersOf(value, ['title', 'description']),
} satisfies Partial<ProviderTarget>

/** Pages and databases by their titles, blocks by their texts: what a call that waits for its user is about. */
export const targets: readonly ProviderTarget[] = [
  {
    ...named,
    argument: 'page_id',
    tool: 'notion_read_page',
    nowOf: (value) => membersOf(value, ['title', 'properties']),
  },
  { ...database, argument: 'database_id' },
  { ...database, argument: 'data_source_id', isId: () => true },
  { ...block, argument: 'block_id', nowOf: (value) => membersOf(value, ['text', 'checked']) },
  // A page or a database may bear the title; the tool that is called tells which of them is meant.
  { ...block, argument: 'parent_id', keepsTitle: true },
  { ...block, argument: 'after', keepsTitle: true },
]

function memberOf(value: unknown, name: string): string | null {
  return isRecord(value) ? stringOrNull(value[name]) : null
}

function membersOf(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(names.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]))
}
