import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileFilter } from './filter.ts'
import type { Row } from './values.ts'

const NOW = new Date('2026-06-24T10:00:00.000Z') // a Wednesday
const ADA = 'a7d3f0b8-2c61-4e59-8b04-13f9d6c5e270'
const BOB = 'd09b6e34-81f7-4a2c-b5d8-4c7e90a1f36b'
const TASK = 'c41e07d2-5b3a-4f86-9d10-7ae28b64c915'

const TYPES = {
  Name: 'title',
  Text: 'rich_text',
  Mail: 'email',
  Count: 'number',
  Done: 'checkbox',
  Kind: 'select',
  State: 'status',
  Tags: 'multi_select',
  Due: 'date',
  Owner: 'people',
  Files: 'files',
  Tasks: 'relation',
  Made: 'created_time',
  Author: 'created_by',
  Key: 'unique_id',
  Seal: 'verification',
  Sum: 'formula',
  Roll: 'rollup',
  Press: 'button',
}
const SCHEMA = Object.fromEntries(
  Object.entries(TYPES).map(([name, type], index) => [name, { id: `%3F${index}`, name, type, [type]: {} }]),
)

function row(values: Partial<Record<keyof typeof TYPES, unknown>>, times: Partial<Row> = {}): Row {
  const properties = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const type = TYPES[name as keyof typeof TYPES]
      return [name, { id: name, type, [type]: value }]
    }),
  )
  return {
    properties,
    created_time: '2026-06-24T09:00:00.000Z',
    last_edited_time: '2026-06-24T09:30:00.000Z',
    ...times,
  }
}

function text(content: string): unknown {
  return [{ type: 'text', text: { content }, plain_text: content }]
}

function matches(filter: unknown, given: Row, me?: string): boolean {
  const compiled = compileFilter(filter, SCHEMA, NOW, me)
  if (!compiled.ok) throw new Error(compiled.message)
  return compiled.matches(given)
}

function refusal(filter: unknown): string {
  const compiled = compileFilter(filter, SCHEMA, NOW)
  return compiled.ok ? 'accepted' : compiled.message
}

/** `[condition, values that match, values that do not]` for one property. */
type Case = [condition: object, yes: unknown[], no: unknown[]]

function check(property: keyof typeof TYPES, key: string, cases: Case[]): void {
  for (const [condition, yes, no] of cases) {
    const filter = { property, [key]: condition }
    for (const value of yes)
      expect([filter, value, matches(filter, row({ [property]: value }))]).toEqual([filter, value, true])
    for (const value of no)
      expect([filter, value, matches(filter, row({ [property]: value }))]).toEqual([filter, value, false])
  }
}

