import { createRoute, z } from '@hono/zod-openapi'
import { expect, test } from 'vitest'
import { createAppRouter, jsonRoute } from '#kernel/http.ts'
import type { OpenApiDocument } from './documentation-page.ts'
import { documentationRoutes } from './documentation.ts'

test('the description of the API names the address of MCP clients, and its page leads to where they begin', async () => {
  const router = documentationRoutes([], 'https://keys.example', [])
  const document = (await (await router.request('/openapi.json')).json()) as {
    info: { description: string }
    paths: object
  }
  expect(document.info.description).toContain('MCP clients connect to `https://keys.example/mcp` and sign in')
  expect(document.paths).toEqual({})
  const page = await (await router.request('/docs')).text()
  expect(page).toContain('at <a href="https://keys.example/">https://keys.example/</a>')
  expect(page).toContain('to <code>https://keys.example/mcp</code> and sign in')
})

test('a path of one provider names those that are installed, in the document and on the page', async () => {
  const feature = createAppRouter()
  const parameters = z.object({ provider: z.string() })
  const response = z.object({})
  for (const path of ['/api/mcp/{provider}/status', '/api/other/{provider}']) {
    const route = jsonRoute({
      method: 'get',
      path,
      tag: 'Connections',
      summary: 'Status',
      description: 'As `<b>`.',
      response,
    })
    feature.openapi(createRoute({ ...route, request: { params: parameters } }), (c) => c.json({}, 200))
  }
  const router = documentationRoutes([feature], 'https://keys.example', ['notes', 'tides'])
  const document = (await (await router.request('/openapi.json')).json()) as Pick<OpenApiDocument, 'paths'>
  const schemaOf = (path: string) => document.paths[path]?.['get']?.parameters?.[0]?.schema
  expect(schemaOf('/api/mcp/{provider}/status')?.enum).toEqual(['notes', 'tides'])
  expect(schemaOf('/api/other/{provider}')).toEqual({ type: 'string' })
  const page = await (await router.request('/docs')).text()
  expect(page).toContain('path, required: notes, tides')
  expect(page).toContain('As <code>&#60;b&#62;</code>.')
})
