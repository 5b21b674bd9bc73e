import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { signatureOf } from './signature.ts'

function of(shape: z.ZodRawShape): string {
  return signatureOf(z.toJSONSchema(z.strictObject(shape), { io: 'input' }) as Record<string, unknown>)
}

describe('the input of a tool in one line', () => {
  test.each<[string, z.ZodRawShape]>([
    ['', {}],
    ['page_id: string (id or URL)', { page_id: z.string().describe('id or URL') }],
    ['title?: string', { title: z.string().optional() }],
    ['page_size?: integer 1..100', { page_size: z.int().min(1).max(100).optional() }],
    ['count: integer', { count: z.int() }],
    ['share: number 0..', { share: z.number().min(0) }],
    ['in_trash?: boolean', { in_trash: z.boolean().optional() }],
    ['filter: "page" | "database"', { filter: z.enum(['page', 'database']) }],
    ['kind: "one"', { kind: z.literal('one') }],
    ['ids: string[]', { ids: z.array(z.string()) }],
    ['some: (string | number)[]', { some: z.array(z.union([z.string(), z.number()])) }],
    ['due: string | null', { due: z.string().nullable() }],
    ['values: object', { values: z.record(z.string(), z.unknown()) }],
    [
      'sorts: {by: string, down?: boolean}[]',
      { sorts: z.array(z.strictObject({ by: z.string(), down: z.boolean().optional() })) },
    ],
    ['anything: any', { anything: z.unknown() }],
  ])('%s', (line, shape) => {
    expect(of(shape)).toBe(line)
  })

  test('does not go deeper than anybody reads', () => {
    const deep = z.strictObject({ b: z.strictObject({ c: z.strictObject({ d: z.string() }) }) })
    expect(of({ a: deep })).toBe('a: {b: {c: object}}')
  })

  test('cuts what is long', () => {
    const values = Array.from({ length: 40 }, (_, index) => `v${index}`)
    expect(of({ one: z.enum(values as [string]) })).toMatch(/"v11" \| …$/)
    expect(of({ text: z.string().describe('x'.repeat(1_000)) }).length).toBeLessThan(200)
  })

  test.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['properties that are none', { properties: 'x' }],
    ['a property that is true', { properties: { a: true }, required: 'a' }],
    ['types in a list', { properties: { a: { type: ['string', 'null'] } } }],
    ['an array of anything', { properties: { a: { type: 'array', items: false } } }],
    ['a reference', { properties: { a: { $ref: '#/$defs/x' } } }],
  ])('reads schemas of others, with %s', (_, schema) => {
    expect(signatureOf(schema)).toMatch(/^(?:|a\?: (?:any|string \| null|any\[\]))$/)
  })
})
