import { describe, expect, test } from 'vitest'
import { compactId, compactUrl, readBlockId, readId } from './ids.ts'

const ID = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'
const HEX = 'e5b2317e9ae846d794283e8f1785b333'
const BLOCK = '4d098d80-e7fc-4756-9461-2a884b71e2eb'
const BLOCK_HEX = '4d098d80e7fc475694612a884b71e2eb'

describe('readId', () => {
  test.each([
    ['an id', ID],
    ['an id without hyphens', HEX],
    ['an id in capitals', HEX.toUpperCase()],
    ['an id with spaces around it', `  ${ID}\n`],
    ['a page URL', `https://app.notion.com/p/Especificacao-Confirmacao-${HEX}`],
    ['a page URL of the older host', `https://www.notion.so/workspace/Especificacao-${HEX}?pvs=4`],
    ['a URL without a title', `https://app.notion.com/p/${HEX}`],
    ['a URL with a hyphenated id', `https://app.notion.com/p/${ID}?v=1`],
    ['a database URL with a view', `https://www.notion.so/Tarefas-${HEX}?v=00000000000040008000000000000001`],
    ['a page opened beside a database', `https://www.notion.so/database?p=${HEX}`],
    ['a published page', `https://someone.notion.site/Plans-${HEX}`],
    ['a page URL that points to a block', `https://app.notion.com/p/Notes-${HEX}#${BLOCK_HEX}`],
  ])('reads %s', (_, text) => {
    expect(readId(text, 'page_id')).toEqual({ ok: true, value: ID })
  })

  test.each(['', 'hello', 'e5b2317e-9ae8', `${HEX}0`.slice(1, 32), 'https://app.notion.com/p/Plans', '../users/me'])(
    'refuses %j and names the argument',
    (text) => {
      const outcome = readId(text, 'page_id')
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.page_id' } })
    },
  )

  test('repeats only the beginning of what was given', () => {
    const outcome = readId('x'.repeat(10_000), 'page_id')
    expect(outcome.ok ? '' : outcome.problem.detail.length).toBeLessThan(300)
  })
})

describe('readBlockId', () => {
  test('takes the block that a URL points to', () => {
    expect(readBlockId(`https://app.notion.com/p/Notes-${HEX}#${BLOCK_HEX}`, 'block_id')).toEqual({
      ok: true,
      value: BLOCK,
    })
  })

  test('takes the page where the URL points to no block', () => {
    expect(readBlockId(`https://app.notion.com/p/Notes-${HEX}`, 'block_id')).toEqual({ ok: true, value: ID })
  })

  test('refuses what is neither', () => {
    expect(readBlockId('first paragraph', 'block_id')).toMatchObject({
      ok: false,
      problem: { path: 'arguments.block_id' },
    })
  })
})

describe('short forms', () => {
  test('an id without hyphens', () => {
    expect(compactId(ID)).toBe(HEX)
  })

  test.each([
    [`https://app.notion.com/p/Reuniao-semanal-de-produto-${HEX}`, `https://app.notion.com/p/${HEX}`],
    [`https://app.notion.com/p/${HEX}`, `https://app.notion.com/p/${HEX}`],
    ['https://example.com/elsewhere', 'https://example.com/elsewhere'],
  ])('%s → %s', (url, short) => {
    expect(compactUrl(url)).toBe(short)
  })

  test('a short URL is read back to the same id', () => {
    expect(readId(compactUrl(`https://app.notion.com/p/Um-titulo-${HEX}`), 'page_id')).toEqual({ ok: true, value: ID })
  })
})
