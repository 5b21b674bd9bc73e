import { describe, expect, it } from 'vitest'
import { PAGE, TABLE } from '#test/support/router-tools.ts'
import { findSpans, fold, hyphenate, tokenize } from './text.ts'

const BARE = PAGE.replaceAll('-', '')

describe('fold', () => {
  it('drops case and accents and keeps every offset', () => {
    const text = 'AÇÃO é Ótima, 20 €'
    expect(fold(text)).toBe('acao e otima, 20 €')
    expect(fold(text)).toHaveLength(text.length)
  })
})

describe('findSpans', () => {
  it.each([
    ['an id with hyphens', `read ${PAGE}`, 'id', PAGE],
    ['an id without hyphens, in capitals', `read ${BARE.toUpperCase()}`, 'id', PAGE],
    ['a link that ends in an id', `https://docs.example/Team-plan-${BARE}.`, 'link', PAGE],
    ['a link whose query shows a page', `https://docs.example/${TABLE}?v=${BARE}&p=${BARE}`, 'link', PAGE],
    [
      'a view in the query, which is not what the link leads to',
      `https://docs.example/${TABLE}?v=${BARE}`,
      'link',
      TABLE,
    ],
    ['a fragment, which names a block', `https://docs.example/${TABLE}#${BARE}`, 'link', PAGE],
    ['a quotation', 'call it "Team plan"', 'quote', 'Team plan'],
    ['typographic quotation marks', 'chame de “Plano do time”', 'quote', 'Plano do time'],
    ['an address', 'invite ana@docs.example now', 'email', 'ana@docs.example'],
  ])('finds %s', (_, text, kind, value) => {
    expect(findSpans(text)).toMatchObject([{ kind, value }])
  })

  it('takes the title of a page from its link', () => {
    expect(findSpans(`https://docs.example/Team-plan-${BARE}`)[0]?.slug).toBe('Team plan')
    expect(findSpans(`https://docs.example/${BARE}`)[0]?.slug).toBeUndefined()
  })

  it('takes an apostrophe for no quotation mark', () => {
    expect(findSpans("what's in Ana's notes")).toEqual([])
  })

  it('keeps an id inside a quotation quoted', () => {
    expect(findSpans(`"${PAGE}"`)).toMatchObject([{ kind: 'quote' }])
  })
})

describe('tokenize', () => {
  it('gives words and spans in order and marks where clauses open', () => {
    const tokens = tokenize(`Great, open ${PAGE} please.`)
    expect(tokens.map((token) => token.word)).toEqual(['great', 'open', '<id>', 'please'])
    expect(tokens.map((token) => token.opensClause)).toEqual([true, true, false, false])
  })

  it('keeps dates, amounts and hyphenated words whole', () => {
    const words = tokenize('to-do em 23/11: R$ 74,4 mil').map((token) => token.text)
    expect(words).toEqual(['to-do', 'em', '23/11', 'R$', '74,4', 'mil'])
  })
})

it('writes an id in its usual form', () => {
  expect(hyphenate(BARE.toUpperCase())).toBe(PAGE)
})
