import { describe, expect, it } from 'vitest'
import { searchTitles, type SearchSort } from './search.ts'

const TITLES = ['Markdown Test', 'All Properties DB', 'Task DB', 'Planning of the year', 'Über uns', 'All', '']
const ITEMS = TITLES.map((title, index) => ({ title, last_edited_time: `2026-01-0${index + 1}T00:00:00.000Z` }))

function found(query: string | null, sort?: SearchSort): string[] {
  return searchTitles(query, ITEMS, sort).map((index) => TITLES[index] ?? '')
}

describe('searchTitles', () => {
  it.each([
    ['Tests', ['Markdown Test']],
    ['markdown', ['Markdown Test']],
    ['mark', ['Markdown Test']],
    ['down', []],
    ['All Properties DB', ['Task DB', 'All Properties DB']],
    ['plans', ['Planning of the year']],
    ['nothing like this except one db', ['Task DB', 'All Properties DB']],
    ['ÜBER', ['Über uns']],
    ['the', ['Planning of the year']],
    ['all', ['All', 'All Properties DB']],
    ['?!', []],
    ['a.*', ['All', 'All Properties DB']],
  ])('finds for %j', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })

  it('finds everything without a query, the newest edit first', () => {
    expect(found(null)).toEqual(TITLES.toReversed())
    expect(found('  ')).toHaveLength(TITLES.length)
    expect(searchTitles(undefined, [])).toEqual([])
  })

  it('sorts by time as asked, or by the number of words found', () => {
    expect(found('db', { timestamp: 'last_edited_time', direction: 'ascending' })).toEqual([
      'All Properties DB',
      'Task DB',
    ])
    expect(found('properties db', { property: 'relevance' })).toEqual(['All Properties DB', 'Task DB'])
    expect(found('properties db', { timestamp: 'last_edited_time', direction: 'descending' })).toEqual([
      'Task DB',
      'All Properties DB',
    ])
  })
})
