import { describe, expect, it } from 'vitest'
import { exampleRegistry } from '#test/support/example-provider.ts'
import { closestOf, createCatalog } from './catalog.ts'

describe('the catalog', () => {
  const catalog = createCatalog(exampleRegistry())

  it('has every tool with a strict JSON Schema, in the order of its provider', () => {
    expect(catalog.entries.map(({ name }) => name)).toEqual([
      'example_read_note',
      'example_add_note',
      'example_delete_note',
    ])
    expect(catalog.entry('example_read_note')?.input_schema).toEqual({
      type: 'object',
      properties: { id: { type: 'string', maxLength: 100 } },
      required: ['id'],
      additionalProperties: false,
    })
    expect(catalog.entry('nothing')).toBeUndefined()
  })

  it('knows which name was meant', () => {
    expect(catalog.closest('exemple_read_notes')).toBe('example_read_note')
    expect(catalog.closest('EXAMPLE_ADD_NOTE')).toBe('example_add_note')
    expect(catalog.closest('drop table users')).toBeUndefined()
  })
})

describe('closestOf', () => {
  it.each([
    ['reed', ['read', 'write'], 'read'],
    ['', ['read'], undefined],
    ['x', [], undefined],
  ])('%o among %o is %o', (name, names, expected) => {
    expect(closestOf(name, names)).toBe(expected)
  })
})
