import { expect, it } from 'vitest'
import { NOW } from '#test/support/router-tools.ts'
import { readCount, readNumber, readValue } from './values.ts'

it.each([
  ['0.9', 0.9],
  ['8,280', 8280],
  ['8.280,50', 8280.5],
  ['R$ 40', 40],
  ['18 %', 0.18],
  ['74,4 mil', 74_400],
  ['-3', -3],
  ['Q4', undefined],
  ['12 March', undefined],
])('reads the number %j', (text, number) => {
  expect(readNumber(text)).toBe(number)
})

it.each([
  ['"Done"', 'Done'],
  ['Em risco.', 'Em risco'],
  ['yes', true],
  ['não', false],
  ['45', 45],
  ['12 March 2027', '2027-03-12'],
  ['after 12 March 2027', 'after 12 March 2027'],
])('reads the value %j', (written, value) => {
  expect(readValue(written, NOW)).toBe(value)
})

it.each([
  ['five', 5],
  ['três', 3],
  ['15', 15],
  ['many', undefined],
])('counts %j', (word, count) => {
  expect(readCount(word)).toBe(count)
})
