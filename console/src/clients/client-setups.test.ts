import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CLIENT_IDS, clientSetups } from './client-setups.ts'

const GUIDES = join(import.meta.dirname, '..', '..', '..', 'docs', 'clients')
const URL_OF_GUIDES = 'http://localhost:8001/mcp'

describe('how a client is told of the server', () => {
  const setups = clientSetups(URL_OF_GUIDES)

  test('is known for every client that has a guide', () => {
    expect(setups.map(({ id }) => id)).toEqual([...CLIENT_IDS])
  })

  test.each(setups)('is what the guide of $name says', ({ id, text, file }) => {
    const guide = readFileSync(join(GUIDES, `${id}.md`), 'utf8')
    expect(guide).toContain(text)
    if (file !== null) expect(guide).toContain(file)
  })

  test('needs no leave for plain HTTP where the server has a certificate', () => {
    const texts = clientSetups('https://keys.example.com/mcp').map(({ text }) => text)
    expect(texts.join('\n')).not.toContain('--allow-http')
    expect(texts.filter((text) => text.includes('https://keys.example.com/mcp'))).toHaveLength(CLIENT_IDS.length - 1)
  })
})