describe('operators', () => {
  it('compare texts without regard to case', () => {
    check('Text', 'rich_text', [
      [{ equals: 'John Doe' }, [text('John Doe'), text('john doe')], [text('John'), []]],
      [{ does_not_equal: 'John' }, [text('Jane'), []], [text('John')]],
      [{ contains: 'doe' }, [text('John Doe')], [text('John'), []]],
      [{ does_not_contain: 'doe' }, [text('John'), []], [text('John Doe')]],
      [{ starts_with: 'john' }, [text('John Doe')], [text('Big John')]],
      [{ ends_with: 'DOE' }, [text('John Doe')], [text('Doe John')]],
      [{ is_empty: true }, [[], undefined], [text('x')]],
      [{ is_not_empty: true }, [text('x')], [[]]],
    ])
    check('Mail', 'email', [[{ starts_with: 'ada@' }, ['Ada@example.com'], [null]]])
  })

  it('compare numbers; an empty one only does not equal', () => {
    check('Count', 'number', [
      [{ equals: 0 }, [0], [1, null]],
      [{ does_not_equal: 0 }, [1, null], [0]],
      [{ greater_than: 1 }, [2], [1, null]],
      [{ greater_than_or_equal_to: 1 }, [1, 2], [0, null]],
      [{ less_than: 1 }, [0], [1, null]],
      [{ less_than_or_equal_to: 1 }, [1], [2, null]],
      [{ is_empty: true }, [null], [0]],
      [{ is_not_empty: true }, [0], [null]],
    ])
    check('Key', 'unique_id', [[{ greater_than: 4 }, [{ prefix: 'T', number: 5 }], [{ prefix: null, number: 4 }]]])
  })

  it('compare checkboxes, options and lists of options', () => {
    check('Done', 'checkbox', [
      [{ equals: false }, [false, undefined], [true]],
      [{ does_not_equal: false }, [true], [false]],
    ])
    for (const [property, key] of [
      ['Kind', 'select'],
      ['State', 'status'],
    ] as const) {
      check(property, key, [
        [{ equals: 'A' }, [{ name: 'A' }], [{ name: 'a' }, null]],
        [{ equals: ['A', 'B'] }, [{ name: 'B' }], [{ name: 'C' }, null]],
        [{ does_not_equal: 'A' }, [{ name: 'B' }, null], [{ name: 'A' }]],
        [{ does_not_equal: ['A', 'B'] }, [{ name: 'C' }], [{ name: 'B' }]],
        [{ is_empty: true }, [null], [{ name: 'A' }]],
        [{ is_not_empty: true }, [{ name: 'A' }], [null]],
      ])
    }
    check('Tags', 'multi_select', [
      [{ contains: 'A' }, [[{ name: 'B' }, { name: 'A' }]], [[{ name: 'B' }], []]],
      [{ contains: ['A', 'B'] }, [[{ name: 'B' }]], [[{ name: 'C' }]]],
      [{ does_not_contain: 'A' }, [[{ name: 'B' }], []], [[{ name: 'A' }]]],
      [{ is_empty: true }, [[]], [[{ name: 'A' }]]],
    ])
  })

  it('look for people, relations and files', () => {
    check('Owner', 'people', [
      [{ contains: ADA.replaceAll('-', '') }, [[{ object: 'user', id: ADA }]], [[{ id: BOB }], []]],
      [{ does_not_contain: ADA }, [[{ id: BOB }], []], [[{ id: ADA }]]],
      [{ contains: 'me' }, [], [[{ id: ADA }], []]],
      [{ is_empty: true }, [[]], [[{ id: ADA }]]],
    ])
    expect(matches({ property: 'Owner', people: { contains: 'me' } }, row({ Owner: [{ id: ADA }] }), ADA)).toBe(true)
    expect(matches({ property: 'Owner', people: { does_not_contain: 'me' } }, row({ Owner: [{ id: ADA }] }), BOB)).toBe(
      true,
    )
    check('Author', 'created_by', [[{ contains: ADA }, [{ object: 'user', id: ADA }], [{ id: BOB }]]])
    check('Author', 'people', [[{ contains: ADA }, [{ object: 'user', id: ADA }], [{ id: BOB }]]])
    check('Tasks', 'relation', [
      [{ contains: TASK }, [[{ id: TASK }]], [[], [{ id: ADA }]]],
      [{ is_not_empty: true }, [[{ id: TASK }]], [[]]],
    ])
    check('Files', 'files', [[{ is_empty: true }, [[]], [[{ name: 'f' }]]]])
    check('Seal', 'verification', [
      [{ status: 'verified' }, [{ state: 'verified' }], [{ state: 'expired' }, null]],
      [{ status: 'none' }, [{ state: 'unverified' }, null], [{ state: 'verified' }]],
      [{ does_not_equal: 'none' }, [{ state: 'expired' }], [null]],
    ])
  })

  it('look into formulas by the type of their result', () => {
    check('Sum', 'formula', [
      [{ string: { contains: '1' } }, [{ type: 'string', string: 'Item 1' }], [{ type: 'number', number: 1 }]],
      [{ string: { is_empty: true } }, [{ type: 'string', string: null }], [{ type: 'string', string: 'x' }]],
      [{ number: { less_than: 2 } }, [{ type: 'number', number: 1 }], [{ type: 'number', number: null }]],
      [{ checkbox: { equals: true } }, [{ type: 'boolean', boolean: true }], [{ type: 'boolean', boolean: false }]],
      [
        { date: { equals: '2026-06-24' } },
        [{ type: 'date', date: { start: '2026-06-24T14:08:00.000+00:00' } }],
        [{ type: 'date', date: null }],
      ],
    ])
  })

  it('look into rollups as a whole or item by item', () => {
    const items = (...titles: string[]) => ({
      type: 'array',
      array: titles.map((title) => ({ type: 'title', title: title === '' ? [] : text(title) })),
    })
    check('Roll', 'rollup', [
      [{ any: { rich_text: { equals: 'a' } } }, [items('b', 'a')], [items('b'), items()]],
      [{ every: { rich_text: { starts_with: 'a' } } }, [items('a', 'ab')], [items('a', 'b'), items()]],
      [{ none: { rich_text: { is_empty: true } } }, [items('a'), items()], [items('a', '')]],
      [{ number: { greater_than: 41 } }, [{ type: 'number', number: 42 }], [{ type: 'number', number: null }]],
      [{ date: { is_empty: true } }, [{ type: 'date', date: null }], [{ type: 'date', date: { start: '2026-01-01' } }]],
    ])
  })
})

