import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'

const schema = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 1, maximum: 9 },
    ratio: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    name: { type: 'string', minLength: 2, maxLength: 4 },
    kind: { enum: ['page', 'block'] },
    only: { const: 'this' },
    tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 2 },
    pair: { prefixItems: [{ type: 'string' }, { type: 'number' }] },
    parent: { $ref: '#/$defs/parent' },
    either: { anyOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }] },
    both: { allOf: [{ minimum: 2 }, { maximum: 3 }] },
    gone: false,
    maybe: { type: ['string', 'null'] },
  },
  required: ['id'],
  additionalProperties: false,
  $defs: { parent: { type: 'object', properties: { up: { $ref: '#/$defs/parent' } }, additionalProperties: false } },
}

const faultOf = (given: unknown, of: object = schema) => {
  const read = readArguments(of as never, given)
  return read.ok ? null : read.problem.detail
}

describe('arguments for a stranger’s tool', () => {
  it.each([
    { id: 1 },
    { id: 9, name: 'ação', kind: 'page', only: 'this', tags: ['a'], ratio: 0.5, both: 2, maybe: null },
    { id: 1, parent: { up: { up: {} } }, either: null, pair: ['a', 1, true] },
    { id: 1, either: { a: 'x' }, name: '🙂🙂🙂🙂' },
  ])('fit: %j', (given) => {
    expect(faultOf(given)).toBeNull()
  })

  it.each([
    [[], 'The arguments must be an object.'],
    [{}, 'arguments.id: is required.'],
    [{ id: '1' }, 'arguments.id: must be integer.'],
    [{ id: 1.5 }, 'arguments.id: must be integer.'],
    [{ id: 0 }, 'arguments.id: must be at least 1.'],
    [{ id: 10 }, 'arguments.id: must be at most 9.'],
    [{ id: 1, ratio: 0 }, 'arguments.ratio: must be more than 0.'],
    [{ id: 1, ratio: 1 }, 'arguments.ratio: must be less than 1.'],
    [{ id: 1, name: 'a' }, 'arguments.name: must have at least 2 characters.'],
    [{ id: 1, name: 'aaaaa' }, 'arguments.name: must have at most 4 characters.'],
    [{ id: 1, kind: 'row' }, 'arguments.kind: must be "page", "block".'],
    [{ id: 1, only: 'that' }, 'arguments.only: must be "this".'],
    [{ id: 1, tags: [] }, 'arguments.tags: must have at least 1 items.'],
    [{ id: 1, tags: ['a', 7] }, 'arguments.tags[1]: must be string.'],
    [{ id: 1, pair: ['a', 'b'] }, 'arguments.pair[1]: must be number.'],
    [{ id: 1, parent: { up: { down: 1 } } }, 'arguments.parent.up.down: this is not allowed here.'],
    [{ id: 1, either: { a: 1 } }, 'arguments.either.a: must be string.'],
    [{ id: 1, both: 4 }, 'arguments.both: must be at most 3.'],
    [{ id: 1, gone: 1 }, 'arguments.gone: this is not allowed here.'],
    [{ id: 1, more: 1 }, 'arguments.more: this is not allowed here.'],
    [{ id: 1, maybe: 1 }, 'arguments.maybe: must be string or null.'],
    [JSON.parse('{"id":1,"__proto__":1}'), 'arguments.__proto__: this is not allowed here.'],
  ])('do not fit: %j', (given, detail) => {
    expect(faultOf(given)).toBe(detail)
  })
})

describe('a schema that would hold the process', () => {
  const within = (work: () => void) => {
    const startedAt = performance.now()
    work()
    return performance.now() - startedAt
  }

  it('is given up where every level doubles', () => {
    const levels = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => {
        const next = { $ref: `#/$defs/l${at + 1}` }
        return [`l${at}`, { anyOf: [next, next] }]
      }),
    )
    const doubling = { type: 'object', properties: { a: { $ref: '#/$defs/l0' } }, $defs: { ...levels, l60: false } }
    expect(within(() => expect(faultOf({ a: 1 }, doubling)).toBeNull())).toBeLessThan(1_000)
  })

  it('is given up where it refers to itself', () => {
    const circle = { type: 'object', properties: { a: { $ref: '#/properties/a' } } }
    expect(faultOf({ a: 1 }, circle)).toBeNull()
  })

  it('does not run its patterns', () => {
    const pattern = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
    expect(within(() => expect(faultOf({ a: `${'a'.repeat(40)}!` }, pattern)).toBeNull())).toBeLessThan(1_000)
  })
})
