import { expect, test } from 'vitest'
import { languageOf } from './language.ts'

test.each([
  [['pt-BR', 'en'], 'pt-BR'],
  [['pt-PT'], 'pt-BR'],
  [['en-GB', 'pt'], 'en'],
  [['fr', 'pt-BR', 'en'], 'pt-BR'],
  [['fr'], 'en'],
  [[], 'en'],
])('of %j it is %s', (wanted, language) => {
  expect(languageOf(wanted)).toBe(language)
})
