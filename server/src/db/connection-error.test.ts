import { expect, it } from 'vitest'
import { isConnectionError } from './connection-error.ts'

it.each([
  [{ code: 'ECONNREFUSED' }, true],
  [{ code: '57P01' }, true],
  [{ code: '08006' }, true],
  [{ code: '28P01' }, true],
  [new Error('timeout exceeded when trying to connect'), true],
  [new Error('Connection terminated unexpectedly'), true],
  [{ code: '42501' }, false],
  [{ code: '22P05' }, false],
  [new Error('something else'), false],
  [null, false],
  ['text', false],
])('%o is a lost database: %o', (error, expected) => {
  expect(isConnectionError(error)).toBe(expected)
})
