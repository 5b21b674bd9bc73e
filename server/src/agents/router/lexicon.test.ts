import { describe, expect, it } from 'vitest'
import { buildLexicon, conceptsOf, findHits, isLiteral, literal } from './lexicon.ts'
import { tokenize } from './text.ts'

const lexicon = buildLexicon({ verbs: [], nouns: [], services: new Set() })

function verbsIn(text: string): string[][] {
  return findHits(lexicon.verbs, tokenize(text)).map((hit) => [...hit.concepts])
}

describe('findHits', () => {
  it.each([
    ['search', 'Look for the plan', 'Procure o plano', 'Pesquisando planos'],
    ['restore', 'bring it back', 'traga a página de volta', 'undelete it'],
    ['delete', 'get rid of it', 'jogue isso fora', 'apague-a'],
    ['rename', 'change the title', 'mude o nome', 'renomeie'],
  ])('reads every way of saying %s', (concept, ...texts) => {
    for (const text of texts) expect(verbsIn(text)[0], text).toContain(concept)
  })

  it('prefers the longest phrase', () => {
    expect(verbsIn('change the title')).toEqual([['rename']])
    expect(conceptsOf(lexicon.nouns, 'bancos de dados')).toEqual(['database'])
  })

  it('does not stretch a phrase over the end of a clause', () => {
    expect(verbsIn('bring it, then go back')[0]).not.toContain('restore')
  })

  it('marks what only tells the past', () => {
    expect(findHits(lexicon.verbs, tokenize('deleted'))[0]?.past).toBe(true)
    expect(findHits(lexicon.verbs, tokenize('delete'))[0]?.past).toBe(false)
  })

  it('skips what is material', () => {
    expect(findHits(lexicon.verbs, tokenize('delete it'), new Set([0]))).toEqual([])
  })
})

describe('words of the tools', () => {
  const own = buildLexicon({
    services: new Set(),
    verbs: [],
    nouns: [
      { word: 'canal', language: 'pt', concept: literal('channel') },
      { word: 'página', language: 'pt', concept: literal('sheet') },
    ],
  })

  it('are added with their own meaning, also where they were known as foreign', () => {
    expect(conceptsOf(own.nouns, 'canais')).toContain('=channel')
    expect(isLiteral('=channel')).toBe(true)
  })

  it('do not replace what the router knows better', () => {
    expect(conceptsOf(own.nouns, 'página')).toEqual(['page'])
  })

  it('do not leak into other lexicons', () => {
    expect(conceptsOf(lexicon.nouns, 'canais')).not.toContain('=channel')
  })
})
