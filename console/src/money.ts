/** Below a cent, what remains is still told. */
const CENT = 0.01
const SMALL_DIGITS = 6

/** US dollars as people write them: `US$ 1,20`, `$0.0004`. */
export function dollars(amount: number, language: string): string {
  const isSmall = amount > 0 && amount < CENT
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    ...(isSmall ? { maximumSignificantDigits: 2, maximumFractionDigits: SMALL_DIGITS } : {}),
  }).format(amount)
}
