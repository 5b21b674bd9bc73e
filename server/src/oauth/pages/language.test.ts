import { describe, expect, it, test } from 'vitest'
import { languageOf } from './language.ts'

describe('the language of a page', () => {
  test.each([
    ['pt', 'en', 'pt'],
    ['en', 'pt-BR', 'en'],
    ['fr', 'pt-BR', 'pt'],
    ['"><script>', 'pt', 'pt'],
    [undefined, 'pt-BR,pt;q=0.9,en-US;q=0.8', 'pt'],
    [undefined, 'en-US,en;q=0.9,pt;q=0.8', 'en'],
    [undefined, 'de,fr;q=0.9,pt-PT;q=0.1', 'pt'],
    [undefined, 'en;q=0.1, PT ; q=0.7', 'pt'],
    [undefined, 'pt;q=0, en;q=0.5', 'en'],
    [undefined, 'de', 'en'],
    [undefined, '*', 'en'],
    [undefined, ';;;q=,,', 'en'],
    [undefined, '', 'en'],
    [undefined, undefined, 'en'],
  ])('chosen %j, asked for by %j, is %s', (chosen, header, language) => {
    expect(languageOf(chosen, header)).toBe(language)
  })

  it('reads no endless header', () => {
    expect(languageOf(undefined, `${'xx,'.repeat(10_000)}pt`)).toBe('en')
  })
})
