import { expect, test } from 'vitest'
import { readNumber } from './numbers.ts'

test.each([
  ['0', 0],
  ['12', 12],
  ['-3', -3],
  ['−3', -3],
  ['12.5', 12.5],
  ['12,5', 12.5],
  ['0.125', 0.125],
  ['0,125', 0.125],
  ['1.234,56', 1234.56],
  ['1,234.56', 1234.56],
  ['1.234.567', 1_234_567],
  ['1,234,567', 1_234_567],
  ['1 234,56', 1234.56],
  ['1\u00A0234,56', 1234.56],
  ['R$ 1.234,56', 1234.56],
  ['R$1.234', 1234],
  ['-R$ 12,00', -12],
  ['R$ -12,00', -12],
  ['1.234 reais', 1234],
  ['€ 3.500', 3500],
  ['3 500 EUR', 3500],
  ['$1,234.50', 1234.5],
  ['US$ 12', 12],
  ['15%', 15],
  ['1e3', 1000],
  ['1234.5678', 1234.5678],
])('%j is %d', (text, number) => {
  expect(readNumber(text, false)).toBe(number)
})

test.each([
  ['15%', 0.15],
  ['12,5 %', 0.125],
  ['0.15', 0.15],
  ['-7%', -0.07],
])('%j is %d in a column of percents', (text, number) => {
  expect(readNumber(text, true)).toBe(number)
})

test.each([
  '',
  ' ',
  'doze',
  '12 horas',
  '1.234',
  '1,234',
  '$ 1,234',
  '1.23.4',
  '1,2,3',
  '1.234,5,6',
  '--1',
  'R$',
  '12a',
  'Infinity',
  'NaN',
  '0x10',
])('%j is no number that could be taken', (text) => {
  expect(readNumber(text, false)).toBeUndefined()
})
