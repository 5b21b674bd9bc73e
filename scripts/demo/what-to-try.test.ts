import { expect, test } from 'vitest'
import { describeDemo, whatToTry, type RunningDemo } from './what-to-try.ts'

const workspace = { name: 'Estúdio Aurora', notionApiKey: 'ntn_aurora' }
const demo: RunningDemo = {
  baseUrl: 'http://127.0.0.1:8001',
  notionApiUrl: 'http://127.0.0.1:8090',
  descriptionPath: 'data/demo/demo.json',
  users: [{ name: 'Ana', email: 'ana@aurora.example', password: 'secret-word', apiToken: 'chv_a', workspace }],
  workspaces: [workspace, { name: 'Lumiara', notionApiKey: 'ntn_lumiara' }],
}

test('demo.json has the members that its readers rely on', () => {
  expect(describeDemo(demo)).toEqual({
    base_url: 'http://127.0.0.1:8001',
    notion_api_url: 'http://127.0.0.1:8090',
    users: [{ email: 'ana@aurora.example', password: 'secret-word', api_token: 'chv_a', notion_api_key: 'ntn_aurora' }],
    workspaces: [
      { name: 'Estúdio Aurora', notion_api_key: 'ntn_aurora' },
      { name: 'Lumiara', notion_api_key: 'ntn_lumiara' },
    ],
  })
})

test('what to try can be pasted: address, token and key are filled in', () => {
  const shown = whatToTry(demo)
  const command = shown.split('\n').find((line) => line.startsWith('curl') && line.includes('/connect'))
  expect(command).toContain('http://127.0.0.1:8001/api/mcp/notion/connect')
  expect(command).toContain('Bearer chv_a')
  expect(command).toContain('"api_key": "ntn_aurora"')
  expect(shown).toContain('bash examples/first-run/run.sh data/demo/demo.json')
  expect(shown.split('\n')).toContain('http://127.0.0.1:8001/mcp')
  expect(shown.split('\n')).toContain('http://127.0.0.1:8001/connect/notion')
})

test('and every word of it comes in both languages', () => {
  expect(whatToTry(demo)).toMatch(/made-up Notion[\s\S]*Notion fictício/)
})
