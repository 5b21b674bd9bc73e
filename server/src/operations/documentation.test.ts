import { expect, test } from 'vitest'
import { documentationRoutes } from './documentation.ts'

test('the description of the API names the address of MCP clients, and its page leads to where they begin', async () => {
  const router = documentationRoutes([], 'https://keys.example')
  const document = (await (await router.request('/openapi.json')).json()) as {
    info: { description: string }
    paths: object
  }
  expect(document.info.description).toContain('MCP clients connect to `https://keys.example/mcp` and sign in')
  expect(document.paths).toEqual({})
  const page = await (await router.request('/docs')).text()
  expect(page).toContain('at <a href="https://keys.example/">https://keys.example/</a>')
  expect(page).toContain('to `https://keys.example/mcp` and sign in')
})
