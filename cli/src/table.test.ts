import { expect, test } from 'vitest'
import { counted, table } from './table.ts'

test('columns are as wide as their widest cell', () => {
  const text = table(
    ['id', 'name'],
    [
      [1, 'Ana'],
      [1000, null],
    ],
  )
  expect(text).toBe('id    name\n1     Ana\n1000  –')
})

test('a name cannot speak to the terminal', () => {
  expect(table(['name'], [['\u001b[2Jgone\nnext']])).toBe('name\n�[2Jgone�next')
})

test.each([
  [0, '0 events'],
  [1, '1 event'],
  [2, '2 events'],
])('%i is counted in words', (count, words) => {
  expect(counted(count, 'event')).toBe(words)
})
