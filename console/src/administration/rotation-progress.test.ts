import { expect, test } from 'vitest'
import { isRotated, rowsToRotate } from './rotation-progress.ts'

test('what the primary key does not seal is left to do', () => {
  const keys = [
    { key_id: 'a', role: 'primary', rows: 5 },
    { key_id: 'b', role: 'listed', rows: 3 },
    { key_id: 'c', role: 'retired', rows: 4 },
  ] as const
  expect(rowsToRotate({ keys })).toBe(7)
  expect(rowsToRotate({ keys: keys.slice(0, 1) })).toBe(0)
})

test.each([
  ['goes on while a part did something and more is left', { rotated: 20, unreadable: 0, remaining: 5 }, false],
  ['ends when nothing is left', { rotated: 5, unreadable: 0, remaining: 0 }, true],
  ['ends when only what cannot be read is left', { rotated: 5, unreadable: 2, remaining: 2 }, true],
  [
    'ends when nothing moves any more, as where another replica holds the rest',
    { rotated: 0, unreadable: 0, remaining: 3 },
    true,
  ],
])('a rotation %s', (_case, progress, ended) => {
  expect(isRotated({ ...progress, unreadable_connections: [] })).toBe(ended)
})
