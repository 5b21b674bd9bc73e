import { expect, test } from 'vitest'
import { consoleRoutes } from './console.ts'

const PROVIDERS = [
  { id: 'notion', name: 'Notion' },
  { id: 'weather', name: 'Weather & more' },
]

test('the first page leads to all that there is for people, in both languages', async () => {
  const router = await consoleRoutes('https://keys.example', PROVIDERS)
  const page = await router.request('/')
  const text = await page.text()
  expect(text.match(/>https:\/\/keys\.example\/mcp</g)).toHaveLength(2)
  expect(text).not.toContain('{{')
  for (const path of ['/connect/notion', '/connect/weather', '/clients']) {
    for (const language of ['en', 'pt']) expect(text).toContain(`href="${path}?lang=${language}"`)
  }
  expect(text).toContain('>Conectar o Weather &#38; more<')
  expect(text.match(/href="\/docs"/g)).toHaveLength(2)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('the address of the server is text there, whatever it holds', async () => {
  const text = await (await (await consoleRoutes('https://a.example/$&<b>', PROVIDERS)).request('/')).text()
  expect(text).toContain('https://a.example/$&#38;&#60;b&#62;/mcp')
})
