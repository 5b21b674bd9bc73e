import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCK, brief, decideOn, PAGE, TABLE } from '#test/support/router-tools.ts'
import { isSlip, vocabularyOf, wordsMeantBy } from './typos.ts'

describe('a slip', () => {
  it.each([
    ['chagne', 'change', 'two letters swapped'],
    ['delte', 'delete', 'one left out'],
    ['deelete', 'delete', 'one too many'],
    ['archove', 'archive', 'another one in a long word'],
    ['crie', 'cire', 'two letters swapped in a short word'],
  ])('%s for %s: %s', (typed, meant) => {
    expect(isSlip(typed, meant)).toBe(true)
  })

  it.each([
    ['black', 'block', 'another letter in a short word'],
    ['tags', 'tag', 'a short word'],
    ['dlet', 'delete', 'two left out'],
    ['page', 'page', 'the word itself'],
  ])('is not %s for %s: %s', (typed, meant) => {
    expect(isSlip(typed, meant)).toBe(false)
  })

  it('is found whichever letter of a word is left out, but for the first', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{5,12}$/), fc.nat(), (word, at) => {
        const gap = 1 + (at % (word.length - 1))
        const typed = word.slice(0, gap) + word.slice(gap + 1)
        expect(wordsMeantBy(typed, vocabularyOf([word, 'zzzzzz']))).toContain(word)
      }),
    )
  })

  it('never makes two words of one', () => {
    expect(wordsMeantBy('delete', vocabularyOf(['delete']))).toEqual([])
  })
})

describe('a request with slips', () => {
  it.each([
    [`Delte the page ${PAGE}`, `docs_archive_page {"page_id":"${PAGE}"}`],
    [`show me blok ${BLOCK}`, `docs_get_block {"block_id":"${BLOCK}"}`],
    [`mostar o bloco ${BLOCK}`, `docs_get_block {"block_id":"${BLOCK}"}`],
    [`what columns does databse ${TABLE} have?`, `docs_get_database {"database_id":"${TABLE}"}`],
    ['serach for the plan', 'docs_search_pages {"query":"plan"}'],
    ['pesuisa as receitas', 'docs_search_pages {"query":"receitas"}'],
  ])('%j is understood', (message, expected) => {
    expect(brief(decideOn(message))).toBe(expected)
  })

  it('leaves other words as they are', () => {
    expect(brief(decideOn('Search for black friday'))).toBe('docs_search_pages {"query":"black friday"}')
  })
})
