import type { AllowedClient, ApiToken } from '@chaveiro/sdk'
import { expect, test } from 'vitest'
import { arrivalsSince, firstUsesSince } from './arrivals.ts'

const client = (id: number) => ({ id, name: `Client ${id}` }) as AllowedClient

test('who came is who was not there before, newest first; one that left is no arrival', () => {
  expect(arrivalsSince(new Set([1, 2]), [client(4), client(3), client(2)]).map(({ id }) => id)).toEqual([4, 3])
  expect(arrivalsSince(new Set([1, 2]), [client(2)])).toEqual([])
  expect(arrivalsSince(new Set(), [])).toEqual([])
})

const token = (id: number, last: string | null) => ({ id, name: `Token ${id}`, last_used_at: last }) as ApiToken

test('a token came in for the first time when it had not been used before, made meanwhile or earlier', () => {
  const used = '2026-01-01T00:00:00.000Z'
  const tokens = [token(4, used), token(3, null), token(2, used), token(1, used)]
  expect(firstUsesSince(new Set([1]), tokens).map(({ id }) => id)).toEqual([4, 2])
  expect(firstUsesSince(new Set([1, 2, 4]), tokens)).toEqual([])
})