describe('dates', () => {
  const at = (start: string) => ({ start, end: null, time_zone: null })

  it('compare whole days when the filter has no time', () => {
    check('Due', 'date', [
      [{ equals: '2026-06-24' }, [at('2026-06-24'), at('2026-06-24T23:59:00.000+00:00')], [at('2026-06-25'), null]],
      [{ before: '2026-06-24' }, [at('2026-06-23')], [at('2026-06-24'), null]],
      [{ after: '2026-06-24' }, [at('2026-06-25')], [at('2026-06-24T23:00:00.000Z')]],
      [{ on_or_before: '2026-06-24' }, [at('2026-06-24T23:00:00.000Z')], [at('2026-06-25')]],
      [{ on_or_after: '2026-06-24' }, [at('2026-06-24')], [at('2026-06-23')]],
      [{ is_empty: true }, [null], [at('2026-06-24')]],
      [{ is_not_empty: true }, [at('2026-06-24')], [null]],
    ])
  })

  it('compare instants by the minute, in any zone', () => {
    check('Due', 'date', [
      [
        { equals: '2026-06-27T18:01:15.377824+01:00' },
        [at('2026-06-27T17:01:00.000Z')],
        [at('2026-06-27T17:02:00.000Z')],
      ],
      [{ before: '2026-06-27T18:01:15+01:00' }, [at('2026-06-27T17:00:00.000Z')], [at('2026-06-27T17:01:00.000Z')]],
      [{ on_or_after: '2026-06-27T18:01:15' }, [at('2026-06-27T18:01:00.000Z')], [at('2026-06-27T18:00:00.000Z')]],
    ])
  })

  it.each([
    ['today', '2026-06-24'],
    ['tomorrow', '2026-06-25'],
    ['yesterday', '2026-06-23'],
    ['one_week_ago', '2026-06-17'],
    ['one_week_from_now', '2026-07-01'],
    ['one_month_ago', '2026-05-24'],
    ['one_month_from_now', '2026-07-24'],
  ])('know %s', (word, day) => {
    check('Due', 'date', [[{ equals: word }, [at(day)], [at('2026-01-01')]]])
  })

  it.each([
    ['this_week', '2026-06-22', '2026-06-28'],
    ['past_week', '2026-06-17', '2026-06-24'],
    ['past_month', '2026-05-24', '2026-06-24'],
    ['past_year', '2025-06-24', '2026-06-24'],
    ['next_week', '2026-06-24', '2026-07-01'],
    ['next_month', '2026-06-24', '2026-07-24'],
    ['next_year', '2026-06-24', '2027-06-24'],
  ])('count %s from %s to %s, both included', (range, first, last) => {
    const shifted = (day: string, days: number) =>
      new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
    check('Due', 'date', [
      [{ [range]: {} }, [at(first), at(`${last}T23:59:00.000Z`)], [at(shifted(first, -1)), at(shifted(last, 1)), null]],
    ])
  })

  it('know months that are too short, and times before 1970', () => {
    const filter = { property: 'Due', date: { equals: 'one_month_from_now' } }
    const compiled = compileFilter(filter, SCHEMA, '2027-01-31T12:00:00Z')
    expect(compiled.ok && compiled.matches(row({ Due: at('2027-02-28') }))).toBe(true)
    const early = compileFilter({ property: 'Due', date: { this_week: {} } }, SCHEMA, '1960-01-01T00:00:00Z')
    expect(early.ok && early.matches(row({ Due: at('1959-12-28') }))).toBe(true)
    expect(early.ok && early.matches(row({ Due: at('1960-01-04') }))).toBe(false)
  })

  it('look at the times of the row itself', () => {
    const made = row({}, { created_time: '2026-06-01T10:00:00.000Z' })
    expect(matches({ timestamp: 'created_time', created_time: { before: '2026-06-02' } }, made)).toBe(true)
    expect(matches({ timestamp: 'last_edited_time', last_edited_time: { equals: 'today' } }, made)).toBe(true)
    expect(matches({ timestamp: 'created_time', created_time: { is_empty: true } }, made)).toBe(false)
    check('Made', 'created_time', [[{ equals: 'today' }, ['2026-06-24T01:00:00.000Z'], ['2026-06-23T01:00:00.000Z']]])
    check('Made', 'date', [[{ equals: 'today' }, ['2026-06-24T01:00:00.000Z'], ['2026-06-23T01:00:00.000Z']]])
  })
})

