import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

test.each(['/chat', '/agents/7?x=1#y', '/'])('goes on to %s', (path) => {
  expect(ownPath(path)).toBe(path)
})

test.each([undefined, '', '//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', 'chat'])(
  'goes home instead of to %s',
  (path) => {
    expect(ownPath(path)).toBe('/')
  },
)
