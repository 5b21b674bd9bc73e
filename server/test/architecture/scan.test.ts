import { describe, expect, test } from 'vitest'
import { isBalanced, scan } from './scan.ts'

describe('scan', () => {
  test.each([
    ['a line comment', 'a // b\nc', 'a     \nc'],
    ['a block comment', 'a /* b\n * c */ d', 'a     \n        d'],
    ['a comment inside a call', 'f(/* g( */ 1)', 'f(         1)'],
  ])('blanks %s and keeps offsets', (_, text, expected) => {
    expect(scan(text)).toEqual({ code: expected, bare: expected })
  })

  test.each([
    ['single quotes', `a('b // c')`, `a('      ')`],
    ['double quotes with an escape', String.raw`a("b\" // c")`, `a("        ")`],
    ['a template', 'a(`b ( /* c`)', 'a(`        `)'],
    ['a regular expression', String.raw`a(/["'(\/]/g)`, 'a(/       /g)'],
    ['a regular expression after return', 'return /(/', 'return / /'],
    ['a regular expression with a slash in a class', 'x = /[/(]/', 'x = /    /'],
  ])('keeps the code and blanks the contents of %s', (_, text, bare) => {
    const scanned = scan(text)
    expect(scanned.code).toBe(text)
    expect(scanned.bare).toBe(bare)
  })

  test('sees the expressions inside a template, however deep', () => {
    const { bare } = scan('`a ${f({ b: `c ${d} (` })} fetch(`; g()')
    expect(bare).toContain('f({ b: ')
    expect(bare).not.toContain('fetch')
    expect(bare.endsWith('; g()')).toBe(true)
    expect(isBalanced(bare)).toBe(true)
  })

  test.each(['a / b / c', 'f(x) / 2', 'list[0] / (2)', '1 / 2 // half'])(
    'takes the slash of "%s" for a division',
    (text) => {
      expect(scan(text).bare.startsWith(text.split(' //')[0] ?? '')).toBe(true)
    },
  )

  test('survives what never ends', () => {
    for (const text of ["'abc", '"abc', '`abc', '/* abc', '// abc', '`a ${b', 'x = /abc']) {
      expect(scan(text).code).toHaveLength(text.length)
    }
  })
})

test.each([
  ['({[]})', true],
  ['(]', false],
  ['(', false],
  [')', false],
])('isBalanced(%s) is %s', (bare, expected) => {
  expect(isBalanced(bare)).toBe(expected)
})
