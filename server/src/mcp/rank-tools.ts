import type { CatalogEntry } from '#tools/tool-call.ts'
import { stemsOf } from './stem.ts'

/**
 * Which tools fit a request in plain words: BM25 over several fields (Robertson and Zaragoza, "The Probabilistic Relevance
 * Framework", 2009, section 3.6), in English and Portuguese. Pure; the index is made once of the whole catalog.
 */

/** How many times a word counts for standing in a field. Chosen by the searches of test/fixtures/tool-searches.jsonl. */
const WEIGHTS = {
  name: 3,
  title: 3,
  verb: 6,
  noun: 3,
  description: 1,
  parameter: 1,
  parameterDescription: 0.5,
} as const

/** How soon more of the same word stops counting: the customary value of BM25. */
const SATURATION = 1.2
/** How much the length of a text counts against it, from 0 to 1: intent lists differ in length without meaning to. */
const LENGTH_SHARE = 0.3
/** What a word counts that only begins like one of the request: "config" and "configuration". */
const PREFIX_SHARE = 0.7
/** Characters: shorter beginnings are shared by words of other meanings. */
const SHORTEST_PREFIX = 4
/** Stems of one request that are looked at; a model may paste a page. */
const MOST_STEMS = 64

export interface Ranking {
  /** The names that fit, best first; of equal ones the earlier in the catalog. */
  readonly rank: (query: string, among: ReadonlySet<string>, limit: number) => readonly string[]
}

interface Indexed {
  readonly name: string
  /** Stem → its weighted count, over the length of the whole. */
  readonly counts: ReadonlyMap<string, number>
}

export function createRanking(entries: readonly CatalogEntry[]): Ranking {
  const weighed = entries.map((entry) => ({ name: entry.name, counts: countsOf(entry) }))
  const lengths = weighed.map(({ counts }) => [...counts.values()].reduce((sum, count) => sum + count, 0))
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)
  const index: Indexed[] = weighed.map(({ name, counts }, at) => {
    const norm = 1 - LENGTH_SHARE + (LENGTH_SHARE * (lengths[at] ?? 0)) / average
    return { name, counts: new Map([...counts].map(([stem, count]) => [stem, count / norm])) }
  })
  const rarity = rarityOf(index)
  return {
    rank(query, among, limit) {
      const stems = [...new Set(stemsOf(query))].slice(0, MOST_STEMS)
      return index
        .filter(({ name }) => among.has(name))
        .map((tool) => ({ name: tool.name, score: scoreOf(tool, stems, rarity) }))
        .filter(({ score }) => score > 0)
        .sort((one, other) => other.score - one.score)
        .slice(0, limit)
        .map(({ name }) => name)
    },
  }
}

type Rarity = (stem: string) => number

/** The fewer tools have a stem, the more it tells. */
function rarityOf(index: readonly Indexed[]): Rarity {
  const holders = new Map<string, number>()
  for (const { counts } of index) {
    for (const stem of counts.keys()) holders.set(stem, (holders.get(stem) ?? 0) + 1)
  }
  return (stem) => {
    const count = holders.get(stem) ?? 0
    return Math.log(1 + (index.length - count + 0.5) / (count + 0.5))
  }
}

function scoreOf({ counts }: Indexed, stems: readonly string[], rarity: Rarity): number {
  return stems.reduce((sum, stem) => {
    const exact = counts.get(stem)
    if (exact !== undefined) return sum + (rarity(stem) * exact) / (exact + SATURATION)
    return sum + PREFIX_SHARE * prefixScore(counts, stem, rarity)
  }, 0)
}

function prefixScore(counts: ReadonlyMap<string, number>, stem: string, rarity: Rarity): number {
  if (stem.length < SHORTEST_PREFIX) return 0
  let best = 0
  for (const [other, count] of counts) {
    const begins = other.length >= SHORTEST_PREFIX && (other.startsWith(stem) || stem.startsWith(other))
    if (begins) best = Math.max(best, (rarity(other) * count) / (count + SATURATION))
  }
  return best
}

function countsOf(entry: CatalogEntry): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [field, text] of fieldsOf(entry)) {
    for (const stem of stemsOf(text)) counts.set(stem, (counts.get(stem) ?? 0) + WEIGHTS[field])
  }
  return counts
}

function fieldsOf({ name, title, description, input_schema, intent }: CatalogEntry): [keyof typeof WEIGHTS, string][] {
  const { verbs, nouns } = intent
  return [
    ['name', name],
    ['title', title.en],
    ['title', title.pt],
    ['description', description],
    ...[...verbs.en, ...verbs.pt].map((verb): ['verb', string] => ['verb', verb]),
    ...[...nouns.en, ...nouns.pt].map((noun): ['noun', string] => ['noun', noun]),
    ...parametersOf(input_schema),
  ]
}

function parametersOf(schema: Readonly<Record<string, unknown>>): ['parameter' | 'parameterDescription', string][] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, { readonly description?: unknown }>>
  return Object.entries(properties).flatMap(([name, { description }]) => [
    ['parameter', name] as ['parameter', string],
    ...(typeof description === 'string'
      ? [['parameterDescription', description] as ['parameterDescription', string]]
      : []),
  ])
}
