import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_HOME, raw, testEmulator } from './support/emulator.ts'

/**
 * Queries against a second reading of the documentation, written without looking at the first: every operator of the
 * scalar types, groups two levels deep, over rows whose values may be missing, fetched in parts of any size.
 */

interface Values {
  Name: string
  Count: number | null
  Done: boolean
  Kind: string | null
  Tags: string[]
  Due: string | null
}

interface Leaf {
  property: keyof Values
  type: string
  operator: string
  operand: string | number | boolean
}
type Filter = Leaf | { group: 'and' | 'or'; members: Filter[] }

const WORDS = ['', 'oak', 'Oak tree', 'fir', 'tree']
const OPTIONS = ['red', 'green', 'blue']
const DAYS = ['2026-01-31', '2026-02-01', '2026-02-02']

const values: fc.Arbitrary<Values> = fc.record({
  Name: fc.constantFrom(...WORDS),
  Count: fc.option(fc.integer({ min: 0, max: 2 })),
  Done: fc.boolean(),
  Kind: fc.option(fc.constantFrom(...OPTIONS)),
  Tags: fc.subarray(OPTIONS),
  Due: fc.option(fc.constantFrom(...DAYS)),
})

const EMPTIES = ['is_empty', 'is_not_empty']

function leaves(
  property: keyof Values,
  type: string,
  operators: string[],
  operand: fc.Arbitrary<Leaf['operand']>,
): fc.Arbitrary<Leaf> {
  return fc.record({ operator: fc.constantFrom(...operators), operand }).map((test) => ({ property, type, ...test }))
}

