import { expect, it } from 'vitest'
import { detectLanguage } from './language.ts'

it.each([
  ['Show me the page', 'en'],
  ['Mostre a página', 'pt'],
  ['Arquive isso por favor', 'pt'],
  ['Rename "Plano do time" to "Team plan"', 'en'],
  ['Renomeie "Team plan" para "The plan of the team"', 'pt'],
  ['Obrigado!', 'pt'],
  ['12345', 'en'],
])('hears the language of %j', (text, language) => {
  expect(detectLanguage([text])).toBe(language)
})

it('falls back on what was said before where a message shows no language', () => {
  expect(detectLanguage(['Mostre a página', 'OK 12'])).toBe('pt')
})
