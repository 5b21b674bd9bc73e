import { expect, test } from 'vitest'
import { pastTense } from './past-tense.ts'

test.each([
  ['Search pages', 'Searched pages', 'en'],
  ['Move page to trash', 'Moved page to trash', 'en'],
  ['Reply in thread', 'Replied in thread', 'en'],
  ['Find and replace on a page', 'Found and replaced on a page', 'en'],
  ['Get block', 'Got block', 'en'],
  ['Set topic', 'Set topic', 'en'],
  ['Comment', 'Commented', 'en'],
  ['Weather of today', 'Weather of today', 'en'],
  ['get_weather', 'get_weather', 'en'],
  ['', '', 'en'],
  ['Buscar páginas', 'Buscou páginas', 'pt-BR'],
  ['Ler propriedades da página', 'Leu propriedades da página', 'pt-BR'],
  ['Obter bloco', 'Obteve bloco', 'pt-BR'],
  ['Definir tópico', 'Definiu tópico', 'pt-BR'],
  ['Localizar e substituir na página', 'Localizou e substituiu na página', 'pt-BR'],
  ['Entrar no canal', 'Entrou no canal', 'pt-BR'],
  ['Create ticket', 'Created ticket', 'pt-BR'],
  ['Calendar events', 'Calendar events', 'pt-BR'],
] as const)('%s is said as done: %s', (title, done, language) => {
  expect(pastTense(title, language)).toBe(done)
})