const TEXT = ['equals', 'does_not_equal', 'contains', 'does_not_contain', 'starts_with', 'ends_with', ...EMPTIES]
const NUMBER = ['greater_than', 'less_than', 'greater_than_or_equal_to', 'less_than_or_equal_to']
const DATE = ['before', 'after', 'on_or_before', 'on_or_after']
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  leaves('Name', 'title', TEXT, fc.constantFrom(...WORDS.slice(1))),
  leaves('Count', 'number', ['equals', 'does_not_equal', ...NUMBER, ...EMPTIES], fc.integer({ min: 0, max: 2 })),
  leaves('Done', 'checkbox', ['equals', 'does_not_equal'], fc.boolean()),
  leaves('Kind', 'select', ['equals', 'does_not_equal', ...EMPTIES], fc.constantFrom(...OPTIONS)),
  leaves('Tags', 'multi_select', ['contains', 'does_not_contain', ...EMPTIES], fc.constantFrom(...OPTIONS)),
  leaves('Due', 'date', ['equals', ...DATE, ...EMPTIES], fc.constantFrom(...DAYS)),
)
const group = (member: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.record({ group: fc.constantFrom('and', 'or'), members: fc.array(member, { minLength: 1, maxLength: 3 }) })
const filter: fc.Arbitrary<Filter> = fc.oneof(leaf, group(leaf), group(fc.oneof(leaf, group(leaf))))

function onTheWire(node: Filter): object {
  if ('group' in node) return { [node.group]: node.members.map(onTheWire) }
  const operand = EMPTIES.includes(node.operator) ? true : node.operand
  return { property: node.property, [node.type]: { [node.operator]: operand } }
}

interface Sides {
  value: Values[keyof Values]
  operand: Leaf['operand']
  isEmpty: boolean
  /** Below 0, 0 or above; texts of days compare as the days do. NaN where there is nothing to compare. */
  order: number
}

const holds = ({ value, operand }: Sides): boolean =>
  (Array.isArray(value) ? value : String(value ?? '')).includes(String(operand))

const READINGS: Record<string, (sides: Sides) => boolean> = {
  is_empty: ({ isEmpty }) => isEmpty,
  is_not_empty: ({ isEmpty }) => !isEmpty,
  equals: ({ value, operand }) => value === operand,
  does_not_equal: ({ value, operand }) => value !== operand,
  contains: holds,
  does_not_contain: (sides) => !holds(sides),
  starts_with: ({ value, operand }) => String(value).startsWith(String(operand)),
  ends_with: ({ value, operand }) => String(value).endsWith(String(operand)),
  greater_than: ({ order }) => order > 0,
  after: ({ order }) => order > 0,
  less_than: ({ order }) => order < 0,
  before: ({ order }) => order < 0,
  greater_than_or_equal_to: ({ order }) => order >= 0,
  on_or_after: ({ order }) => order >= 0,
  less_than_or_equal_to: ({ order }) => order <= 0,
  on_or_before: ({ order }) => order <= 0,
}

function naive(node: Filter, row: Values): boolean {
  if ('group' in node) {
    const held = node.members.map((member) => naive(member, row))
    return node.group === 'and' ? !held.includes(false) : held.includes(true)
  }
  const lower = <T>(value: T): T | string => (typeof value === 'string' ? value.toLowerCase() : value)
  const value = lower(row[node.property])
  const operand = lower(node.operand)
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  const order = isEmpty ? Number.NaN : String(value).localeCompare(String(operand))
  return READINGS[node.operator]?.({ value, operand, isEmpty, order }) ?? false
}

const ROWS = 40

/** A data source with so many rows of a random workspace, and their values by id, newest first. */
function fill(emulator: Emulator, rows: Values[]): { source: string; byId: Map<string, Values> } {
  const options = { options: OPTIONS.map((name) => ({ name })) }
  const properties = { Name: { title: {} }, Count: { number: {} }, Done: { checkbox: {} }, Due: { date: {} } }
  const created = raw(emulator, 'POST /v1/databases', {
    body: {
      parent: { page_id: AURORA_HOME },
      initial_data_source: {
        properties: { ...properties, Kind: { select: options }, Tags: { multi_select: options } },
      },
    },
  })
  const source = (created.body['data_sources'] as { id: string }[])[0]?.id ?? ''
  const made = rows.map((row): [string, Values] => {
    const values = {
      Name: { title: [{ text: { content: row.Name } }] },
      Count: { number: row.Count },
      Done: { checkbox: row.Done },
      Kind: { select: row.Kind === null ? null : { name: row.Kind } },
      Tags: { multi_select: row.Tags.map((name) => ({ name })) },
      Due: { date: row.Due === null ? null : { start: row.Due } },
    }
    const answer = raw(emulator, 'POST /v1/pages', { body: { parent: { data_source_id: source }, properties: values } })
    expect(answer.status).toBe(200)
    return [String(answer.body['id']), row]
  })
  return { source, byId: new Map(made.toReversed()) }
}

function queryAll(emulator: Emulator, source: string, body: object, page_size: number): string[] {
  const ids: string[] = []
  for (let start_cursor: unknown = undefined; start_cursor !== null;) {
    const part = raw(emulator, `POST /v1/data_sources/${source}/query`, { body: { ...body, page_size, start_cursor } })
    expect(part.text.length > 0 && part.status, part.text).toBe(200)
    ids.push(...(part.body['results'] as { id: string }[]).map(({ id }) => id))
    start_cursor = part.body['next_cursor']
  }
  return ids
}

describe('queries with filters', () => {
  it('give exactly the rows that a naive reading of the documentation gives, newest first', () => {
    const emulator = testEmulator('two-tenants')
    const rows = fc.sample(values, { numRuns: ROWS, seed: 4 })
    const { source, byId } = fill(emulator, rows)
    const sizes = fc.integer({ min: 7, max: 100 })
    let matched = 0
    fc.assert(
      fc.property(filter, sizes, (node, size) => {
        const expected = [...byId].filter(([, row]) => naive(node, row)).map(([id]) => id)
        matched += expected.length
        expect(queryAll(emulator, source, { filter: onTheWire(node) }, size)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
    // Neither nothing nor everything, or the comparison would say little.
    expect(matched / (300 * ROWS)).toBeGreaterThan(0.1)
    expect(matched / (300 * ROWS)).toBeLessThan(0.9)
  })
})
