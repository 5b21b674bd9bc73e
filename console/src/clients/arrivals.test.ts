import type { AllowedClient } from '@chaveiro/sdk'
import { expect, test } from 'vitest'
import { arrivalsSince } from './arrivals.ts'

const client = (id: number) => ({ id, name: `Client ${id}` }) as AllowedClient

test('who came is who was not there before, newest first; one that left is no arrival', () => {
  expect(arrivalsSince(new Set([1, 2]), [client(4), client(3), client(2)]).map(({ id }) => id)).toEqual([4, 3])
  expect(arrivalsSince(new Set([1, 2]), [client(2)])).toEqual([])
  expect(arrivalsSince(new Set(), [])).toEqual([])
})
