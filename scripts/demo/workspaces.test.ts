import { expect, test } from 'vitest'
import { createDemoNotion } from './workspaces.ts'

async function titlesFor(key: string, demo: ReturnType<typeof createDemoNotion>): Promise<string> {
  const response = await demo.emulator.fetch('http://notion.example/v1/search', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'notion-version': '2026-03-11', 'content-type': 'application/json' },
    body: JSON.stringify({ page_size: 100 }),
  })
  expect(response.status).toBe(200)
  return response.text()
}

test('the two tenants come first, each with a key for its own workspace alone', async () => {
  const demo = createDemoNotion()
  const [aurora, boreal, lumiara] = demo.workspaces
  expect(demo.workspaces.map(({ name }) => name)).toEqual(['Estúdio Aurora', 'Boreal Advocacia', 'Lumiara'])
  const seen = await Promise.all([aurora, boreal, lumiara].map((workspace) => titlesFor(workspace!.notionApiKey, demo)))
  expect(seen[0]).toContain('CANARY-AURORA')
  expect(seen[0]).not.toContain('CANARY-BOREAL')
  expect(seen[1]).toContain('CANARY-BOREAL')
  expect(seen[1]).not.toContain('CANARY-AURORA')
  expect(seen[2]).not.toContain('CANARY-')
})

test('the keys are the same in every demo', () => {
  expect(createDemoNotion().workspaces).toEqual(createDemoNotion().workspaces)
})