describe('properties', () => {
  it('are found by name or id, encoded or not', () => {
    for (const property of ['Count', '%3F3', '?3']) {
      expect(matches({ property, number: { equals: 1 } }, row({ Count: 1 }))).toBe(true)
    }
  })

  it('are refused when unknown, or of another type', () => {
    expect(refusal({ property: 'Nope', number: { equals: 1 } })).toBe('Could not find property with name or id: Nope')
    expect(refusal({ property: 'constructor', number: { equals: 1 } })).toContain('Could not find property')
    expect(refusal({ property: '%', number: { equals: 1 } })).toContain('Could not find property')
    expect(refusal({ property: 'Kind', status: { equals: 'A' } })).toContain(
      'database property select does not match filter status',
    )
    expect(refusal({ property: 'Press', checkbox: { equals: true } })).toContain('does not match filter checkbox')
  })

  it('of text-like types answer to each other', () => {
    expect(matches({ property: 'Name', rich_text: { equals: 'x' } }, row({ Name: text('X') }))).toBe(true)
    expect(matches({ property: 'Mail', title: { contains: '@' } }, row({ Mail: 'a@b.c' }))).toBe(true)
  })

  it('may be missing from a row', () => {
    expect(matches({ property: 'Tags', multi_select: { is_empty: true } }, row({}))).toBe(true)
    expect(matches({ property: 'Count', number: { does_not_equal: 1 } }, row({}))).toBe(true)
  })
})

describe('groups', () => {
  const one = { property: 'Count', number: { equals: 1 } }
  const done = { property: 'Done', checkbox: { equals: true } }

  it('nest two levels deep and no deeper', () => {
    const filter = { or: [one, { and: [done, { property: 'Text', rich_text: { is_empty: true } }] }] }
    expect(matches(filter, row({ Count: 2, Done: true }))).toBe(true)
    expect(matches(filter, row({ Count: 2, Done: false }))).toBe(false)
    expect(refusal({ and: [{ or: [{ and: [one] }] }] })).toBe(
      'body failed validation: body.filter.and[0].or[0].and should be not present, instead was ' +
        '`[{"property":"Count","number":{"equals":1}}]`.',
    )
  })

  it('are what a naive reading says', () => {
    const leaf = fc.tuple(fc.constantFrom('equals', 'does_not_equal', 'greater_than'), fc.integer({ min: 0, max: 3 }))
    const inner = fc.record({ key: fc.constantFrom('and', 'or'), leaves: fc.array(leaf, { maxLength: 4 }) })
    const outer = fc.record({ key: fc.constantFrom('and', 'or'), groups: fc.array(inner, { maxLength: 4 }) })
    const value = fc.option(fc.integer({ min: 0, max: 3 }))
    const asFilter = ([operator, operand]: [string, number]) => ({ property: 'Count', number: { [operator]: operand } })
    const holds = ([operator, operand]: [string, number], count: number | null) => {
      if (operator === 'equals') return count === operand
      return operator === 'does_not_equal' ? count !== operand : count !== null && count > operand
    }
    const combine = (key: string, all: boolean[]) => (key === 'and' ? all.every(Boolean) : all.some(Boolean))
    fc.assert(
      fc.property(outer, value, ({ key, groups }, count) => {
        const filter = { [key]: groups.map((group) => ({ [group.key]: group.leaves.map(asFilter) })) }
        const naive = combine(
          key,
          groups.map((group) =>
            combine(
              group.key,
              group.leaves.map((one) => holds(one, count)),
            ),
          ),
        )
        expect(matches(filter, row({ Count: count }))).toBe(naive)
      }),
    )
  })
})

