/** What the search looks at: only the title, and the time for the order. */
export interface SearchItem {
  title: string
  /** ISO time. */
  last_edited_time: string
}

/** The `sort` of a search request; by default the newest edit comes first. */
export type SearchSort =
  | { timestamp: 'last_edited_time'; direction: 'ascending' | 'descending' }
  | { property: 'relevance'; direction?: string }

// The API's search answers "All Properties DB" with every "DB": such words do not narrow it.
const STOP_WORDS = new Set(['at', 'all', 'the', 'a', 'of', 'for'])
const WORD = /[\p{L}\p{N}_]+/gu
const ENDING = /(?:ing|ed|s)$/
/** A stem keeps at least this many letters, so that "is" or "red" stay what they are. */
const SHORTEST_STEM = 2

/**
 * The indices of the items whose title the query finds, in order. One common word is enough (an OR over stems, where a
 * query word may be the beginning of a title word). An empty query finds everything; one of punctuation finds nothing.
 */
export function searchTitles(
  query: string | null | undefined,
  items: readonly SearchItem[],
  sort?: SearchSort | null,
): number[] {
  const wanted = query?.trim() ? queryStems(query) : undefined
  const found = items
    .map((item, index) => ({
      index,
      edited: Date.parse(item.last_edited_time),
      score: wanted ? countMatches(wanted, stems(item.title)) : 1,
    }))
    .filter(({ score }) => score > 0)
  const ascending = sort && 'timestamp' in sort && sort.direction === 'ascending'
  const byRelevance = sort && 'property' in sort
  found.sort((a, b) => {
    const relevance = byRelevance ? b.score - a.score : 0
    return relevance || (ascending ? a.edited - b.edited : b.edited - a.edited)
  })
  return found.map(({ index }) => index)
}

function countMatches(wanted: string[], title: string[]): number {
  return wanted.filter((stem) => title.some((word) => word.startsWith(stem))).length
}

/** A query of stop words alone keeps them, so that a page titled "All" can be found. */
function queryStems(query: string): string[] {
  const all = words(query)
  const telling = all.filter((word) => !STOP_WORDS.has(word))
  return [...new Set((telling.length > 0 ? telling : all).map(stem))]
}

function stems(title: string): string[] {
  return words(title).map(stem)
}

function words(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? []
}

function stem(word: string): string {
  const shortened = word.replace(ENDING, '')
  return shortened.length >= SHORTEST_STEM ? shortened : word
}
