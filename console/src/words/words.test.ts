import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { pt } from './pt.ts'

/** The two dictionaries hold the same, all of it is used, and none of it was left in the other language. */

const SOURCES = join(import.meta.dirname, '..')
const FEWEST_FILES = 40
const FEWEST_WORDS = 200

/** Words that are written alike in both languages. */
const SAME_IN_BOTH = new Set([
  'call.named',
  'actor.other',
  'field.email',
  'via.token_named',
  'chat.tokens_one',
  'chat.tokens_other',
])

const keys = Object.keys(en) as (keyof typeof en)[]
const files = globSync('**/*.{ts,tsx}', { cwd: SOURCES }).filter(
  (path) => !path.startsWith('words/') && !path.endsWith('.test.ts'),
)
const sources = files.map((path) => readFileSync(join(SOURCES, path), 'utf8')).join('\n')

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted()

describe('the texts of the console', () => {
  test('are looked for in enough files, and are enough', () => {
    expect(files.length).toBeGreaterThanOrEqual(FEWEST_FILES)
    expect(keys.length).toBeGreaterThanOrEqual(FEWEST_WORDS)
  })

  test('are there in both languages', () => {
    expect(Object.keys(pt).toSorted()).toEqual(keys.toSorted())
    expect(keys.filter((key) => en[key].trim() === '' || pt[key].trim() === '')).toEqual([])
  })

  test('are all used', () => {
    const base = (key: string) => key.replace(/_(?:one|other)$/, '')
    expect(keys.filter((key) => !sources.includes(`'${key}'`) && !sources.includes(`'${base(key)}'`))).toEqual([])
  })

  test('are translated', () => {
    expect(keys.filter((key) => en[key] === pt[key] && !SAME_IN_BOTH.has(key))).toEqual([])
    expect([...SAME_IN_BOTH].filter((key) => en[key as keyof typeof en] !== pt[key as keyof typeof en])).toEqual([])
  })

  test('have the same places for values', () => {
    expect(keys.filter((key) => placeholders(en[key]).join() !== placeholders(pt[key]).join())).toEqual([])
  })

  test('stand in no page: a page that holds words itself shows them in one language only', () => {
    const literal = />\s*[A-ZÀ-Ú][a-zà-ú]+ [a-zà-ú]+[^<>{}]*</
    const pages = files.filter((path) => path.endsWith('.tsx'))
    const found = pages.flatMap((path) => literal.exec(readFileSync(join(SOURCES, path), 'utf8')) ?? [])
    expect(found).toEqual([])
  })

  test('have no exclamation marks', () => {
    expect(keys.filter((key) => `${en[key]}${pt[key]}`.includes('!'))).toEqual([])
  })
})
