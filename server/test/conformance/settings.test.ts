import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig, SETTINGS } from '../../src/config.ts'

/** The table of settings in docs/production.md and what the server reads must be the same, both ways. */

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/production.md'), 'utf8')

interface Row {
  readonly name: string
  readonly fallback: string
}

const rows: Row[] = [...PAGE.matchAll(/^\| `([A-Z][A-Z_]+)` \| (.+?) \| .+ \|$/gm)].map(
  ([, name = '', fallback = '']) => {
    return { name, fallback }
  },
)

function documentedDefault(name: string): string | undefined {
  return /^`([^`]+)`/.exec(rows.find((row) => row.name === name)?.fallback ?? '')?.[1]
}

describe('the table of settings', () => {
  it('has every setting that the server reads, once, in the same order', () => {
    expect(SETTINGS.length).toBeGreaterThan(30)
    expect(rows.map(({ name }) => name)).toEqual(SETTINGS)
  })

  it('names a default for each', () => {
    for (const { name, fallback } of rows) expect(fallback.trim(), name).not.toBe('')
  })

  it('tells defaults that are the real ones: setting them changes nothing', () => {
    const written = rows.filter(({ name }) => documentedDefault(name) !== undefined && name !== 'PUBLIC_URL')
    expect(written.length).toBeGreaterThan(15)
    for (const { name } of written) {
      const value = documentedDefault(name) ?? ''
      expect(loadConfig({ [name]: value }), `${name}=${value}`).toEqual(loadConfig({}))
    }
  })

  it('tells defaults that differ in production', () => {
    const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://keys.example.com' }
    expect(loadConfig(production).signUp).toBe('invitation')
    expect(loadConfig({ REDIS_URL: 'redis://cache:6379' }).limits.store).toBe('redis')
    expect(loadConfig({ PORT: '9000' }).publicUrl).toBe('http://localhost:9000')
  })
})
