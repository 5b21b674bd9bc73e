import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createEmulator, loadSeed } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, raw } from './support/emulator.ts'

const aurora = readFileSync(new URL('../seeds/tenant-aurora.json', import.meta.url), 'utf8')

describe('a published page', () => {
  it('has a public address, and so has everything below it, old or new; nothing else has one', () => {
    const seed = loadSeed(aurora)
    const pages = seed.pages.map((page) =>
      page.id === AURORA_HOME ? { ...page, public_site: 'https://a.example' } : page,
    )
    const emulator = createEmulator({ seeds: [{ ...seed, pages }] })
    const send = (target: string, body?: unknown) => raw(emulator, target, { botId: AURORA_BOT, body }).body
    expect(send(`GET /v1/pages/${AURORA_HOME}`)['public_url']).toMatch(/^https:\/\/a\.example\/.*[0-9a-f]{32}$/)
    const below = send('POST /v1/pages', { parent: { page_id: AURORA_HOME } })
    expect(below['public_url']).toBe(`https://a.example/${String(below['id']).replaceAll('-', '')}`)
    const apart = createEmulator({ seeds: [seed] })
    expect(raw(apart, `GET /v1/pages/${AURORA_HOME}`).body['public_url']).toBeNull()
  })
})
