import { describe, expect, it } from 'vitest'
import { builtinSeed } from '../src/index.ts'
import { raw, testEmulator, titleText } from './support/emulator.ts'

const emulator = testEmulator('demo')
const [whole, , , reporting] = builtinSeed('demo')[0]?.installs ?? []

interface Found {
  id: string
  object: string
  title?: { plain_text: string }[]
  last_edited_time: string
}

function search(body: object, botId = whole?.bot_id ?? ''): Found[] {
  return raw(emulator, 'POST /v1/search', { botId, body }).body['results'] as Found[]
}

const nameOf = (found: Found): string =>
  found.object === 'page' ? titleText(found) : (found.title?.[0]?.plain_text ?? '')

describe('search', () => {
  it('finds titles by any of the words, whatever their case', () => {
    const names = search({ query: 'SEMANAL incidents' }).map(nameOf)
    expect(names.some((name) => name.includes('semanal'))).toBe(true)
    expect(names.some((name) => name.includes('Incidents'))).toBe(true)
  })

  it('orders by the last edit, newest first, or oldest first when asked', () => {
    const times = (body: object) => search(body).map((found) => found.last_edited_time)
    const newest = times({ query: 'reunião' })
    expect(newest).toEqual(newest.toSorted().toReversed())
    const oldest = times({ query: 'reunião', sort: { timestamp: 'last_edited_time', direction: 'ascending' } })
    expect(oldest).toEqual(oldest.toSorted())
  })

  it('answers data sources, never the databases that hold them', () => {
    expect(search({ query: 'Suporte' }).map((found) => found.object)).not.toContain('database')
    const sources = search({ filter: { property: 'object', value: 'data_source' } })
    expect(sources.map(nameOf)).toEqual(expect.arrayContaining(['Chamados', 'Macros']))
    expect(sources.map(nameOf)).not.toContain('Suporte')
  })

  it('shows an install only what hangs below its roots', () => {
    const names = search({ filter: { property: 'object', value: 'data_source' } }, reporting?.bot_id).map(nameOf)
    expect(names.length).toBeLessThanOrEqual(2)
    expect(names.length).toBeGreaterThan(0)
  })

  it('finds nothing where no title has the word', () => {
    expect(search({ query: 'xylophone' })).toEqual([])
  })
})
