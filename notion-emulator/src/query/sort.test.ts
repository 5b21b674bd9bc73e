import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileSorts } from './sort.ts'
import type { Row } from './values.ts'

const options = { options: [{ name: 'High' }, { name: 'Mid' }, { name: 'Low' }] }
const SCHEMA = {
  Name: { id: 'title', name: 'Name', type: 'title', title: {} },
  Count: { id: 'a%3Fb', name: 'Count', type: 'number', number: {} },
  Level: { id: 'c', name: 'Level', type: 'select', select: options },
  State: { id: 'd', name: 'State', type: 'status', status: options },
  Tags: { id: 'e', name: 'Tags', type: 'multi_select', multi_select: options },
  Done: { id: 'f', name: 'Done', type: 'checkbox', checkbox: {} },
  Due: { id: 'g', name: 'Due', type: 'date', date: {} },
  Owner: { id: 'h', name: 'Owner', type: 'people', people: {} },
  Key: { id: 'i', name: 'Key', type: 'unique_id', unique_id: {} },
  Sum: { id: 'j', name: 'Sum', type: 'formula', formula: {} },
  Roll: { id: 'k', name: 'Roll', type: 'rollup', rollup: {} },
  Press: { id: 'l', name: 'Press', type: 'button', button: {} },
}
type Name = keyof typeof SCHEMA

function row(values: Partial<Record<Name, unknown>>, times: Partial<Row> = {}): Row {
  const properties = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { type } = SCHEMA[name as Name]
      return [name, { type, [type]: value }]
    }),
  )
  return {
    properties,
    created_time: '2026-01-01T00:00:00.000Z',
    last_edited_time: '2026-01-01T00:00:00.000Z',
    ...times,
  }
}

/** Sorts values of one property and answers them in their new order. */
function sorted<T>(property: Name, values: T[], direction = 'ascending'): T[] {
  const rows = values.map((value) => ({ value, row: row({ [property]: value }) }))
  const sorts = compileSorts([{ property, direction }], SCHEMA)
  if (!sorts.ok) throw new Error(sorts.message)
  return rows.sort((a, b) => sorts.compare(a.row, b.row)).map(({ value }) => value)
}

const title = (content: string) => (content === '' ? [] : [{ plain_text: content }])

