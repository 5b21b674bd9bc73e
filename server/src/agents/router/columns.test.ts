import { describe, expect, it } from 'vitest'
import { conversation } from '#test/support/router-tools.ts'
import { columnName, columnsIn, usualColumn } from './columns.ts'

describe('columnName', () => {
  it('spells a column as the table does', () => {
    expect(columnName('situacao', ['Situação'])).toBe('Situação')
  })

  it('finds a column that means the same in the other language', () => {
    expect(columnName('due date', ['Nome', 'Prazo'])).toBe('Prazo')
  })

  it('otherwise keeps what was said', () => {
    expect(columnName('priority', [])).toBe('Priority')
  })
})

describe('usualColumn', () => {
  it('follows the language of the request, or of a value that shows another', () => {
    expect(usualColumn('status', [], 'en', 'Done')).toBe('Status')
    expect(usualColumn('status', [], 'pt', 'Ok')).toBe('Situação')
    expect(usualColumn('status', [], 'en', 'Bloqueado')).toBe('Situação')
  })
})

describe('columnsIn', () => {
  it.each([
    ['a sentence', 'Name, City, Due date.', ['Name', 'City', 'Due date']],
    ['lines', '- Name (title)\n- **City**: Braga', ['Name', 'City']],
    ['a table', '| Name | City |\n| --- | --- |', ['Name', 'City']],
    ['no columns', 'I looked, found nothing, and stopped.', []],
  ])('reads them from %s', (_, text, columns) => {
    expect(columnsIn(conversation('What columns are there?', text))).toEqual(columns)
  })

  it('listens only to answers', () => {
    expect(columnsIn(conversation('Ana, Rui, Eva'))).toEqual([])
  })
})
