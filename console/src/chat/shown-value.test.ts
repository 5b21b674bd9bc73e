import { describe, expect, it } from 'vitest'
import { jsonOf, resultCount, shownTable } from './shown-value.ts'

describe('a result', () => {
  it('that is a list of simple things is a table', () => {
    const results = [
      { id: 1, title: 'One', parent: { id: 2 } },
      { id: 2, title: null, open: true },
    ]
    expect(shownTable({ results })).toEqual({
      columns: ['id', 'title', 'open'],
      rows: [
        ['1', 'One', ''],
        ['2', '', 'true'],
      ],
      left: 0,
    })
    expect(resultCount({ results })).toBe(2)
  })

  it('that is long or wide is cut, and says by how much', () => {
    const wide = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, index]))
    const table = shownTable(Array.from({ length: 60 }, () => wide))
    expect([table?.columns.length, table?.rows.length, table?.left]).toEqual([8, 50, 10])
  })

  it('that is anything else is no table', () => {
    for (const result of [null, 'text', { a: 1 }, [], [1, 2], [{ a: {} }], [[1]]]) expect(shownTable(result)).toBeNull()
  })

  it('that a remote tool wrote as JSON is read as such', () => {
    expect(jsonOf(' [{"a":1}]')).toEqual([{ a: 1 }])
    expect(jsonOf('[not json')).toBeUndefined()
    expect(jsonOf('12')).toBeUndefined()
  })
})