describe('compileSorts', () => {
  it.each<[Name, string, unknown[]]>([
    ['Name', 'texts, without case and by the numbers in them', ['', 'b', 'Article 10', 'article 4', 'A'].map(title)],
    ['Count', 'numbers', [null, 10, 9, -1, 0]],
    [
      'Level',
      'options by their place in the schema',
      [null, { name: 'Low' }, { name: 'gone' }, { name: 'High' }, { name: 'Mid' }],
    ],
    ['State', 'states by their place in the schema', [null, { name: 'Mid' }, { name: 'High' }]],
    ['Tags', 'lists of options by the first', [[], [{ name: 'Mid' }, { name: 'High' }], [{ name: 'High' }]]],
    ['Done', 'checkboxes', [true, false]],
    [
      'Due',
      'dates as instants',
      [null, { start: '2026-01-02' }, { start: '2026-01-01T23:30:00.000-01:00' }, { start: '2026-01-01' }],
    ],
    ['Owner', 'people by name', [[], [{ name: 'Bob' }], [{ name: 'ada' }]]],
    [
      'Key',
      'ids by number',
      [
        { prefix: 'A', number: 10 },
        { prefix: 'A', number: 9 },
      ],
    ],
    [
      'Sum',
      'formulas by their result',
      [
        { type: 'number', number: null },
        { type: 'number', number: 2 },
        { type: 'number', number: 1 },
      ],
    ],
    [
      'Roll',
      'rollups by their first item',
      [
        { type: 'array', array: [] },
        { type: 'array', array: [{ type: 'title', title: title('b') }] },
        { type: 'array', array: [{ type: 'title', title: title('a') }] },
      ],
    ],
  ])('sorts %s: %s, empties last both ways', (property, _, values) => {
    const ascending = EXPECTED[property] ?? []
    expect(sorted(property, values)).toEqual(ascending.map((index) => values[index]))
    const filled = ascending.filter((index) => !isEmpty(values[index]))
    const empties = ascending.filter((index) => isEmpty(values[index]))
    const descending = [...filled.toReversed(), ...empties].map((index) => values[index])
    expect(sorted(property, values, 'descending')).toEqual(descending)
  })

  const EXPECTED: Record<string, number[]> = {
    Name: [4, 3, 2, 1, 0],
    Count: [3, 4, 2, 1, 0],
    Level: [3, 4, 1, 2, 0],
    State: [2, 1, 0],
    Tags: [2, 1, 0],
    Done: [1, 0],
    Due: [3, 1, 2, 0],
    Owner: [2, 1, 0],
    Key: [1, 0],
    Sum: [2, 1, 0],
    Roll: [2, 1, 0],
  }

  function isEmpty(value: unknown): boolean {
    if (value === null || (Array.isArray(value) && value.length === 0)) return true
    const { type, array, number } = value as { type?: string; array?: unknown[]; number?: number | null }
    return type !== undefined && (array?.length === 0 || number === null)
  }

  it('sorts results of every type', () => {
    const flag = (boolean: boolean) => ({ type: 'boolean', boolean })
    const date = (start: string) => ({ type: 'date', date: { start } })
    const string = (value: string) => ({ type: 'string', string: value })
    expect(sorted('Sum', [flag(true), flag(false)])).toEqual([flag(false), flag(true)])
    expect(sorted('Sum', [date('2026-02-01'), date('2026-01-01')])).toEqual([date('2026-01-01'), date('2026-02-01')])
    expect(sorted('Sum', [string(''), string('b'), string('a')])).toEqual([string('a'), string('b'), string('')])
  })

  it('goes on to the next sort where rows are equal, and keeps their order where all are', () => {
    const rows = [
      row({ Done: true, Count: 1 }),
      row({ Done: false, Count: 1 }),
      row({ Done: true, Count: 2 }),
      row({ Done: true, Count: 1 }),
    ]
    const sorts = compileSorts(
      [
        { property: 'Done', direction: 'descending' },
        { property: 'a?b', direction: 'descending' },
      ],
      SCHEMA,
    )
    expect(sorts.ok && rows.toSorted((a, b) => sorts.compare(a, b))).toEqual([rows[2], rows[0], rows[3], rows[1]])
    expect(sorted('Press', [1, 3, 2])).toEqual([1, 3, 2])
  })

  it('sorts by the times of the row', () => {
    const early = row({}, { created_time: '2026-01-01T00:00:00.000Z' })
    const late = row({}, { created_time: '2026-01-02T00:00:00.000Z' })
    const sorts = compileSorts([{ timestamp: 'created_time', direction: 'descending' }], SCHEMA)
    expect(sorts.ok && [early, late].sort((a, b) => sorts.compare(a, b))).toEqual([late, early])
  })

  it('is a consistent order', () => {
    const value = fc.option(fc.integer({ min: -2, max: 2 }))
    fc.assert(
      fc.property(fc.array(value), fc.constantFrom('ascending', 'descending'), (values, direction) => {
        const result = sorted('Count', values, direction)
        const filled = result.filter((count) => count !== null)
        expect(result.slice(filled.length).every((count) => count === null)).toBe(true)
        const expected = filled.toSorted((a, b) => (direction === 'ascending' ? a - b : b - a))
        expect(filled).toEqual(expected)
      }),
    )
  })

  it.each([
    ['x', 'body.sorts should be an array'],
    [[5], 'body.sorts[0] should be an object, instead was `5`.'],
    [
      [{ property: 'Name' }],
      'body.sorts[0].direction should be `"ascending"` or `"descending"`, instead was `undefined`.',
    ],
    [[{ direction: 'ascending' }], 'body.sorts[0].property should be defined'],
    [[{ property: 'Nope', direction: 'ascending' }], 'Could not find sort property with name or id: Nope'],
    [
      [{ timestamp: 'x', direction: 'ascending' }],
      'body.sorts[0].timestamp should be `"created_time"` or `"last_edited_time"`',
    ],
    [Array.from({ length: 101 }, () => ({})), 'body.sorts.length should be ≤ `100`'],
  ])('refuses %j', (sorts, message) => {
    expect(compileSorts(sorts, SCHEMA)).toMatchObject({
      ok: false,
      message: expect.stringContaining(message) as string,
    })
  })

  it('takes no sorts for no order', () => {
    for (const none of [undefined, null, []]) {
      const sorts = compileSorts(none, SCHEMA)
      expect(sorts.ok && sorts.compare(row({ Count: 2 }), row({ Count: 1 }))).toBe(0)
    }
  })
})
