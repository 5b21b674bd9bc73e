import { describe, expect, test } from 'vitest'
import { listResult, pageArguments, readPosition, RESULT_CHARACTERS, showList } from './results.ts'

const CURSOR = 's:15df4b95-65ed-4b5a-b5b8-eb460f823add:24830a4b-8fd3-4886-8e83-4143506d3d86'

describe('a place in a list', () => {
  test.each([
    [undefined, { cursor: undefined, skip: 0 }],
    ['', { cursor: undefined, skip: 0 }],
    [CURSOR, { cursor: CURSOR, skip: 0 }],
    [`40~${CURSOR}`, { cursor: CURSOR, skip: 40 }],
    ['7~', { cursor: undefined, skip: 7 }],
  ])('%j', (given, position) => {
    expect(readPosition(given)).toEqual(position)
  })

  test('asks for what was given out already as well, within what Notion gives', () => {
    expect(pageArguments({ cursor: undefined, skip: 0 }, 25)).toEqual({ page_size: 25 })
    expect(pageArguments({ cursor: 'c', skip: 40 }, 25)).toEqual({ page_size: 65, start_cursor: 'c' })
    expect(pageArguments({ cursor: 'c', skip: 40 }, 100)).toEqual({ page_size: 100, start_cursor: 'c' })
  })
})

describe('what fits', () => {
  const line = (item: string): string => item
  const answer = (results: string[], next: string | null) => ({ results, has_more: next !== null, next_cursor: next })

  test('is all of a short list, and the cursor is that of Notion', () => {
    const shown = showList(answer(['a', 'b'], CURSOR), readPosition(undefined), line)
    expect(shown).toEqual({ items: ['a', 'b'], lines: ['a', 'b'], nextCursor: CURSOR, cut: false })
  })

  test('ends without a cursor at the end', () => {
    expect(showList(answer(['a'], null), readPosition(undefined), line).nextCursor).toBeUndefined()
  })

  test('is at least one line, however long', () => {
    const shown = showList(answer(['x'.repeat(RESULT_CHARACTERS * 2), 'b'], null), readPosition(undefined), line)
    expect(shown.lines.length).toBe(1)
    expect(shown.nextCursor).toBe('1~')
  })

  test('nothing is lost and nothing comes twice, over as many answers as it takes', () => {
    const all = Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(1_500)}`)
    const given: string[] = []
    let cursor: string | undefined
    let answers = 0
    do {
      const position = readPosition(cursor)
      const start = position.cursor === CURSOR ? 60 : 0
      const { page_size } = pageArguments(position, 60)
      const page = all.slice(start, start + page_size)
      const next = start + page_size < all.length ? CURSOR : null
      const shown = showList(answer(page, next), position, line)
      given.push(...shown.items)
      cursor = shown.nextCursor
      answers += 1
    } while (cursor !== undefined && answers < 50)
    expect(given.length).toBe(all.length)
    expect(given).toEqual(all)
    expect(answers).toBeGreaterThan(4)
  })
})

describe('a list in words', () => {
  test('says how to go on', () => {
    const shown = { items: ['a'], lines: ['- a'], nextCursor: 'next', cut: false }
    expect(listResult(shown, 'Head', { results: ['a'] })).toEqual({
      text: 'Head\n- a\nMore: call again with start_cursor "next".',
      value: { results: ['a'], next_cursor: 'next', has_more: true },
      nextCursor: 'next',
    })
  })

  test('says so when something was left out', () => {
    const shown = { items: ['a'], lines: ['- a'], nextCursor: '1~', cut: true }
    expect(listResult(shown, '', {}).truncated).toContain('start_cursor')
  })

  test('says nothing at the end', () => {
    const shown = { items: ['a'], lines: ['- a'], nextCursor: undefined, cut: false }
    expect(listResult(shown, '', {})).toEqual({ text: '- a', value: { next_cursor: null, has_more: false } })
  })
})