describe('filters that are not well formed', () => {
  it.each([
    ['x', 'body.filter should be an object, instead was `"x"`.'],
    [[], 'body.filter should be an object'],
    [{ and: 'x' }, 'body.filter.and should be an array'],
    [{ and: [], or: [] }, 'body.filter.or should be not present, instead was `[]`.'],
    [{ and: Array.from({ length: 101 }, () => ({})) }, 'body.filter.and.length should be ≤ `100`, instead was `101`.'],
    [{ number: { equals: 1 } }, 'body.filter.property should be defined'],
    [{ property: 5, number: { equals: 1 } }, 'body.filter.property should be a string, instead was `5`.'],
    [{ property: 'Count', number: 5 }, 'body.filter.number should be an object'],
    [
      { property: 'Count', number: { equals: '1' } },
      'body.filter.number.equals should be a number, instead was `"1"`.',
    ],
    [{ property: 'Count', number: { equals: 1, less_than: 2 } }, 'body.filter.number.less_than should be not present'],
    [
      { property: 'Count', number: { equals: 1 }, date: {} },
      'body.filter.date should be not present, instead was `{}`.',
    ],
    [
      { property: 'Count', number: { is_empty: false } },
      'body.filter.number.is_empty should be `true`, instead was `false`.',
    ],
    [
      { property: 'Due', date: { equals: '24.06.2026' } },
      'body.filter.date.equals should be a valid ISO 8601 date string',
    ],
    [
      { property: 'Due', date: { equals: 'toString' } },
      'body.filter.date.equals should be a valid ISO 8601 date string',
    ],
    [{ property: 'Due', date: { this_week: true } }, 'body.filter.date.this_week should be an object'],
    [{ property: 'Kind', select: { equals: [1] } }, 'body.filter.select.equals should be a string'],
    [{ property: 'Tasks', relation: { contains: 'me' } }, 'body.filter.relation.contains should be a valid uuid'],
    [{ timestamp: 'now', now: {} }, 'body.filter.timestamp should be `"created_time"` or `"last_edited_time"`'],
    [{ timestamp: 'created_time', last_edited_time: {} }, 'body.filter.created_time should be defined'],
    [
      { property: 'Roll', rollup: { any: { rich_text: { equals: 1 } } } },
      'body.filter.rollup.any.rich_text.equals should be a string',
    ],
  ])('%j is refused', (filter, message) => {
    expect(refusal(filter)).toContain(message)
  })

  it('list the alternatives where none was taken', () => {
    const lines = refusal({ property: 'Sum', formula: { text: {} } }).split('\n')
    expect(lines).toEqual([
      'body failed validation. Fix one:',
      'body.filter.formula.string should be defined, instead was `undefined`.',
      'body.filter.formula.checkbox should be defined, instead was `undefined`.',
      'body.filter.formula.number should be defined, instead was `undefined`.',
      'body.filter.formula.date should be defined, instead was `undefined`.',
    ])
    expect(refusal({ property: 'Count' })).toContain('body.filter.or should be defined')
  })

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('and', 'or', 'number', 'rollup', 'formula', 'date'), (json, key) => {
        const compiled = compileFilter({ property: 'Count', [key]: json }, SCHEMA, NOW)
        expect(typeof compiled.ok).toBe('boolean')
      }),
    )
  })

  it('no filter lets all rows pass', () => {
    expect(matches(undefined, row({}))).toBe(true)
    expect(matches(null, row({}))).toBe(true)
  })
})
