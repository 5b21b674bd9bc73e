import { describe, expect, it } from 'vitest'
import { headerMarkFault } from './header-marks.ts'

const of = (properties: Record<string, unknown>) => ({ type: 'object', properties })
const marked = (name: unknown, type: unknown = 'string') => ({ type, 'x-mcp-header': name })

describe('marks of arguments that are sent in a header', () => {
  it.each([
    ['no mark', of({ a: { type: 'string' } })],
    ['a mark on each type that fits', of({ a: marked('A'), b: marked('B', 'integer'), c: marked('C', 'boolean') })],
    ['a mark inside an object', of({ a: of({ b: marked('B') }) })],
    ['an argument that is called so', of({ 'x-mcp-header': { type: 'string' } })],
    ['no schema', undefined],
  ])('may be: %s', (_name, schema) => {
    expect(headerMarkFault(schema)).toBeUndefined()
  })

  it.each([
    ['an empty name', of({ a: marked('') })],
    ['no name', of({ a: marked(1) })],
    ['a space', of({ a: marked('a b') })],
    ['a colon', of({ a: marked('a:b') })],
    ['a letter of no header', of({ a: marked('é') })],
    ['a line break', of({ a: marked('a\nb') })],
    ['an object', of({ a: marked('A', 'object') })],
    ['a list', of({ a: marked('A', 'array') })],
    ['a fraction', of({ a: marked('A', 'number') })],
    ['several types', of({ a: marked('A', ['string', 'null']) })],
    ['a name twice', of({ a: marked('Same'), b: of({ c: marked('sAME') }) })],
    ['an item of a list', of({ a: { type: 'array', items: marked('A') } })],
    ['a choice', { type: 'object', anyOf: [of({ a: marked('A') })] }],
    ['the whole', { ...of({}), 'x-mcp-header': 'A' }],
  ])('may not be: %s', (_name, schema) => {
    expect(headerMarkFault(schema)).toMatch(/^Its schema .+\.$/)
  })
})
