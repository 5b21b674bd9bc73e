import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createRegistry } from '#providers/registry.ts'
import { createCatalog } from '#tools/catalog.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'
import { createRanking } from './rank-tools.ts'

interface Search {
  readonly lang: 'en' | 'pt'
  readonly query: string
  readonly tool: string
}

const fixture = new URL('../../test/fixtures/tool-searches.jsonl', import.meta.url)
const searches = readFileSync(fixture, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Search)

const { entries } = createCatalog(await createRegistry())
const everything = new Set(entries.map(({ name }) => name))
const ranking = createRanking(entries)

/** Share of these searches whose tool is among the first. */
function share(among: readonly Search[], places: number): number {
  const found = among.filter(({ query, tool }) => ranking.rank(query, everything, places).includes(tool))
  return found.length / among.length
}

describe('sixty searches', () => {
  test('are of both languages and of most tools', () => {
    expect(searches.filter(({ lang }) => lang === 'en').length).toBe(30)
    expect(searches.filter(({ lang }) => lang === 'pt').length).toBe(30)
    expect(new Set(searches.map(({ tool }) => tool)).size).toBeGreaterThan(15)
    expect(searches.filter(({ tool }) => !everything.has(tool))).toEqual([])
  })

  test.each(['en', 'pt'] as const)('in %s: the tool comes first for 70 %%, among the first three for 90 %%', (lang) => {
    const own = searches.filter((search) => search.lang === lang)
    expect(share(own, 1)).toBeGreaterThanOrEqual(0.7)
    expect(share(own, 3)).toBeGreaterThanOrEqual(0.9)
  })
})

function entry(name: string, more: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    name,
    provider: 'any',
    title: { en: '', pt: '' },
    description: '',
    input_schema: {},
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
    intent: { verbs: { en: [], pt: [] }, nouns: { en: [], pt: [] } },
    ...more,
  }
}

describe('what is looked at', () => {
  const own = [
    entry('mail_send_message'),
    entry('any_by_title', { title: { en: 'Invoice a customer', pt: 'Faturar um cliente' } }),
    entry('any_by_description', { description: 'Computes the tide at a harbour.' }),
    entry('any_by_parameter', {
      input_schema: { properties: { postcode: { type: 'string', description: 'of the warehouse' }, plain: {} } },
    }),
    entry('any_by_intent', {
      intent: { verbs: { en: ['translate'], pt: ['traduzir'] }, nouns: { en: ['menu'], pt: ['cardápio'] } },
    }),
  ]
  const names = new Set(own.map(({ name }) => name))
  const rank = (query: string, among: ReadonlySet<string> = names) => createRanking(own).rank(query, among, 5)

  test.each([
    ['sending messages', 'mail_send_message'],
    ['invoices', 'any_by_title'],
    ['fature o cliente', 'any_by_title'],
    ['tides', 'any_by_description'],
    ['postcode', 'any_by_parameter'],
    ['warehouses', 'any_by_parameter'],
    ['traduza o cardapio', 'any_by_intent'],
    ['translations of the menu', 'any_by_intent'],
  ])('%s', (query, name) => {
    expect(rank(query)[0]).toBe(name)
  })

  test('a word that only begins like one counts less, but counts', () => {
    expect(rank('translator')).toEqual(['any_by_intent'])
  })

  test.each(['', '???', 'xyzzy', 'the of and'])('nothing fits %j', (query) => {
    expect(rank(query)).toEqual([])
  })

  test('only what is asked for is found', () => {
    expect([...rank('invoices, tides, menus', new Set(['any_by_title', 'any_by_intent', 'unknown']))].sort()).toEqual([
      'any_by_intent',
      'any_by_title',
    ])
  })

  test('of equals the earlier comes first, every time', () => {
    const equal = [entry('a_same_b'), entry('b_same_b'), entry('c_same_b')]
    const all = new Set(equal.map(({ name }) => name))
    for (let round = 0; round < 3; round += 1) {
      expect(createRanking(equal).rank('same', all, 2)).toEqual(['a_same_b', 'b_same_b'])
    }
  })

  test('an empty catalog has no best', () => {
    expect(createRanking([]).rank('anything', new Set(), 5)).toEqual([])
  })

  test('a page pasted as a query is answered at once', () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      entry(`any_tool_${index}`, { description: `Does ${index}.` }),
    )
    const large = createRanking(many)
    const started = performance.now()
    large.rank('tool word '.repeat(20_000), new Set(many.map(({ name }) => name)), 5)
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
