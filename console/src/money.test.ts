import { expect, test } from 'vitest'
import { dollars } from './money.ts'

test.each([
  [0, 'en', '$0.00'],
  [12.345, 'en', '$12.35'],
  [0.000_416, 'en', '$0.00042'],
  [0.02, 'pt-BR', 'US$ 0,02'],
  [0.000_416, 'pt-BR', 'US$ 0,00042'],
] as const)('%d dollars in %s', (amount, language, told) => {
  expect(dollars(amount, language).replaceAll('\u00a0', ' ')).toBe(told)
})
